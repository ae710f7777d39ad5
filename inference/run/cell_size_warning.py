# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether the cells of a result are as large as those that the model was trained on."""

from __future__ import annotations

import math

from ..events import Warned
from ..grid import Grid
from ..models import CellSizes
from ..notices import Caution
from ..raster import cell_size_in

# Networks bear differences below this factor: they saw as much in training.
TOLERANCE = 1.25


def cell_size_warning(sizes: CellSizes | None, grid: Grid) -> Warned | None:
    """Returns a warning where the grid's cells are far from the model's, else None.

    Nothing is said where the two cannot be compared.
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
    """Returns the side of a square as large as a cell."""
    return math.sqrt(size[0] * size[1])


def _factor(found: float, smallest: float, largest: float) -> float:
    """Returns how many times larger than the nearest of the trained sizes a size is."""
    if smallest <= found <= largest:
        return 1.0
    return found / largest if found > largest else found / smallest
