# SPDX-License-Identifier: GPL-2.0-or-later
"""The input of an ONNX network: what it declares, and pixels made what it takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import NetworkMismatchError
from ..phrase import Phrase
from .backend import Float32, NetworkInput, to_layout
from .band_count import check_band_count
from .number_types import to_type, whole_limits
from .options import BackendOptions
from .output_form import NCHW, NHWC

TYPES = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(uint8)": np.uint8,
    "tensor(uint16)": np.uint16,
    "tensor(uint32)": np.uint32,
    "tensor(uint64)": np.uint64,
    "tensor(int8)": np.int8,
    "tensor(int16)": np.int16,
    "tensor(int32)": np.int32,
    "tensor(int64)": np.int64,
}


class OnnxInput:
    """The only input of a network, which has to be an image; `nodes` are what ONNX Runtime says of its inputs."""

    def __init__(self, weights: Path, nodes: list[Any], options: BackendOptions) -> None:
        node = _only_image(weights, nodes)
        if node.type not in TYPES:
            reason = Phrase("its input is of the type {type}", {"type": node.type})
            raise NetworkMismatchError(weights=weights.name, reason=reason)
        self.name: str = node.name
        self._dtype = np.dtype(TYPES[node.type])
        # Without a place for the number of images it takes one at a time.
        self._single = len(node.shape) == len(NCHW) - 1
        shape = [1, *node.shape] if self._single else node.shape
        self.declared = replace(_declared(weights, shape, options), limits=whole_limits(self._dtype))

    def feed(self, pixels: Float32) -> dict[str, NDArray[Any]]:
        """Returns what the network is given for pixels (N, bands, height, width)."""
        image = to_layout(to_type(pixels, self._dtype), self.declared.layout)
        return {self.name: image[0] if self._single else image}


def _only_image(weights: Path, nodes: list[Any]) -> Any:
    if len(nodes) != 1 or not _is_image(nodes[0].shape):
        shapes = ", ".join(f"{node.name} {node.shape}" for node in nodes)
        reason = Phrase("it has the inputs {inputs} instead of one image", {"inputs": shapes})
        raise NetworkMismatchError(weights=weights.name, reason=reason)
    return nodes[0]


def _is_image(shape: list[Any]) -> bool:
    """Tells the shape of images, or of a single one, which must say where its bands are."""
    if len(shape) == len(NCHW) - 1:
        return isinstance(shape[0], int) or isinstance(shape[-1], int)
    return len(shape) == len(NCHW)


def _declared(weights: Path, shape: list[Any], options: BackendOptions) -> NetworkInput:
    sizes: list[int | None] = [size if isinstance(size, int) and size > 0 else None for size in shape]
    layout = options.layout or _guess_layout(sizes, options.bands)
    batch, height, width = sizes[0], *((sizes[2], sizes[3]) if layout == NCHW else (sizes[1], sizes[2]))
    bands = sizes[1] if layout == NCHW else sizes[3]
    check_band_count(weights, bands, options.bands)
    # A side that is free beside a fixed one is taken as long as that.
    return NetworkInput(batch, bands, height or width, width or height, layout)


def _guess_layout(sizes: list[int | None], bands: int | None) -> str:
    """Tells the place of the bands from the declared sizes; an image has more rows than bands."""
    first, last = sizes[1], sizes[3]
    if bands is not None and first != last:
        return NHWC if last == bands and first != bands else NCHW
    if last is not None and (first is None or last < first):
        return NHWC
    return NCHW
