# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks in formats that only OpenVINO reads, compared with numpy; and files that only look like one."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.errors import (
    ArgumentError,
    ClassifyPixelsError,
    NetworkMismatchError,
    NetworkRunError,
    ProcessorError,
    RunCancelledError,
    WeightsMissingError,
    WeightsRefusedError,
    WeightsUnreadableError,
    WorkerDiedError,
)
from classify_pixels.inference.models import ModelReference, open_model
from classify_pixels.inference.runtimes import Backend, BackendOptions, NetworkInput, open_backend, weights_files
from tests.networks import class_definition, pointwise_weights
from tests.paddle_networks import save_scaling_network
from tests.tensorflow_graphs import (
    FLOAT,
    INT32,
    NUMBERS,
    STRING,
    constant,
    deeplab_graph,
    field,
    lite_network,
    node,
    placeholder,
    save_saved_model,
    type_attribute,
    unary,
)
from tests.unit.rasters import read_raster, write_raster
from tests.unit.runs import classify

openvino = pytest.importorskip("openvino", reason="OpenVINO is optional")
BANDS, CLASSES, SIDE = 3, 4, 32


def deeplab(*names: str, dtype: str = "uint8") -> bytes:
    matrix, bias = pointwise_weights(BANDS, CLASSES)
    return deeplab_graph(matrix, 100 * bias, *names, dtype=dtype)


def expected_scores(pixels: np.ndarray) -> np.ndarray:
    matrix, bias = pointwise_weights(BANDS, CLASSES)
    return np.einsum("kb,nbhw->nkhw", matrix, pixels) + 100 * bias[:, None, None]


def expected_classes(pixels: np.ndarray) -> np.ndarray:
    return expected_scores(pixels).argmax(axis=1)[:, np.newaxis]


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def opened(weights: Path, **options: Any) -> Backend:
    return open_backend(weights, BackendOptions(**{"processor": "CPU", "bands": BANDS, **options}))


def images(height: int = 9, width: int = 13, count: int = 1) -> np.ndarray:
    return np.random.default_rng(5).integers(0, 256, (count, BANDS, height, width)).astype(np.float32)


def save_own(folder: Path, graph: Path | None = None) -> Path:
    """Saves a network in OpenVINO's own format: an .xml, and a .bin beside it."""
    source = graph or written(folder / "source.pb", deeplab())
    openvino.save_model(openvino.Core().read_model(source), folder / "net.xml", compress_to_fp16=False)
    return folder / "net.xml"


# --- what the formats give --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["uint8", "float32", "int32"])
def test_a_frozen_graph_gives_the_classes_that_numpy_gives(dtype: str, tmp_path: Path) -> None:
    with closing(opened(written(tmp_path / "g.pb", deeplab(dtype=dtype)))) as backend:
        limits = None if dtype == "float32" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
        assert backend.input == NetworkInput(1, BANDS, None, None, "NHWC", limits)
        assert backend.device.startswith("CPU (OpenVINO")
        assert backend.runtime == "openvino"
        output = backend.run(images())
    assert output.dtype.kind == "i"
    np.testing.assert_array_equal(output, expected_classes(images()))


def test_a_saved_model_is_read_by_its_folder(tmp_path: Path) -> None:
    folder = save_saved_model(tmp_path / "net", deeplab(dtype="float32"), "ImageTensor", "SemanticPredictions")
    model = open_model(ModelReference(folder), tmp_path)
    assert (model.name, model.weights) == ("net", folder / "saved_model.pb")
    with closing(opened(model.weights)) as backend:
        np.testing.assert_array_equal(backend.run(images()), expected_classes(images()))


def test_a_network_of_tensorflow_lite_gives_the_scores_that_numpy_gives(tmp_path: Path) -> None:
    pytest.importorskip("flatbuffers", reason="it writes the network")
    matrix, bias = pointwise_weights(BANDS, CLASSES)
    path = written(tmp_path / "n.tflite", lite_network(matrix, 100 * bias, SIDE))
    with closing(opened(path)) as backend:
        assert backend.input == NetworkInput(1, BANDS, SIDE, SIDE, "NHWC")
        np.testing.assert_allclose(backend.run(images(SIDE, SIDE)), expected_scores(images(SIDE, SIDE)), atol=1e-3)


