# SPDX-License-Identifier: GPL-2.0-or-later
"""Weights for networks of a known layout, worked out from the names and shapes of their tensors alone.

Whoever builds the same network elsewhere gets the same weights, without a file of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any
from zlib import crc32

import numpy as np

# RandomState's stream is frozen for all versions of numpy. A prime length keeps repeats off the rows of a kernel.
TABLE = np.random.RandomState(20).standard_normal(65_521)

# The last normalisation of a residual block: small, so that scores of deep networks stay near 1.
LAST_OF_BLOCK = ("bn2.weight", "bn3.weight")


def values(name: str, shape: Sequence[int], last_of_block: float = 0.4) -> np.ndarray:
    """Returns the tensor of this name: kernels that keep the variance, statistics near 0 and 1."""
    leaf = name.rsplit(".", 1)[-1]
    if leaf == "num_batches_tracked":
        return np.array(7, np.int64)
    count = prod(shape)
    raw = np.resize(np.roll(TABLE, -(crc32(name.encode()) % len(TABLE))), count).reshape(shape)
    if leaf == "weight_g":
        return (1.0 + 0.2 * np.tanh(raw)).astype(np.float32)
    if len(shape) in (2, 4):
        return (raw * np.sqrt(1.6 / prod(shape[1:]))).astype(np.float32)
    if leaf == "running_var" or leaf == "weight":
        scale = last_of_block if name.endswith(LAST_OF_BLOCK) else 1.0
        return (scale * (1.0 + 0.3 * np.tanh(raw))).astype(np.float32)
    return (0.1 * raw).astype(np.float32)


def state_dict(shapes: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """Returns names and tensors for names and shapes."""
    import torch

    return {name: torch.from_numpy(np.ascontiguousarray(values(name, shape))) for name, shape in shapes.items()}


def image(bands: int, height: int, width: int, count: int = 1) -> np.ndarray:
    """Returns images (N, bands, height, width) whose values are near those of normalised rasters."""
    size = count * bands * height * width
    return np.resize(np.roll(TABLE, -17), size).reshape(count, bands, height, width).astype(np.float32)


def tiny_unet_shapes(bands: int = 3, channels: int = 4, width: int = 4) -> dict[str, list[int]]:
    """Returns names and shapes of a U-Net upon a ResNet of one narrow block per stage, as fastai lays it out."""
    shapes: dict[str, list[int]] = {}
    _convolution(shapes, "layers.0.0", width, bands, 7, bias=False)
    _norm(shapes, "layers.0.1", width)
    for stage in range(4):
        before, after = width * 2 ** max(0, stage - 1), width * 2**stage
        _block(shapes, f"layers.0.{4 + stage}.0", before, after)
    deep = 8 * width
    _norm(shapes, "layers.1", deep)
    _convolution(shapes, "layers.3.0.0", 2 * deep, deep, 3)
    _convolution(shapes, "layers.3.1.0", deep, 2 * deep, 3)
    up = deep
    for number, skip in enumerate((4 * width, 2 * width, width, width)):
        place, both = f"layers.{4 + number}", up // 2 + skip
        kept = both // 2 if number == 3 else both
        _convolution(shapes, f"{place}.shuf.conv.0", up // 2 * 4, up, 1)
        _norm(shapes, f"{place}.bn", skip)
        _convolution(shapes, f"{place}.conv1.0", kept, both, 3)
        _convolution(shapes, f"{place}.conv2.0", kept, kept, 3)
        up = kept
    _convolution(shapes, "layers.8.conv.0", up * 4, up, 1)
    last = up + bands
    _convolution(shapes, "layers.10.layers.0.0", last // 2, last, 3)
    _convolution(shapes, "layers.10.layers.1.0", last, last // 2, 3)
    _convolution(shapes, "layers.11.0", channels, last, 1)
    return shapes


def _convolution(
    shapes: dict[str, list[int]], name: str, after: int, before: int, size: int, bias: bool = True
) -> None:
    shapes[f"{name}.weight"] = [after, before, size, size]
    if bias:
        shapes[f"{name}.bias"] = [after]


def _norm(shapes: dict[str, list[int]], name: str, channels: int) -> None:
    for part in ("weight", "bias", "running_mean", "running_var"):
        shapes[f"{name}.{part}"] = [channels]
    shapes[f"{name}.num_batches_tracked"] = []


def _block(shapes: dict[str, list[int]], name: str, before: int, after: int) -> None:
    for number, (inner, outer) in enumerate(((before, after), (after, after)), 1):
        _convolution(shapes, f"{name}.conv{number}", outer, inner, 3, bias=False)
        _norm(shapes, f"{name}.bn{number}", outer)
    if before != after:
        _convolution(shapes, f"{name}.downsample.0", after, before, 1, bias=False)
        _norm(shapes, f"{name}.downsample.1", after)
