# SPDX-License-Identifier: GPL-2.0-or-later
"""The inputs of an ONNX network: declarations, conversion of pixels, and constant inputs."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import NetworkMismatchError
from ...models.definition import Constant
from ...phrase import Phrase
from ..backend import Float32, NetworkInput
from ..constant_inputs import check_names, undeclared_inputs, whole_constant
from ..input_form import Sizes, choose_layout, declared_input, to_layout, to_type, whole_limits
from ..options import BackendOptions
from ..output_form import NCHW, takes_rows

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

# Maximum size of a constant input in numbers, as for an image of 4096 x 4096.
LARGEST_CONSTANT = 2**24


class OnnxInput:
    """The image, or the rows made of pixels, and the constant inputs.

    `nodes` are ONNX Runtime's descriptions of the inputs.
    """

    def __init__(self, weights: Path, nodes: list[Any], options: BackendOptions) -> None:
        given = dict(options.inputs)
        check_names(weights, given, [node.name for node in nodes])
        node = _only_image(weights, [node for node in nodes if node.name not in given], nodes, options)
        if node.type not in TYPES:
            reason = Phrase("its input is of the type {type}", {"type": node.type})
            raise NetworkMismatchError(weights=weights.name, reason=reason)
        self.name: str = node.name
        self._weights, self._dtype = weights.name, np.dtype(TYPES[node.type])
        # Without a batch axis it takes one image at a time.
        self._single = len(node.shape) == len(NCHW) - 1 and not _is_of_rows(node.shape, options)
        shape = [1, *node.shape] if self._single else node.shape
        declared = _declared(weights, shape, options)
        self.declared = replace(declared, limits=whole_limits(self._dtype), name=node.name, type=self._dtype.name)
        self.constants = {each.name: _Constant(weights, each, given[each.name]) for each in nodes if each.name in given}

    def feed(self, pixels: Float32) -> dict[str, NDArray[Any]]:
        """Returns the network's inputs for pixels (N, bands, height, width)."""
        image = to_layout(to_type(pixels, self._dtype), self.declared.layout, self.declared.times)
        constants = {name: constant.of(len(image)) for name, constant in self.constants.items()}
        return {self.name: image[0] if self._single else image, **constants}


class _Constant:
    """A constant input; `value` fills the declared shape."""

    def __init__(self, weights: Path, node: Any, value: Constant) -> None:
        dtype = np.bool_ if node.type == "tensor(bool)" else TYPES.get(node.type)
        if dtype is None:
            values = {"name": node.name, "type": node.type}
            reason = Phrase("its input {name} is of the type {type} and has no value", values)
            raise NetworkMismatchError(weights=weights.name, reason=reason)
        self._value = whole_constant(weights, node.name, value, np.dtype(dtype))
        self._shape = node.shape
        self._wrong = NetworkMismatchError(
            weights=weights.name,
            reason=Phrase(
                "Inputs sets {name} to a value of the shape {given}, but its shape is {shape}",
                {"name": node.name, "given": list(self._value.shape), "shape": node.shape},
            ),
        )
        self.of(1)

    def of(self, images: int) -> NDArray[Any]:
        """Returns the value for `images` images: a free first size is their number, other free ones the value's."""
        own = (1,) * (len(self._shape) - self._value.ndim) + self._value.shape
        sizes = [size if isinstance(size, int) else own[axis] for axis, size in enumerate(self._shape)]
        if sizes and not isinstance(self._shape[0], int) and own[0] == 1:
            sizes[0] = images
        if math.prod(sizes) > LARGEST_CONSTANT:
            raise self._wrong
        try:
            return np.ascontiguousarray(np.broadcast_to(self._value, sizes)).reshape(sizes)
        except ValueError as error:
            raise self._wrong from error


def _only_image(weights: Path, left: list[Any], nodes: list[Any], options: BackendOptions) -> Any:
    if len(left) != 1:
        images = [node.name for node in nodes if len(node.shape) >= len(NCHW)]
        raise undeclared_inputs(weights, [(node.name, node.shape) for node in nodes], images)
    if not _is_image(left[0].shape, options):
        shapes = ", ".join(f"{node.name} {node.shape}" for node in nodes)
        reason = Phrase("it has the inputs {inputs} instead of one image", {"inputs": shapes})
        raise NetworkMismatchError(weights=weights.name, reason=reason)
    return left[0]


def _is_image(shape: list[Any], options: BackendOptions) -> bool:
    """True for the shape of images, of a single one with a known band axis, or of rows of bands."""
    if len(shape) == len(NCHW) - 1:
        return isinstance(shape[0], int) or isinstance(shape[-1], int) or _is_of_rows(shape, options)
    return len(shape) in (len("NC"), len(NCHW), len("NTCHW"))


def _is_of_rows(shape: list[Any], options: BackendOptions) -> bool:
    """True for rows of bands; in an image without a batch axis, free rows occur only with free columns."""
    free = [not isinstance(size, int) for size in shape]
    told = bool(options.layout and takes_rows(options.layout)) or (options.times or 1) > 1
    return len(shape) == len("NTC") and (free == [True, False, False] or told)


def _declared(weights: Path, shape: list[Any], options: BackendOptions) -> NetworkInput:
    sizes: Sizes = [size if isinstance(size, int) and size > 0 else None for size in shape]
    found = declared_input(weights, choose_layout(weights, sizes, options), sizes, options)
    # A free side next to a fixed one is assumed equal.
    return replace(found, height=found.height or found.width, width=found.width or found.height)