def test_a_network_of_paddle_gives_the_scores_that_numpy_gives(tmp_path: Path) -> None:
    path = save_scaling_network(tmp_path / "n.pdmodel", np.array([2, -1, 0.5]))
    with closing(opened(path)) as backend:
        assert backend.input == NetworkInput(None, BANDS, None, None)
        found = backend.run(images(count=2))
    np.testing.assert_array_equal(found, images(count=2) * np.array([2, -1, 0.5], np.float32)[:, None, None])
    (tmp_path / "n.pdiparams").unlink()
    with pytest.raises(WeightsUnreadableError, match=r"n\.pdmodel"):
        opened(path)


def test_its_own_format_gives_the_classes_that_numpy_gives(tmp_path: Path) -> None:
    with closing(opened(save_own(tmp_path))) as backend:
        np.testing.assert_array_equal(backend.run(images()), expected_classes(images()))


def test_tensors_beside_a_graph_are_files_of_the_network(tmp_path: Path) -> None:
    path = save_own(tmp_path)
    assert weights_files(path) == (path, tmp_path / "net.bin")
    folder = save_saved_model(tmp_path / "net", deeplab(), "ImageTensor", "SemanticPredictions")
    variables = written(folder / "variables" / "variables.index", b"x")
    assert weights_files(folder / "saved_model.pb") == (folder / "saved_model.pb", variables)
    (tmp_path / "n.pdmodel").write_bytes(b"x")
    assert weights_files(tmp_path / "n.pdmodel") == (tmp_path / "n.pdmodel",)
    tensors = written(tmp_path / "n.pdiparams", b"x")
    assert weights_files(tmp_path / "n.pdmodel") == (tmp_path / "n.pdmodel", tensors)


def test_values_beyond_the_type_are_clipped_instead_of_wrapped(tmp_path: Path) -> None:
    pixels = images() * 2 - 100
    with closing(opened(written(tmp_path / "g.pb", deeplab()))) as backend:
        np.testing.assert_array_equal(backend.run(pixels), expected_classes(np.clip(pixels, 0, 255)))


def test_the_ends_of_a_type_that_float32_does_not_hold_are_not_wrapped(tmp_path: Path) -> None:
    cast = node("y", "Cast", ["x"], SrcT=type_attribute(INT32), DstT=type_attribute(FLOAT))
    path = written(tmp_path / "g.pb", placeholder("x", (1, None, None, 1), INT32) + cast)
    with closing(opened(path, bands=1)) as backend:
        found = backend.run(np.array([-1e12, 7.4, 1e12], np.float32).reshape(1, 1, 1, 3))
    np.testing.assert_allclose(found.ravel(), [-(2**31), 7, 2**31], rtol=1e-6)


def test_scores_of_channels_last_come_with_the_channels_in_the_second_place(tmp_path: Path) -> None:
    graph = placeholder("x", (None, 8, 6, 2)) + unary("y", "Neg", "x")
    pixels = np.random.default_rng(0).normal(size=(3, 2, 8, 6)).astype(np.float32)
    with closing(opened(written(tmp_path / "g.pb", graph), bands=2)) as backend:
        assert backend.input == NetworkInput(None, 2, 8, 6, "NHWC")
        np.testing.assert_array_equal(backend.run(pixels), -pixels)


def test_the_documents_own_example_classifies_a_raster(tmp_path: Path) -> None:
    """The definition is that of the operation's page, whose tiles have an odd size."""
    written(tmp_path / "frozen_inference_graph.pb", deeplab())
    definition = {
        **class_definition(Path("frozen_inference_graph.pb"), BANDS, [0, 1, 2, 3], 33),
        "Framework": "TensorFlow",
        "ModelConfiguration": "DeepLab",
        "ModelFile": ".\\frozen_inference_graph.pb",
    }
    (tmp_path / "deeplab.emd").write_text(json.dumps(definition))
    pixels = np.random.default_rng(2).integers(0, 256, (BANDS, 70, 81)).astype(np.uint8)
    scene = write_raster(tmp_path / "scene.tif", pixels)
    for workers in (1, 2, 4):
        output = tmp_path / f"out{workers}.tif"
        classify(scene, tmp_path / "deeplab.emd", output, workers=workers)
        expected = expected_classes(pixels[np.newaxis].astype(np.float32))[0, 0]
        np.testing.assert_array_equal(read_raster(output).squeeze(), expected)


