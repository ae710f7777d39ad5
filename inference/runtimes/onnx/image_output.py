# SPDX-License-Identifier: GPL-2.0-or-later
"""The declared outputs of an ONNX network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import NetworkMismatchError
from ...phrase import Phrase
from ..output_form import GivenOutput, output_number
from .label_output import MAPS

# numpy lacks ONNX's other types; maps from labels to probabilities become a table.
TYPES = frozenset(MAPS) | frozenset(
    "tensor(float) tensor(float16) tensor(double) tensor(bool) tensor(uint8) tensor(uint16) tensor(uint32) "
    "tensor(uint64) tensor(int8) tensor(int16) tensor(int32) tensor(int64)".split()
)


class OnnxOutputs:
    """The outputs of a network; `nodes` are ONNX Runtime's descriptions, `asked` is a name or a number from 0."""

    def __init__(self, weights: Path, nodes: list[Any], asked: str) -> None:
        if not nodes:
            raise NetworkMismatchError(weights=weights.name, reason=Phrase("it has no output"))
        self.names: tuple[str, ...] = tuple(node.name for node in nodes)
        self.asked = output_number(asked, self.names) if asked else None
        # The numbers of the readable outputs.
        self.readable = [number for number, node in enumerate(nodes) if node.type in TYPES]
        used = self.asked if self.asked is not None else next(iter(self.readable), 0)
        if used not in self.readable:
            reason = Phrase(
                "its output {name} is of the type {kind}; select another one with the argument output",
                {"name": self.names[used], "kind": nodes[used].type},
            )
            raise NetworkMismatchError(weights=weights.name, reason=reason)

    def given(self, arrays: list[NDArray[Any]]) -> tuple[GivenOutput, ...]:
        """Returns name, shape and type of all outputs, from these arrays; unreadable ones are marked as not numeric."""
        shapes = {number: (array.shape, array.dtype.str) for number, array in zip(self.readable, arrays)}
        unknown: tuple[tuple[int, ...], str] = ((), np.dtype(object).str)
        return tuple(GivenOutput(name, *shapes.get(number, unknown)) for number, name in enumerate(self.names))
