# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygons in the CRS of a grid.

Edges that are straight in the polygons' own CRS bend in another one: points are inserted until the remaining error is a
small part of a cell. Longitudes repeat after a full turn: a polygon appears in every turn that the grid covers.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from osgeo import ogr, osr

from ...grid import Bounds, Grid
from ..gdal_call import GdalError, gdal_call
from .crs import same_crs, spatial_reference
from .extent import bounds_in, continuous, full_turn

Ring = NDArray[np.float64]  # (points, 2); the last point is not the first one again

# Share of a cell by which an edge may be off, and the place on an edge where that is measured: not in the middle, which
# the bends of some projections leave unmoved.
LARGEST_OFFSET = 0.002
MEASURED_AT = 0.37

# An edge that is not straight after so many halvings crosses a line where the CRS is discontinuous.
MOST_HALVINGS = 30

# Growth of the bounds of a grid in degrees beyond the points of its edges.
GROWTH = 0.01


class PolygonMover:
    """Moves polygons from a CRS given as WKT to that of a grid; without a CRS, coordinates are those of the grid."""

    def __init__(self, crs: str, grid: Grid) -> None:
        """Raises a GdalError if there is no transformation."""
        self._bounds = grid.outer_bounds
        self._turn = full_turn(grid.crs)
        self._offset = LARGEST_OFFSET * min(grid.cell_edges)
        self._clip: Bounds | None = None
        self._transformation: Any = None
        if crs and grid.crs and not same_crs(crs, grid.crs):
            self._transformation = gdal_call(
                osr.CoordinateTransformation, spatial_reference(crs), spatial_reference(grid.crs)
            )
            self._own_turn = full_turn(crs)
            if self._own_turn and not self._turn:
                self._clip = _degrees_of(grid, crs, self._own_turn)

    def move(self, wkb: bytes) -> list[tuple[bytes, Bounds]]:
        """Returns the parts of a polygon near the grid, as WKB with bounds; raises a GdalError if it has no place."""
        shape = gdal_call(ogr.CreateGeometryFromWkb, wkb)
        if shape is None:
            raise GdalError("it is damaged")
        # GDAL silently draws nothing for arcs.
        parts = (part for rings in _polygons(shape.GetLinearGeometry()) for part in self._moved(rings))
        return [(_wkb(rings), _bounds(rings)) for rings in parts]

    def _moved(self, rings: list[Ring]) -> Iterator[list[Ring]]:
        """Yields a polygon in the CRS of the grid, once for each turn of the globe."""
        if self._clip is not None:
            xmin, ymin, xmax, ymax = self._clip
            for by in _turns(_bounds(rings), self._clip, self._own_turn):
                near = (_clipped(ring + (by, 0.0), self._clip) for ring in rings)
                kept = [self._bent(ring) for ring in near if len(ring)]
                if kept:
                    yield kept
            return
        if self._transformation is not None:
            rings = self._beside_the_first([self._bent(ring) for ring in rings])
        turns = _turns(_bounds(rings), self._bounds, self._turn) if self._turn else [0.0]
        yield from ([ring + (by, 0.0) for ring in rings] for by in turns)

    def _bent(self, ring: Ring) -> Ring:
        """Returns a ring in the CRS of the grid, with more points; longitudes continue beyond the antimeridian."""
        own = np.concatenate([ring, ring[:1]])
        there = self._transformed(own)
        for _ in range(MOST_HALVINGS):
            steps = self._short(np.diff(there, axis=0))
            places = self._transformed(own[:-1] + MEASURED_AT * np.diff(own, axis=0))
            off = self._short(places - there[:-1] - MEASURED_AT * steps)
            bent = np.flatnonzero(np.abs(off).max(axis=1, initial=0) > self._offset)
            if not len(bent):
                break
            middles = (own[bent] + own[bent + 1]) / 2
            own = np.insert(own, bent + 1, middles, axis=0)
            there = np.insert(there, bent + 1, self._transformed(middles), axis=0)
        else:
            raise GdalError("it crosses a line where the CRS is discontinuous")
        if self._turn:
            there = there[0] + np.concatenate([np.zeros((1, 2)), np.cumsum(steps, axis=0)])
            if abs(there[-1, 0] - there[0, 0]) > self._turn / 2:
                raise GdalError("it contains a pole")
        return there[:-1]

    def _transformed(self, points: Ring) -> Ring:
        found = gdal_call(self._transformation.TransformPoints, points.tolist())
        moved = np.array(found, np.float64)[:, :2]
        if not np.isfinite(moved).all():
            raise GdalError("a point has no place in the CRS")
        return moved

    def _short(self, steps: Ring) -> Ring:
        """Returns steps of less than half a turn."""
        if self._turn:
            steps[:, 0] -= self._turn * np.round(steps[:, 0] / self._turn)
        return steps

    def _beside_the_first(self, rings: list[Ring]) -> list[Ring]:
        """Returns rings in the turn of the first one, which contains the others."""
        if not self._turn:
            return rings
        middles = [(ring[:, 0].min() + ring[:, 0].max()) / 2 for ring in rings]
        return [
            ring + (self._turn * round((middles[0] - middle) / self._turn), 0.0)
            for ring, middle in zip(rings, middles)
        ]  # fmt: skip


