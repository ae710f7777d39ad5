# SPDX-License-Identifier: GPL-2.0-or-later
"""A scene of noise with a tile of it, which other tiles of the scene are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from ...window import Window
from .comparison import Comparison, compare, spread
from .noise import noise_scenes
from .probe_runner import ProbeRunner, ScoredTile

Float32 = NDArray[np.float32]

# Scenes of more numbers are not looked at, since a few of them take a gigabyte. Those of 2048 x 2048 x 3 have fewer.
LARGEST_SCENE = 24_000_000


@dataclass(frozen=True)
class Specimen:
    """A scene, and the output size of its first tile in the scene's corner."""

    network: ProbeRunner
    scene: Float32
    height: int
    width: int

    @cached_property
    def first(self) -> ScoredTile | None:
        """The first tile, None if the network does not accept its size."""
        return self.network.score(self.scene, Window(0, 0, self.width, self.height))

    @property
    def tells(self) -> bool:
        """False if the scores are constant or not finite, and so inconclusive."""
        return self.first is not None and spread(self.first.scores) > 0

    def moved(self, cells: int) -> Comparison | None:
        """Compares with a tile of the same size, shifted by rows and columns."""
        return self._compared(Window(cells, cells, self.width, self.height))

    def without_start(self, cells: int) -> Comparison | None:
        """Compares with a tile without rows and columns at its start."""
        return self._compared(Window(cells, cells, self.width - cells, self.height - cells))

    def without_end(self, cells: int) -> Comparison | None:
        """Compares with a tile without rows and columns at its end."""
        return self._compared(Window(0, 0, self.width - cells, self.height - cells))

    def repeated(self) -> Specimen:
        """Returns the specimen of a scene that repeats its tile: moved tiles show the same, at other places."""
        tile = self.scene[:, : self.height, : self.width]
        return Specimen(self.network, np.tile(tile, (1, 3, 3)), self.height, self.width)

    def _compared(self, window: Window) -> Comparison | None:
        tile = self.network.score(self.scene, window) if self.first is not None else None
        return compare(self.first, tile) if self.first is not None and tile is not None else None


def specimens_of(
    network: ProbeRunner, bands: int, normalized: bool, height: int, width: int, most: int | None = None
) -> list[Specimen]:
    """Returns the conclusive scenes, `most` of them, with tiles whose output has this size.

    There are none if they would be too large.
    """
    # Tiles are moved by up to a quarter of their size, or by the largest stride.
    beyond = 2 * network.margin + max(height, width) // 4 + 64
    if bands * (height + beyond) * (width + beyond) > LARGEST_SCENE:
        return []
    scenes = noise_scenes(bands, height + beyond, width + beyond, normalized)
    specimens = (Specimen(network, scene, height, width) for scene in scenes)
    return list(islice((specimen for specimen in specimens if specimen.tells), most))
