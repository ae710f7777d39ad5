# SPDX-License-Identifier: GPL-2.0-or-later
"""Tiles in, class values out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..tiling import Tile
from .decision import Decision, LargestScore
from .precision import mixed_scores_named
from .runner import Block, NetworkRunner


@dataclass(frozen=True)
class TileClassifier:
    """Runs the network on tiles and decides on the class of each pixel.

    Pixels that do not count become NoData, and tiles without a pixel that counts are not computed.
    """

    runner: NetworkRunner
    decision: Decision
    dtype: type[Any]
    no_data: int

    @property
    def batch_size(self) -> int:
        """The number of tiles of one call."""
        return self.runner.batch_size

    def interrupt(self) -> None:
        """Ends the calls that are under way as soon as possible."""
        self.runner.interrupt()

    def process(self, tiles: list[Tile], blocks: list[Block]) -> list[NDArray[Any]]:
        """Returns the class values (1, height, width) of each tile's core."""
        valid = [mask[tile.core.within(tile.read)] for tile, (_, mask) in zip(tiles, blocks)]
        needed = [index for index, mask in enumerate(valid) if mask.any()]
        results = [np.full((1, *mask.shape), self.no_data, self.dtype) for mask in valid]
        if needed:
            outputs = self._outputs([tiles[i] for i in needed], [blocks[i] for i in needed])
            with mixed_scores_named(self.runner.backend):
                for index, output in zip(needed, outputs):
                    self._decide(tiles[index], valid[index], output, results[index][0])
        return results

    @property
    def _on_device(self) -> LargestScore | None:
        """The decision, if the backend takes the argmax faster."""
        return self.decision if self.runner.decides and isinstance(self.decision, LargestScore) else None

    def _outputs(self, tiles: list[Tile], blocks: list[Block]) -> list[NDArray[Any]]:
        """Returns each tile's scores, or its argmax (1, height, width) if the device took it."""
        decision = self._on_device
        if decision is not None:
            return self.runner.argmax(tiles, blocks, decision.never)
        return self.runner.outputs(tiles, blocks)

    def _decide(self, tile: Tile, valid: NDArray[np.bool_], output: NDArray[Any], values: NDArray[Any]) -> None:
        rows, columns = tile.core.within(tile.output)
        core = output[:, rows, columns]
        every = valid.all()
        # Scores of invalid pixels are arbitrary, so they must not fail the check.
        decided = self._class_values(core if every else np.where(valid, core, core.dtype.type(0)))
        values[...] = decided if every else np.where(valid, decided, values)

    def _class_values(self, core: NDArray[Any]) -> NDArray[Any]:
        decision = self._on_device
        return self.decision.decide(core) if decision is None else decision.decide_argmax(core[0])
