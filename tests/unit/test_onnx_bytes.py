# SPDX-License-Identifier: GPL-2.0-or-later
"""What is written by hand is what the package onnx reads."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import AttributeProto, TensorProto, helper, numpy_helper

from classify_pixels.inference.runtimes.onnx import model_bytes as onnx_bytes
from classify_pixels.inference.runtimes.onnx.device_argmax import OPSET, SCORES, argmax_graph


def test_the_numbers_of_types_are_onnx_s() -> None:
    names = ("FLOAT", "UINT8", "INT32", "INT64", "FLOAT16", "DOUBLE")
    assert [getattr(onnx_bytes, name) for name in names] == [getattr(TensorProto, name) for name in names]
    assert (onnx_bytes.INT_ATTRIBUTE, onnx_bytes.INTS_ATTRIBUTE) == (AttributeProto.INT, AttributeProto.INTS)


@given(st.integers(0, 2**63 - 1), st.lists(st.integers(0, 2**40), min_size=1, max_size=4), st.text(max_size=300))
def test_a_node_is_the_one_that_onnx_makes(number: int, numbers: list[int], name: str) -> None:
    written = onnx_bytes.node("Op", ["a", name], "out", axes=numbers, axis=number)
    assert onnx.NodeProto.FromString(written) == helper.make_node("Op", ["a", name], ["out"], axes=numbers, axis=number)


@pytest.mark.parametrize("dtype", [np.float32, np.uint8, np.int32, np.int64])
@pytest.mark.parametrize("shape", [(), (3,), (1, 300, 1, 1)])
def test_constants_come_back_as_they_are(dtype: type, shape: tuple[int, ...]) -> None:
    array = np.random.default_rng(1).integers(0, 200, shape).astype(dtype)
    ends = (onnx_bytes.value("x", onnx_bytes.FLOAT), onnx_bytes.value("y", onnx_bytes.FLOAT))
    read = onnx.ModelProto.FromString(onnx_bytes.model(12, [], {"c": array}, *ends))
    found = numpy_helper.to_array(read.graph.initializer[0])
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    assert np.array_equal(found, array)


@pytest.mark.parametrize("kind", SCORES)
@pytest.mark.parametrize(("channels", "never"), [(5, ()), (255, (0,)), (256, ()), (300, (1, 299))])
def test_the_graph_of_the_argmax_is_valid(kind: str, channels: int, never: tuple[int, ...]) -> None:
    read = onnx.ModelProto.FromString(argmax_graph(kind, channels, 1, never))
    assert [(entry.domain, entry.version) for entry in read.opset_import] == [("", OPSET)]
    # Only onnx's checker wants the sizes to have names.
    for end, sizes in ((read.graph.input[0], "nchw"), (read.graph.output[0], "nhw")):
        for size in sizes:
            end.type.tensor_type.shape.dim.add(dim_param=size)
    onnx.checker.check_model(read, full_check=True)
