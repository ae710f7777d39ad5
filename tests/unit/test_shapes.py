# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygons on grids in other CRSs and other turns of longitude: each cell's centre, transformed by PROJ, decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from osgeo import ogr, osr

from classify_pixels.inference.errors import MapReferenceError, MaskError
from classify_pixels.inference.grid import Grid
from classify_pixels.inference.raster import GdalInput, GdalSource, MaskedSource, PolygonCells, PolygonMask
from classify_pixels.inference.raster.scene.mask import PolygonCover
from tests.unit.rasters import wkt, write_raster

Box = tuple[float, float, float, float]


def polygon(*boxes: Box) -> bytes:
    """A polygon of a rectangle, with further ones as holes."""
    rings = [f"({x0} {y0},{x1} {y0},{x1} {y1},{x0} {y1},{x0} {y0})" for x0, y0, x1, y1 in boxes]
    return bytes(ogr.CreateGeometryFromWkt(f"POLYGON({','.join(rings)})").ExportToWkb())


def centres_in(grid: Grid, epsg: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns the centres of all cells in a CRS."""
    source, target = osr.SpatialReference(grid.crs), osr.SpatialReference(wkt(epsg))
    for reference in (source, target):
        reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    columns, rows = np.meshgrid(np.arange(grid.width) + 0.5, np.arange(grid.height) + 0.5)
    x0, dx, rx, y0, ry, dy = grid.effective_transform
    points = np.stack([x0 + columns * dx + rows * rx, y0 + columns * ry + rows * dy], axis=-1).reshape(-1, 2)
    moved = np.array(osr.CoordinateTransformation(source, target).TransformPoints(points.tolist()))
    return moved[:, 0].reshape(columns.shape), moved[:, 1].reshape(columns.shape)


def within(x: np.ndarray, y: np.ndarray, boxes: Sequence[Box], turn: float = 0.0) -> np.ndarray:
    """Returns the places in the first rectangle and in no other one."""
    found = np.zeros(x.shape, bool)
    for by in (-turn, 0.0, turn):
        inside = [(x + by > a) & (x + by < c) & (y > b) & (y < d) for a, b, c, d in boxes]
        found |= inside[0] & ~np.any(inside[1:], axis=0) if len(inside) > 1 else inside[0]
    return found


def degrees(west: float, north: float, cell: float, width: int, height: int) -> Grid:
    return Grid(width, height, (west, cell, 0.0, north, 0.0, -cell), wkt(4326))


def metres(epsg: int, x: float, y: float, cell: float, width: int, height: int) -> Grid:
    return Grid(width, height, (x, cell, 0.0, y, 0.0, -cell), wkt(epsg))


FIJI = degrees(170.0, -10.0, 0.1, 200, 100)
EUROPE = metres(3035, 4_000_000, 3_500_000, 5_000, 200, 200)
CASES: dict[str, tuple[Grid, int, list[Box]]] = {
    "long edges": (EUROPE, 4326, [(0.01, 45.003, 25.02, 52.004)]),
    "a hole with long edges": (EUROPE, 4326, [(0.01, 45.003, 25.02, 52.004), (5.013, 46.017, 20.019, 50.013)]),
    "far beyond the CRS": (metres(32633, 300_000, 5_600_000, 3_000, 120, 100), 4326, [(-179.0, 47.013, 179.0, 49.017)]),
    "from 0 to 360": (degrees(0.0, 80.0, 2.0, 180, 80), 4326, [(-60.3, -20.1, -20.3, 20.1)]),
    "beyond 180": (degrees(-180.0, 80.0, 2.0, 180, 80), 4326, [(190.3, -20.1, 230.3, 20.1)]),
    "both ends of the world": (degrees(-180.0, 80.0, 2.0, 180, 80), 4326, [(170.3, -20.1, 191.3, 20.1)]),
    "metres across the antimeridian": (FIJI, 32760, [(700_123.0, 8_000_123.0, 950_077.0, 8_300_077.0)]),
    "the same with a hole": (
        FIJI, 32760, [(7.00123e5, 8.000123e6, 9.50077e5, 8.300077e6), (7.60123e5, 8.100123e6, 9.00077e5, 8.200077e6)],
    ),
    "degrees across it in metres": (
        metres(32760, 700_000, 8_300_000, 3_000, 100, 80), 4326, [(179.3, -17.01, 181.2, -15.5)],
    ),
    "the end of a map of the world": (
        metres(3857, -20_037_508.34, 10_000_000, 200_375.0834, 200, 100), 4326, [(170.3, -20.1, 191.3, 20.1)],
    ),
    "a pole in metres": (metres(3413, -2_000_013, 2_000_027, 40_000, 100, 100), 4326, [(-180.0, 80.013, 180.0, 90.0)]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_cell_is_inside_if_its_centre_is(case: str) -> None:
    grid, epsg, boxes = CASES[case]
    x, y = centres_in(grid, epsg)
    expected = within(x, y, boxes, 360.0 if epsg == 4326 else 0.0)
    assert 0 < expected.sum() < expected.size
    visible = PolygonCover(PolygonMask((polygon(*boxes),), wkt(epsg)), grid).read(grid.window)
    np.testing.assert_array_equal(visible, expected)
    rows, columns, labels = PolygonCells([polygon(*boxes)], [3], wkt(epsg), grid, "samples").read(grid.window)
    found = np.zeros(expected.shape, bool)
    found[rows, columns] = labels == 3
    np.testing.assert_array_equal(found, expected)


def test_windows_agree_with_the_whole() -> None:
    grid, epsg, boxes = CASES["metres across the antimeridian"]
    cover = PolygonCover(PolygonMask((polygon(*boxes),), wkt(epsg)), grid)
    whole = cover.read(grid.window)
    for window in grid.window.blocks(37):
        np.testing.assert_array_equal(cover.read(window), whole[window.within(grid.window)])


REFUSED: dict[str, tuple[Grid, int, Box, str]] = {
    "a pole in degrees": (degrees(-180.0, 90.0, 2.0, 180, 40), 3413, (-2e6, -2e6, 1e6, 1e6), "contains a pole"),
    "the seam of a map": (metres(3857, -2e7, 1e7, 2e5, 200, 100), 32760, (7e5, 8e6, 9.5e5, 8.3e6), "discontinuous"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_polygon_without_a_sound_place_is_refused(case: str) -> None:
    grid, epsg, box, reason = REFUSED[case]
    kinds: tuple[tuple[type[Exception], Callable[[], object]], ...] = (
        (MaskError, lambda: PolygonCover(PolygonMask((polygon(box),), wkt(epsg)), grid)),
        (MapReferenceError, lambda: PolygonCells([polygon(box)], [0], wkt(epsg), grid, "samples")),
    )
    for kind, call in kinds:
        with pytest.raises(kind, match=reason):
            call()


def test_a_raster_of_an_alpha_band_alone_is_no_mask(tmp_path: Path) -> None:
    scene = write_raster(tmp_path / "scene.tif", np.ones((1, 4, 5), np.uint8))
    mask = write_raster(tmp_path / "mask.tif", np.full((1, 4, 5), 255, np.uint8), alpha=1)
    with pytest.raises(MaskError, match=r"mask\.tif"):
        MaskedSource(GdalSource(GdalInput(str(scene))), GdalInput(str(mask)))
