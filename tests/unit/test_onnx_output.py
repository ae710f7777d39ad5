# SPDX-License-Identifier: GPL-2.0-or-later
"""What ONNX networks give: which output, and what becomes of it."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper

from classify_pixels.inference.describe import json_of, text_of
from classify_pixels.inference.describe.model_description import describe_model
from classify_pixels.inference.errors import ArgumentError, NetworkMismatchError
from classify_pixels.inference.models import read_model_reference
from classify_pixels.inference.runtimes import Backend, BackendOptions, NetworkOutput, open_backend
from classify_pixels.inference.runtimes.output_form import OutputForm, chosen_output
from tests.onnx_graphs import IMAGE, Value, save_graph, several_outputs

FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64
FREE = ("n", 5, "h", "w")
PIXELS = np.random.default_rng(2).normal(size=(1, 3, 64, 48)).astype(np.float32)


def opened(weights: Path, **options: Any) -> Backend:
    return open_backend(weights, BackendOptions(**{"processor": "CPU", **options}))


def fixed(*shape: int) -> tuple[Value, ...]:
    return (("image", FLOAT, shape),)


@pytest.mark.parametrize(
    ("shapes", "inputs", "chosen"),
    [
        ([FREE, ("n", 2, "h", "w")], (IMAGE,), 0),
        ([("n", 7), FREE], (IMAGE,), 1),
        ([("n", "h", "w"), FREE], (IMAGE,), 0),
        ([("n", 7), ("n", "h", "w")], (IMAGE,), 1),
        ([(1, 256, 4, 3), (1, 5, 64, 48)], fixed(1, 3, 64, 48), 1),
        ([(1, 300, 6), (1, 5, 60, 44)], fixed(1, 3, 64, 48), 1),
        ([(1, 60, 44), (1, 5, 64, 48)], fixed(1, 3, 64, 48), 0),
        ([(1, 64, 48, 5), (1, 3, 64, 48)], fixed(1, 3, 64, 48), 0),
    ],
)
def test_the_first_image_is_used(shapes: Any, inputs: Any, chosen: int, tmp_path: Path) -> None:
    outputs = [(f"out{number}", FLOAT, shape) for number, shape in enumerate(shapes)]
    with closing(opened(several_outputs(tmp_path / "n.onnx", outputs, inputs))) as backend:
        names = [output.name for output in backend.outputs(PIXELS)]
        number = chosen_output(backend.outputs(PIXELS), (1, 64, 48), "")
        assert (number, names) == (chosen, ["out0", "out1"])
        assert (backend.compute(PIXELS, number) == 10 + chosen).all()
        backend.settle(OutputForm(number))
        assert backend.output == NetworkOutput(chosen, ("out0", "out1"))


@pytest.mark.parametrize(("asked", "number"), [("", 0), ("coarse", 1), ("0", 0), ("1", 1), ("2", 2), ("first", 0)])
def test_an_output_is_chosen_by_name_or_number(asked: str, number: int, tmp_path: Path) -> None:
    outputs = [(name, FLOAT, FREE) for name in ("first", "coarse", "0th")]
    with closing(opened(several_outputs(tmp_path / "n.onnx", outputs), output=asked)) as backend:
        assert backend.output.number == number
        assert (backend.run(PIXELS) == 10 + number).all()


def test_a_name_goes_before_a_number(tmp_path: Path) -> None:
    outputs = [("1", FLOAT, FREE), ("0", FLOAT, FREE)]
    with closing(opened(several_outputs(tmp_path / "n.onnx", outputs), output="0")) as backend:
        assert (backend.run(PIXELS) == 11).all()


@pytest.mark.parametrize("asked", ["third", "2", "-1", "1.0", "FIRST", "9" * 6000, "²"])
def test_an_output_that_is_not_there_is_refused_with_those_that_are(asked: str, tmp_path: Path) -> None:
    path = several_outputs(tmp_path / "n.onnx", [("first", FLOAT, FREE), ("second", FLOAT, FREE)])
    with pytest.raises(ArgumentError, match=r"argument output .* must be first \(or 0\) or second \(or 1\)"):
        opened(path, output=asked)


@pytest.mark.parametrize(("kind", "dtype"), [(TensorProto.FLOAT16, np.float16), (TensorProto.DOUBLE, np.float64)])
def test_scores_are_float32_whatever_the_network_gives(kind: int, dtype: Any, tmp_path: Path) -> None:
    nodes = [helper.make_node("Cast", ["image"], ["scores"], to=kind)]
    path = save_graph(tmp_path / "n.onnx", nodes, [("scores", kind, IMAGE[2])])
    with closing(opened(path)) as backend:
        found = backend.run(PIXELS)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, PIXELS.astype(dtype).astype(np.float32))


def test_truth_values_are_the_scores_0_and_1(tmp_path: Path) -> None:
    nodes = [helper.make_node("Greater", ["image", "zero"], ["scores"])]
    outputs = [("scores", TensorProto.BOOL, IMAGE[2])]
    path = save_graph(tmp_path / "n.onnx", nodes, outputs, weights={"zero": np.array(0, np.float32)})
    with closing(opened(path)) as backend:
        found = backend.run(PIXELS)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, (PIXELS > 0).astype(int))


@pytest.mark.parametrize(
    ("axes", "declared"),
    [
        # Without the place for the number of images: channels, height, width; also channels last; also no channels.
        ([0], ("c", "h", "w")),
        ([0, 1], ("h", "w")),
        ([1], ("n", "h", "w")),
    ],
)
def test_places_that_are_left_out_are_filled_in(axes: list[int], declared: Any, tmp_path: Path) -> None:
    keep = 1 if 1 in axes else 3
    nodes = [
        helper.make_node("Slice", ["image", "from", "to", "axis"], ["few"]),
        helper.make_node("Squeeze", ["few", "axes"], ["scores"]),
    ]
    weights = {
        "from": np.array([0], np.int64),
        "to": np.array([keep], np.int64),
        "axis": np.array([1], np.int64),
        "axes": np.array(axes, np.int64),
    }
    path = save_graph(tmp_path / "n.onnx", nodes, [("scores", FLOAT, declared)], weights=weights)
    with closing(opened(path)) as backend:
        np.testing.assert_array_equal(backend.run(PIXELS), PIXELS[:, :keep])


def test_images_without_a_channel_keep_their_number(tmp_path: Path) -> None:
    pixels = np.concatenate([PIXELS, PIXELS + 1])
    nodes = [helper.make_node("ReduceMax", ["image"], ["scores"], axes=[1], keepdims=0)]
    path = save_graph(tmp_path / "n.onnx", nodes, [("scores", FLOAT, ("n", "h", "w"))])
    with closing(opened(path)) as backend:
        np.testing.assert_array_equal(backend.run(pixels), pixels.max(axis=1, keepdims=True))


def test_a_network_of_channels_last_may_give_channels_first_and_the_other_way(tmp_path: Path) -> None:
    last = ("image", FLOAT, ("n", "h", "w", 3))
    nodes = [helper.make_node("Transpose", ["image"], ["scores"], perm=[0, 3, 1, 2])]
    path = save_graph(tmp_path / "a.onnx", nodes, [("scores", FLOAT, ("n", 3, "h", "w"))], [last])
    with closing(opened(path)) as backend:
        assert backend.input.layout == "NHWC"
        np.testing.assert_array_equal(backend.run(PIXELS), PIXELS)
    nodes = [helper.make_node("Transpose", ["image"], ["scores"], perm=[0, 2, 3, 1])]
    path = save_graph(tmp_path / "b.onnx", nodes, [("scores", FLOAT, ("n", "h", "w", 3))])
    with closing(opened(path)) as backend:
        np.testing.assert_array_equal(backend.run(PIXELS), PIXELS)


def test_a_description_tells_the_outputs_and_the_numbers(tmp_path: Path) -> None:
    """Without their names nobody could choose one."""
    image = ("image", TensorProto.UINT8, IMAGE[2])
    path = several_outputs(tmp_path / "n.onnx", [("few", FLOAT, ("n", 7)), ("land\n", FLOAT, FREE)], (image,))
    found = describe_model(read_model_reference(str(path)), tmp_path / "cache", processor="CPU")
    rows = dict(
        re.split(" {2,}", line.strip(), maxsplit=1) for line in text_of(found).splitlines() if line.startswith("  ")
    )
    assert rows["Outputs"] == "few, land ; default: land  (argument: output)"
    assert rows["Value range"] == "integers from 0 to 255"
    network = json_of(found)["network"]
    assert (network["outputs"], network["output"], network["limits"]) == (["few", "land\n"], 1, (0, 255))


def test_a_description_is_silent_on_the_only_output(tmp_path: Path) -> None:
    path = several_outputs(tmp_path / "n.onnx", [("scores", FLOAT, FREE)])
    found = describe_model(read_model_reference(str(path)), tmp_path / "cache", processor="CPU")
    assert "Value range" not in text_of(found).split()
    assert "argument: output" not in text_of(found)


def test_an_output_that_is_no_tensor_is_refused_where_it_is_the_only_one(tmp_path: Path) -> None:
    nodes = [helper.make_node("SequenceConstruct", ["image"], ["scores"])]
    path = save_graph(tmp_path / "n.onnx", nodes, [("other", FLOAT, IMAGE[2])])
    graph = path.read_bytes()
    import onnx

    model = onnx.load_from_string(graph)
    del model.graph.output[:]
    model.graph.output.append(helper.make_tensor_sequence_value_info("scores", FLOAT, None))
    path.write_bytes(model.SerializeToString())
    with pytest.raises(NetworkMismatchError, match=r"output scores is of the type seq\(tensor\(float\)\)"):
        opened(path)


def test_a_network_without_an_output_is_refused(tmp_path: Path) -> None:
    path = save_graph(tmp_path / "n.onnx", [helper.make_node("Identity", ["image"], ["scores"])], [])
    with pytest.raises(NetworkMismatchError, match="it has no output"):
        opened(path)
