# SPDX-License-Identifier: GPL-2.0-or-later
"""Antialiased resizing, which OpenVINO's reader of ONNX files drops."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from classify_pixels.inference.runtimes import BackendOptions, OutputForm, open_backend
from classify_pixels.inference.runtimes.openvino.antialiasing import keep_antialiasing, shrink_by_convolution
from tests.networks import save_network
from tests.unit.rasters import random_pixels, read_raster, write_raster
from tests.unit.runs import classify


@pytest.mark.parametrize("size", [(20, 24), (40, 48), (60, 72), (80, 96), (100, 120), (41, 48), (40, 72), (50, 60)])
@pytest.mark.parametrize("expected_size", [False, True])
def test_it_equals_onnx_runtime(expected_size: bool, size: tuple[int, int], tmp_path: Path) -> None:
    compare(np.array([1, 3, 20, 24]), size, expected_size, tmp_path)


@pytest.mark.parametrize("factor", [0.5, 0.25, 0.4])
@pytest.mark.parametrize("expected_size", [False, True])
def test_factors_equal_onnx_runtime(expected_size: bool, factor: float, tmp_path: Path) -> None:
    compare(np.array([1, 1, factor, factor], np.float32), (40, 60), expected_size, tmp_path)


@pytest.mark.parametrize(("size", "left"), [((20, 24), set()), ((40, 48), {"GroupConvolution"})])
def test_a_resizing_by_a_whole_factor_is_replaced(size: tuple[int, int], left: set[str], tmp_path: Path) -> None:
    openvino = pytest.importorskip("openvino", reason="OpenVINO is optional")
    network = openvino.Core().read_model(save_resizing(tmp_path / "n.onnx", np.array([1, 3, 20, 24])))
    keep_antialiasing(network, openvino.opset11)
    network.reshape([1, 3, *size])
    shrink_by_convolution(network, openvino.opset11)
    assert {"Interpolate", "GroupConvolution"} & {node.get_type_name() for node in network.get_ops()} == left


def compare(given: np.ndarray, size: tuple[int, int], expected_size: bool, tmp_path: Path) -> None:
    pytest.importorskip("openvino", reason="OpenVINO is optional")
    from classify_pixels.inference.runtimes import BackendOptions
    from classify_pixels.inference.runtimes.openvino.compiled_network import CompiledNetwork

    path = save_resizing(tmp_path / "n.onnx", given)
    image = np.random.default_rng(3).random((1, 3, *size), np.float32)
    (expected,) = onnxruntime.InferenceSession(path).run(None, {"image": image})
    network = CompiledNetwork(path, BackendOptions(processor="CPU"))
    if expected_size:
        network.expect({"image": image})
    (found,) = network.run({"image": image}, [0], "")
    np.testing.assert_allclose(found, expected, atol=1e-6)


def save_resizing(path: Path, given: np.ndarray) -> Path:
    """Saves a network that resizes an image to given sizes or by given factors."""
    names = ["image", "", "", "given"] if given.dtype.kind == "i" else ["image", "", "given"]
    node = helper.make_node("Resize", names, ["scores"], mode="linear", antialias=1, exclude_outside=1)
    free = ["n", 3, "h", "w"]
    shapes = [helper.make_tensor_value_info(name, TensorProto.FLOAT, free) for name in ("image", "scores")]
    graph = helper.make_graph([node], "network", shapes[:1], shapes[1:], [numpy_helper.from_array(given, "given")])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8), path)
    return path


def resized_twice(path: Path, mode: str, inside: list[float]) -> Path:
    """Saves a network that works on an image of another size, scores of which it enlarges to that of the image.

    `inside` are the rows and columns, or factors of them.
    """
    given = np.array([1, 3, *inside], np.int64 if max(inside) > 1 else np.float32)
    given[1] = 3 if max(inside) > 1 else 1
    names = ["image", "", "", "given"] if max(inside) > 1 else ["image", "", "given"]
    nodes = [
        helper.make_node("Resize", names, ["less"], mode=mode, antialias=1, exclude_outside=1),
        helper.make_node("Shape", ["image"], ["shape"]),
        helper.make_node("Resize", ["less", "", "", "shape"], ["large"], mode="nearest"),
        helper.make_node("Add", ["large", "image"], ["scores"]),
    ]
    free = ["n", 3, "h", "w"]
    shapes = [helper.make_tensor_value_info(name, TensorProto.FLOAT, free) for name in ("image", "scores")]
    graph = helper.make_graph(nodes, "network", shapes[:1], shapes[1:], [numpy_helper.from_array(given, "given")])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8), path)
    return path


@pytest.mark.parametrize(
    ("mode", "inside", "side"),
    [("cubic", [256, 256], 320), ("linear", [128, 128], 256)],
    ids=["as small as the first image compared", "whole factors"],
)
def test_maps_are_those_of_onnx_runtime(mode: str, inside: list[float], side: int, tmp_path: Path) -> None:
    """The first image compared may have a size at which both libraries agree, and tiles another one."""
    pytest.importorskip("openvino", reason="OpenVINO is optional")
    network = resized_twice(tmp_path / "n.onnx", mode, inside)
    pixels = random_pixels(3, side, side)
    scene = write_raster(tmp_path / "scene.tif", pixels)
    classify(scene, network, tmp_path / "map.tif", {"tile_size": str(side), "padding": "0"})
    (scores,) = onnxruntime.InferenceSession(network).run(None, {"image": pixels[np.newaxis]})
    assert (read_raster(tmp_path / "map.tif") == scores[0].argmax(0)).mean() > 0.9999


@pytest.mark.parametrize("tried", [(64, 64), (256, 256), (512, 256)])
def test_scores_of_uneven_sizes_are_those_of_onnx_runtime(tried: tuple[int, int], tmp_path: Path) -> None:
    """At even sizes half of the size is half of the image."""
    pytest.importorskip("openvino", reason="OpenVINO is optional")
    network = resized_twice(tmp_path / "n.onnx", "linear", [0.5, 0.5])
    pixels = random_pixels(3, 65, 91)[np.newaxis]
    (scores,) = onnxruntime.InferenceSession(network).run(None, {"image": pixels})
    with closing(open_backend(network, BackendOptions(processor="CPU"))) as backend:
        backend.outputs(np.zeros((1, 3, *tried), np.float32))
        backend.settle(OutputForm())
        np.testing.assert_allclose(backend.run(pixels), scores, atol=1e-4)


def test_negative_values_have_the_scores_of_onnx_runtime(tmp_path: Path) -> None:
    """As bytes they are no number: OpenVINO's two compilations of this network differ there."""
    pytest.importorskip("openvino", reason="OpenVINO is optional")
    nodes = [
        helper.make_node("Cast", ["image"], ["bytes"], to=TensorProto.UINT8),
        helper.make_node("Cast", ["bytes"], ["scores"], to=TensorProto.FLOAT),
    ]
    image = ("n", 3, "h", "w")
    network = save_network(tmp_path / "n.onnx", nodes, {}, image, image)
    pixels = 100 * random_pixels(3, 64, 64)[np.newaxis]
    (scores,) = onnxruntime.InferenceSession(network).run(None, {"image": pixels})
    with closing(open_backend(network, BackendOptions(processor="CPU"))) as backend:
        backend.outputs(pixels)
        backend.settle(OutputForm())
        np.testing.assert_array_equal(backend.run(pixels), scores)


