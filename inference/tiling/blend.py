# SPDX-License-Identifier: GPL-2.0-or-later
"""Overlapping tiles blended into one another."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .plan import Tile
from .strips import Strip

Float32 = NDArray[np.float32]


class BlendMerger:
    """Averages the scores of overlapping tiles, each weighted by its distance from the tile's edge.

    Sums and weights are both kept and divided when a strip is complete. Memory is one strip.
    """

    def __init__(self) -> None:
        self._sums: Float32 | None = None
        self._weights: Float32 | None = None

    def add(self, strip: Strip, tile: Tile, scores: NDArray[Any]) -> Float32 | None:
        """Takes the scores (channels, height, width) of a tile's whole output; NaN marks invalid pixels.

        Returns the scores (channels, height, width) of the strip if this tile completes it, else None.
        """
        if self._sums is None or self._weights is None:
            size = (strip.window.height, strip.window.width)
            self._sums, self._weights = np.zeros((len(scores), *size), np.float32), np.zeros(size, np.float32)
        kept = tile.output.intersection(strip.window)
        source, target = kept.within(tile.output), kept.within(strip.window)
        weights = edge_weights(tile.output.height, tile.output.width)[source]
        self._sums[(slice(None), *target)] += scores[(slice(None), *source)] * weights
        self._weights[target] += weights
        if not strip.is_last(tile):
            return None
        finished, weights = self._sums, self._weights
        self._sums = self._weights = None
        finished /= weights
        return finished


@lru_cache(maxsize=16)
def edge_weights(height: int, width: int) -> Float32:
    """Returns weights (height, width) that fall towards the edges as Hann's window does, but never to 0.

    The window is taken half a sample from its ends: sin2(pi (i + 1/2) / n).
    """
    rows, columns = (np.sin(np.pi * (np.arange(n) + 0.5) / n) ** 2 for n in (height, width))
    return np.outer(rows, columns).astype(np.float32)