@pytest.mark.parametrize("named", [".\\net", "net/saved_model.pb", "C:\\models\\net"])
def test_a_definition_names_a_saved_model_by_its_folder_or_file(named: str, tmp_path: Path) -> None:
    save_saved_model(tmp_path / "net", deeplab(), "ImageTensor", "SemanticPredictions")
    definition = {**class_definition(Path("n"), BANDS, [0, 1, 2, 3], 33), "Framework": "TensorFlow"}
    (tmp_path / "n.emd").write_text(json.dumps({**definition, "ModelFile": named}))
    model = open_model(ModelReference(tmp_path / "n.emd"), tmp_path)
    assert model.weights.samefile(tmp_path / "net" / "saved_model.pb")
    shutil.rmtree(tmp_path / "net")
    with pytest.raises(WeightsMissingError, match="net"):
        open_model(ModelReference(tmp_path / "n.emd"), tmp_path)


# --- inputs and outputs ---------------------------------------------------------------------------------------------


def test_without_the_usual_names_the_only_ends_are_taken(tmp_path: Path) -> None:
    with closing(opened(written(tmp_path / "g.pb", deeplab("scene", "answer")))) as backend:
        assert backend.output.names == ("answer:0",)
        np.testing.assert_array_equal(backend.run(images()), expected_classes(images()))


def two_ends() -> bytes:
    shape = (None, None, None, BANDS)
    ends = unary("same", "Relu", "x") + unary("minus", "Neg", "x")
    return placeholder("x", shape) + ends + placeholder("other", (None, None, None, 1)) + unary("z", "Neg", "other")


@pytest.mark.parametrize("output", ["minus", "minus:0"])
def test_one_of_several_ends_is_chosen_by_name(output: str, tmp_path: Path) -> None:
    path = written(tmp_path / "g.pb", two_ends())
    with closing(opened(path, input="x", output=output)) as backend:
        backend.outputs(images())
        np.testing.assert_array_equal(backend.run(images()), -images())


def test_an_output_within_the_graph_can_be_chosen(tmp_path: Path) -> None:
    with closing(opened(written(tmp_path / "g.pb", deeplab()), output="scores")) as backend:
        assert backend.output.names == ("scores:0",)
        np.testing.assert_allclose(backend.run(images()), expected_scores(images()), rtol=1e-4, atol=1e-3)


def test_ends_that_are_not_there_or_not_chosen_are_named(tmp_path: Path) -> None:
    path = written(tmp_path / "g.pb", two_ends())
    with pytest.raises(NetworkMismatchError, match="other.*x|x.*other"):
        opened(path, output="minus")
    with pytest.raises(NetworkMismatchError, match="no tensor y"):
        opened(path, input="y")
    with pytest.raises(ArgumentError, match="nothing.*minus:0"):
        opened(path, input="x", output="nothing")
    with pytest.raises(ClassifyPixelsError):
        opened(path, input="x", output="z")


def test_other_bands_than_the_definitions_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(NetworkMismatchError, match="3 bands, but the definition lists 4"):
        opened(written(tmp_path / "g.pb", deeplab()), bands=4)


# --- files that are hostile, damaged or no networks -------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["WriteFile", "ReadFile", "SaveV2", "PrintV2", "PyFunc", "LoopCond"])
def test_a_graph_that_reaches_beyond_its_tensors_does_nothing_there(kind: str, tmp_path: Path) -> None:
    """OpenVINO has none of these operations: it refuses them, or leaves those out that only have to run first."""
    canary = tmp_path / "canary"
    before = constant("name", np.frombuffer(str(canary).encode(), np.uint8)) + node("act", kind, ["name", "name"])
    classes = node("SemanticPredictions", "Relu", ["x", "^act"], T=type_attribute(FLOAT))
    path = written(tmp_path / "g.pb", placeholder("x", (1, None, None, BANDS)) + before + classes)
    with suppress(ClassifyPixelsError), closing(opened(path)) as backend:
        backend.run(images())
    assert [item.name for item in tmp_path.iterdir()] == ["g.pb"]
    direct = node("act", kind, ["x"]) + unary("SemanticPredictions", "Relu", "act")
    written(path, placeholder("x", (1, None, None, BANDS)) + direct)
    with pytest.raises((WeightsUnreadableError, NetworkMismatchError), match=r"g\.pb"):
        opened(path)


def function(name: str, called: list[str]) -> bytes:
    """Returns a function of a graph, which applies others to its only argument one after the other."""
    argument = field(1, b"x") + field(3, FLOAT)
    signature = field(1, name.encode()) + field(2, argument) + field(3, field(1, b"y") + field(3, FLOAT))
    steps, given = [], "x"
    for number, each in enumerate(called):
        attributes = {"T": type_attribute(FLOAT)} if each == "Neg" else {}
        steps.append(node(f"n{number}", each, [given], **attributes))
        given = f"n{number}:y:0"
    # A node has the number 1 in a graph, and 3 in a function.
    nodes = b"".join(bytes([3 << 3 | 2]) + step[1:] for step in steps)
    result = field(4, field(1, b"y") + field(2, given.encode()))
    return field(1, field(1, signature) + nodes + result)


