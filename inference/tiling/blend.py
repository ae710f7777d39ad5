# SPDX-License-Identifier: GPL-2.0-or-later
"""Overlapping tiles blended into one another."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..window import Window
from .plan import Tile, TilePlan

Float32 = NDArray[np.float32]


class BlendMerger:
    """Averages the scores of overlapping tiles, each weighted by its distance from the tile's edge.

    Sums and weights are both kept and divided when a row is complete. Memory is one row of tiles, whatever
    the height of the scene.
    """

    def __init__(self, plan: TilePlan) -> None:
        self._plan = plan
        self._area = plan.area
        self._top = self._area.y
        self._sums: Float32 | None = None
        self._weights = np.zeros((0, self._area.width), np.float32)

    def add(self, tile: Tile, scores: NDArray[Any]) -> Float32 | None:
        """Takes the scores (channels, height, width) of a tile's whole output; NaN marks what does not count.

        Returns the rows (channels, height, width of the area) that no later tile changes, else None.
        """
        waiting = Window(self._area.x, self._top, self._area.width, self._area.bottom - self._top)
        kept = tile.output.intersection(waiting)
        if not kept.empty:
            sums = self._grown(len(scores), kept.bottom)
            source, target = kept.within(tile.output), kept.within(waiting)
            weights = edge_weights(tile.output.height, tile.output.width)[source]
            sums[(slice(None), *target)] += scores[(slice(None), *source)] * weights
            self._weights[target] += weights
        return self._finished(tile)

    def _grown(self, channels: int, bottom: int) -> Float32:
        """Returns the sums, with empty rows added so that they reach down to this row."""
        if self._sums is None:
            self._sums = np.zeros((channels, 0, self._area.width), np.float32)
        missing = bottom - self._top - len(self._weights)
        if missing > 0:
            self._sums = np.pad(self._sums, ((0, 0), (0, missing), (0, 0)))
            self._weights = np.pad(self._weights, ((0, missing), (0, 0)))
        return self._sums

    def _finished(self, tile: Tile) -> Float32 | None:
        if tile.core.right < self._area.right or self._sums is None:
            return None
        last = tile.core.bottom >= self._area.bottom
        bottom = self._area.bottom if last else self._plan[tile.index + 1].output.y
        count = max(0, bottom - self._top)
        rows: Float32 = self._sums[:, :count] / self._weights[:count]
        self._sums, self._weights = self._sums[:, count:], self._weights[count:]
        self._top += count
        return rows if count else None


@lru_cache(maxsize=16)
def edge_weights(height: int, width: int) -> Float32:
    """Returns weights (height, width) that fall towards the edges as Hann's window does, but never to 0.

    The window is taken half a sample from its ends: sin2(pi (i + 1/2) / n).
    """
    rows, columns = (np.sin(np.pi * (np.arange(n) + 0.5) / n) ** 2 for n in (height, width))
    return np.outer(rows, columns).astype(np.float32)
