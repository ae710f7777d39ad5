# SPDX-License-Identifier: GPL-2.0-or-later
"""The values that a graph was made for, told from its first steps, and what a run says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from classify_pixels.inference.bands import trained_ranges
from classify_pixels.inference.notices import Caution, Note
from classify_pixels.inference.runtimes.onnx.graph_start import first_steps
from tests.faults.hostile_cases import damaged
from tests.onnx_graphs import save_graph
from tests.unit.rasters import random_pixels, write_raster
from tests.unit.runs import Recorder, classify

KERNEL = np.random.default_rng(0).normal(size=(2, 3, 3, 3)).astype(np.float32)
MEAN, STD = np.array([0.4, 0.5, 0.6], np.float32), np.array([0.2, 0.25, 0.3], np.float32)


def step(kind: str, constant: str, number: int, **attributes: Any) -> Any:
    return helper.make_node(kind, [f"x{number}", constant], [f"x{number + 1}"], **attributes)


def graph(path: Path, *kinds: str, end: str = "Conv", **constants: Any) -> Path:
    """Saves a graph of steps from "image", each with the constant c0, c1 and so on, before a convolution."""
    nodes = [helper.make_node("Identity", ["image"], ["x0"])]
    nodes += [step(kind, f"c{number}", number) for number, kind in enumerate(kinds)]
    last = f"x{len(kinds)}"
    if end == "Log":
        nodes.append(helper.make_node("Log", [last], ["logarithm"]))
        last = "logarithm"
    if end == "BatchNormalization":
        nodes.append(helper.make_node("BatchNormalization", [last, "g", "z", "m", "v"], ["b"]))
        last = "b"
        one = np.ones(3, np.float32)
        constants = {**constants, "g": one, "z": 0 * one, "m": 100 * one, "v": 400 * one}
    nodes.append(helper.make_node("Conv", [last, "w"], ["scores"], pads=[1] * 4))
    weights = {"w": KERNEL, **{name: np.asarray(number, np.float32) for name, number in constants.items()}}
    return save_graph(path, nodes, [("scores", TensorProto.FLOAT, ("n", 2, "h", "w"))], weights=weights)


def ranges(path: Path) -> Any:
    found = first_steps(path, "image", 3)
    return None if found is None else np.round(trained_ranges(found), 3).tolist()


def of_bands(values: Any) -> np.ndarray:
    return np.reshape(values, (1, 3, 1, 1))


@pytest.mark.parametrize(
    ("kinds", "constants", "expected"),
    [
        (["Div"], {"c0": 255}, [[0, 255]] * 3),
        (["Mul"], {"c0": 1e-4}, [[0, 1e4]] * 3),
        (["Div", "Sub"], {"c0": 127.5, "c1": 1}, [[0, 255]] * 3),
        (["Mul", "Add"], {"c0": 2, "c1": -1}, [[0, 1]] * 3),
    ],
)
def test_scales_at_the_beginning_tell_the_range(kinds: Any, constants: Any, expected: Any, tmp_path: Path) -> None:
    np.testing.assert_allclose(ranges(graph(tmp_path / "n.onnx", *kinds, **constants)), expected, atol=0.01)


def test_statistics_of_bands_are_within_the_range(tmp_path: Path) -> None:
    path = graph(tmp_path / "n.onnx", "Div", "Sub", "Div", c0=255, c1=of_bands(MEAN), c2=of_bands(STD))
    expected = np.stack([255 * (MEAN - STD), 255 * (MEAN + STD)], axis=1)
    np.testing.assert_allclose(ranges(path), expected, rtol=1e-3)


def test_a_batch_normalisation_of_the_image_tells_its_statistics(tmp_path: Path) -> None:
    assert ranges(graph(tmp_path / "n.onnx", end="BatchNormalization")) == [[40, 160]] * 3
    path = graph(tmp_path / "m.onnx", "Mul", end="BatchNormalization", c0=0.1)
    np.testing.assert_allclose(ranges(path), [[400, 1600]] * 3, rtol=1e-5)


@pytest.mark.parametrize(
    ("kinds", "constants", "end"),
    [
        ([], {}, "Conv"), (["Add"], {"c0": 1e-6}, "Log"), (["Mul"], {"c0": 0.1}, "Log"), (["Sub"], {"c0": 120}, "Conv"),
        (["Mul"], {"c0": 0}, "Conv"), (["Div"], {"c0": 0}, "Conv"), (["Mul"], {"c0": np.nan}, "Conv"),
        (["Mul"], {"c0": -1}, "Conv"), (["Mul"], {"c0": np.ones((1, 3, 2, 1)) * 0.1}, "Conv"),
    ],
)  # fmt: skip
def test_other_beginnings_tell_nothing(kinds: Any, constants: Any, end: str, tmp_path: Path) -> None:
    assert ranges(graph(tmp_path / "n.onnx", *kinds, end=end, **constants)) is None


def test_what_the_image_is_subtracted_from_tells_nothing(tmp_path: Path) -> None:
    nodes = [helper.make_node("Div", ["c", "image"], ["x"]), helper.make_node("Conv", ["x", "w"], ["scores"])]
    outputs = [("scores", TensorProto.FLOAT, ("n", 2, "h", "w"))]
    assert ranges(save_graph(tmp_path / "n.onnx", nodes, outputs, weights={"w": KERNEL, "c": np.float32(255)})) is None


def test_constants_may_be_steps(tmp_path: Path) -> None:
    tensor = numpy_helper.from_array(np.array(255, np.float32))
    nodes = [
        helper.make_node("Constant", [], ["c"], value=tensor), helper.make_node("Div", ["image", "c"], ["x"]),
        helper.make_node("Conv", ["x", "w"], ["scores"]),
    ]  # fmt: skip
    outputs = [("scores", TensorProto.FLOAT, ("n", 2, "h", "w"))]
    assert ranges(save_graph(tmp_path / "n.onnx", nodes, outputs, weights={"w": KERNEL})) == [[0, 255]] * 3


def test_damaged_and_endless_graphs_tell_nothing_or_something(tmp_path: Path) -> None:
    good = graph(tmp_path / "n.onnx", "Div", "Sub", c0=255, c1=1).read_bytes()
    path = tmp_path / "bad.onnx"
    for _, content in damaged(good, flips=200, cuts=40, moves=60):
        path.write_bytes(content)
        first_steps(path, "image", 3)
    loop = [helper.make_node("Mul", ["image", "c"], ["image"])]
    outputs = [("scores", TensorProto.FLOAT, ("n", 2, "h", "w"))]
    assert ranges(save_graph(path, loop, outputs, weights={"c": np.float32(0.5)})) is None
    path.write_bytes(b"")
    assert first_steps(path, "image", 3) is None


@pytest.mark.parametrize(
    ("largest", "scale"), [(1.0, "255"), (0.3, "255"), (10_000, "0.0255"), (255.0, ""), (100.0, ""), (600.0, "")]
)
def test_a_run_warns_of_other_values_and_names_the_scale(largest: float, scale: str, tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "scene.tif", (random_pixels(3, 40, 40) % 1 * largest).astype(np.float32))
    said = Recorder()
    (tmp_path / "result").mkdir()
    classify(raster, graph(tmp_path / "n.onnx", "Div", c0=255), tmp_path / "result" / "map.tif", progress=said)
    assert [values["scale"] for values in said.said(Caution.RANGE_CONTRADICTS)] == ([scale] if scale else [])
    assert not said.said(Note.RANGE_UNKNOWN)


def test_where_nothing_is_known_a_run_says_so_without_a_warning(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "scene.tif", random_pixels(3, 40, 40))
    said = Recorder()
    (tmp_path / "result").mkdir()
    classify(raster, graph(tmp_path / "n.onnx"), tmp_path / "result" / "map.tif", progress=said)
    assert said.said(Note.RANGE_UNKNOWN)
    assert not said.warnings
