# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks exported for training: their scores of an image are random, or depend on the other images of a call."""

from __future__ import annotations

from contextlib import suppress

import numpy as np

from ..errors import FunctionError, NetworkMismatchError, NetworkRunError
from ..phrase import Phrase
from ..runtimes import Backend
from .probe import noise_scenes
from .probe.comparison import differences, spread

# The mean difference of scores, as a share of their range, that rounding does not reach in any precision.
ROUNDING = 1e-3


def check_steady(weights: str, backend: Backend, bands: int, size: tuple[int, int, int], normalized: bool) -> None:
    """Raises a NetworkMismatchError if the scores of an image differ in two calls with different other images.

    `size` is (batch, height, width) of a call. Dropout in training mode gives random scores; normalisation in training
    mode mixes the images of a call.
    """
    batch, height, width = size
    for scene in noise_scenes(bands, height, width, normalized):
        image = scene[np.newaxis]
        # Of another mean and deviation.
        others = (np.float32(0.5) * image[..., ::-1]).repeat(batch - 1, axis=0)
        # A failure on one image is no evidence about the network.
        with suppress(NetworkRunError, FunctionError, MemoryError):
            first = backend.run(image.repeat(batch, axis=0))[0]
            second = backend.run(np.concatenate([image, others]))[0]
            scale = spread(first)
            if scale and differences(first, second).mean() > ROUNDING * scale:
                reason = Phrase(
                    "its scores of an image change from call to call, or with the other images of a call, as in "
                    "training. Export it for inference, in PyTorch after model.eval()"
                )
                raise NetworkMismatchError(weights=weights, reason=reason)
            if scale:
                return
