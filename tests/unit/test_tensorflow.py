# SPDX-License-Identifier: GPL-2.0-or-later
"""TensorFlow's frozen graphs, made here and compared with numpy; and files that only look like one."""

from __future__ import annotations

import json
import os
import threading
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.errors import (
    ClassifyPixelsError,
    NetworkMismatchError,
    NetworkRunError,
    ProcessorError,
    RunCancelledError,
    WeightsUnreadableError,
)
from classify_pixels.inference.runtimes import Backend, BackendOptions, NetworkInput, open_backend
from tests.networks import class_definition, pointwise_weights
from tests.unit.rasters import read_raster, write_raster
from tests.unit.runs import classify

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
tf = pytest.importorskip("tensorflow", reason="TensorFlow is optional")
v1 = tf.compat.v1
BANDS, CLASSES = 3, 4


def save_graph(path: Path, build: Any) -> Path:
    """Saves the graph that `build` makes; without variables it is frozen as it is."""
    graph = tf.Graph()
    with graph.as_default():
        build()
    path.write_bytes(graph.as_graph_def().SerializeToString())
    return path


def build_deeplab(image: str = "ImageTensor", classes: str = "SemanticPredictions", dtype: Any = tf.uint8) -> None:
    """A graph with the ends of DeepLab's exporter: one image of any size in, the numbers of classes out."""
    matrix, bias = pointwise_weights(BANDS, CLASSES)
    pixels = v1.placeholder(dtype, [1, None, None, BANDS], name=image)
    scores = tf.matmul(tf.reshape(tf.cast(pixels, tf.float32), [-1, BANDS]), matrix.T) + 100 * bias
    tf.argmax(tf.reshape(scores, tf.concat([tf.shape(pixels)[:3], [CLASSES]], 0)), 3, name=classes)


def expected_classes(pixels: np.ndarray) -> np.ndarray:
    matrix, bias = pointwise_weights(BANDS, CLASSES)
    scores = np.einsum("kb,nbhw->nkhw", matrix, pixels) + 100 * bias[:, None, None]
    return scores.argmax(axis=1)[:, np.newaxis]


def opened(weights: Path, **options: Any) -> Backend:
    return open_backend(weights, BackendOptions(**{"processor": "CPU", "bands": BANDS, **options}))


def images(height: int = 9, width: int = 13) -> np.ndarray:
    return np.random.default_rng(5).integers(0, 256, (1, BANDS, height, width)).astype(np.float32)


@pytest.mark.parametrize("dtype", [tf.uint8, tf.float32, tf.int32])
def test_a_frozen_graph_gives_the_classes_that_numpy_gives(dtype: Any, tmp_path: Path) -> None:
    path = save_graph(tmp_path / "g.pb", lambda: build_deeplab(dtype=dtype))
    with closing(opened(path)) as backend:
        limits = None if dtype == tf.float32 else (dtype.min, dtype.max)
        assert backend.input == NetworkInput(1, BANDS, None, None, "NHWC", limits)
        assert "CPU" in backend.device
        output = backend.run(images())
    assert output.dtype.kind == "i"
    np.testing.assert_array_equal(output, expected_classes(images()))


def test_values_beyond_the_type_are_cut_off_instead_of_wrapped(tmp_path: Path) -> None:
    path = save_graph(tmp_path / "g.pb", build_deeplab)
    pixels = images() * 2 - 100
    with closing(opened(path)) as backend:
        np.testing.assert_array_equal(backend.run(pixels), expected_classes(np.clip(pixels, 0, 255)))


def test_the_ends_of_a_type_that_float32_does_not_hold_are_not_wrapped(tmp_path: Path) -> None:
    def build() -> None:
        tf.cast(v1.placeholder(tf.int32, [1, None, None, 1], name="x"), tf.float32, name="y")

    with closing(opened(save_graph(tmp_path / "g.pb", build), bands=1)) as backend:
        found = backend.run(np.array([-1e12, 7.4, 1e12], np.float32).reshape(1, 1, 1, 3))
    np.testing.assert_allclose(found.ravel(), [-(2**31), 7, 2**31], rtol=1e-6)


