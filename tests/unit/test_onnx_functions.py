# SPDX-License-Identifier: GPL-2.0-or-later
"""Functions within an .onnx: how many steps a network has once they are written out."""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from onnx import FunctionProto, ModelProto, TensorProto, helper
from onnxruntime import InferenceSession

from classify_pixels.inference.errors import WeightsRefusedError, WeightsUnreadableError
from classify_pixels.inference.runtimes import BackendOptions, open_backend
from classify_pixels.inference.runtimes.onnx import functions as onnx_functions
from classify_pixels.inference.runtimes.onnx.external_files import check_external_files
from classify_pixels.inference.runtimes.onnx.functions import check_functions

OPSETS = [helper.make_opsetid("", 17), helper.make_opsetid("own", 1)]


def function(name: str, calls: Sequence[tuple[str, str]]) -> FunctionProto:
    """Returns a function that calls others, of which each is a domain and a name, one after the other."""
    ends = ["x", *(f"t{number}" for number in range(1, len(calls))), "y"]
    nodes = [
        helper.make_node(kind, [ends[number]], [ends[number + 1]], domain=domain)
        for number, (domain, kind) in enumerate(calls)
    ]
    return helper.make_function("own", name, ["x"], ["y"], nodes, OPSETS)


def saved(path: Path, functions: Sequence[FunctionProto], called: tuple[str, str] = ("own", "f0")) -> Path:
    shape = ("n", 3, "h", "w")
    graph = helper.make_graph(
        [helper.make_node(called[1], ["image"], ["scores"], domain=called[0])],
        "graph",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, shape)],
    )
    model = helper.make_model(graph, opset_imports=OPSETS, ir_version=8, functions=list(functions))
    path.write_bytes(model.SerializeToString())
    return path


def doubling(depth: int) -> list[FunctionProto]:
    last = function(f"f{depth - 1}", [("", "Neg")] * 2)
    return [*(function(f"f{n}", [("own", f"f{n + 1}")] * 2) for n in range(depth - 1)), last]


def steps(path: Path) -> int:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return onnx_functions._steps(content)


@pytest.mark.parametrize("depth", [1, 3, 10])
def test_each_call_is_written_out(depth: int, tmp_path: Path) -> None:
    assert steps(saved(tmp_path / "n.onnx", doubling(depth))) == 2**depth


def test_a_function_may_be_named_as_the_operation_that_it_calls(tmp_path: Path) -> None:
    for domain in ("", "ai.onnx"):
        path = saved(tmp_path / "n.onnx", [function("Neg", [(domain, "Neg"), ("", "Abs")])], ("own", "Neg"))
        assert steps(path) == 2
        check_functions(path)


def test_a_network_with_functions_runs(tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).normal(size=(1, 3, 4, 5)).astype(np.float32)
    weights = saved(tmp_path / "n.onnx", doubling(5))
    with closing(open_backend(weights, BackendOptions(processor="CPU"))) as backend:
        np.testing.assert_array_equal(backend.run(pixels), pixels)


@pytest.mark.parametrize("depth", [16, 40, 400])
def test_functions_that_double_without_measure_are_refused(depth: int, tmp_path: Path) -> None:
    with pytest.raises(WeightsRefusedError, match=r"n\.onnx.*more than 20000 steps"):
        open_backend(saved(tmp_path / "n.onnx", doubling(depth)), BackendOptions(processor="CPU"))


def test_functions_that_call_each_other_are_refused(tmp_path: Path) -> None:
    functions = [function("f0", [("own", "f1")]), function("f1", [("own", "f0")])]
    with pytest.raises(WeightsRefusedError, match="functions are recursive"):
        check_functions(saved(tmp_path / "n.onnx", functions))


def test_a_tensor_behind_a_function_is_looked_for(tmp_path: Path) -> None:
    """A function's attributes have defaults, which may be tensors."""
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[1], data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value="/etc/hostname")
    made = function("f0", [("", "Neg")])
    made.attribute_proto.append(helper.make_attribute("kernel", tensor))
    with pytest.raises(WeightsRefusedError, match="/etc/hostname"):
        check_external_files(saved(tmp_path / "n.onnx", [made]))


def test_a_field_that_other_readers_see_under_another_number_is_damage(tmp_path: Path) -> None:
    """Protobuf's reader in C++ drops all bits of a key but 32, so the graph is there for ONNX Runtime."""
    path = saved(tmp_path / "n.onnx", [], ("", "Neg"))
    content, graph = path.read_bytes(), ModelProto.FromString(path.read_bytes()).graph.SerializeToString()
    start = content.rindex(b"\x3a", 0, content.index(graph))
    hidden = content[:start] + b"\xba\x80\x80\x80\x10" + content[start + 1 :]
    assert InferenceSession(hidden, providers=["CPUExecutionProvider"]).get_inputs()[0].name == "image"
    # Without this word there is nothing to look for.
    path.write_bytes(hidden + b"\xa2\x06\x08location")
    with pytest.raises(WeightsUnreadableError, match="damaged at byte"):
        check_external_files(path)