def _degrees_of(grid: Grid, crs: str, turn: float) -> Bounds | None:
    """Returns slightly more than the bounds of a projected grid in a geographic CRS, None if they are unknown.

    Polygons far away need no place in the CRS of the grid. Its discontinuity is usually at 180 degrees: bounds that end
    there are not exceeded.
    """
    try:
        xmin, ymin, xmax, ymax = continuous(bounds_in(crs, grid.outer_bounds, grid.crs), crs)
    except (GdalError, OverflowError):
        return None
    if not all(map(math.isfinite, (xmin, ymin, xmax, ymax))):
        return None
    across, down, half = GROWTH * (xmax - xmin), GROWTH * (ymax - ymin), turn / 2
    left = max(xmin - across, -half) if xmin >= -half else xmin - across
    right = min(xmax + across, half) if xmax <= half else xmax + across
    return left, max(ymin - down, -half / 2), right, min(ymax + down, half / 2)


def _turns(bounds: Bounds, frame: Bounds, turn: float) -> list[float]:
    """Returns the shifts by whole turns that bring bounds into a frame."""
    first, last = math.ceil((frame[0] - bounds[2]) / turn), math.floor((frame[2] - bounds[0]) / turn)
    return [turn * number for number in range(first, last + 1)]


def _clipped(ring: Ring, frame: Bounds) -> Ring:
    """Returns a ring within a frame, with edges along it (Sutherland and Hodgman, 1974); no points outside.

    Rings that cross themselves keep the cells that they enclose an odd number of times.
    """
    for axis, edge, sign in ((0, frame[0], 1), (1, frame[1], 1), (0, frame[2], -1), (1, frame[3], -1)):
        if not len(ring):
            break
        ahead = np.roll(ring, -1, axis=0)
        depth, next_depth = sign * (ring[:, axis] - edge), sign * (ahead[:, axis] - edge)
        inside, crosses = depth >= 0, (depth >= 0) != (next_depth >= 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            crossing = ring + (depth / (depth - next_depth))[:, None] * (ahead - ring)
        crossing[:, axis] = edge
        pairs, kept = np.stack([ring, crossing], axis=1), np.stack([inside, crosses], axis=1)
        ring = pairs[kept]
    return ring


def _polygons(shape: Any) -> Iterator[list[Ring]]:
    """Yields the rings of each polygon in a geometry, the outer one first."""
    count = shape.GetGeometryCount()
    if shape.GetDimension() == 2 and shape.GetGeometryName() in ("POLYGON", "TRIANGLE"):
        rings = [np.array(shape.GetGeometryRef(number).GetPoints() or (), np.float64) for number in range(count)]
        rings = [ring[:-1, :2] for ring in rings if len(ring) > 1]
        if rings:
            yield rings
        return
    for number in range(count):
        yield from _polygons(shape.GetGeometryRef(number))


def _bounds(rings: Sequence[Ring]) -> Bounds:
    points = np.concatenate(rings)
    (xmin, ymin), (xmax, ymax) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return xmin, ymin, xmax, ymax


def _wkb(rings: Sequence[Ring]) -> bytes:
    """Returns a polygon as WKB (OGC 06-103r4, section 8), little-endian."""
    parts = [struct.pack("<BII", 1, 3, len(rings))]
    for ring in rings:
        closed = np.concatenate([ring, ring[:1]]).astype("<f8")
        parts += [struct.pack("<I", len(closed)), closed.tobytes()]
    return b"".join(parts)