@pytest.mark.parametrize(("depth", "reason"), [(40, "more than 20000 steps"), (0, "recursive")])
def test_functions_that_grow_without_end_are_refused(depth: int, reason: str, tmp_path: Path) -> None:
    functions = [function(f"f{k}", [f"f{k + 1}" if k < depth else "Neg"] * 2) for k in range(depth + 1)]
    library = b"".join(functions) if depth else function("f0", ["f0"])
    graph = placeholder("x", (1, None, None, BANDS)) + node("y", "f0", ["x"]) + field(2, library)
    with pytest.raises(WeightsRefusedError, match=reason):
        opened(written(tmp_path / "g.pb", graph))
    folder = save_saved_model(tmp_path / "net", graph, "x", "y")
    with pytest.raises(WeightsRefusedError, match=reason):
        opened(folder / "saved_model.pb")


def test_a_graph_that_takes_encoded_images_is_refused(tmp_path: Path) -> None:
    decode = node("y", "DecodePng", ["x"], dtype=type_attribute(NUMBERS["uint8"]))
    with pytest.raises((NetworkMismatchError, WeightsUnreadableError), match=r"g\.pb"):
        opened(written(tmp_path / "g.pb", placeholder("x", (), STRING) + decode))


@pytest.mark.parametrize("suffix", [".pb", ".tflite", ".xml", ".pdmodel"])
@pytest.mark.parametrize("content", [b"", b"<net/>", b"\0" * 200])
def test_a_file_of_something_else_is_a_named_error(content: bytes, suffix: str, tmp_path: Path) -> None:
    with pytest.raises((WeightsUnreadableError, NetworkMismatchError), match="net"):
        opened(written(tmp_path / f"net{suffix}", content))


def damaged(whole: bytes, damage: int) -> bytes:
    random = np.random.default_rng(damage)
    content = bytearray(whole[: random.integers(1, len(whole))] if damage % 2 else whole)
    for place in random.integers(0, len(content), 8):
        content[place] = random.integers(0, 256)
    return bytes(content)


@pytest.mark.parametrize("damage", range(8))
@pytest.mark.parametrize("suffix", [".pb", ".tflite", ".xml"])
def test_a_damaged_file_is_a_named_error(suffix: str, damage: int, tmp_path: Path) -> None:
    if suffix == ".tflite":
        pytest.importorskip("flatbuffers", reason="it writes the network")
        matrix, bias = pointwise_weights(BANDS, CLASSES)
        path = written(tmp_path / "net.tflite", lite_network(matrix, bias, SIDE))
    else:
        path = save_own(tmp_path) if suffix == ".xml" else written(tmp_path / "net.pb", deeplab())
    written(path, damaged(path.read_bytes(), damage))
    with suppress(ClassifyPixelsError), closing(opened(path)) as backend:
        backend.run(images(SIDE, SIDE))


def test_tensors_that_are_missing_or_cut_are_named_errors(tmp_path: Path) -> None:
    path = save_own(tmp_path)
    tensors = (tmp_path / "net.bin").read_bytes()
    for content in (tensors[:20], b"", None):
        (tmp_path / "net.bin").unlink()
        if content is not None:
            written(tmp_path / "net.bin", content)
        with pytest.raises(WeightsUnreadableError, match=r"net\.xml"):
            opened(path)


def test_a_tensor_of_an_absurd_size_is_a_named_error(tmp_path: Path) -> None:
    path = save_own(tmp_path)
    text = path.read_text().replace('size="48"', f'size="{2**62}"')
    assert str(2**62) in text
    with pytest.raises(WeightsUnreadableError, match=r"net\.xml"):
        opened(written(path, text.encode()))


def test_a_file_that_crashes_the_reader_ends_its_process_alone(tmp_path: Path) -> None:
    """Three bytes of a network of TensorFlow Lite, for which OpenVINO 2026.4 divides by zero."""
    pytest.importorskip("flatbuffers", reason="it writes the network")
    content = bytearray(lite_network(*pointwise_weights(BANDS, CLASSES), SIDE))
    for place, value in ((104, 30), (291, 255), (411, 193)):
        content[place] = value
    with pytest.raises((WorkerDiedError, WeightsUnreadableError)):
        opened(written(tmp_path / "n.tflite", bytes(content)))


