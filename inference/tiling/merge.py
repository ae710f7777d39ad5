# SPDX-License-Identifier: GPL-2.0-or-later
"""The results of tiles, cropped to their cores and merged into strips."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .plan import Tile
from .strips import Strip


class CropMerger:
    """Keeps each tile's core and returns whole strips; tiles come in the order of their strip.

    Memory is one strip, whatever the size of the scene.
    """

    def __init__(self) -> None:
        self._values: NDArray[Any] | None = None

    def add(self, strip: Strip, tile: Tile, values: NDArray[Any]) -> NDArray[Any] | None:
        """Takes the values of a tile's core (bands, height, width).

        Returns the values (bands, height, width) of the strip if this tile completes it, else None.
        """
        if self._values is None:
            self._values = np.empty((len(values), strip.window.height, strip.window.width), values.dtype)
        rows, columns = tile.core.within(strip.window)
        self._values[:, rows, columns] = values
        if not strip.is_last(tile):
            return None
        finished, self._values = self._values, None
        return finished
