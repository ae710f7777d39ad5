# SPDX-License-Identifier: GPL-2.0-or-later
"""What is said of networks that ONNX Runtime does not open, and of those that do something else."""

from __future__ import annotations

from pathlib import Path

import onnxruntime
import pytest
from onnx import TensorProto, helper, load, save

from classify_pixels.inference.errors import (
    ModelRightsError,
    ModelTypeError,
    ModelUnreadableError,
    StandInError,
    WeightsOperationError,
    WeightsTooNewError,
    WeightsUnreadableError,
    WeightsUnsupportedError,
)
from classify_pixels.inference.models import ModelReference, open_model
from classify_pixels.inference.runtimes import BackendOptions, open_backend
from classify_pixels.inference.runtimes.onnx.reasons import opening_error, plain_reason

from ..networks import pointwise_network

OPTIONS = BackendOptions(processor="CPU")


def changed(tmp_path: Path, opset: int = 17, ir: int = 8, operation: str = "", domain: str = "") -> Path:
    """Returns a small network with another version, or with an operation that nobody has."""
    path = pointwise_network(tmp_path / "n.onnx", bands=2, channels=3)
    model = load(str(path))
    model.ir_version = ir
    model.opset_import[0].version = opset
    if operation:
        model.graph.node[0].op_type, model.graph.node[0].domain = operation, domain
        model.opset_import.append(helper.make_opsetid(domain, 1))
    save(model, str(path))
    return path


def test_a_newer_form_names_the_release_that_is_here(tmp_path: Path) -> None:
    for ir, opset, what in ((99, 17, "IR version 99"), (8, 99, "opset 99")):
        with pytest.raises(WeightsTooNewError) as raised:
            open_backend(changed(tmp_path, opset, ir), OPTIONS)
        assert what in str(raised.value)
        assert onnxruntime.__version__ in str(raised.value)
        assert "complete" not in str(raised.value)


@pytest.mark.parametrize(
    ("said", "needed"),
    [
        ("x failed:/a/b.cc:2 f(int) Unsupported model IR version: 10, max supported IR version: 9", "1.18"),
        ("Opset 19 is under development and.\n Current official support for domain ai.onnx is till opset 18.", "1.15"),
    ],
)
def test_a_known_form_names_the_release_that_it_needs(said: str, needed: str) -> None:
    error = opening_error(Path("n.onnx"), RuntimeError(said), "1.14.0")
    assert f"needs ONNX Runtime {needed} or newer; version 1.14.0 is installed" in str(error)


@pytest.mark.parametrize(
    ("operation", "domain"), [("MMCVRoiAlign", "mmcv"), ("Nonsense", ""), ("Nope", "com.microsoft")]
)
def test_an_operation_that_is_not_there_is_named(operation: str, domain: str, tmp_path: Path) -> None:
    with pytest.raises(WeightsOperationError, match=operation):
        open_backend(changed(tmp_path, operation=operation, domain=domain), OPTIONS)


def test_only_damage_is_called_damage(tmp_path: Path) -> None:
    broken = tmp_path / "n.onnx"
    broken.write_bytes(b"\x08\x08\x12\x07pytorch")
    with pytest.raises(WeightsUnreadableError, match="complete"):
        open_backend(broken, OPTIONS)
    other = opening_error(broken, RuntimeError("[ONNXRuntimeError] : 1 : FAIL : Type Error: x"), "1.20.0")
    assert isinstance(other, WeightsUnsupportedError)
    assert "complete" not in str(other)


def test_the_reason_is_told_up_to_its_end() -> None:
    place = (
        "/onnxruntime_src/onnxruntime/core/graph/model.cc:256 onnxruntime::Model::Model(onnx::ModelProto&&, const "
        + "x" * 400
    )
    said = f"[ONNXRuntimeError] : 1 : FAIL : Load model from /a b/n.onnx failed:{place}) The point\nof it all."
    assert plain_reason(RuntimeError(said)) == "The point of it all"
    assert plain_reason(MemoryError()) == "MemoryError"


