# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters at 180 degrees with swapped or mirrored axes, which some versions of GDAL and PROJ do not survive."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from osgeo import osr

from tests.unit.rasters import random_pixels, wkt, write_raster

# In a process of its own: a crash is a failure of the test, not of all tests.
CHILD = """
import sys
import tests.conftest
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
from classify_pixels.inference.raster import GdalInput, GridRequest, open_scene
path, crs, no_data, result = sys.argv[1:]
given = {1: ((float(no_data), float(no_data) + 1),)} if no_data else {}
scene = open_scene(GdalInput(path, given), GridRequest(crs=crs), "nearest")
pixels, valid = scene.source.read(scene.area)
np.savez(result, pixels=pixels[0], valid=valid, transform=scene.source.grid.crop(scene.area).transform)
"""
ROOT = Path(__file__).resolve().parents[2]
MERCATOR_HALF = 20037508.342789244
WIDTH, HEIGHT = 20, 30


def places_by_proj(transform: np.ndarray, shape: tuple[int, int], crs: str, source: str) -> np.ndarray:
    """The centres of cells in the CRS of the raster, as PROJ finds them."""
    references = [osr.SpatialReference(text) for text in (crs, source)]
    for reference in references:
        reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    rows, columns = (axis.ravel() + 0.5 for axis in np.mgrid[: shape[0], : shape[1]])
    x = transform[0] + columns * transform[1]
    y = transform[3] + rows * transform[5]
    moved = osr.CoordinateTransformation(*references).TransformPoints(np.stack([x, y], axis=1).tolist())
    return np.array(moved)[:, :2].T


# A raster on another grid is a view, unless NoData is a range.
@pytest.mark.parametrize(
    ("transform", "epsg", "target", "no_data"),
    [
        ((180, 0, -0.5, 10, 0.5, 0), 4326, 3857, ""),
        ((180, 0, -0.01, 60, -0.01, 0), 4326, 32660, "300"),
        ((180, 0, 0.01, -10, 0.01, 0), 4326, 32701, ""),
        ((180, 0, -0.5, 10, 0.5, -0.5), 4326, 3857, ""),
        ((180, 0, -0.1, 60, -0.1, 0), 4269, 3857, "300"),
        ((-180, 0, 0.1, 60, -0.1, 0), 4269, 3857, ""),
        ((MERCATOR_HALF, 0, -5000, 1e6, 5000, 0), 3857, 32660, ""),
        ((180, -0.5, 0, 60, 0, -0.5), 4269, 3857, "300"),
        ((-170, -0.5, 0, 60, 0, -0.5), 4258, 3857, ""),
        ((-180, 0, -0.1, 60, -0.1, 0), 4269, 32660, ""),
        ((180, 0, 0.1, 60, -0.1, 0), 4269, 32601, ""),
        ((179.9, 0, -0.1, 60, -0.1, 0), 4326, 3857, ""),
    ],
    ids=str,
)
def test_its_pixels_lie_where_proj_has_them(
    transform: tuple[float, ...], epsg: int, target: int, no_data: str, tmp_path: Path
) -> None:
    pixels = random_pixels(1, HEIGHT, WIDTH).round(3)
    raster = write_raster(tmp_path / "scene.tif", pixels, transform=transform, epsg=epsg)
    result = tmp_path / "found.npz"
    arguments = [str(raster), wkt(target), no_data, str(result)]
    command = [sys.executable, "-c", CHILD, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = np.load(result)
    x, y = places_by_proj(found["transform"], found["valid"].shape, wkt(target), wkt(epsg))
    # Longitudes of PROJ are -180 to 180.
    circle = 2 * MERCATOR_HALF if epsg == 3857 else 360
    x = transform[0] + (x - transform[0] + circle / 2) % circle - circle / 2
    x0, dx, rx, y0, ry, dy = transform
    determinant = dx * dy - rx * ry
    column = (dy * (x - x0) - rx * (y - y0)) / determinant
    row = (dx * (y - y0) - ry * (x - x0)) / determinant
    inside = (column > 0) & (column < WIDTH) & (row > 0) & (row < HEIGHT)
    # Cells whose centres lie on an edge between two cells belong to either.
    clear = np.minimum(np.abs(column - column.round()), np.abs(row - row.round())) > 0.01
    valid, values = found["valid"].ravel(), found["pixels"].ravel()
    assert (valid == inside)[clear].all()
    both = inside & clear
    assert both.sum() > 200
    rows, columns = (np.array([math.floor(place) for place in axis[both]]) for axis in (row, column))
    assert np.array_equal(values[both], pixels[0, rows, columns].astype(np.float32))
