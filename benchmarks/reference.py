# SPDX-License-Identifier: GPL-2.0-or-later
"""Correct class maps, computed without the engine, and differences from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.bare import BareNetwork, Threading
from benchmarks.measure import cores

# Core of a tile, and a halo of several times small networks' receptive field; multiples of any stride.
CORE, FAR = 1024, 256


def class_map(weights: Path, pixels: np.ndarray) -> np.ndarray:
    """Returns the channel with the largest score (height, width) of pixels (bands, height, width).

    The network takes tiles of any size. They have a halo of FAR pixels, or less at the scene's ends, where one run
    over the whole scene would see no more either.
    """
    _, height, width = pixels.shape
    network = BareNetwork(weights, Threading(1, cores()))
    result = np.empty((height, width), np.uint8)
    for y in range(0, height, CORE):
        for x in range(0, width, CORE):
            top, left = max(0, y - FAR), max(0, x - FAR)
            tile = pixels[np.newaxis, :, top : y + CORE + FAR, left : x + CORE + FAR]
            scores = network.scores(np.ascontiguousarray(tile))[0, :, y - top :, x - left :]
            result[y : y + CORE, x : x + CORE] = scores[:, :CORE, :CORE].argmax(axis=0)
    return result


def differing(classes: np.ndarray, channels: np.ndarray, rim: int = 0) -> int:
    """Counts the pixels of a class map that have another class than their channel's, except in a rim.

    Class values are in the order of the channels.
    """
    inner = (slice(rim, -rim or None),) * 2
    return int(np.count_nonzero(_ranks(classes)[inner] != _ranks(channels)[inner]))


def _ranks(values: np.ndarray) -> np.ndarray:
    return np.searchsorted(np.unique(values), values)