def network_of(tmp_path: Path, image: tuple[object, ...], outputs: list[tuple[object, ...]]) -> Path:
    """Saves a network that declares shapes, whatever it would give."""
    values = [
        helper.make_tensor_value_info(f"y{number}", TensorProto.FLOAT, shape) for number, shape in enumerate(outputs)
    ]
    nodes = [helper.make_node("Identity", ["x"], [value.name]) for value in values]
    given = [helper.make_tensor_value_info("x", TensorProto.FLOAT, image)]
    model = helper.make_model(helper.make_graph(nodes, "g", given, values), ir_version=8)
    model.opset_import[0].version = 17
    path = tmp_path / "t.onnx"
    save(model, str(path))
    return path


@pytest.mark.parametrize(
    ("image", "outputs", "task"),
    [
        ((1, 3, 640, 640), [(1, 116, 8400), (1, 32, 160, 160)], "instance segmentation"),
        ((1, 3, 128, 128), [(1, 36, 1024), (1, 32, 32, 32)], "instance segmentation"),
        ((1, 3, 640, 640), [(1, 84, 8400)], "object detection"),
        (("n", 3, 224, 224), [("n", 1000)], "classification of whole images"),
        ((1, 3, 64, 48), [(1, 7), (1, 9)], "classification of whole images"),
        # Those that classify pixels: a map of classes with coarse scores, rows and columns alone, scores by pixel.
        ((1, 3, 640, 640), [(1, 640, 640), (1, 32, 160, 160)], ""),
        (("n", 3, "h", "w"), [("h", "w")], ""),
        ((1, 3, 64, 64), [(64, 64)], ""),
        (("n", 3, "h", "w"), [("n", "a", "b"), ("n", 32, "c", "d")], ""),
        ((1, 3, 64, 64), [(1, 32, 64)], ""),
    ],
)
def test_other_tasks_are_told_from_the_declared_shapes(
    image: tuple[int | str, ...], outputs: list[tuple[int | str, ...]], task: str
) -> None:
    from classify_pixels.inference.runtimes.other_tasks import Tensor, check_declared

    nodes = [Tensor(f"y{number}", list(shape)) for number, shape in enumerate(outputs)]
    if not task:
        check_declared("n.onnx", [Tensor("x", list(image))], nodes)
        return
    with pytest.raises(ModelTypeError, match=task):
        check_declared("n.onnx", [Tensor("x", list(image))], nodes)


# --- the files of a model -----------------------------------------------------------------------------

POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'4d' * 32}\nsize 132465\n"


@pytest.mark.parametrize(
    ("text", "kind"), [(POINTER, "Git LFS"), ("\n<!DOCTYPE html><html>sign in</html>", "a web page")]
)
@pytest.mark.parametrize("name", ["n.onnx", "n.pt", "n.pth", "n.safetensors", "n.pt2", "n.dlpk", "n.emd"])
def test_a_file_in_the_place_of_the_model_is_named(text: str, kind: str, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(StandInError, match=kind):
        open_model(ModelReference(tmp_path / name), tmp_path)
    definition = {"Framework": "PyTorch", "ModelType": "ImageClassification", "ModelFile": str(tmp_path / name)}
    if name.endswith((".onnx", ".pt")):
        classes = [{"Value": 1, "Name": "a", "Color": [1, 2, 3]}]
        document = {**definition, "ExtractBands": [0], "Classes": classes, "ImageHeight": 64, "ImageWidth": 64}
        with pytest.raises(StandInError, match=kind):
            open_model(ModelReference(document=document), tmp_path)


def test_a_folder_is_a_model_only_if_tensorflow_wrote_it(tmp_path: Path) -> None:
    with pytest.raises(ModelUnreadableError, match="it is a folder"):
        open_model(ModelReference(tmp_path), tmp_path)
    (tmp_path / "saved_model.pb").write_bytes(b"x")
    assert open_model(ModelReference(tmp_path), tmp_path).weights == tmp_path / "saved_model.pb"


def test_a_model_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = pointwise_network(tmp_path / "n.onnx", bands=2, channels=3)

    def forbidden(*_: object, **__: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(ModelRightsError, match="Permission denied"):
        open_model(ModelReference(path), tmp_path)
