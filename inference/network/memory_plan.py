# SPDX-License-Identifier: GPL-2.0-or-later
"""The memory of a run, estimated before it starts."""

from __future__ import annotations

from dataclasses import replace

from ..errors import MemoryShortError
from ..notices import Note
from ..progress import Progress
from ..raster import LARGEST_CACHE
from ..tiling import DEPTH, STRIP_BYTES, round_up
from .memory import available
from .prepared_model import PreparedModel

# Concurrent copies of a strip: its values, those being counted, and those being written.
STRIP_COPIES = 2

# Share of the free memory that a run may plan with; the rest is for the file system's cache and other programs.
SHARE = 0.9

SMALLEST_TILE = 64


def memory_needed(prepared: PreparedModel, calls: int, workers: int, strip: int = STRIP_BYTES) -> int:
    """Returns the bytes that a run needs beyond those of the process, for a raster of any size.

    `calls` are the bytes of all calls of the network that run at once; its weights are there already. A strip has so
    many bytes.
    """
    shape = prepared.shape
    cells = prepared.batch_size * shape.height * shape.width
    # Pixels as 32-bit floats with one byte of validity, once more normalised while the network has them.
    block = cells * (4 * len(prepared.definition.bands) + 1)
    # The maximum of GDAL's cache: the actual need is known only with the tiles.
    return calls + block * (DEPTH + 1) * workers + STRIP_COPIES * strip + LARGEST_CACHE


def fitted(
    prepared: PreparedModel, calls: int, workers: int, progress: Progress, strip: int = STRIP_BYTES
) -> PreparedModel:
    """Returns the model with the largest tiles that fit into the free memory, and reports the memory of the run."""
    free = available()
    needed = memory_needed(prepared, calls, workers, strip)
    if free is None:
        return prepared
    if needed <= SHARE * free:
        progress.note(Note.MEMORY, needed=needed // 2**20, free=free // 2**20)
        return prepared
    smaller = with_smaller_tile(prepared)
    if smaller is None:
        raise MemoryShortError(needed=needed // 2**20, free=free // 2**20)
    # The memory of a call grows with the area of the tile.
    return fitted(smaller, calls // 4, workers, progress, strip)


def with_smaller_tile(prepared: PreparedModel) -> PreparedModel | None:
    """Returns the model with tiles of half the size, None if the network or its halo do not allow it."""
    shape = prepared.shape
    size = round_up(min(shape.height, shape.width) // 2, shape.stride)
    halo = round_up(max(0, shape.halo - shape.margin), shape.stride)
    if shape.fixed or size < SMALLEST_TILE or size - 2 * shape.margin - shape.rest < 2 * halo + shape.stride:
        return None
    return replace(prepared, shape=replace(shape, height=size, width=size))
