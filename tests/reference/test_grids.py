# SPDX-License-Identifier: GPL-2.0-or-later
"""Published rasters with unusual georeferences, warped to other grids: gdalwarp's pixels, or a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, osr

from classify_pixels.inference.errors import ExtentMissesRasterError, GridError
from classify_pixels.inference.grid import Grid
from classify_pixels.inference.raster import Extent
from tests.networks import class_definition, pointwise_network, pointwise_weights
from tests.unit.runs import classify

CLASSES = 5


@pytest.fixture
def odd(reference_data: Path) -> Path:
    return reference_data / "scenes" / "odd"


def wkt(code: int) -> str:
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(code)
    return reference.ExportToWkt()


def data_bands(path: Path) -> int:
    dataset = gdal.Open(str(path))
    bands = [dataset.GetRasterBand(number + 1) for number in range(dataset.RasterCount)]
    return min(3, sum(band.GetColorInterpretation() != gdal.GCI_AlphaBand for band in bands))


def model_for(path: Path, folder: Path) -> dict[str, Any]:
    bands = data_bands(path)
    network = pointwise_network(folder / "network.onnx", bands, CLASSES)
    return class_definition(network, bands, range(CLASSES), 256, Padding=0, ClassifyPixels={"Stride": 1})


def assert_is_gdalwarp_classified(raster: Path, output: Path, method: str) -> Grid:
    """Compares with gdalwarp's file on the same grid; returns the grid."""
    found = gdal.Open(str(output))
    x, width, _, y, _, height = found.GetGeoTransform()
    bounds = (x, y + height * found.RasterYSize, x + width * found.RasterXSize, y)
    warped = gdal.Warp(
        "", str(raster), format="MEM", outputBounds=bounds, xRes=width, yRes=-height, resampleAlg=method,
        dstSRS=found.GetProjection() or None, dstAlpha=True,
    )  # fmt: skip
    assert (warped.RasterXSize, warped.RasterYSize) == (found.RasterXSize, found.RasterYSize)
    count = data_bands(raster)
    pixels = np.stack([warped.GetRasterBand(band + 1).ReadAsArray() for band in range(count)]).astype(np.float64)
    masks = np.stack([warped.GetRasterBand(band + 1).GetMaskBand().ReadAsArray() != 0 for band in range(count)])
    alpha = warped.GetRasterBand(warped.RasterCount).ReadAsArray() != 0
    valid = masks.any(axis=0) & alpha & np.isfinite(pixels).all(axis=0)
    matrix, bias = pointwise_weights(count, CLASSES)
    scores = np.einsum("cb,bhw->chw", matrix.astype(np.float64), np.where(masks, pixels, 0)) + bias[:, None, None]
    values = found.ReadAsArray()
    visible = values != found.GetRasterBand(1).GetNoDataValue()
    assert (visible == valid).mean() > 0.999
    both = visible & valid
    assert both.sum() > 1000
    assert (values[both] == scores.argmax(axis=0)[both]).mean() > 0.97
    return Grid(found.RasterXSize, found.RasterYSize, found.GetGeoTransform(), found.GetProjection())


CASES: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("rasterio/RGB.byte.tif", {"crs": 3857}),
    ("rasterio/RGB.byte.tif", {"crs": 4326, "cell_size": (0.004, 0.003)}),
    ("rasterio/RGB.byte.rpc.vrt", {"crs": 4326}),
    ("rasterio/RGB.byte.rpc.vrt", {"crs": 32610, "cell_size": (30.0, 30.0)}),
    ("rasterio/RGBA.byte.tif", {"cell_size": (500.0, 500.0)}),
    ("rio-tiler/cog_gcps.tif", {"crs": 4326}),
    ("rio-tiler/cog_gcps.tif", {"cell_size": (0.003, 0.003)}),
    ("rio-tiler/cog_rgb_mask.tif", {"crs": 4326}),
    ("rio-tiler/co_hro_nodata.tif", {"cell_size": (0.7, 0.7)}),
    ("rio-tiler/cog_nodata_nan.tif", {"crs": 4326}),
    ("rio-tiler/cog_dateline.tif", {"crs": 32601, "cell_size": (300.0, 300.0)}),
    ("rio-tiler/cog_nonearth.tif", {"cell_size": (400.0, 400.0)}),
    ("rasterframes/L8-B4-Elkton-VA-4326.tiff", {"crs": 32617}),
)


