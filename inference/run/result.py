# SPDX-License-Identifier: GPL-2.0-or-later
"""The result of a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..raster import ClassCount


@dataclass(frozen=True)
class Classification:
    """A finished result and its run; the tile is (height, width), sizes are in pixels, memory in bytes."""

    output: Path
    classes: tuple[ClassCount, ...]
    no_data: float
    device: str
    tile: tuple[int, int]
    halo: int
    stride: int
    tiles: int
    seconds: float
    peak_memory: int | None = None
