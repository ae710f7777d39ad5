# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks for other tasks are named as what they are, from every runtime and from every form of a model."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper

from classify_pixels.inference.describe.model_description import describe_model
from classify_pixels.inference.errors import ClassifyPixelsError, ModelTypeError
from classify_pixels.inference.models import ModelReference
from classify_pixels.inference.models.other_task import other_task_error
from classify_pixels.inference.runtimes.other_tasks import Tensor, check_declared, check_given
from classify_pixels.inference.runtimes.output_form import GivenOutput
from tests.networks import class_definition
from tests.onnx_graphs import save_graph

FIXED = ("image", TensorProto.FLOAT, (1, 3, 64, 64))


def named(name: str, *shape: int | str) -> tuple[str, int, tuple[int | str, ...]]:
    return name, TensorProto.FLOAT, shape


def filled(path: Path, outputs: list[Any], declared: bool = True) -> Path:
    """Saves a network that gives zeros of these shapes, or declares none of them."""
    nodes, weights = [helper.make_node("ReduceMean", ["image"], ["mean"], keepdims=0)], {}
    for number, (name, _, shape) in enumerate(outputs):
        weights[f"shape{number}"] = np.array(shape, np.int64)
        nodes.append(helper.make_node("Expand", ["mean", f"shape{number}"], [name]))
    given = outputs if declared else [(name, kind, None) for name, kind, _ in outputs]
    return save_graph(path, nodes, given, [FIXED], weights)


# What is given for images of 64 x 64 pixels, whose YOLO grids have 64 + 16 + 4 cells.
GIVEN = {
    "object detection": [
        [named("output0", 1, 84, 84)],
        [named("output0", 1, 7, 84)],
        [named("output", 1, 252, 85)],
        [named("output0", 1, 300, 6)],
        [named("logits", 1, 100, 92), named("pred_boxes", 1, 100, 4)],
        [named("boxes", 5, 4), named("labels", 5), named("scores", 5)],
        [named("detection_boxes", 1, 100, 4), named("num_detections", 1)],
    ],
    "instance segmentation": [
        [named("output0", 1, 300, 38)],
        [named("output0", 1, 116, 84), named("output1", 1, 32, 16, 16)],
        [named("boxes", 5, 4), named("labels", 5), named("scores", 5), named("masks", 5, 1, 64, 64)],
    ],
    "mask queries": [
        [named("class_queries_logits", 1, 100, 20), named("masks_queries_logits", 1, 100, 16, 16)],
        [named("a", 1, 100, 20), named("b", 1, 100, 16, 16)],
        [named("pred_logits", 1, 100, 20), named("pred_masks", 1, 100, 64, 64)],
    ],
    "image features": [
        [named("image_embeddings", 1, 256, 4, 4)],
        [named("last_hidden_state", 1, 17, 384)],
        [named("last_hidden_state", 1, 17, 384), named("pooler_output", 1, 384)],
    ],
    "classification of whole images": [
        [named("logits", 1, 1000)],
        [named("logits", 1, 10, 1, 1)],
        [named("a", 1, 7), named("b", 1, 9)],
    ],
    "depth estimation": [[named("predicted_depth", 1, 64, 64)]],
    "super-resolution": [[named("y", 1, 3, 128, 128)], [named("y", 1, 3, 256, 256)]],
}
CASES = [(task, outputs) for task, listed in GIVEN.items() for outputs in listed]


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize(("task", "outputs"), CASES)
def test_a_network_is_named_by_what_it_gives(task: str, outputs: list[Any], declared: bool, tmp_path: Path) -> None:
    """With an output of boxes and masks, Ultralytics' forms of instance segmentation count as detection."""
    network = filled(tmp_path / "n.onnx", outputs, declared)
    problem = describe_model(ModelReference(network), tmp_path).problem
    wanted = "object detection|instance segmentation" if outputs == [named("output0", 1, 300, 38)] else task
    assert isinstance(problem, ModelTypeError), problem
    with pytest.raises(ModelTypeError, match=wanted):
        raise problem


@pytest.mark.parametrize("form", ["bare", "emd", "dlpk"])
def test_it_is_named_from_every_form_of_a_model(form: str, tmp_path: Path) -> None:
    network = filled(tmp_path / "n.onnx", [named("output0", 1, 84, 84)])
    definition = json.dumps(class_definition(Path("n.onnx"), 3, [1, 2], 64))
    (tmp_path / "n.emd").write_text(definition)
    with zipfile.ZipFile(tmp_path / "n.dlpk", "w") as archive:
        archive.writestr("n.emd", definition)
        archive.write(network, "n.onnx")
    model = {"bare": network, "emd": tmp_path / "n.emd", "dlpk": tmp_path / "n.dlpk"}[form]
    problem = describe_model(ModelReference(model), tmp_path / "cache").problem
    assert isinstance(problem, ModelTypeError)
    assert "object detection" in str(problem)
    assert "Deepness" in str(problem)


