# SPDX-License-Identifier: GPL-2.0-or-later
"""Mosaics of rasters whose bands are in different orders or on different scales, against numpy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.errors import ItemBandOrderError
from classify_pixels.inference.events import Remark
from classify_pixels.inference.notices import Caution, Note
from classify_pixels.inference.raster import GdalInput, GdalSource
from classify_pixels.inference.raster.collection import Collection
from classify_pixels.inference.raster.collection.mosaic import mosaic
from tests.unit.rasters import TRANSFORM, write_raster

EAST = (TRANSFORM[0] + 40, *TRANSFORM[1:])
PIXELS = np.arange(1, 37, dtype=np.uint8).reshape(3, 3, 4)


def describe(path: Path, by: str, labels: Sequence[str]) -> None:
    """Names the bands of a raster, or gives them wavelengths or colours."""
    dataset = gdal.Open(str(path), gdal.GA_Update)
    for number, label in enumerate(labels, start=1):
        band = dataset.GetRasterBand(number)
        if by == "name":
            band.SetDescription(label)
        elif by == "wavelength":
            band.SetMetadataItem("wavelength", label)
            band.SetMetadataItem("wavelength_units", "Nanometers")
        else:
            band.SetColorInterpretation(getattr(gdal, f"GCI_{label}Band"))


def combined(first: Path, second: Path) -> tuple[np.ndarray, tuple[Remark, ...]]:
    raster, notes = mosaic(Collection((GdalInput(str(first)), GdalInput(str(second))), "scenes"))
    source = GdalSource(raster)
    pixels, valid = source.read(source.grid.window)
    source.close()
    assert valid.all()
    return pixels, notes


LABELS = {
    "name": ("red", "green", "nir"),
    "wavelength": ("665", "560", "842.5"),
    "colour": ("Red", "Green", "Blue"),
}


@pytest.mark.parametrize("warped", [False, True])
@pytest.mark.parametrize("by", LABELS)
def test_bands_in_another_order_are_matched(by: str, warped: bool, tmp_path: Path) -> None:
    labels, order = LABELS[by], [2, 0, 1]
    first = write_raster(tmp_path / "a.tif", PIXELS)
    describe(first, by, labels)
    pixels, transform = PIXELS[order], EAST
    if warped:
        # South up: each pixel is warped to its own place.
        pixels, transform = pixels[:, ::-1], (EAST[0], 10.0, 0.0, EAST[3] - 30, 0.0, 10.0)
    second = write_raster(tmp_path / "b.tif", np.ascontiguousarray(pixels), transform=transform)
    describe(second, by, [labels[at] for at in order])
    found, notes = combined(first, second)
    np.testing.assert_array_equal(found, np.concatenate([PIXELS, PIXELS], axis=2))
    assert Note.ITEM_BANDS_REORDERED in [note.kind for note in notes]


def test_bands_that_the_first_raster_lacks_are_left_out(tmp_path: Path) -> None:
    first = write_raster(tmp_path / "a.tif", PIXELS[1:], names=["Green", "NIR"])
    second = write_raster(tmp_path / "b.tif", PIXELS, transform=EAST, names=["red", "green", "nir"])
    np.testing.assert_array_equal(combined(first, second)[0], np.concatenate([PIXELS[1:], PIXELS[1:]], axis=2))


def test_moved_bands_of_which_one_is_missing_are_refused(tmp_path: Path) -> None:
    first = write_raster(tmp_path / "a.tif", PIXELS, names=["blue", "green", "red"])
    second = write_raster(tmp_path / "b.tif", PIXELS, transform=EAST, names=["green", "red", "nir"])
    with pytest.raises(ItemBandOrderError) as failure:
        combined(first, second)
    assert failure.value.values["needed"] == "blue"


@pytest.mark.parametrize(
    ("first_names", "second_names"),
    [
        (("may B2", "may B3", "may B4"), ("july B2", "july B3", "july B4")),
        (("", "", ""), ("c", "b", "a")),
        (("a", "a", "b"), ("b", "a", "a")),
    ],
)
def test_bands_without_common_or_unique_names_are_matched_by_number(
    first_names: Sequence[str], second_names: Sequence[str], tmp_path: Path
) -> None:
    first = write_raster(tmp_path / "a.tif", PIXELS, names=first_names)
    second = write_raster(tmp_path / "b.tif", PIXELS, transform=EAST, names=second_names)
    found, notes = combined(first, second)
    np.testing.assert_array_equal(found, np.concatenate([PIXELS, PIXELS], axis=2))
    assert not notes


@pytest.mark.parametrize(("offset", "warned"), [(-0.1, True), (0.0, False)])
def test_other_scales_are_a_warning(offset: float, warned: bool, tmp_path: Path) -> None:
    paths = [write_raster(tmp_path / "a.tif", PIXELS), write_raster(tmp_path / "b.tif", PIXELS, transform=EAST)]
    for path, own in zip(paths, (0.0, offset)):
        dataset = gdal.Open(str(path), gdal.GA_Update)
        for number in (1, 2, 3):
            dataset.GetRasterBand(number).SetScale(1e-4)
            dataset.GetRasterBand(number).SetOffset(own)
        dataset = None
    assert [note.kind for note in combined(*paths)[1]] == ([Caution.ITEM_SCALES] if warned else [])
