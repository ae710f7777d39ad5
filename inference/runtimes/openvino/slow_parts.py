# SPDX-License-Identifier: GPL-2.0-or-later
"""Parts of a network that would keep OpenVINO compiling for minutes or hours, in which it cannot be interrupted.

It evaluates all that depends on no input, compiles nested branches several times, and joins operations on single
numbers in a time that grows with the square of their count.

Source of the operations' names: docs.openvino.ai, Operation Sets.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

# Larger constants must be stored in the file, as for ONNX Runtime.
LARGEST_CONSTANT = 16 * 1024**2

# Operations on stored tensors that take no longer than reading them, as for weights in 8 or 16 bits.
CHEAP = frozenset(
    "Add Convert FakeConvert FakeQuantize Multiply Reshape Squeeze StridedSlice Subtract Transpose Unsqueeze".split()
)
MOST_TIMES = 8

# Operations whose time does not depend on the size of their results.
LOOPS, BRANCH = frozenset(("Loop", "TensorIterator")), "If"

# The time doubles with each level of branches within branches.
MOST_NESTED = 8

# Operations on the numbers at one place. More of them in a row are in no published network; 2000 take half a minute.
ELEMENTWISE = frozenset(
    "Abs Add Ceiling Clamp Convert Cos Divide Elu Erf Exp Floor FloorMod Gelu HSigmoid HSwish HardSigmoid Log Maximum "
    "Minimum Mish Mod Multiply Negative PRelu Power ReLU Relu Round Select Selu Sigmoid Sign Sin SoftPlus SoftSign "
    "Sqrt SquaredDifference Subtract Swish Tan Tanh".split()
)
MOST_IN_A_ROW = 500

OUTSIDE = frozenset(("Parameter", "ReadValue"))


def slow_part(network: Any, with_shapes: bool = False) -> str:
    """Returns the name of an operation that would take much time or memory during compilation, empty if none.

    `with_shapes` is True for a network of which one size of images is known, so that all that depends only on sizes is
    evaluated, too.
    """
    return next(_slow_parts(network, with_shapes), "")


def _slow_parts(network: Any, with_shapes: bool, depth: int = 0) -> Iterator[str]:
    fixed: set[str] = set()
    nodes = network.get_ordered_ops()
    yield from _long_rows(nodes)
    for node in nodes:
        kind, name = node.get_type_name(), node.get_friendly_name()
        if depth > MOST_NESTED:
            yield name
            return
        for body in _bodies(node, kind):
            yield from _slow_parts(body, with_shapes, depth + 1)
        sources = _sources(node)
        known = with_shapes and kind == "ShapeOf" and node.input(0).get_partial_shape().is_static
        if kind in OUTSIDE or not (known or all(source in fixed for source in sources)):
            continue
        fixed.add(name)
        if kind != "Constant" and (kind in LOOPS or _is_large(node, kind)):
            yield name


def _long_rows(nodes: Sequence[Any]) -> Iterator[str]:
    lengths: dict[str, int] = {}
    for node in nodes:
        if node.get_type_name() in ELEMENTWISE:
            name = node.get_friendly_name()
            lengths[name] = 1 + max(lengths.get(source, 0) for source in _sources(node))
            if lengths[name] > MOST_IN_A_ROW:
                yield name


def _sources(node: Any) -> list[str]:
    return [value.get_node().get_friendly_name() for value in node.input_values()]


def _bodies(node: Any, kind: str) -> list[Any]:
    if kind == BRANCH:
        return [node.get_then_body(), node.get_else_body()]
    return [node.get_function()] if kind in LOOPS else []


def _is_large(node: Any, kind: str) -> bool:
    made = _bytes(node.outputs())
    return made > LARGEST_CONSTANT and not (kind in CHEAP and made <= MOST_TIMES * _bytes(node.input_values()))


def _bytes(tensors: Any) -> int:
    shapes = ((tensor.get_partial_shape(), tensor.get_element_type()) for tensor in tensors)
    # In Python's integers, because a product of sizes may exceed 64 bits.
    return sum(_count(shape) * max(1, kind.size) for shape, kind in shapes if shape.is_static)


def _count(shape: Any) -> int:
    # By number: the end of an iteration in OpenVINO takes ten times as long as all sizes.
    return math.prod(shape[axis].get_length() for axis in range(len(shape)))
