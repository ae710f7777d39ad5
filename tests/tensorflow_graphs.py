# SPDX-License-Identifier: GPL-2.0-or-later
"""TensorFlow's graphs and TensorFlow Lite's networks, written without TensorFlow.

Source of the numbers of fields: github.com/tensorflow/tensorflow, core/framework/{graph,node_def,attr_value,tensor,
tensor_shape,types}.proto, core/protobuf/{saved_model,meta_graph}.proto, compiler/mlir/lite/schema/schema.fbs.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

FLOAT, UINT8, INT32, STRING, INT64 = 1, 4, 3, 7, 9
NUMBERS = {"float32": FLOAT, "uint8": UINT8, "int32": INT32, "int64": INT64}

Shape = Sequence["int | None"]


def field(number: int, value: bytes | int) -> bytes:
    """Returns a field of a protobuf message: a length and bytes, or a variable integer."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value % 2**64)
    return varint(number << 3 | 2) + varint(len(value)) + value


def varint(value: int) -> bytes:
    parts = []
    while value > 127:
        parts.append(value % 128 + 128)
        value //= 128
    return bytes([*parts, value])


def shape_of(shape: Shape) -> bytes:
    return b"".join(field(2, field(1, -1 if size is None else size)) for size in shape)


def type_attribute(number: int) -> bytes:
    return field(6, number)


def node(name: str, kind: str, inputs: Sequence[str] = (), **attributes: bytes) -> bytes:
    """Returns an operation of a graph; attributes are messages of the type AttrValue."""
    entries = (field(5, field(1, key.encode()) + field(2, value)) for key, value in attributes.items())
    named = field(1, name.encode()) + field(2, kind.encode())
    return field(1, named + b"".join(field(3, each.encode()) for each in inputs) + b"".join(entries))


def placeholder(name: str, shape: Shape, dtype: int = FLOAT) -> bytes:
    return node(name, "Placeholder", dtype=type_attribute(dtype), shape=field(7, shape_of(shape)))


def constant(name: str, array: Any) -> bytes:
    array = np.asarray(array)
    number = NUMBERS[array.dtype.name]
    tensor = field(1, number) + field(2, shape_of(array.shape)) + field(4, array.tobytes())
    return node(name, "Const", dtype=type_attribute(number), value=field(8, tensor))


def unary(name: str, kind: str, given: str, **attributes: bytes) -> bytes:
    return node(name, kind, [given], **{"T": type_attribute(FLOAT), **attributes})


def deeplab_graph(
    matrix: np.ndarray, bias: np.ndarray,
    image: str = "ImageTensor", classes: str = "SemanticPredictions", dtype: str = "uint8",
) -> bytes:  # fmt: skip
    """Returns a graph with the ends of DeepLab's exporter: one image of any size in, numbers of classes out.

    The scores of a pixel are `matrix` (classes, bands) times its values plus `bias`.
    """
    kernel = np.ascontiguousarray(matrix.T[np.newaxis, np.newaxis], np.float32)
    ones = field(1, b"".join(field(3, 1) for _ in range(4)))
    number = NUMBERS[dtype]
    cast = node("pixels", "Cast", [image], SrcT=type_attribute(number), DstT=type_attribute(FLOAT))
    argmax = {"Tidx": type_attribute(INT32), "output_type": type_attribute(INT64)}
    return b"".join(
        [
            placeholder(image, (1, None, None, matrix.shape[1]), number),
            cast if dtype != "float32" else unary("pixels", "Identity", image),
            constant("kernel", kernel),
            node("products", "Conv2D", ["pixels", "kernel"], T=type_attribute(FLOAT), strides=ones,
                 padding=field(2, b"SAME"), data_format=field(2, b"NHWC")),
            constant("bias", np.asarray(bias, np.float32)),
            node("scores", "BiasAdd", ["products", "bias"], T=type_attribute(FLOAT), data_format=field(2, b"NHWC")),
            constant("axis", np.int32(3)),
            node(classes, "ArgMax", ["scores", "axis"], T=type_attribute(FLOAT), **argmax),
        ]
    )  # fmt: skip


