# SPDX-License-Identifier: GPL-2.0-or-later
"""The output of an ONNX network: the one that is used, made scores or classes (N, channels, height, width)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ArgumentError, NetworkMismatchError
from ..phrase import Phrase
from .backend import NetworkInput, NetworkOutput, channels_axis, to_nchw
from .onnx_winners import SCORES

# numpy has none of ONNX's other types.
TYPES = frozenset(
    "tensor(float) tensor(float16) tensor(double) tensor(bool) tensor(uint8) tensor(uint16) tensor(uint32) "
    "tensor(uint64) tensor(int8) tensor(int16) tensor(int32) tensor(int64)".split()
)


class OnnxOutput:
    """One output of a network; `nodes` are what ONNX Runtime says of them all.

    `asked` is its name or its number from 0; without it the first one that is an image is used.
    """

    def __init__(self, weights: Path, nodes: list[Any], declared: NetworkInput, asked: str) -> None:
        if not nodes:
            raise NetworkMismatchError(weights=weights.name, reason="it has no output")
        self.names: tuple[str, ...] = tuple(node.name for node in nodes)
        self.number = self._number(asked) if asked else _first_image(nodes, declared)
        self._declared, self._weights = declared, weights.name
        self._node = nodes[self.number]
        if nodes[self.number].type not in TYPES:
            kind = nodes[self.number].type
            reason = Phrase(
                "its output {name} is of the type {kind}, and the argument output chooses another one",
                {"name": self.name, "kind": kind},
            )
            raise NetworkMismatchError(weights=weights.name, reason=reason)

    @property
    def name(self) -> str:
        """The name of the output."""
        return self.names[self.number]

    @property
    def described(self) -> NetworkOutput:
        """The output as every backend tells it."""
        return NetworkOutput(self.number, self.names)

    @property
    def has_scores(self) -> bool:
        """Tells whether it is declared as scores with 4 dimensions, among which a device can choose."""
        return self._node.type in SCORES and self._node.shape is not None and len(self._node.shape) == 4

    def channels_axis(self, shape: list[int], height: int, width: int) -> int:
        """Returns which dimension of scores for tiles of this size is that of the channels: 1 or 3."""
        if len(shape) != 4:
            given = " x ".join(map(str, shape))
            reason = Phrase("it gives {shape} values instead of scores for each channel", {"shape": given})
            raise NetworkMismatchError(weights=self._weights, reason=reason)
        return channels_axis(shape, self._declared.layout, height, width)

    def read(self, output: NDArray[Any], batch: int, height: int, width: int) -> NDArray[Any]:
        """Returns what the network gave for so many tiles of this size as (N, channels, height, width).

        Scores come as float32, and truth values as the classes 0 and 1.
        """
        if batch == 1 and _lacks_batch(output.shape, height, width):
            output = output[np.newaxis]
        output = to_nchw(output, self._declared.layout, height, width)
        if output.dtype == np.bool_:
            return output.view(np.uint8)
        return output.astype(np.float32, copy=False) if output.dtype.kind == "f" else output

    def _number(self, asked: str) -> int:
        if asked in self.names:
            return self.names.index(asked)
        if asked.isdecimal() and len(asked) < 4 and int(asked) < len(self.names):
            return int(asked)
        known = " or ".join(f"{name} (or {number})" for number, name in enumerate(self.names))
        raise ArgumentError(name="output", value=asked, expected=known)


def _lacks_batch(shape: tuple[int, ...], height: int, width: int) -> bool:
    """Tells one image without a place for the number of images: (height, width), or with channels besides."""
    if len(shape) == 3:
        return shape[0] != 1 and (height, width) in (shape[1:], shape[:2])
    return shape == (height, width)


def _first_image(nodes: list[Any], declared: NetworkInput) -> int:
    """Returns the first output as large as the image, else the first that has rows and columns, else the first."""
    images = [number for number, node in enumerate(nodes) if _is_tensor(node) and len(node.shape) in (3, 4)]
    large = [number for number in images if _covers(nodes[number].shape, declared)]
    return next(iter(large or images), 0)


def _is_tensor(node: Any) -> bool:
    return node.type in TYPES and node.shape is not None


def _covers(shape: list[Any], declared: NetworkInput) -> bool:
    """Tells whether an output has more than half of the image's rows and columns, as far as sizes are declared."""
    places = [shape[-2:], shape[1:3]] if len(shape) == 4 else [shape[-2:]]
    wanted = (declared.height, declared.width)
    return any(all(map(_is_most_of, place, wanted)) for place in places)


def _is_most_of(size: Any, of: int | None) -> bool:
    return not isinstance(size, int) or of is None or of / 2 < size <= of
