# SPDX-License-Identifier: GPL-2.0-or-later
"""Tiles in, scores out, for maps that are blended from scores or that hold the scores themselves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ScoresError
from ..raster import Legend, legend_of
from ..raster.write.sink import SCORE_TYPE
from ..tiling import Tile
from ..window import Window
from .decision import Decision, LargestScore
from .precision import mixed_scores_named
from .runner import Block, Float32, NetworkRunner

__all__ = ["SCORE_TYPE", "TileScorer", "class_values", "class_values_of_kept", "kept_scores"]


@dataclass(frozen=True)
class TileScorer:
    """Runs the network on tiles and keeps its scores; NaN marks invalid pixels.

    With `whole_output` it returns all of a tile's output, for blending; otherwise its core.
    """

    runner: NetworkRunner
    channels: int
    whole_output: bool

    @property
    def batch_size(self) -> int:
        """The number of tiles of one call."""
        return self.runner.batch_size

    def interrupt(self) -> None:
        """Ends the calls that are under way as soon as possible."""
        self.runner.interrupt()

    def process(self, tiles: list[Tile], blocks: list[Block]) -> list[NDArray[Any]]:
        """Returns scores (channels, height, width) of each tile; one without a valid pixel is not computed."""
        kept = [tile.output if self.whole_output else tile.core for tile in tiles]
        valid = [mask[window.within(tile.read)] for tile, window, (_, mask) in zip(tiles, kept, blocks)]
        needed = [index for index, mask in enumerate(valid) if mask.any()]
        results = [np.full((self.channels, *mask.shape), np.nan, np.float32) for mask in valid]
        if needed:
            outputs = self.runner.outputs([tiles[i] for i in needed], [blocks[i] for i in needed])
            with mixed_scores_named(self.runner.backend):
                for index, output in zip(needed, outputs):
                    results[index][:, valid[index]] = _finite(tiles[index], kept[index], output, valid[index])
        return results


def _finite(tile: Tile, kept: Window, output: NDArray[Any], valid: NDArray[np.bool_]) -> NDArray[Any]:
    rows, columns = kept.within(tile.output)
    scores: NDArray[Any] = output[:, rows, columns][:, valid]
    if not np.isfinite(scores).all():
        raise ScoresError
    return scores


def class_values(decision: Decision, scores: Float32, legend: Legend) -> NDArray[Any]:
    """Returns the class values (1, height, width) of scores (channels, height, width); NaN becomes NoData."""
    valid = ~np.isnan(scores[0])
    values = np.full(valid.shape, legend.no_data, legend.dtype)
    # Invalid pixels are NaN, which would look like a broken score.
    values[valid] = decision.decide(np.where(valid, scores, 0))[valid]
    return values[np.newaxis]


def kept_scores(decision: Decision, rows: Float32, largest_only: bool) -> Float32:
    """Returns the scores of the classes that may win (classes, height, width), or the largest of them alone."""
    scores: Float32 = decision.scores(rows)
    return scores.max(axis=0, keepdims=True) if largest_only else scores


def class_values_of_kept(decision: Decision, scores: Float32) -> NDArray[Any]:
    """Returns the class values (1, height, width) of all scores of `kept_scores`."""
    # Channels without a class are no longer among them.
    decision = replace(decision, never=()) if isinstance(decision, LargestScore) else decision
    return class_values(decision, scores, legend_of(decision.classes))
