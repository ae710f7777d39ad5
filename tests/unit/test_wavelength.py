# SPDX-License-Identifier: GPL-2.0-or-later
"""Wavelengths from files that GDAL reads itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.raster import GdalInput, GdalSource, RasterBand
from classify_pixels.inference.raster.read.wavelength import band_wavelength


def bands(path: Path) -> tuple[RasterBand, ...]:
    source = GdalSource(GdalInput(str(path)))
    try:
        return source.bands
    finally:
        source.close()


def wavelengths(path: Path) -> list[float | None]:
    return [band.wavelength for band in bands(path)]


def envi(folder: Path, units: str | None, centres: str = "{490.0, 842.5}") -> Path:
    """Writes an ENVI raster of two bands by hand."""
    header = [
        "ENVI", "samples = 3", "lines = 2", "bands = 2", "header offset = 0", "file type = ENVI Standard",
        "data type = 1", "interleave = bsq", "byte order = 0", "band names = {blue, nir}", f"wavelength = {centres}",
    ]  # fmt: skip
    header += [f"wavelength units = {units}"] if units is not None else []
    (folder / "scene.hdr").write_text("\n".join(header) + "\n")
    np.arange(12, dtype=np.uint8).tofile(folder / "scene")
    return folder / "scene"


def tiff(path: Path, items: Sequence[tuple[str | None, str, str]] = (), count: int = 1) -> Path:
    """Writes a GeoTIFF whose bands carry items (domain, name, text)."""
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 3, 2, count)
    for domain, name, text in items:
        dataset.GetRasterBand(1).SetMetadataItem(name, text, domain or "")
    return path


@pytest.mark.parametrize(
    ("units", "centres", "expected"),
    [
        ("Nanometers", "{490.0, 842.5}", [0.49, 0.8425]),
        ("nm", "{490, 842.5}", [0.49, 0.8425]),
        ("Micrometers", "{0.49,\n 0.8425}", [0.49, 0.8425]),
        ("um", "{0.49, 0.8425}", [0.49, 0.8425]),
        ("Unknown", "{490.0, 842.5}", [None, None]),
        ("Wavenumber", "{490.0, 842.5}", [None, None]),
        ("Index", "{1, 2}", [None, None]),
        (None, "{490.0, 842.5}", [None, None]),
        ("Nanometers", "{490.0, nan}", [0.49, None]),
        ("Nanometers", "{490.0, blue}", [0.49, None]),
        ("Nanometers", "{490.0, -3}", [0.49, None]),
    ],
)
def test_envi_headers(tmp_path: Path, units: str | None, centres: str, expected: list[float | None]) -> None:
    assert wavelengths(envi(tmp_path, units, centres)) == pytest.approx(expected)


def test_envi_metadata_that_was_copied_into_a_geotiff(tmp_path: Path) -> None:
    path = tiff(tmp_path / "scene.tif", count=2)
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.SetMetadata({"wavelength": "{490.0, 842.5}", "wavelength_units": "Nanometers"}, "ENVI")
    del dataset
    assert wavelengths(path) == pytest.approx([0.49, 0.8425])


def test_a_list_for_other_bands_says_nothing(tmp_path: Path) -> None:
    path = tiff(tmp_path / "scene.tif", count=3)
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.SetMetadata({"wavelength": "{490.0, 842.5}", "wavelength_units": "Nanometers"}, "ENVI")
    del dataset
    assert wavelengths(path) == [None] * 3


def test_gdals_own_item_comes_after_the_headers_which_it_rounds(tmp_path: Path) -> None:
    rounded = ("IMAGERY", "CENTRAL_WAVELENGTH_UM", "0.843")
    header = [(None, "wavelength", "842.5"), (None, "wavelength_units", "nm")]
    assert wavelengths(tiff(tmp_path / "both.tif", [rounded, *header], 2)) == pytest.approx([0.8425, None])
    assert wavelengths(tiff(tmp_path / "one.tif", [rounded], 2)) == [0.843, None]


def test_stacs_centre_wavelength_and_common_name(tmp_path: Path) -> None:
    """GDAL's driver of STAC's tiled assets gives the members of eo:bands to the bands."""
    path = tiff(tmp_path / "scene.tif", [(None, "center_wavelength", "0.842"), (None, "common_name", "nir")])
    assert bands(path) == (RasterBand(1, "", 0.842, "nir", pixel_type="u1"),)


def test_a_plain_raster_has_no_wavelengths_scale_or_offset(tmp_path: Path) -> None:
    assert bands(tiff(tmp_path / "scene.tif")) == (RasterBand(1, "", None, "", 1.0, 0.0, pixel_type="u1"),)


def test_scale_and_offset_of_the_file_are_told(tmp_path: Path) -> None:
    path = tiff(tmp_path / "scene.tif", count=2)
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.GetRasterBand(2).SetScale(0.0001)
    dataset.GetRasterBand(2).SetOffset(-0.1)
    del dataset
    assert [(band.scale, band.offset) for band in bands(path)] == [(1.0, 0.0), (0.0001, -0.1)]


def test_a_memory_dataset_will_do() -> None:
    dataset = gdal.GetDriverByName("MEM").Create("", 1, 1, 1)
    dataset.GetRasterBand(1).SetMetadata({"wavelength": "1.61", "wavelength_units": " Micrometers "})
    assert band_wavelength(dataset, 1) == 1.61
