# SPDX-License-Identifier: GPL-2.0-or-later
"""What a network does with a tile of zeros, before anything else is asked of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..backends import Backend
from ..errors import NetworkMismatchError, NetworkRunError
from ..model import ModelDefinition
from ..phrase import Phrase

# A network that takes any size is tried on a part of a large tile. One of a fixed size that takes more at once is none
# for pixels: these are 512 MiB of floats.
LARGEST_TRIAL, MOST_PIXELS, LARGEST_CALL = 2**24, 2**20, 2**27

# Side of the tile whose memory tells that of larger ones: what is the same for all sizes no longer matters there.
MEMORY_TRIAL = 512


@dataclass(frozen=True)
class Trial:
    """What the network gave for a tile of zeros: its channels, their type, and how much smaller it is.

    `beyond_probability` is true where a single channel has values outside 0 to 1.
    """

    channels: int
    dtype: Any
    margin: int
    beyond_probability: bool


def trial_size(backend: Backend, batch: int, bands: int, height: int, width: int, stride: int) -> tuple[int, int, int]:
    """Returns batch, height and width of a trial: those of the run, less where they are free and large."""
    if backend.input.height is None:
        side = math.isqrt(min(MOST_PIXELS, LARGEST_TRIAL // bands))
        height, width = (_rounded(min(cells, side), stride) for cells in (height, width))
    if backend.input.batch is None:
        batch = max(1, min(batch, LARGEST_TRIAL // (bands * height * width)))
    return batch, height, width


def memory_trial_side(bands: int, stride: int) -> int:
    """Returns the side of a tile that tells how much memory larger ones take."""
    return _rounded(min(MEMORY_TRIAL, math.isqrt(LARGEST_CALL // bands)), stride)


def try_network(definition: ModelDefinition, backend: Backend, batch: int, height: int, width: int) -> Trial:
    """Returns what a network gives for zeros of this size.

    Raises a NetworkMismatchError where that is no map of its image, and a NetworkRunError where memory is short.
    """
    try:
        output = backend.run(image_of_zeros(definition.weights, batch, len(definition.bands), height, width))
    except MemoryError as error:
        raise NetworkRunError(size=f"{width} x {height}", reason="there is not enough memory") from error
    _check_resolution(definition, output.shape, height, width)
    margin = _margin(output.shape, batch, height, width)
    if margin is None:
        sizes = {"given": f"{batch} x {height} x {width}", "got": " x ".join(map(str, output.shape))}
        reason = Phrase("it turns {given} into {got}", sizes)
        raise NetworkMismatchError(weights=definition.weights, reason=reason)
    beyond = output.shape[1] == 1 and bool(np.any((output < 0) | (output > 1)))
    return Trial(output.shape[1], output.dtype, margin, beyond)


def image_of_zeros(weights: str, batch: int, bands: int, height: int, width: int) -> NDArray[np.float32]:
    """Returns an image of zeros for a trial of a network, unless it would fill the memory."""
    if batch * bands * height * width > LARGEST_CALL:
        numbers = f"{batch} x {bands} x {height} x {width}"
        reason = Phrase("it takes {numbers} numbers at once, which is too much for tiles", {"numbers": numbers})
        raise NetworkMismatchError(weights=weights, reason=reason)
    return np.zeros((batch, bands, height, width), np.float32)


def _check_resolution(definition: ModelDefinition, shape: tuple[int, ...], height: int, width: int) -> None:
    """Tells a network whose scores stand for several pixels each from one that only drops a wide margin."""
    if len(shape) != 4 or not shape[2] or not shape[3] or definition.model_padding == (height - shape[2]) // 2:
        return
    coarser, rest = divmod(height, shape[2])
    if coarser > 1 and rest == 0 and divmod(width, shape[3]) == (coarser, 0):
        reason = Phrase(
            "its scores are {times} times coarser than its image and have to be enlarged within the network; if it "
            "drops a margin instead, its definition has to say so with ModelPadding",
            {"times": coarser},
        )
        raise NetworkMismatchError(weights=definition.weights, reason=reason)


def _margin(shape: tuple[int, ...], batch: int, height: int, width: int) -> int | None:
    """Returns how many pixels the output lacks on each side, None where that is no one number."""
    if len(shape) != 4 or shape[0] != batch:
        return None
    lacking = {height - shape[2], width - shape[3]}
    missing = lacking.pop()
    return missing // 2 if not lacking and missing >= 0 and missing % 2 == 0 and missing < height else None


def _rounded(cells: int, stride: int) -> int:
    return max(stride, cells // stride * stride)