@pytest.mark.parametrize("case", ["padded", "axes of (N, H, W, C)", "plain"])
def test_other_resizing_of_pillow_stays_as_it_is(case: str, tmp_path: Path) -> None:
    """OpenVINO's own format may pad the image, and resize other axes."""
    openvino = pytest.importorskip("openvino", reason="OpenVINO is optional")
    from classify_pixels.inference.runtimes.openvino.compiled_network import CompiledNetwork

    operations, last = openvino.opset11, case.startswith("axes")
    shape = [1, -1, -1, 3] if last else [1, 3, -1, -1]
    pads = [0, 0, 16, 16] if case == "padded" else [0, 0, 0, 0]
    image = operations.parameter(shape, np.float32, name="image")
    # Fewer rows alone, so that the last two sizes stay.
    sizes, axes = ([32, 64], [1, 2]) if last else ([32, 32], [2, 3])
    resized = operations.interpolate(
        image, operations.constant(np.array(sizes)), "bilinear_pillow", "sizes", pads_begin=pads, pads_end=pads,
        axes=operations.constant(np.array(axes)),
    )  # fmt: skip
    path = tmp_path / "n.xml"
    openvino.save_model(openvino.Model([operations.result(resized)], [image]), path, compress_to_fp16=False)
    pixels = np.random.default_rng(0).random((1, 64, 64, 3) if last else (1, 3, 64, 64), np.float32)
    core = openvino.Core()
    expected = core.compile_model(core.read_model(path), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})({0: pixels})[0]
    network = CompiledNetwork(path, BackendOptions(processor="CPU"))
    feed = {network.inputs[0].name: pixels}
    network.expect(feed)
    np.testing.assert_allclose(network.run(feed, [0], "")[0], expected, atol=1e-6)
