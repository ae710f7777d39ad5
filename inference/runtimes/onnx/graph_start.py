# SPDX-License-Identifier: GPL-2.0-or-later
"""The first steps of an ONNX graph.

Follows additions and multiplications by constants, the exporters' form of a normalisation, up to a convolution, and a
batch normalisation of the image itself. Stops at any other step.

Source of the numbers of fields: github.com/onnx/onnx, onnx.proto.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ...models import Normalization
from ..first_steps import ADD, DIVIDE, MULTIPLY, SUBTRACT, FirstSteps, Float64
from ..protobuf import BrokenError, fields, number_fields

GRAPH, GRAPH_NODE, GRAPH_TENSOR = 7, 1, 5
INPUT, OUTPUT, KIND, ATTRIBUTE, VALUE = 1, 2, 4, 5, 5
DATA_TYPE, FLOATS, NAME, RAW = 2, 4, 8, 9
FLOAT = 1

PASSED_ON = ("Identity", "Cast", "Transpose")
ARITHMETIC = {"Add": ADD, "Sub": SUBTRACT, "Mul": MULTIPLY, "Div": DIVIDE}
BATCH_NORMALIZATION, CONVOLUTION = "BatchNormalization", "Conv"
MEAN, VARIANCE = 3, 4

# Limits: more steps before the first convolution are not a normalisation, larger constants not per band.
MOST_STEPS, LARGEST_TENSOR = 20, 4096
MOST_PARTS = 100_000


@dataclass
class _Graph:
    """The steps of a graph by input name, and its small constants."""

    steps: dict[str, list[tuple[str, list[str], str]]] = field(default_factory=dict)
    constants: dict[str, Float64] = field(default_factory=dict)


def first_steps(weights: Path, image: str, bands: int) -> Normalization | None:
    """Returns the normalisation at the start of a graph, None if absent or unknown.

    `image` is the name of the input. The expected range is the mean and three standard deviations around it.
    """
    with np.errstate(all="ignore"):
        try:
            with weights.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                graph = _read(content)
        except (BrokenError, OSError, ValueError):
            return None
        return _followed(graph, image, bands)


def _followed(graph: _Graph, name: str, bands: int) -> Normalization | None:
    """Follows an image through the graph."""
    image = FirstSteps.none(bands)
    for _ in range(MOST_STEPS):
        following = graph.steps.get(name, [])
        if len(following) != 1:
            return None
        kind, given, result = following[0]
        if kind == CONVOLUTION:
            return image.before_convolution()
        if kind == BATCH_NORMALIZATION and len(given) > VARIANCE:
            mean, variance = (image.of_bands(graph.constants.get(given[place])) for place in (MEAN, VARIANCE))
            if given[0] != name or mean is None or variance is None:
                return None
            return image.normalization(mean, np.sqrt(variance))
        if kind in ARITHMETIC:
            number = image.of_bands(_other(graph, given, name))
            if number is None or (kind in ("Sub", "Div") and given[0] != name):
                return None
            image = image.then(ARITHMETIC[kind], number)
        elif kind not in PASSED_ON:
            return None
        name = result
    return None


def _other(graph: _Graph, given: list[str], name: str) -> Float64 | None:
    """Returns the constant operand of a step on an image."""
    other = [each for each in given if each != name]
    return graph.constants.get(other[0]) if len(given) == 2 and len(other) == 1 else None


def _read(content: mmap.mmap) -> _Graph:
    graph, count = _Graph(), 0
    for number, start, end in fields(content, 0, len(content)):
        if number == GRAPH:
            for part, first, last in fields(content, start, end):
                count += 1
                if count > MOST_PARTS:
                    raise BrokenError(f"it has more than {MOST_PARTS} parts")
                if part == GRAPH_NODE:
                    _add_step(graph, content, first, last)
                elif part == GRAPH_TENSOR:
                    _add_constant(graph, content, first, last)
    return graph


def _add_step(graph: _Graph, content: mmap.mmap, start: int, end: int) -> None:
    parts = list(fields(content, start, end))
    kind = "".join(_texts(content, parts, KIND))
    given, results = list(_texts(content, parts, INPUT)), list(_texts(content, parts, OUTPUT))
    if not results:
        return
    if kind == "Constant":
        for number, first, last in parts:
            tensors = fields(content, first, last) if number == ATTRIBUTE else ()
            for inner, tensor, behind in tensors:
                if inner == VALUE:
                    _add_constant(graph, content, tensor, behind, results[0])
    for name in dict.fromkeys(given):
        graph.steps.setdefault(name, []).append((kind, given, results[0]))


def _add_constant(graph: _Graph, content: mmap.mmap, start: int, end: int, name: str = "") -> None:
    """Stores a small tensor of floats under its name, or under this one."""
    parts = list(fields(content, start, end))
    kinds = [value for number, value in number_fields(content, start, end) if number == DATA_TYPE]
    data = [content[first:last] for number, first, last in parts if number in (FLOATS, RAW) and last - first > 0
            and last - first <= LARGEST_TENSOR]  # fmt: skip
    if kinds == [FLOAT] and len(data) == 1 and len(data[0]) % 4 == 0:
        names = list(_texts(content, parts, NAME))
        graph.constants[name or (names[0] if names else "")] = np.frombuffer(data[0], "<f4").astype(np.float64)


def _texts(content: mmap.mmap, parts: list[tuple[int, int, int]], wanted: int) -> Iterator[str]:
    for number, first, last in parts:
        if number == wanted and last - first <= LARGEST_TENSOR:
            yield content[first:last].decode("utf-8", "replace")
