# SPDX-License-Identifier: GPL-2.0-or-later
"""A network made ready for one run: raw pixels in, class values out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .backends import Backend
from .decision import Decision
from .errors import NetworkRunError
from .model import Normalization, normalize
from .prepared_model import PreparedModel
from .raster import Legend
from .tiling import Tile

Float32 = NDArray[np.float32]
Block = tuple[Float32, NDArray[np.bool_]]


@dataclass(frozen=True)
class ClassifyingNetwork:
    """A backend with what goes before it (normalisation) and after it (the decision for a class).

    Pixels that do not count become NoData, and tiles without a pixel that counts are not computed.
    `fixed_batch` is true where the network takes no other number of tiles.
    """

    backend: Backend
    normalization: Normalization | None
    decision: Decision
    dtype: type[Any]
    no_data: int
    batch_size: int
    fixed_batch: bool = False

    @classmethod
    def of(cls, prepared: PreparedModel, backend: Backend, legend: Legend) -> ClassifyingNetwork:
        """Returns the network of a prepared model for a result with this legend."""
        return cls(
            backend,
            prepared.definition.normalization,
            prepared.decision,
            legend.dtype,
            legend.no_data,
            prepared.batch_size,
            prepared.fixed_batch,
        )

    def classify(self, tiles: list[Tile], blocks: list[Block]) -> list[NDArray[Any]]:
        """Returns the class values (1, height, width) of each tile's core."""
        valid = [mask[tile.core.within(tile.read)] for tile, (_, mask) in zip(tiles, blocks)]
        needed = [index for index, mask in enumerate(valid) if mask.any()]
        results = [np.full((1, *mask.shape), self.no_data, self.dtype) for mask in valid]
        if needed:
            outputs = self._run(np.stack([blocks[index][0] for index in needed]))
            for index, output in zip(needed, outputs):
                tile, mask = tiles[index], valid[index]
                _check_size(tile, output)
                rows, columns = tile.core.within(tile.output)
                # Where pixels do not count the scores may be anything, so they must not fail the check.
                core = np.where(mask, output[:, rows, columns], 0)
                results[index][0][mask] = self.decision.decide(core)[mask]
        return results

    def _run(self, pixels: Float32) -> NDArray[Any]:
        count = len(pixels)
        if self.normalization is not None:
            pixels = normalize(pixels, self.normalization)
        if self.fixed_batch and count < self.batch_size:
            pixels = np.concatenate([pixels, np.zeros((self.batch_size - count, *pixels.shape[1:]), np.float32)])
        return self.backend.run(pixels)[:count]


def _check_size(tile: Tile, output: NDArray[Any]) -> None:
    """Tells networks that lose rows at some sizes, which the trial before the run did not show."""
    expected, found = (tile.output.height, tile.output.width), output.shape[1:]
    if found != expected:
        size = f"{tile.read.width} x {tile.read.height}"
        reason = f"it gave {found[1]} x {found[0]} scores, so its stride is not the definition's"
        raise NetworkRunError(size=size, reason=reason)
