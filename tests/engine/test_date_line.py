# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters and extents at the date line."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from classify_pixels.inference.errors import ExtentError, GridError
from classify_pixels.inference.raster import Extent, GdalInput, GridRequest, open_scene
from classify_pixels.inference.raster.scene.warp import suggested_grid
from tests.engine.gdalwarp import BANDS, assert_is_gdalwarp_classified, grid_in, model
from tests.unit.rasters import random_pixels, wkt, write_raster
from tests.unit.runs import classify

__all__ = ["model"]

DEGREES, MERCATOR = wkt(4326), wkt(3857)


@pytest.fixture
def fiji(tmp_path: Path) -> Path:
    """A raster in UTM zone 60 whose eastern half lies beyond 180 degrees."""
    transform = (800_000.0, 1000.0, 0.0, 8_200_000.0, 0.0, -1000.0)
    return write_raster(tmp_path / "fiji.tif", random_pixels(BANDS, 60, 70), transform=transform, epsg=32760)


@pytest.mark.parametrize("epsg", [4326, 3857])
def test_a_crs_that_tears_the_raster_apart_is_a_sentence(
    epsg: int, fiji: Path, model: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(GridError, match=r"fiji\.tif .* crosses the date line; choose a projected CRS"):
        classify(fiji, model, tmp_path / "out.tif", crs=wkt(epsg))


@pytest.mark.parametrize("epsg", [32701, 3832, 32760])
def test_a_crs_that_knows_no_date_line_is_taken(epsg: int, fiji: Path, model: dict[str, Any], tmp_path: Path) -> None:
    classify(fiji, model, tmp_path / "out.tif", crs=wkt(epsg), cell_size=(1100.0, 1100.0), resampling="nearest")
    assert_is_gdalwarp_classified(fiji, tmp_path / "out.tif", "nearest")


def test_degrees_beyond_180_keep_their_grid(model: dict[str, Any], tmp_path: Path) -> None:
    transform = (179.5, 0.01, 0.0, 10.0, 0.0, -0.01)
    raster = write_raster(tmp_path / "scene.tif", random_pixels(BANDS, 60, 70), transform=transform, epsg=4326)
    classify(raster, model, tmp_path / "own.tif", crs=DEGREES)
    assert grid_in(tmp_path / "own.tif")[0] == transform
    classify(raster, model, tmp_path / "out.tif", cell_size=(0.02, 0.02), resampling="nearest")
    assert_is_gdalwarp_classified(raster, tmp_path / "out.tif", "nearest")
    with pytest.raises(GridError, match="date line"):
        classify(raster, model, tmp_path / "torn.tif", crs=MERCATOR)


@pytest.mark.parametrize("epsg", [3857, 3395])
def test_a_map_of_the_world_is_not_torn(epsg: int, tmp_path: Path) -> None:
    half = 20_037_508.342789244
    transform = (-half, half / 40, 0.0, half / 2, 0.0, -half / 40)
    raster = write_raster(tmp_path / "world.tif", random_pixels(1, 40, 80), transform=transform, epsg=epsg)
    xmin, _, xmax, _ = suggested_grid(GdalInput(str(raster)), DEGREES).bounds
    assert (xmin, xmax) == pytest.approx((-180, 180), abs=5)


def test_a_globe_in_degrees_becomes_a_map_of_the_world(tmp_path: Path) -> None:
    transform = (-180.0, 4.5, 0.0, 81.0, 0.0, -4.5)
    raster = write_raster(tmp_path / "globe.tif", random_pixels(1, 36, 80), transform=transform, epsg=4326)
    xmin, _, xmax, _ = suggested_grid(GdalInput(str(raster)), MERCATOR).bounds
    assert xmax - xmin == pytest.approx(40_075_016, rel=0.05)


@pytest.mark.parametrize(("epsg", "reach"), [(4326, (180.0, 90.0)), (3857, (20_037_508.0, 10_018_754.0))])
def test_an_extent_over_the_date_line_of_the_raster_is_a_sentence(
    epsg: int, reach: tuple[float, float], tmp_path: Path
) -> None:
    x, y = reach
    transform = (-x, x / 40, 0.0, y, 0.0, -y / 20)
    raster = write_raster(tmp_path / "globe.tif", random_pixels(1, 40, 80), transform=transform, epsg=epsg)
    over = Extent((700_000.0, 1_000_000.0, 1_100_000.0, 1_200_000.0), wkt(32660))
    with pytest.raises(ExtentError, match="700000.*crosses the date line"):
        open_scene(GdalInput(str(raster)), GridRequest(extent=over), "nearest")
    beside = Extent((300_000.0, 1_000_000.0, 500_000.0, 1_200_000.0), wkt(32660))
    scene = open_scene(GdalInput(str(raster)), GridRequest(extent=beside), "nearest")
    with closing(scene.source):
        assert scene.area.width <= 2