def save_saved_model(folder: Path, graph: bytes, image: str, classes: str) -> Path:
    """Writes the folder of a SavedModel without variables; returns the folder."""
    ends = [
        field(number, field(1, key) + field(2, field(1, f"{name}:0".encode())))
        for number, key, name in ((1, b"image", image), (2, b"classes", classes))
    ]
    signature = field(1, b"serving_default") + field(2, b"".join([*ends, field(3, b"tensorflow/serving/predict")]))
    document = field(1, 1) + field(2, field(1, field(4, b"serve")) + field(2, graph) + field(5, signature))
    (folder / "variables").mkdir(parents=True)
    (folder / "saved_model.pb").write_bytes(document)
    return folder


def lite_network(matrix: np.ndarray, bias: np.ndarray, size: int) -> bytes:
    """Returns a TensorFlow Lite network: scores (1, size, size, classes) of an image (1, size, size, bands)."""
    classes, bands = matrix.shape
    kernel = np.ascontiguousarray(matrix[:, np.newaxis, np.newaxis], np.float32)
    tensors = [
        ("image", (1, size, size, bands), 0), ("kernel", kernel.shape, 1), ("bias", (classes,), 2),
        ("scores", (1, size, size, classes), 0),
    ]  # fmt: skip
    buffers = [b"", kernel.tobytes(), np.asarray(bias, np.float32).tobytes()]
    return _Flat().model(tensors, buffers)


class _Flat:
    """A flatbuffer of one network with a single convolution, built from its end."""

    def __init__(self) -> None:
        import flatbuffers

        self._builder = flatbuffers.Builder(1024)

    def model(self, tensors: list[tuple[str, tuple[int, ...], int]], buffers: list[bytes]) -> bytes:
        tables = [self._table({0: self._bytes(content)} if content else {}) for content in buffers]
        described = [
            self._table({0: self._integers(shape), 3: self._builder.CreateString(name)}, {2: (buffer, "I")})
            for name, shape, buffer in tensors
        ]
        # Padding VALID is 1; strides are 1.
        options = self._table({}, {0: (1, "b"), 1: (1, "i"), 2: (1, "i")})
        ends = {1: self._integers((0, 1, 2)), 2: self._integers((3,)), 4: options}
        operator = self._table(ends, {3: (1, "B")})
        graph = self._table(
            {0: self._tables(described), 1: self._integers((0,)), 2: self._integers((3,)),
             3: self._tables([operator])},
        )  # fmt: skip
        code = self._table({}, {0: (3, "b"), 2: (1, "i"), 3: (3, "i")})
        root = self._table({1: self._tables([code]), 2: self._tables([graph]), 4: self._tables(tables)}, {0: (3, "I")})
        self._builder.Finish(root, file_identifier=b"TFL3")
        return bytes(self._builder.Output())

    def _table(self, offsets: dict[int, int], numbers: dict[int, tuple[int, str]] | None = None) -> int:
        build = self._builder
        write = {"I": build.PrependUint32Slot, "i": build.PrependInt32Slot, "b": build.PrependInt8Slot,
                 "B": build.PrependUint8Slot}  # fmt: skip
        build.StartObject(8)
        for slot, (number, kind) in (numbers or {}).items():
            write[kind](slot, number, 0)
        for slot, offset in offsets.items():
            build.PrependUOffsetTRelativeSlot(slot, offset, 0)
        return int(build.EndObject())

    def _tables(self, offsets: list[int]) -> int:
        self._builder.StartVector(4, len(offsets), 4)
        for offset in reversed(offsets):
            self._builder.PrependUOffsetTRelative(offset)
        return int(self._builder.EndVector())

    def _integers(self, numbers: Sequence[int]) -> int:
        return int(self._builder.CreateNumpyVector(np.array(numbers, np.int32)))

    def _bytes(self, content: bytes) -> int:
        self._builder.StartVector(1, len(content), 16)
        self._builder.head -= len(content)
        self._builder.Bytes[self._builder.head : self._builder.head + len(content)] = content
        return int(self._builder.EndVector())
