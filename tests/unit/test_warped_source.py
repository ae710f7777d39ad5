# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters that GDAL cannot name, brought onto another grid: pixel by pixel what gdalwarp makes of the same file."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, osr

from classify_pixels.inference.errors import ExtentMissesRasterError, GridError
from classify_pixels.inference.grid import Grid
from classify_pixels.inference.raster import Channel, Extent, GdalInput, GdalSource, GridRequest, open_scene
from classify_pixels.inference.raster.scene.scene import SURROUNDINGS
from classify_pixels.inference.raster.scene.warped_source import WarpedSource
from classify_pixels.inference.window import Window
from tests.unit.rasters import TRANSFORM, wkt, write_raster

X, Y = TRANSFORM[0], TRANSFORM[3]
UTM, NEIGHBOUR, DEGREES = wkt(32633), wkt(32632), wkt(4326)
SNAP = Grid(4, 4, (500_003.0, 10.0, 0.0, 5_199_996.0, 0.0, -10.0), UTM)
REQUESTS = {
    "crs": GridRequest(crs=NEIGHBOUR),
    "degrees": GridRequest(crs=DEGREES, cell_size=(0.0002, 0.0001)),
    "fine": GridRequest(cell_size=(3.0, 4.0)),
    "snap": GridRequest(snap=SNAP),
    "extent": GridRequest(crs=NEIGHBOUR, extent=Extent((X + 203, Y - 512, X + 507, Y - 204), UTM)),
    "all": GridRequest(Extent((X + 203, Y - 512, X + 507, Y - 204), UTM), UTM, (5.0, 5.0), SNAP, UTM),
}


@pytest.fixture
def raster(tmp_path: Path) -> Path:
    rows, columns = np.mgrid[0:90, 0:110]
    waves = np.stack([np.sin(columns / 9 + band) + np.cos(rows / (7 + band)) for band in range(3)])
    visible = np.ones((90, 110), bool)
    visible[30:42, 50:71] = False
    pixels = np.concatenate([waves, 255.0 * visible[None]]).astype(np.float32)
    return write_raster(tmp_path / "scene.tif", pixels, alpha=4)


def opened(raster: Path, request: GridRequest, method: str = "bilinear") -> Any:
    """Opens the raster as one that is there already, as those of web services are."""
    return open_scene(GdalSource(GdalInput(str(raster))), request, method)


def gdalwarp(raster: Path, grid: Grid, method: str, scales: Sequence[str] = ()) -> tuple[np.ndarray, np.ndarray]:
    """Returns pixels and validity of gdalwarp's result on a grid.

    gdalwarp widens its kernel by the ratio of two windows, which for turned grids is not that of their cells;
    its scales set it right.
    """
    whole = gdal.Warp(
        "", str(raster), format="MEM", outputBounds=grid.bounds, width=grid.width, height=grid.height,
        dstSRS=grid.crs, resampleAlg=method, dstAlpha=True, errorThreshold=0,
        warpOptions=list(scales),
    ).ReadAsArray()  # fmt: skip
    return whole[:-1], whole[-1] != 0


def size_is_kept(name: str) -> bool:
    return name != "degrees"


@pytest.mark.parametrize("method", ["nearest", "bilinear", "cubic", "lanczos"])
@pytest.mark.parametrize("name", REQUESTS)
def test_pixels_are_those_of_gdalwarp(name: str, method: str, raster: Path) -> None:
    scene = opened(raster, REQUESTS[name], method)
    assert isinstance(scene.source, WarpedSource)
    pixels, valid = scene.source.read(scene.area)
    scales = ["XSCALE=1", "YSCALE=1"] if size_is_kept(name) else []
    expected, counts = gdalwarp(raster, scene.source.grid.crop(scene.area), method, scales)
    np.testing.assert_array_equal(valid, counts)
    np.testing.assert_allclose(pixels[:, valid], expected[:, valid], atol=1e-5 if size_is_kept(name) else 3e-3)
    assert valid.sum() > 500
    assert not pixels[:, ~valid].any()


@pytest.mark.parametrize("method", ["bilinear", "average", "mode"])
def test_coarser_cells_are_those_of_gdalwarp(method: str, raster: Path) -> None:
    scene = opened(raster, GridRequest(cell_size=(40.0, 50.0)), method)
    pixels, valid = scene.source.read(scene.area)
    expected, counts = gdalwarp(raster, scene.source.grid, method)
    np.testing.assert_array_equal(valid, counts)
    np.testing.assert_allclose(pixels[:, valid], expected[:, valid], atol=3e-3)


