# SPDX-License-Identifier: GPL-2.0-or-later
"""How many square metres a cell covers."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from osgeo import osr

from ..grid import Grid
from .crs import spatial_reference
from .gdal_call import GdalError

Float64 = NDArray[np.float64]


def row_cell_areas(grid: Grid) -> Float64 | None:
    """Returns the area of a cell in each row (height,) in square metres, None where it is not known.

    Unknown are grids without CRS or transform, in Mercator's projection, and geographic ones whose rows are no
    parallels.
    """
    if grid.transform is None or not grid.crs:
        return None
    try:
        reference = spatial_reference(grid.crs)
    except GdalError:
        return None
    _, dx, rx, _, ry, dy = grid.transform
    if reference.IsProjected() and _is_mercator(reference):
        return None
    if reference.IsProjected():
        return np.full(grid.height, abs(dx * dy - rx * ry) * reference.GetLinearUnits() ** 2)
    if reference.IsGeographic() and rx == ry == 0:
        return _geographic(grid, reference)
    return None


def _is_mercator(reference: osr.SpatialReference) -> bool:
    """Tells the projections whose cells cover far less than their size says, away from the equator."""
    projection = str(reference.GetAttrValue("PROJECTION") or "")
    return projection.startswith("Mercator") or "Pseudo-Mercator" in str(reference.GetName())


def _geographic(grid: Grid, reference: osr.SpatialReference) -> Float64 | None:
    if grid.transform is None:
        return None
    _, dx, _, y0, _, dy = grid.transform
    radians = reference.GetAngularUnits()
    edges = np.clip((y0 + np.arange(grid.height + 1) * dy) * radians, -math.pi / 2, math.pi / 2)
    flattening = reference.GetInvFlattening()
    zones = _area_from_equator(edges, reference.GetSemiMajor(), 1 / flattening if flattening else 0.0)
    areas: Float64 = np.abs(np.diff(zones)) * abs(dx) * radians
    return areas


def _area_from_equator(latitude: Float64, semi_major: float, flattening: float) -> Float64:
    """Returns the area between the equator and a parallel per radian of longitude.

    Source: J. P. Snyder, Map Projections - A Working Manual (USGS 1395, 1987), equation 3-12.
    """
    sine = np.sin(latitude)
    e2 = flattening * (2 - flattening)
    if e2 == 0:
        return semi_major**2 * sine
    e = math.sqrt(e2)
    q: Float64 = (1 - e2) * (sine / (1 - e2 * sine**2) + np.arctanh(e * sine) / e)
    return semi_major**2 * q / 2
