# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenes of noise for networks to look at."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]

# Cells of the noise in pixels: features of all levels of an encoder respond to some of them.
CELLS = (1, 4, 16, 64)

# Maxima of raw pixel values: reflectance, 8-bit numbers, reflectance x 10000.
LARGEST_VALUES = (1.0, 255.0, 10_000.0)


def noise_scenes(bands: int, height: int, width: int, normalized: bool) -> Iterator[Float32]:
    """Yields scenes (bands, height, width), always the same ones.

    Networks whose definition normalises see normalised values, about N(0, 1) and twice as wide. The values of
    others are unknown, so they see those of common rasters, and normalised ones.
    """
    # One after the other, because each may take a hundred megabytes.
    scenes = (_noise(bands, height, width, seed) for seed in range(4))
    if normalized:
        yield next(scenes)
        yield next(scenes)
        yield 2 * next(scenes)
    else:
        for largest in LARGEST_VALUES:
            yield largest * _to_unit(next(scenes))
        yield next(scenes)


def _noise(bands: int, height: int, width: int, seed: int) -> Float32:
    """Returns noise of all cell sizes at once, with mean 0 and variance 1."""
    random = np.random.default_rng(seed)
    total = np.zeros((bands, height, width), np.float32)
    for cell in CELLS:
        coarse = random.standard_normal((bands, -(-height // cell), -(-width // cell)), np.float32)
        total += coarse.repeat(cell, axis=1).repeat(cell, axis=2)[:, :height, :width]
    return total / np.float32(np.sqrt(len(CELLS)))


def _to_unit(scene: Float32) -> Float32:
    """Brings noise to between 0 and 1; a network of logarithms takes no smaller values, and not 0 itself."""
    return (scene.clip(-2.5, 2.5) + np.float32(3)) / np.float32(6)
