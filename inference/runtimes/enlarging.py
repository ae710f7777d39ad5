# SPDX-License-Identifier: GPL-2.0-or-later
"""Bilinear enlargement of scores for blocks of pixels, as in the network's own library."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]


def enlarged(scores: Float32, times: int) -> Float32:
    """Returns scores (N, channels, height, width) with `times` as many rows and columns.

    Each score stands for the centre of its block; beyond the outermost centres it is constant. A pixel depends only on
    its position within the block and on four scores, so tiling does not change the result.

    Source of the rule: torch.nn.functional.interpolate(mode="bilinear", align_corners=False), which the image
    processors of Hugging Face's transformers use to resize logits to the image.
    """
    images, channels, height, width = scores.shape
    larger = np.empty((images, channels, height * times, width * times), np.float32)
    rows = np.empty((height * times, width), np.float32)
    for image in range(images):
        # One channel at a time fits into the processor's cache.
        for channel in range(channels):
            _enlarge_rows(scores[image, channel], times, rows)
            _enlarge_rows(rows.T, times, larger[image, channel].T)
    return larger


def _enlarge_rows(scores: Float32, times: int, target: Float32) -> None:
    before = np.concatenate([scores[:1], scores[:-1]])
    after = np.concatenate([scores[1:], scores[-1:]])
    for phase in range(times):
        # The distance from the centre of the block, in blocks.
        distance = (phase + 0.5) / times - 0.5
        neighbour = before if distance < 0 else after
        target[phase::times] = scores * np.float32(1 - abs(distance)) + neighbour * np.float32(abs(distance))
