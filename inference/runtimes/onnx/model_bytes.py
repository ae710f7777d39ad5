# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes small graphs as ONNX stores them, without the package onnx.

Sources: the numbers of the fields are those of onnx.proto (github.com/onnx/onnx); how they are written is Protocol
Buffers' own description (protobuf.dev/programming-guides/encoding).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Union

from numpy.typing import NDArray

# Elements as ONNX numbers their types.
FLOAT, UINT8, INT32, INT64, FLOAT16, DOUBLE = 1, 2, 6, 7, 10, 11
NUMBERS = {"float32": FLOAT, "uint8": UINT8, "int32": INT32, "int64": INT64}

IR_VERSION = 6
INT_ATTRIBUTE, INTS_ATTRIBUTE = 2, 7

Attribute = Union[int, Sequence[int]]


def model(
    opset: int, nodes: Sequence[bytes], constants: Mapping[str, NDArray[Any]], given: bytes, result: bytes
) -> bytes:
    """Returns a model (ModelProto) of nodes, arrays by name, and one input and output, each made by `value`."""
    tensors = [(5, _tensor(name, array)) for name, array in constants.items()]
    graph = _message(*((1, node) for node in nodes), (2, "graph"), *tensors, (11, given), (12, result))
    return _message((1, IR_VERSION), (7, graph), (8, _message((1, ""), (2, opset))))


def node(operation: str, inputs: Sequence[str], output: str, **attributes: Attribute) -> bytes:
    """Returns a node (NodeProto) with attributes that are whole numbers or lists of them."""
    listed = ((5, _attribute(name, given)) for name, given in attributes.items())
    return _message(*((1, name) for name in inputs), (2, output), (4, operation), *listed)


def value(name: str, element: int) -> bytes:
    """Returns an input or an output (ValueInfoProto) of any shape."""
    return _message((1, name), (2, _message((1, _message((1, element))))))


def _attribute(name: str, given: Attribute) -> bytes:
    if isinstance(given, int):
        return _message((1, name), (3, given), (20, INT_ATTRIBUTE))
    return _message((1, name), *((8, number) for number in given), (20, INTS_ATTRIBUTE))


def _tensor(name: str, array: NDArray[Any]) -> bytes:
    """Returns an array as a TensorProto, whose bytes are little-endian on any machine."""
    content = array.astype(array.dtype.newbyteorder("<")).tobytes()
    return _message(*((1, size) for size in array.shape), (2, NUMBERS[array.dtype.name]), (8, name), (9, content))


def _message(*fields: tuple[int, int | str | bytes]) -> bytes:
    return b"".join(_field(number, content) for number, content in fields)


def _field(number: int, content: int | str | bytes) -> bytes:
    if isinstance(content, int):
        return _varint(number << 3) + _varint(content)
    coded = content.encode() if isinstance(content, str) else content
    return _varint(number << 3 | 2) + _varint(len(coded)) + coded


def _varint(number: int) -> bytes:
    """Returns a whole number that is not negative in groups of seven bits, the lowest first."""
    coded = bytearray()
    while number > 0x7F:
        coded.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*coded, number])