def test_the_decoder_of_segment_anything_is_named_by_its_inputs() -> None:
    inputs = [Tensor("image_embeddings", [1, 256, 64, 64]), Tensor("point_coords", [1, "n", 2])]
    with pytest.raises(ModelTypeError, match="prompts"):
        check_declared("n.onnx", inputs, [Tensor("masks", [1, "n", "h", "w"])])


def given(*outputs: tuple[str, tuple[int, ...]]) -> list[GivenOutput]:
    return [GivenOutput(name, shape, "<f4") for name, shape in outputs]


@pytest.mark.parametrize(
    "outputs",
    [
        [("scores", (1, 4, 1024, 1024)), ("boxes", (1, 7))],
        [("out", (1, 21, 1024, 1024)), ("aux", (1, 21, 1024, 1024))],
        [("labels", (1, 1024, 1024)), ("scores", (1, 1024, 1024))],
        [("y", (1, 4, 256, 256))],
        [("y", (1, 255, 64, 64))],
        [("y", (1024, 1024))],
        [("y", (4, 1024, 1024))],
        [("y", (1, 4, 1000, 1000))],
        [("y", (1, 1024, 1024, 4))],
        [("last_hidden_state", (1, 4, 1024, 1024)), ("scores", (1, 4, 1024, 1024))],
    ],
)
def test_maps_of_the_image_are_never_taken_for_something_else(outputs: list[tuple[str, tuple[int, ...]]]) -> None:
    check_given("n.onnx", "NCHW", (1, 3, 1024, 1024), given(*outputs))


def test_features_of_segment_anything_have_their_shape_alone() -> None:
    with pytest.raises(ModelTypeError, match="features"):
        check_given("n.onnx", "NCHW", (1, 3, 1024, 1024), given(("y", (1, 256, 64, 64))))


@pytest.mark.parametrize("layout", ["NC", "NTC"])
def test_rows_are_no_scores_of_whole_images(layout: str) -> None:
    check_given("n.onnx", layout, (1, 3, 64, 64), given(("y", (4096, 7))))


@pytest.mark.parametrize(
    "task",
    [
        "ObjectDetection",
        "MaskRCNN",
        "ChangeDetection",
        "SuperResolution",
        "x" * 10**6,
        "\0",
        "()[*",
        "DPTForDepthEstimation",
    ],
)
def test_each_task_has_an_advice(task: str) -> None:
    assert str(other_task_error("n.onnx", task).values["advice"]).endswith(".")


# --- PyTorch ------------------------------------------------------------------------------------------

BODIES = {
    "object detection": 'return [{"boxes": x[0, 0, :4], "labels": x[0, 0, 0], "scores": x[0, 0, 0]}]',
    "classification of whole images": "return x.mean(dim=(2, 3))",
    "mask queries": (
        'return {"class_queries_logits": x.mean(dim=(2, 3)).unsqueeze(2).repeat(1, 1, 7), "masks_queries_logits": x}'
    ),
    "image features": 'return {"last_hidden_state": x.flatten(2)}',
    "depth estimation": 'return {"predicted_depth": x[:, 0]}',
    "super-resolution": "return torch.cat([torch.cat([x, x], 3), torch.cat([x, x], 3)], 2)",
}


@pytest.mark.parametrize("task", BODIES)
def test_torchscript_is_named_by_what_it_gives(task: str, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is optional")
    source = f"def forward(x):\n    {BODIES[task]}\n"
    torch.jit.CompilationUnit(source).forward.save(str(tmp_path / "n.pt"))
    (tmp_path / "n.emd").write_text(json.dumps(class_definition(tmp_path / "n.pt", 3, [1, 2], 64)))
    problem = describe_model(ModelReference(tmp_path / "n.emd"), tmp_path).problem
    assert isinstance(problem, ModelTypeError), problem
    assert task in str(problem)


def test_a_scripted_detector_is_named_by_its_list_of_images(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is optional")
    source = "def forward(images: List[Tensor]):\n    return images[0]\n"
    torch.jit.CompilationUnit(source).forward.save(str(tmp_path / "n.pt"))
    (tmp_path / "n.emd").write_text(json.dumps(class_definition(tmp_path / "n.pt", 3, [1, 2], 64)))
    assert "object detection" in str(describe_model(ModelReference(tmp_path / "n.emd"), tmp_path).problem)


@pytest.mark.parametrize(
    ("names", "task"),
    [
        (["backbone.body.conv1.weight", "rpn.head.conv.weight", "roi_heads.box_head.fc6.weight"], "object detection"),
        (["roi_heads.box_head.fc6.weight", "roi_heads.mask_predictor.mask_fcn_logits.weight"], "instance"),
        (["class_embed.weight", "bbox_embed.layers.0.weight", "transformer.x.weight"], "object detection"),
        (["image_encoder.pos_embed", "mask_decoder.iou_token.weight"], "prompts"),
    ],
)
def test_bare_tensors_of_other_networks_are_named(names: list[str], task: str, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is optional")
    torch.save({name: torch.zeros(4, 4) for name in names}, str(tmp_path / "n.pth"))
    problem: ClassifyPixelsError | None = describe_model(ModelReference(tmp_path / "n.pth"), tmp_path).problem
    assert isinstance(problem, ModelTypeError), problem
    assert task in str(problem)
