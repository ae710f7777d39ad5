# SPDX-License-Identifier: GPL-2.0-or-later
"""A network made ready for one run: raw pixels in, scores out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import NetworkRunError
from ..models import Normalization, Preprocessing, normalize, preprocess
from ..phrase import Phrase
from ..runtimes import Backend
from ..tiling import Tile
from .augmentation import Orientation, augmented
from .prepared_model import PreparedModel

Float32 = NDArray[np.float32]
Block = tuple[Float32, NDArray[np.bool_]]


@dataclass(frozen=True)
class NetworkRunner:
    """A backend with its preprocessing: normalisation, filling of fixed batches, orientations.

    `fixed_batch` is True if the network accepts no other number of tiles. With orientations the network
    sees each tile in all of them, and `merge_policy` makes one of their scores.
    """

    backend: Backend
    normalization: Normalization | None
    batch_size: int
    fixed_batch: bool = False
    orientations: tuple[Orientation, ...] = ()
    merge_policy: str = "mean"
    preprocessing: Preprocessing | None = None

    @classmethod
    def of(cls, prepared: PreparedModel, backend: Backend) -> NetworkRunner:
        """Returns the network of a prepared model."""
        return cls(
            backend,
            prepared.definition.normalization,
            prepared.batch_size,
            prepared.fixed_batch,
            prepared.orientations,
            prepared.arguments.merge_policy,
            prepared.definition.preprocessing,
        )

    def expect(self, tile: Tile, bands: int) -> None:
        """Prepares for many tiles of this size, unless batches differ in their number of tiles."""
        if self.batch_size == 1 or self.fixed_batch:
            self.backend.expect((self.batch_size, bands, tile.read.height, tile.read.width))

    @property
    def decides(self) -> bool:
        """True if the backend takes the argmax faster."""
        return self.backend.decides and not self.orientations

    def outputs(self, tiles: list[Tile], blocks: list[Block]) -> list[NDArray[Any]]:
        """Returns the network's output (channels, height, width) for each tile."""
        pixels = self._pixels(blocks)
        if self.orientations:
            scores = augmented(self._run, pixels, self.orientations, self.merge_policy)
        else:
            scores = self._run(pixels)
        return _checked(tiles, scores)

    def argmax(self, tiles: list[Tile], blocks: list[Block], never: tuple[int, ...]) -> list[NDArray[Any]]:
        """Returns the argmax (1, height, width) for each tile."""
        pixels = self._filled(self._pixels(blocks))
        return _checked(tiles, self.backend.run_argmax(pixels, never)[: len(tiles), np.newaxis])

    def interrupt(self) -> None:
        """Ends the calls that are under way as soon as possible."""
        self.backend.interrupt()

    def _pixels(self, blocks: list[Block]) -> Float32:
        pixels = blocks[0][0][np.newaxis] if len(blocks) == 1 else np.stack([block for block, _ in blocks])
        if self.preprocessing is not None:
            pixels = preprocess(pixels, self.preprocessing)
        # In place: a block is read for one call, and not used afterwards.
        return pixels if self.normalization is None else normalize(pixels, self.normalization, out=pixels)

    def _run(self, pixels: Float32) -> NDArray[Any]:
        return self.backend.run(self._filled(pixels))[: len(pixels)]

    def _filled(self, pixels: Float32) -> Float32:
        missing = self.batch_size - len(pixels) if self.fixed_batch else 0
        if missing <= 0:
            return pixels
        return np.concatenate([pixels, np.zeros((missing, *pixels.shape[1:]), np.float32)])


def _checked(tiles: list[Tile], outputs: NDArray[Any]) -> list[NDArray[Any]]:
    for tile, output in zip(tiles, outputs):
        _check_size(tile, output)
    return list(outputs)


def _check_size(tile: Tile, output: NDArray[Any]) -> None:
    """Raises for networks that lose rows at some sizes, which the trial did not reveal."""
    expected, found = (tile.output.height, tile.output.width), output.shape[1:]
    if found != expected:
        size = f"{tile.read.width} x {tile.read.height}"
        given = {"given": f"{found[1]} x {found[0]}"}
        reason = Phrase("it returned {given} scores, so its stride is not the definition's", given)
        raise NetworkRunError(size=size, reason=reason)