@pytest.mark.parametrize("suffix", [".pb", ".tflite", ".xml", ".pdmodel"])
def test_a_network_is_never_read_in_the_process_of_qgis(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openvino, "Core", None)
    with suppress(WeightsUnreadableError):
        opened(written(tmp_path / f"net{suffix}", b"no network"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_tensors_that_never_end_are_a_named_error(kind: str, tmp_path: Path) -> None:
    own = save_own(tmp_path)
    paddle = save_scaling_network(tmp_path / "n.pdmodel", np.array([2, -1, 0.5]))
    folder = save_saved_model(tmp_path / "net", deeplab(), "ImageTensor", "SemanticPredictions")
    beside = (own.with_suffix(".bin"), paddle.with_suffix(".pdiparams"), folder / "variables" / "variables.index")
    for path, weights in zip(beside, (own, paddle, folder / "saved_model.pb")):
        path.unlink(missing_ok=True)
        if kind == "pipe":
            os.mkfifo(path)
        else:
            path.symlink_to("/dev/zero")
        with pytest.raises(WeightsUnreadableError, match=f"{path.name} is no file"):
            opened(weights)


def moved(path: Path, target: Path) -> None:
    """Moves a file, and puts a link in its place."""
    target.parent.mkdir(exist_ok=True)
    path.rename(target)
    path.symlink_to(os.path.relpath(target, path.parent))


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
@pytest.mark.parametrize("kind", ["folder", "cache", "hard"])
def test_tensors_behind_a_link_in_the_folder_or_the_cache_of_a_hub_are_read(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "snapshots"
    folder.mkdir()
    path = save_own(folder)
    if kind == "hard":
        os.link(path.with_suffix(".bin"), tmp_path / "other.bin")
        path.with_suffix(".bin").unlink()
        os.link(tmp_path / "other.bin", path.with_suffix(".bin"))
    else:
        blobs = folder / "blobs" if kind == "folder" else tmp_path / "blobs"
        for number, file in enumerate((path, path.with_suffix(".bin"))):
            moved(file, blobs / str(number))
    assert weights_files(path) == (path, path.with_suffix(".bin"))
    with closing(opened(path)) as backend:
        np.testing.assert_array_equal(backend.run(images()), expected_classes(images()))


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_tensors_behind_a_link_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    own = save_own(folder)
    paddle = save_scaling_network(folder / "n.pdmodel", np.array([2, -1, 0.5]))
    saved = save_saved_model(folder / "net", deeplab(), "ImageTensor", "SemanticPredictions")
    variables = written(saved / "variables" / "variables.index", b"x")
    beside = {
        own: own.with_suffix(".bin"),
        paddle: paddle.with_suffix(".pdiparams"),
        saved / "saved_model.pb": variables,
    }
    for number, (weights, file) in enumerate(beside.items()):
        moved(file, tmp_path / "elsewhere" / str(number))
        assert weights_files(weights) == (weights,)
        with pytest.raises(WeightsRefusedError, match=f"outside its folder.*elsewhere.{number}"):
            opened(weights)


def test_a_graph_that_fails_on_a_size_is_named_with_it(tmp_path: Path) -> None:
    reshape = node("y", "Reshape", ["x", "shape"], T=type_attribute(FLOAT), Tshape=type_attribute(INT32))
    shape = constant("shape", np.array([-1, 4, 4, BANDS], np.int32))
    path = written(tmp_path / "g.pb", placeholder("x", (None, None, None, BANDS)) + shape + reshape)
    with closing(opened(path)) as backend, pytest.raises(NetworkRunError, match="5 x 3"):
        backend.run(images(3, 5))


# --- devices ----------------------------------------------------------------------------------------------------------


def test_an_interrupted_graph_runs_no_more(tmp_path: Path) -> None:
    with closing(opened(written(tmp_path / "g.pb", deeplab()))) as backend:
        backend.interrupt()
        with pytest.raises(RunCancelledError):
            backend.run(images())


def test_a_gpu_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    if any(name.startswith("GPU") for name in openvino.Core().available_devices):
        pytest.skip("there is a GPU")
    with pytest.raises(ProcessorError, match="OpenVINO.*CPU"):
        opened(written(tmp_path / "g.pb", deeplab()), processor="GPU")


def test_another_library_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="auto or openvino"):
        opened(written(tmp_path / "g.pb", deeplab()), runtime="onnxruntime")
