# SPDX-License-Identifier: GPL-2.0-or-later
"""Which channel has the largest score, as fast as memory allows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ScoresError

# Rows that are worked on at once: their scores stay in the processor's cache.
ROWS = 32


def channel_argmax(scores: NDArray[Any]) -> NDArray[Any]:
    """Returns the number of the channel with the largest score (height, width); of equal ones the first wins.

    Scores are (channels, height, width); raises if one is not finite. The result equals numpy's argmax,
    several times as fast: argmax looks at the channels of one pixel after the other, here whole rows are compared.
    """
    channels, height, width = scores.shape
    kind = np.uint8 if channels <= 256 else np.uint16
    argmax = np.zeros((height, width), kind)
    larger = np.empty((ROWS, width), kind)
    for top in range(0, height, ROWS):
        band = slice(top, top + ROWS)
        rows = scores[:, band]
        if not np.isfinite(rows).all():
            raise ScoresError
        _compare(rows, argmax[band], larger[: rows.shape[1]])
    return argmax


def _compare(scores: NDArray[Any], argmax: NDArray[Any], larger: NDArray[Any]) -> None:
    best = scores[0].copy()
    for channel in range(1, len(scores)):
        np.greater(scores[channel], best, out=larger, casting="unsafe")
        # The number grows with the channel, so the larger number is the later channel.
        np.multiply(larger, larger.dtype.type(channel), out=larger)
        np.maximum(argmax, larger, out=argmax)
        np.maximum(best, scores[channel], out=best)
