# SPDX-License-Identifier: GPL-2.0-or-later
"""Bilinear enlargement of scores that a network gives for blocks of pixels, as its own library enlarges them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]


def enlarged(scores: Float32, times: int) -> Float32:
    """Returns scores (N, channels, height, width) with so many times as many rows and columns.

    Each score stands for the centre of its block; beyond the outermost centres it goes on unchanged. A pixel depends
    on its place within the block and on four scores only, so a part of an image gives what the whole would give.

    Source of the rule: torch.nn.functional.interpolate(mode="bilinear", align_corners=False), by which the image
    processors of Hugging Face's transformers bring logits to the size of the image.
    """
    images, channels, height, width = scores.shape
    larger = np.empty((images, channels, height * times, width * times), np.float32)
    rows = np.empty((height * times, width), np.float32)
    for image in range(images):
        # One channel after the other stays in the processor's cache.
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
