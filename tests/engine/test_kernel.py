# SPDX-License-Identifier: GPL-2.0-or-later
"""GDAL's kernel is equally strong in all blocks of a view: its pixels are those of one call of gdalwarp."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.grid import Grid
from classify_pixels.inference.raster import Extent, GdalInput, GdalSource, GridRequest, open_scene
from classify_pixels.inference.raster.scene.warp import kernel_ratios
from classify_pixels.inference.raster.scene.warped_source import WarpedSource
from classify_pixels.inference.window import Window
from tests.unit.rasters import TRANSFORM, random_pixels, wkt, write_raster

METHODS = ["bilinear", "cubic", "cubicspline", "lanczos", "average", "nearest"]
UTM = wkt(32633)


@pytest.fixture(scope="module")
def raster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So many rows and columns that a view of half the size has several blocks of 512 x 128 cells."""
    return write_raster(tmp_path_factory.mktemp("kernel") / "scene.tif", random_pixels(1, 1307, 1403))


def gdalwarp(raster: Path, grid: Grid, method: str) -> np.ndarray:
    warped = gdal.Warp(
        "", str(raster), format="MEM", outputBounds=grid.bounds, width=grid.width, height=grid.height,
        resampleAlg=method, dstSRS=grid.crs, dstAlpha=True, errorThreshold=0, warpMemoryLimit=4000,
    )  # fmt: skip
    values: np.ndarray = warped.ReadAsArray()
    return values


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("cell", [10.7, 17.0, 20.0, 23.0, 61.0, 4.0])
def test_a_view_is_one_call_of_gdalwarp(cell: float, method: str, raster: Path) -> None:
    scene = open_scene(GdalInput(str(raster)), GridRequest(cell_size=(cell, cell)), method)
    with closing(scene.source) as source:
        window = source.grid.window if cell > 5 else Window(0, 0, 600, 300)
        pixels, valid = source.read(window)
    expected = gdalwarp(raster, source.grid.crop(window), method)
    np.testing.assert_array_equal(valid, expected[1] > 0)
    np.testing.assert_allclose(pixels[0][valid], expected[0][valid], atol=2e-6)


@pytest.mark.parametrize("method", ["bilinear", "cubic", "average"])
@pytest.mark.parametrize(("epsg", "cell"), [(32632, 31.0), (3857, 37.0), (4326, 0.0003)])
def test_so_is_a_view_in_another_crs(epsg: int, cell: float, method: str, raster: Path) -> None:
    scene = open_scene(GdalInput(str(raster)), GridRequest(crs=wkt(epsg), cell_size=(cell, cell)), method)
    with closing(scene.source) as source:
        pixels, valid = source.read(source.grid.window)
    expected = gdalwarp(raster, source.grid, method)
    both = valid & (expected[1] > 0)
    assert (valid == (expected[1] > 0)).mean() > 0.999
    # Places are exact to a five hundredth of a cell, and the pixels around 0 differ by about 1 from cell to cell.
    assert np.abs(pixels[0] - expected[0])[both].max() < 0.02


@pytest.mark.parametrize("method", ["bilinear", "lanczos"])
def test_so_is_a_raster_that_gdal_cannot_name(method: str, raster: Path) -> None:
    grid = Grid(610, 569, (TRANSFORM[0], 23.0, 0.0, TRANSFORM[3], 0.0, -23.0), UTM)
    with closing(WarpedSource(GdalSource(GdalInput(str(raster))), grid, method)) as source:
        parts = [source.read(Window(0, y, 610, 100))[0] for y in range(0, 569, 100)]
    pixels = np.concatenate(parts, axis=1)[0, :569]
    expected = gdalwarp(raster, grid, method)
    np.testing.assert_allclose(pixels[expected[1] > 0], expected[0][expected[1] > 0], atol=2e-6)


def test_an_extent_and_a_snap_raster_do_not_change_the_kernel(raster: Path) -> None:
    """An extent gives the crop of the whole; what stands before a snapped scene is no part of it."""
    snap = Grid(1, 1, (TRANSFORM[0] - 23 * 37, 23.0, 0.0, TRANSFORM[3] + 23 * 53, 0.0, -23.0), UTM)
    whole = open_scene(GdalInput(str(raster)), GridRequest(cell_size=(23.0, 23.0)), "cubic")
    bounds = (TRANSFORM[0] + 2300, TRANSFORM[3] - 9200, TRANSFORM[0] + 9200, TRANSFORM[3] - 2300)
    part = open_scene(
        GdalInput(str(raster)), GridRequest(Extent(bounds, UTM), cell_size=(23.0, 23.0), snap=snap), "cubic"
    )
    with closing(whole.source), closing(part.source):
        pixels, _ = whole.source.read(Window(100, 100, 300, 300))
        found, _ = part.source.read(part.area)
    assert (part.area.width, part.area.height) == (300, 300)
    np.testing.assert_allclose(found, pixels, atol=2e-6)


@pytest.mark.parametrize(
    ("cells", "ratio"), [(100, 10.0), (501, 2.0), (490, 2.0), (430, 1000 / 430), (990, 1.0), (2000, 0.5)]
)
def test_a_factor_that_is_nearly_whole_is_whole(cells: int, ratio: float) -> None:
    own = Grid(1000, 1000, (0.0, 1.0, 0.0, 1000.0, 0.0, -1.0), UTM)
    side = 1000 / cells
    found = kernel_ratios(own, Grid(cells, cells, (0.0, side, 0.0, 1000.0, 0.0, -side), UTM))
    assert found == pytest.approx((ratio, ratio))
