# SPDX-License-Identifier: GPL-2.0-or-later
"""Comparison of a result's cell size with that of the training data."""

from __future__ import annotations

import math

from ..events import Warned
from ..grid import Grid
from ..models import CellSizes
from ..notices import Caution
from ..raster import cell_size_in

# Networks tolerate differences below this factor, which occur in training as well.
TOLERANCE = 1.25


def cell_size_warning(sizes: CellSizes | None, grid: Grid) -> Warned | None:
    """Returns a warning if the grid's cell size is far from the model's.

    None if it is near, or if the two cannot be compared.
    """
    found = None if sizes is None else cell_size_in(grid, sizes.wkid)
    if sizes is None or found is None:
        return None
    factor = _factor(_side(found), _side(sizes.smallest), _side(sizes.largest))
    if 1 / TOLERANCE <= factor <= TOLERANCE:
        return None
    values = {"factor": f"{factor:.2g}", "size": f"{_side(grid.cell_edges) / factor:.3g}"}
    return Warned(Caution.CELL_SIZE, values)


def _side(size: tuple[float, float]) -> float:
    """Returns the side of a square with the area of a cell."""
    return math.sqrt(size[0] * size[1])


def _factor(found: float, smallest: float, largest: float) -> float:
    """Returns the ratio of a size to the nearest trained size."""
    if smallest <= found <= largest:
        return 1.0
    return found / largest if found > largest else found / smallest
