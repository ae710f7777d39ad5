# SPDX-License-Identifier: GPL-2.0-or-later
"""How the tiles' results are put together again."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .plan import Tile, TilePlan


class CropMerger:
    """Keeps each tile's core and gives whole rows of cores; tiles come in the order of the plan.

    Memory is one row of cores, whatever the size of the scene.
    """

    def __init__(self, plan: TilePlan) -> None:
        self._area = plan.area
        self._rows: NDArray[Any] | None = None

    def add(self, tile: Tile, values: NDArray[Any]) -> NDArray[Any] | None:
        """Takes the values of a tile's core (bands, height, width).

        Returns the rows (bands, height, width of the area) that this tile completes, else None.
        """
        if self._rows is None:
            self._rows = np.empty((len(values), tile.core.height, self._area.width), values.dtype)
        _, columns = tile.core.within(self._area)
        self._rows[:, :, columns] = values
        if tile.core.right < self._area.right:
            return None
        rows, self._rows = self._rows, None
        return rows
