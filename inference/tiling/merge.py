# SPDX-License-Identifier: GPL-2.0-or-later
"""How the tiles' results are put together again."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray

from .plan import Tile, TilePlan


class CropMerger:
    """Keeps each tile's core and gives whole rows of cores; tiles come in the order of the plan.

    Memory is one row of cores, whatever the size of the scene.
    """

    def __init__(self, plan: TilePlan) -> None:
        self._area = plan.area
        self._rows: Optional[NDArray[Any]] = None

    def add(self, tile: Tile, values: NDArray[Any]) -> Optional[NDArray[Any]]:
        """Takes the values of a tile's core (bands, height, width).

        Returns the rows (bands, height, width of the area) that this tile completes, else None.
        """
        if self._rows is None:
            self._rows = np.empty((len(values), tile.core.height, self._area.width), values.dtype)
        left = tile.core.x - self._area.x
        self._rows[:, :, left : left + tile.core.width] = values
        if tile.core.right < self._area.right:
            return None
        rows, self._rows = self._rows, None
        return rows