@pytest.mark.parametrize("method", ["nearest", "bilinear"])
@pytest.mark.parametrize(("name", "asked"), CASES, ids=lambda value: str(value))
def test_an_odd_raster_on_another_grid_is_gdalwarp_classified(
    name: str, asked: Mapping[str, Any], method: str, odd: Path, tmp_path: Path
) -> None:
    raster = odd / name
    before = sorted(raster.parent.iterdir())
    request = {**asked, "crs": wkt(asked["crs"])} if "crs" in asked else dict(asked)
    classify(raster, model_for(raster, tmp_path), tmp_path / "out.tif", resampling=method, workers=2, **request)
    grid = assert_is_gdalwarp_classified(raster, tmp_path / "out.tif", method)
    if "cell_size" in asked:
        assert grid.cell_size == pytest.approx(asked["cell_size"])
    if "crs" in asked:
        assert osr.SpatialReference(grid.crs).IsSame(osr.SpatialReference(wkt(asked["crs"])))
    assert sorted(raster.parent.iterdir()) == before


def test_a_rotated_raster_keeps_its_cells_or_gets_north_up_ones(odd: Path, tmp_path: Path) -> None:
    raster = odd / "stars" / "geomatrix.tif"
    own = gdal.Open(str(raster))
    model = model_for(raster, tmp_path)
    classify(raster, model, tmp_path / "own.tif", crs=own.GetProjection())
    assert gdal.Open(str(tmp_path / "own.tif")).GetGeoTransform() == own.GetGeoTransform()
    classify(raster, model, tmp_path / "out.tif", cell_size=(1.0, 1.0), resampling="nearest")
    assert_is_gdalwarp_classified(raster, tmp_path / "out.tif", "nearest")


def test_an_extent_finds_its_place_in_rational_polynomials(odd: Path, tmp_path: Path) -> None:
    raster = odd / "rasterio" / "RGB.byte.rpc.vrt"
    model = model_for(raster, tmp_path)
    extent = Extent((-123.46, 49.49, -123.42, 49.52), wkt(4326))
    classify(raster, model, tmp_path / "out.tif", extent=extent, resampling="nearest")
    grid = assert_is_gdalwarp_classified(raster, tmp_path / "out.tif", "nearest")
    for found, asked, cell in zip(grid.bounds, extent.bounds, grid.cell_size * 2):
        assert abs(found - asked) <= cell * (1 + 1e-6)
    assert osr.SpatialReference(grid.crs).IsGeographic()
    with pytest.raises(ExtentMissesRasterError):
        classify(raster, model, tmp_path / "far.tif", extent=Extent((10.0, 46.0, 11.0, 47.0), wkt(4326)))


@pytest.mark.parametrize("code", [4326, 3857])
def test_a_raster_over_the_date_line_is_not_torn_apart(code: int, odd: Path, tmp_path: Path) -> None:
    raster = odd / "rio-tiler" / "cog_dateline.tif"
    with pytest.raises(GridError, match=r"cog_dateline\.tif .* crosses the date line; choose a projected CRS"):
        classify(raster, model_for(raster, tmp_path), tmp_path / "out.tif", crs=wkt(code))
    assert not (tmp_path / "out.tif").exists()


def test_a_scene_without_crs_has_no_way_to_another(reference_data: Path, tmp_path: Path) -> None:
    raster = reference_data / "scenes" / "ukis_sentinel2_6b_toa_nocrs.tif"
    with pytest.raises(GridError, match="nocrs.tif .* it has no CRS"):
        classify(raster, model_for(raster, tmp_path), tmp_path / "out.tif", crs=wkt(32632))


def test_the_snap_raster_of_one_satellite_for_another(odd: Path, tmp_path: Path) -> None:
    """A band of 30 m on the cells of the panchromatic band of 15 m."""
    folder = odd / "rasterframes"
    sharp = gdal.Open(str(folder / "L8-B8-Elkton-VA.tiff"))
    snap = Grid(sharp.RasterXSize, sharp.RasterYSize, sharp.GetGeoTransform(), sharp.GetProjection())
    raster = folder / "L8-B4-Elkton-VA.tiff"
    classify(
        raster, model_for(raster, tmp_path), tmp_path / "out.tif", snap=snap, cell_size=snap.cell_size,
        resampling="nearest",
    )  # fmt: skip
    grid = assert_is_gdalwarp_classified(raster, tmp_path / "out.tif", "nearest")
    column, row = snap.cell_of(*grid.origin)
    assert abs(column - round(column)) <= 1e-6
    assert abs(row - round(row)) <= 1e-6
