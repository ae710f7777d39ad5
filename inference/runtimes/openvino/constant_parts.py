# SPDX-License-Identifier: GPL-2.0-or-later
"""Parts of a network that depend on no input: OpenVINO evaluates them while it compiles, and cannot be interrupted.

Source of the operations' names: docs.openvino.ai, Operation Sets.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

# Larger constants must be stored in the file, as for ONNX Runtime.
LARGEST_CONSTANT = 16 * 1024**2

# Operations on stored tensors that take no longer than reading them, as for weights in 8 or 16 bits.
CHEAP = frozenset(
    "Add Convert FakeConvert FakeQuantize Multiply Reshape Squeeze StridedSlice Subtract Transpose Unsqueeze".split()
)
MOST_TIMES = 8

# Operations whose time does not depend on the size of their results.
LOOPS = frozenset(("Loop", "TensorIterator"))

OUTSIDE = frozenset(("Parameter", "ReadValue"))


def slow_constant(network: Any) -> str:
    """Returns the name of an operation that would take much time or memory during compilation, empty if none."""
    return next(_slow_constants(network), "")


def _slow_constants(network: Any) -> Iterator[str]:
    fixed: set[str] = set()
    for node in network.get_ordered_ops():
        kind, name = node.get_type_name(), node.get_friendly_name()
        if kind in LOOPS:
            yield from _slow_constants(node.get_function())
        sources = [value.get_node().get_friendly_name() for value in node.input_values()]
        if kind in OUTSIDE or not all(source in fixed for source in sources):
            continue
        fixed.add(name)
        if kind != "Constant" and (kind in LOOPS or _is_large(node, kind)):
            yield name


def _is_large(node: Any, kind: str) -> bool:
    made, given = _bytes(node.outputs()), _bytes(node.input_values())
    return made > LARGEST_CONSTANT and not (kind in CHEAP and made <= MOST_TIMES * given)


def _bytes(tensors: Any) -> int:
    shapes = ((tensor.get_partial_shape(), tensor.get_element_type()) for tensor in tensors)
    # In Python's integers, because a product of sizes may exceed 64 bits.
    return sum(_count(shape) * max(1, kind.size) for shape, kind in shapes if shape.is_static)


def _count(shape: Any) -> int:
    return math.prod(size.get_length() for size in shape)
