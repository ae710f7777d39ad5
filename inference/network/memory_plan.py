# SPDX-License-Identifier: GPL-2.0-or-later
"""The memory of a run, estimated before it starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..errors import MemoryShortError
from ..notices import Note
from ..progress import Progress
from ..tiling import round_up
from .memory import SHARE, available
from .prepared_model import PreparedModel

# Concurrent copies of a strip: its values, those being counted, and those being written.
STRIP_COPIES = 2

# Threads, open files, and what GDAL takes to decode and encode blocks; measured.
LIBRARIES = 16 * 2**20

SMALLEST_TILE = 64


def memory_needed(calls: int, batch: int, batches: int, strip: int, cache: int) -> int:
    """Returns the bytes that a run needs beyond those of the process with its open network.

    `calls` are the bytes of all calls of the network that run at once, `batch` those of pixels and values of one call,
    of which so many `batches` wait or are at work, `strip` those of a strip's values, `cache` those of GDAL's blocks.
    """
    return calls + batches * batch + STRIP_COPIES * strip + cache + LIBRARIES


def fitted(prepared: PreparedModel, needed_by: Callable[[PreparedModel], int], progress: Progress) -> PreparedModel:
    """Returns the model with the largest tiles that fit into the free memory, and reports the memory of the run.

    `needed_by` returns the bytes of a run with a model.
    """
    free, needed = available(), needed_by(prepared)
    if free is None:
        return prepared
    if needed <= SHARE * free:
        progress.note(Note.MEMORY, needed=needed // 2**20, free=free // 2**20)
        return prepared
    smaller = with_smaller_tile(prepared)
    if smaller is None:
        raise MemoryShortError(needed=needed // 2**20, free=free // 2**20)
    return fitted(smaller, needed_by, progress)


def with_smaller_tile(prepared: PreparedModel) -> PreparedModel | None:
    """Returns the model with tiles of half the size, None if the network or its halo do not allow it."""
    shape = prepared.shape
    size = round_up(min(shape.height, shape.width) // 2, shape.stride)
    halo = round_up(max(0, shape.halo - shape.margin), shape.stride)
    if shape.fixed or size < SMALLEST_TILE or size - 2 * shape.margin - shape.rest < 2 * halo + shape.stride:
        return None
    return replace(prepared, shape=replace(shape, height=size, width=size))