def test_a_graph_that_takes_encoded_images_is_refused(tmp_path: Path) -> None:
    def build() -> None:
        tf.image.decode_png(v1.placeholder(tf.string, [], name="x"), name="y")

    with pytest.raises(NetworkMismatchError, match="input is of the type string"):
        opened(save_graph(tmp_path / "g.pb", build))


def test_scores_of_channels_last_come_with_the_channels_in_the_second_place(tmp_path: Path) -> None:
    def build() -> None:
        pixels = v1.placeholder(tf.float32, [None, 8, 6, 2], name="x")
        tf.concat([pixels, pixels * 2], 3, name="y")

    pixels = np.random.default_rng(0).normal(size=(3, 2, 8, 6)).astype(np.float32)
    with closing(opened(save_graph(tmp_path / "g.pb", build), bands=2)) as backend:
        assert backend.input == NetworkInput(None, 2, 8, 6, "NHWC")
        np.testing.assert_array_equal(backend.run(pixels), np.concatenate([pixels, pixels * 2], axis=1))


def test_without_the_usual_names_the_only_ends_are_taken(tmp_path: Path) -> None:
    path = save_graph(tmp_path / "g.pb", lambda: build_deeplab("scene", "answer"))
    with closing(opened(path)) as backend:
        assert backend.output.names == ("answer:0",)
        np.testing.assert_array_equal(backend.run(images()), expected_classes(images()))


def build_two_ends() -> None:
    pixels = v1.placeholder(tf.float32, [None, None, None, BANDS], name="x")
    tf.identity(pixels, name="same")
    tf.negative(pixels, name="minus")
    v1.placeholder(tf.float32, [None, None, None, 1], name="other")


@pytest.mark.parametrize("output", ["minus", "minus:0", "1"])
def test_one_of_several_ends_is_chosen_by_name_or_number(output: str, tmp_path: Path) -> None:
    path = save_graph(tmp_path / "g.pb", build_two_ends)
    with closing(opened(path, input="x", output=output)) as backend:
        np.testing.assert_array_equal(backend.run(images()), -images())


@pytest.mark.parametrize(
    ("options", "named"),
    [({"output": "minus"}, "x:0, other:0"), ({"input": "x"}, "same:0, minus:0"), ({"input": "y"}, "y:0")],
)
def test_ends_that_nobody_chooses_or_has_are_named(options: dict[str, str], named: str, tmp_path: Path) -> None:
    path = save_graph(tmp_path / "g.pb", build_two_ends)
    with pytest.raises(NetworkMismatchError, match=named):
        opened(path, **options)


def test_other_bands_than_the_definitions_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(NetworkMismatchError, match="3 bands, but the definition lists 4"):
        opened(save_graph(tmp_path / "g.pb", build_deeplab), bands=4)


def hostile_graph(kind: str, canary: Path) -> Any:
    def build() -> None:
        pixels = v1.placeholder(tf.uint8, [1, None, None, BANDS], name="ImageTensor")
        actions = {
            "WriteFile": lambda: tf.io.write_file(str(canary), "x"),
            "ReadFile": lambda: tf.io.read_file("/etc/passwd"),
            "SaveV2": lambda: tf.raw_ops.SaveV2(
                prefix=str(canary), tensor_names=["a"], shape_and_slices=[""], tensors=[tf.constant(1.0)]
            ),
            "PrintV2": lambda: tf.print("x", output_stream=f"file://{canary}"),
        }
        with tf.control_dependencies([actions[kind]()]):
            tf.argmax(pixels, 3, name="SemanticPredictions")

    return build


