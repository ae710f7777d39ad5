# SPDX-License-Identifier: GPL-2.0-or-later
"""Pixels per score, inferred from a network's output: coarse scores look like those of a wide margin.

A network of any size is run with another one: coarser scores grow by a fraction of the growth of the image. For a
network of a fixed size two tiles of a scene with a small offset are compared: their overlap is shifted by that offset
in scores per pixel, and by a fraction of it in coarser ones.
"""

from __future__ import annotations

import math
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from ..errors import FunctionError, NetworkRunError
from ..runtimes import Backend, GivenOutput, OutputForm, likely_axes
from .probe import LARGEST_STRIDE, noise_scenes

Size = tuple[int, int, int]

# The factor by which the overlap of both tiles agrees better at one distance than at the other.
CLEARLY = 1.5

# Minimum side of the other tiles in pixels.
LEAST_SIDE = 128


def is_multiple(size: Size, times: int) -> bool:
    """Returns True for a size (batch, height, width) that coarser scores fill."""
    return size[1] % times == 0 and size[2] % times == 0


def other_size(size: Size, times: int) -> Size:
    """Returns another size that common networks take and that coarser scores fill."""
    step = math.lcm(LARGEST_STRIDE, times)
    side = -(-LEAST_SIDE // step) * step
    return size[0], *(side + step if side in size[1:] else side,) * 2


def moves_coarsely(backend: Backend, number: int, bands: int, size: Size, times: int) -> bool | None:
    """Returns True if scores move by a fraction of the image's shift, None if that is undecidable.

    `number` is that of the output, and `size` one that the network takes.
    """
    batch, height, width = size
    rows = min(height, width) // times
    step = max(1, rows // 2 // times) * times
    if step >= rows:
        # Of a margin that wide no network would leave so few pixels.
        return True
    fine, coarse = 0.0, 0.0
    for scene in noise_scenes(bands, height + step, width + step, normalized=False):
        with suppress(NetworkRunError, FunctionError, MemoryError):
            tiles = (scene[:, :height, :width], scene[:, step:, step:])
            first, second = (_scores(backend, number, tile[np.newaxis].repeat(batch, 0), times) for tile in tiles)
            fine += _difference(first, second, step)
            coarse += _difference(first, second, step // times)
    if max(fine, coarse) <= CLEARLY * min(fine, coarse):
        return None
    return coarse < fine


def _scores(backend: Backend, number: int, pixels: NDArray[np.float32], times: int) -> NDArray[np.float64]:
    """Returns the scores (channels, height, width) of the first tile, as they come."""
    output = backend.compute(np.ascontiguousarray(pixels), number)
    image = len(pixels), pixels.shape[2] // times, pixels.shape[3] // times
    axes = likely_axes(GivenOutput("", output.shape, output.dtype.str), image, backend.input.layout)
    scores: NDArray[np.float64] = OutputForm(number, axes).read(output)[0].astype(np.float64)
    return scores


def _difference(first: NDArray[np.float64], second: NDArray[np.float64], step: int) -> float:
    """Returns the mean difference, as a share of the spread, of the overlap after a shift by rows."""
    spread = float(first.std(axis=(1, 2)).mean())
    ours, theirs = first[:, step:, step:], second[:, :-step, :-step]
    difference = float(np.abs(ours - theirs).mean())
    return difference / spread if math.isfinite(difference) and spread > 0 else 0.0
