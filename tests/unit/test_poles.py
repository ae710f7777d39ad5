# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters at the poles and over the date line, brought into CRS that know a place for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import osr

from classify_pixels.inference.errors import GridError
from classify_pixels.inference.raster import GdalInput, GridRequest, open_scene
from tests.unit.rasters import wkt, write_raster

ARCTIC, ANTARCTIC, DEGREES = 3413, 3031, 4326


def positions(path: Path, epsg: int, transform: Any, size: tuple[int, int]) -> Path:
    """A raster whose two bands hold the column and the row of each cell."""
    rows, columns = np.mgrid[0 : size[1], 0 : size[0]]
    return write_raster(path, np.stack([columns, rows]).astype(np.float32), transform=transform, epsg=epsg)


def place(epsg: int) -> osr.SpatialReference:
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(epsg)
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return reference


@pytest.mark.parametrize(
    ("epsg", "transform", "size", "target", "share"),
    [
        (DEGREES, (-180, 1, 0, 90, 0, -1), (360, 15), ARCTIC, 0.7),
        (DEGREES, (-30, 0.1, 0, 90, 0, -0.1), (600, 100), ARCTIC, 0.5),
        (DEGREES, (-180, 1, 0, -75, 0, -1), (360, 15), ANTARCTIC, 0.7),
        (ARCTIC, (1_000_000, 10_000, 0, 500_000, 0, -10_000), (50, 50), DEGREES, 0.6),
        (32660, (700_000, 1000, 0, 5_500_000, 0, -1000), (300, 300), 32601, 0.8),
    ],
    ids=["around the north pole", "a sector to the pole", "around the south pole", "beside the pole", "date line"],
)
def test_every_pixel_comes_from_its_place(
    epsg: int, transform: Any, size: tuple[int, int], target: int, share: float, tmp_path: Path
) -> None:
    raster = positions(tmp_path / "scene.tif", epsg, transform, size)
    source = open_scene(GdalInput(str(raster)), GridRequest(crs=wkt(target)), "nearest").source
    pixels, valid = source.read(source.grid.window)
    assert valid.mean() > share
    (x, width, _, y, _, height), way = source.grid.transform, osr.CoordinateTransformation(place(target), place(epsg))
    rows, columns = np.nonzero(valid)
    chosen = np.random.default_rng(1).choice(len(rows), 400, replace=False)
    for row, column in zip(rows[chosen], columns[chosen]):
        there = way.TransformPoint(x + (column + 0.5) * width, y + (row + 0.5) * height)
        expected = ((there[0] - transform[0]) / transform[1], (there[1] - transform[3]) / transform[5])
        found = pixels[:, row, column] + 0.5
        # An eighth of a cell is what GDAL's approximation may be off.
        assert abs(expected[1] - found[1]) <= 0.63
        across = abs(expected[0] - found[0])
        assert min(across, abs(across - size[0])) <= 0.63 or abs(expected[1]) < 1, "beside the pole columns are narrow"


def test_the_pole_itself_has_no_place_in_degrees(tmp_path: Path) -> None:
    transform = (-500_000, 10_000, 0, 500_000, 0, -10_000)
    raster = positions(tmp_path / "scene.tif", ARCTIC, transform, (100, 100))
    with pytest.raises(GridError, match="crosses the date line; choose a projected CRS without"):
        open_scene(GdalInput(str(raster)), GridRequest(crs=wkt(DEGREES)), "nearest")