@pytest.mark.parametrize("name", REQUESTS)
def test_the_grid_is_that_of_the_file(name: str, raster: Path) -> None:
    scene, of_file = opened(raster, REQUESTS[name]), open_scene(GdalInput(str(raster)), REQUESTS[name], "bilinear")
    ours, theirs = scene.source.grid.crop(scene.area), of_file.source.grid.crop(of_file.area)
    assert (ours.width, ours.height) == (theirs.width, theirs.height)
    assert ours.transform == pytest.approx(theirs.transform)


@pytest.mark.parametrize("method", ["nearest", "bilinear", "lanczos", "average"])
@pytest.mark.parametrize("size", [(5.0, 5.0), (35.0, 45.0)])
def test_windows_and_threads_see_the_same_pixels(size: Any, method: str, raster: Path) -> None:
    source = opened(raster, GridRequest(crs=NEIGHBOUR, cell_size=size), method).source
    source.select([Channel(3, 2.0), Channel(1)])
    whole, valid = source.read(source.grid.window)
    step = max(7, source.grid.width // 5)
    windows = [
        Window(x, y, step + 3, step)
        for y in range(-5, source.grid.height, step)
        for x in range(-4, source.grid.width, step)
    ]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(source.read, windows))
    for window, (pixels, counts) in zip(windows, found):
        inside = window.intersection(source.grid.window)
        rows, columns = inside.within(window)
        np.testing.assert_allclose(
            pixels[:, rows, columns], whole[:, inside.y : inside.bottom, inside.x : inside.right]
        )
        np.testing.assert_array_equal(counts[rows, columns], valid[inside.y : inside.bottom, inside.x : inside.right])
        assert counts.sum() == counts[rows, columns].sum()


def test_of_a_raster_that_may_cover_the_earth_only_the_surroundings_are_planned(raster: Path) -> None:
    class World(GdalSource):
        """The raster, said to go on to the ends of its zone."""

        def __init__(self) -> None:
            super().__init__(GdalInput(str(raster)))
            self.grid = self.grid.crop(Window(-40_000, -400_000, 80_000, 900_000))

        def read_bands(self, window: Window) -> Any:
            return super().read_bands(Window(window.x - 40_000, window.y - 400_000, window.width, window.height))

    request = REQUESTS["extent"]
    scene = open_scene(World(), request, "bilinear")
    assert max(scene.source.grid.width, scene.source.grid.height) < 3 * SURROUNDINGS
    assert scene.area.x > SURROUNDINGS / 2
    with pytest.raises(ExtentMissesRasterError):
        open_scene(World(), GridRequest(Extent((0, 0, 1, 1), UTM), NEIGHBOUR), "bilinear")


def test_what_cannot_be_planned_is_refused(tmp_path: Path, raster: Path) -> None:
    plain = write_raster(tmp_path / "plain.tif", np.ones((1, 9, 9), np.float32), transform=None, epsg=None)
    with pytest.raises(GridError, match="CRS"):
        opened(plain, GridRequest(crs=UTM))
    far = replace(SNAP, transform=(1e12, 10.0, 0.0, 1e12, 0.0, -10.0))
    with pytest.raises(GridError, match="cannot be located in the output CRS"):
        opened(raster, GridRequest(crs=NEIGHBOUR, snap=far))


@pytest.mark.parametrize("in_memory", [False, True])
@pytest.mark.parametrize("target", ["EPSG:32632+6360", "EPSG:4979"])
def test_values_are_no_heights(target: str, in_memory: bool, tmp_path: Path) -> None:
    """The CRS has heights in metres, and the other one in feet or above the ellipsoid; pixels are not converted."""
    heights = osr.SpatialReference()
    heights.SetFromUserInput("EPSG:32633+5703")
    pixels = np.arange(1, 61, dtype=np.float32).reshape(1, 6, 10)
    path = write_raster(tmp_path / "scene.tif", pixels)
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.SetProjection(heights.ExportToWkt())
    dataset = None
    other = osr.SpatialReference()
    other.SetFromUserInput(target)
    request = GridRequest(crs=other.ExportToWkt(["FORMAT=WKT2_2019"]))
    scene = opened(path, request, "near") if in_memory else open_scene(GdalInput(str(path)), request, "near")
    found, valid = scene.source.read(scene.area)
    scene.source.close()
    assert valid.sum() > 40
    assert set(found[0][valid].tolist()) <= set(pixels.ravel().tolist())