@pytest.mark.parametrize("kind", ["WriteFile", "ReadFile", "SaveV2", "PrintV2"])
def test_a_graph_that_reaches_beyond_its_tensors_is_refused_before_it_runs(kind: str, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    path = save_graph(tmp_path / "g.pb", hostile_graph(kind, canary))
    with pytest.raises(WeightsUnreadableError, match=kind):
        opened(path)
    assert [item.name for item in tmp_path.iterdir()] == ["g.pb"]


def test_a_graph_with_functions_is_refused(tmp_path: Path) -> None:
    def build() -> None:
        pixels = v1.placeholder(tf.float32, [1, None, None, BANDS], name="x")
        tf.function(lambda x: x * 2)(pixels)

    with pytest.raises(WeightsUnreadableError, match="functions"):
        opened(save_graph(tmp_path / "g.pb", build))


@pytest.mark.parametrize("damage", range(12))
def test_a_damaged_graph_is_a_named_error(damage: int, tmp_path: Path) -> None:
    whole = save_graph(tmp_path / "whole.pb", build_deeplab).read_bytes()
    random = np.random.default_rng(damage)
    content = bytearray(whole[: random.integers(1, len(whole))] if damage % 2 else whole)
    for place in random.integers(0, len(content), 8):
        content[place] = random.integers(0, 256)
    path = tmp_path / "g.pb"
    path.write_bytes(bytes(content))
    with suppress(ClassifyPixelsError), closing(opened(path)) as backend:
        backend.run(images())


def test_a_graph_that_fails_on_a_size_says_so(tmp_path: Path) -> None:
    def build() -> None:
        pixels = v1.placeholder(tf.float32, [None, None, None, BANDS], name="x")
        tf.reshape(pixels, [-1, 4, 4, BANDS], name="y")

    path = save_graph(tmp_path / "g.pb", build)
    with closing(opened(path)) as backend, pytest.raises(NetworkRunError, match="5 x 3"):
        backend.run(images(3, 5))


def test_an_interrupted_graph_runs_no_more(tmp_path: Path) -> None:
    backend = opened(save_graph(tmp_path / "g.pb", build_deeplab))
    backend.interrupt()
    with pytest.raises(RunCancelledError):
        backend.run(images())
    backend.close()


def test_a_graph_that_never_returns_is_interrupted(tmp_path: Path) -> None:
    def build() -> None:
        pixels = v1.placeholder(tf.float32, [None, None, None, BANDS], name="x")
        # Frozen graphs have loops written out, without functions.
        v1.disable_control_flow_v2()
        endless = v1.while_loop(lambda x: tf.reduce_all(tf.equal(x, x)), lambda x: x * 1.0, [pixels])
        v1.enable_control_flow_v2()
        tf.identity(endless, name="y")

    with closing(opened(save_graph(tmp_path / "g.pb", build), input="x", output="y")) as backend:
        threading.Timer(0.5, backend.interrupt).start()
        with pytest.raises(RunCancelledError):
            backend.run(images())


@pytest.mark.skipif(bool(tf.config.list_physical_devices("GPU")), reason="there is a GPU")
def test_a_gpu_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ProcessorError, match="TensorFlow"):
        opened(save_graph(tmp_path / "g.pb", build_deeplab), processor="GPU")


def test_the_documents_own_example_classifies_a_raster(tmp_path: Path) -> None:
    """The definition is that of the operation's page, whose tiles have an odd size."""
    save_graph(tmp_path / "frozen_inference_graph.pb", build_deeplab)
    definition = {
        **class_definition(Path("frozen_inference_graph.pb"), BANDS, [0, 1, 2, 3], 33),
        "Framework": "TensorFlow",
        "ModelConfiguration": "DeepLab",
        "ModelFile": ".\\frozen_inference_graph.pb",
    }
    (tmp_path / "deeplab.emd").write_text(json.dumps(definition))
    pixels = np.random.default_rng(2).integers(0, 256, (BANDS, 70, 81)).astype(np.uint8)
    scene = write_raster(tmp_path / "scene.tif", pixels)
    classify(scene, tmp_path / "deeplab.emd", tmp_path / "out.tif")
    result = read_raster(tmp_path / "out.tif").squeeze()
    np.testing.assert_array_equal(result, expected_classes(pixels[np.newaxis].astype(np.float32))[0, 0])
