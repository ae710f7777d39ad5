# SPDX-License-Identifier: GPL-2.0-or-later
"""Scores of blocks of pixels: maps equal the library's own scores of the whole scene, enlarged as PyTorch enlarges."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper

from classify_pixels.inference.errors import NetworkMismatchError
from classify_pixels.inference.events import RunStarted
from classify_pixels.inference.models import ModelReference, read_arguments
from classify_pixels.inference.notices import HaloReason, Note
from classify_pixels.inference.raster import GdalInput
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from tests.networks import bare_run, class_definition
from tests.onnx_graphs import save_graph
from tests.runs import read
from tests.unit.rasters import random_pixels, write_raster
from tests.unit.runs import Recorder

torch = pytest.importorskip("torch", reason="PyTorch is optional")

FLOAT = TensorProto.FLOAT
PIXELS = random_pixels(2, 96, 112)
SMALL = {"tile_size": "48"}


def kernels(channels: int, times: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(7)
    shapes = {"w1": (6, 2, 3, 3), "w2": (channels, 6, times, times)}
    return {name: random.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def coarse_network(
    path: Path, channels: int = 4, times: int = 4, side: int | None = None, tail: Any = (), output: Any = None,
    batch: Any = "n", weights: Any = None,
) -> Path:  # fmt: skip
    """Saves a network with a score for each block of `times` rows and columns, which `tail` turns into the output."""
    last = "s" if tail else "scores"
    nodes = [
        helper.make_node("Conv", ["image", "w1"], ["a"], pads=[1] * 4),
        helper.make_node("Relu", ["a"], ["b"]),
        helper.make_node("Conv", ["b", "w2"], [last], strides=[times] * 2),
        *tail,
    ]
    sizes: Any = (side, side) if side else ("h", "w")
    coarse: Any = (side // times,) * 2 if side else ("h4", "w4")
    outputs = [output or ("scores", FLOAT, (batch, channels, *coarse))]
    return save_graph(
        path, nodes, outputs, [("image", FLOAT, (batch, 2, *sizes))], {**kernels(channels, times), **(weights or {})}
    )


class Coarse(torch.nn.Module):  # type: ignore[misc]
    """The same network in PyTorch."""

    def __init__(self, channels: int = 4, times: int = 4) -> None:
        super().__init__()
        numbers = kernels(channels, times)
        self.first = torch.nn.Parameter(torch.from_numpy(numbers["w1"]))
        self.last = torch.nn.Parameter(torch.from_numpy(numbers["w2"]))
        self.times = times

    def forward(self, image: Any) -> Any:
        features = torch.relu(torch.nn.functional.conv2d(image, self.first, padding=1))
        return torch.nn.functional.conv2d(features, self.last, stride=self.times)


def enlarged(scores: np.ndarray, times: int) -> np.ndarray:
    """Returns what PyTorch makes of scores (channels, height, width)."""
    larger = torch.nn.functional.interpolate(
        torch.from_numpy(scores)[None], scale_factor=times, mode="bilinear", align_corners=False
    )
    return larger[0].numpy()


def whole(network: Path, times: int = 4, pixels: np.ndarray = PIXELS) -> np.ndarray:
    """Returns the enlarged scores that bare ONNX Runtime gives for a whole scene, extended to full blocks."""
    _, height, width = pixels.shape
    full = np.pad(pixels, ((0, 0), (0, -height % times), (0, -width % times)))
    return enlarged(bare_run(network, full[np.newaxis])[0], times)[:, :height, :width]


class Folder:
    """A folder with the scene, in which a model is run."""

    def __init__(self, path: Path) -> None:
        self.path, self.said = path, Recorder()
        self.raster = write_raster(path / "scene.tif", PIXELS)
        (path / "result").mkdir()

    def map(self, model: Any, arguments: Any = None, python: Path | None = None, **fields: Any) -> np.ndarray:
        self.said = Recorder()
        reference = ModelReference(path=model) if isinstance(model, Path) else ModelReference(document=model)
        environment = Environment(cache=self.path / "cache", workers=2, processor="CPU", torch_python=python)
        output = self.path / "result" / "map.tif"
        given = read_arguments(arguments)
        request = ClassificationRequest(GdalInput(str(self.raster)), reference, output, given, environment)
        self.done = classify_pixels(replace(request, **fields), self.said)
        return read(output)

    @property
    def scores(self) -> Path:
        return self.path / "result" / "scores.tif"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.mark.parametrize("times", [2, 3, 4, 8])
@pytest.mark.parametrize("height", [96, 89])
def test_tiles_give_the_enlarged_scores_of_the_whole_scene(times: int, height: int, folder: Folder) -> None:
    pixels = PIXELS[:, :height]
    folder.raster = write_raster(folder.path / "cut.tif", pixels)
    network = coarse_network(folder.path / "n.onnx", times=times)
    found = folder.map(network, {"tile_size": "72"} if times == 3 else SMALL)
    assert folder.done.tiles >= 4
    assert folder.done.stride % times == 0
    (started,) = folder.said.all_of(RunStarted)
    assert started.halo_reason.text is HaloReason.EXACT
    assert folder.said.said(Note.COARSE_SCORES) == [{"times": times}]
    scores = whole(network, times, pixels)
    clear = np.diff(np.sort(scores, axis=0)[-2:], axis=0)[0] > 1e-4
    assert clear.mean() > 0.99
    assert (found == scores.argmax(axis=0))[clear].all()
    assert len(np.unique(found)) == 4


def test_one_tile_and_many_give_the_same_bits(folder: Folder) -> None:
    network = coarse_network(folder.path / "n.onnx")
    one = folder.map(network, probability_output=folder.scores)
    scores = read(folder.scores)
    assert folder.done.tiles == 1
    assert (folder.map(network, SMALL, probability_output=folder.scores) == one).all()
    np.testing.assert_allclose(read(folder.scores), scores, rtol=0, atol=1e-6)
    np.testing.assert_allclose(scores, whole(network), rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("form", ["pt", "pt2", "worker"])
def test_networks_of_pytorch_and_those_in_another_python(form: str, folder: Folder) -> None:
    network, image = Coarse().eval(), torch.zeros(1, 2, 48, 48)
    path = folder.path / ("n.pt2" if form == "pt2" else "n.pt")
    if form == "pt2":
        pytest.importorskip("torch.export.pt2_archive", reason="this PyTorch exports programs in another form")
        torch.export.save(torch.export.export(network, (image,)), str(path))
    else:
        torch.jit.save(torch.jit.trace(network, image), str(path))
    python = Path(sys.executable) if form == "worker" else None
    found = folder.map(path, SMALL, python)
    with torch.no_grad():
        scores = enlarged(network(torch.from_numpy(PIXELS)[None])[0].numpy(), 4)
    assert (found == scores.argmax(axis=0)).mean() > 0.9995
    assert folder.done.tiles > 4


@pytest.mark.parametrize(
    ("nodes", "shape"),
    [
        ([helper.make_node("Transpose", ["s"], ["scores"], perm=[0, 2, 3, 1])], ("n", "h4", "w4", 4)),
        ([helper.make_node("Gather", ["s", "first"], ["scores"])], (4, "h4", "w4")),
    ],
    ids=["NHWC", "CHW"],
)
@pytest.mark.parametrize("batch", ["1", "3"])
def test_other_axes_and_batches(nodes: Any, shape: Any, batch: str, folder: Folder) -> None:
    expected = whole(coarse_network(folder.path / "plain.onnx")).argmax(axis=0)
    weights = {"first": np.array(0)}
    network = coarse_network(folder.path / "n.onnx", tail=nodes, output=("scores", FLOAT, shape), weights=weights)
    found = folder.map(network, {**SMALL, "batch_size": batch})
    assert (found == expected).mean() > 0.9995


def test_a_fixed_size_and_a_fixed_batch(folder: Folder) -> None:
    expected = whole(coarse_network(folder.path / "plain.onnx")).argmax(axis=0)
    found = folder.map(coarse_network(folder.path / "n.onnx", side=48, batch=2))
    assert (found == expected).mean() > 0.9995
    assert folder.done.tile == (48, 48)


def test_logits_of_one_class_are_enlarged_before_they_become_probabilities(folder: Folder) -> None:
    network = coarse_network(folder.path / "n.onnx", channels=1)
    found = folder.map(network, SMALL, probability_output=folder.scores)
    logits = whole(network)[0].astype(np.float64)
    expected = 1 / (1 + np.exp(-logits))
    np.testing.assert_allclose(read(folder.scores), expected, rtol=0, atol=1e-5)
    clear = np.abs(logits) > 1e-4
    assert (found == (logits > 0))[clear].all()
    np.testing.assert_allclose(
        folder.map(network, {**SMALL, "return_probability_raster": "true"}), expected, rtol=0, atol=1e-5
    )


def test_orientations_are_enlarged_one_by_one(folder: Folder) -> None:
    pixels = PIXELS[:, :64, :64]
    folder.raster = write_raster(folder.path / "square.tif", pixels)
    network = coarse_network(folder.path / "n.onnx", channels=1)
    model = class_definition(network, 2, [1], 64, ClassifyPixels={"Stride": 4, "Halo": 8})
    folder.map(model, {"test_time_augmentation": "true"}, probability_output=folder.scores)
    views = []
    for turns in range(4):
        for flip in (1, -1):
            view = np.ascontiguousarray(np.rot90(pixels, turns, (1, 2))[:, :, ::flip])
            probabilities = 1 / (1 + np.exp(-whole(network, pixels=view)[0].astype(np.float64)))
            views.append(np.rot90(probabilities[:, ::flip], -turns))
    np.testing.assert_allclose(read(folder.scores), np.mean(views, axis=0), rtol=0, atol=1e-5)


@pytest.mark.parametrize("fixed", [True, False])
def test_a_wide_margin_is_told_from_coarse_scores(fixed: bool, folder: Folder) -> None:
    """A kernel of 25 leaves 24 of 48 rows: half as many, but each is the score of a pixel."""
    kernel = np.random.default_rng(3).normal(size=(3, 2, 25, 25)).astype(np.float32)
    size: Any = (48, 48) if fixed else ("h", "w")
    network = save_graph(
        folder.path / "n.onnx", [helper.make_node("Conv", ["image", "w"], ["scores"])],
        [("scores", FLOAT, ("n", 3, *((24, 24) if fixed else ("h2", "w2"))))], [("image", FLOAT, ("n", 2, *size))],
        {"w": kernel},
    )  # fmt: skip
    found = folder.map(network, {} if fixed else SMALL)
    around = np.pad(PIXELS, ((0, 0), (12, 12), (12, 12)))
    free = save_graph(
        folder.path / "free.onnx", [helper.make_node("Conv", ["image", "w"], ["scores"])],
        [("scores", FLOAT, ("n", 3, "h2", "w2"))], [("image", FLOAT, ("n", 2, "h", "w"))], {"w": kernel},
    )  # fmt: skip
    assert (found == bare_run(free, around[np.newaxis])[0].argmax(axis=0)).mean() > 0.999


def test_where_nothing_tells_a_margin_from_coarse_scores_the_definition_has_to(folder: Folder) -> None:
    nodes = [
        helper.make_node("ReduceMean", ["image"], ["mean"], axes=[2, 3], keepdims=1),
        helper.make_node("Expand", ["mean", "sizes"], ["scores"]),
    ]
    network = save_graph(
        folder.path / "n.onnx", nodes, [("scores", FLOAT, (1, 2, 24, 24))], [("image", FLOAT, (1, 2, 48, 48))],
        {"sizes": np.array([1, 2, 24, 24])},
    )  # fmt: skip
    with pytest.raises(NetworkMismatchError, match="2 times coarser than the image or lack a wide margin"):
        folder.map(network)


def test_a_declared_margin_stays_one(folder: Folder) -> None:
    """Of the very shapes that coarse scores have."""
    network = coarse_network(folder.path / "n.onnx", channels=3, times=2, side=48)
    folder.map(class_definition(network, 2, [0, 1, 2], 48, ModelPadding=12))
    assert folder.done.halo == 12
    assert not folder.said.said(Note.COARSE_SCORES)


@pytest.mark.parametrize("to", [TensorProto.UINT8, FLOAT, TensorProto.BOOL])
def test_decided_classes_are_not_enlarged(to: int, folder: Folder) -> None:
    tail = [
        helper.make_node("ArgMax", ["s"], ["d"], axis=1, keepdims=1),
        helper.make_node("Cast", ["d"], ["scores"], to=to),
    ]
    network = coarse_network(folder.path / "n.onnx", tail=tail, output=("scores", to, ("n", 1, "h4", "w4")))
    values = [1] if to == TensorProto.BOOL else [0, 1, 2, 3]
    with pytest.raises(NetworkMismatchError, match="4 times coarser"):
        folder.map(class_definition(network, 2, values, 48))


def test_features_of_large_blocks_are_taken_for_scores_only_where_classes_are_named(folder: Folder) -> None:
    network = coarse_network(folder.path / "n.onnx", times=16)
    with pytest.raises(NetworkMismatchError, match="16 times coarser"):
        folder.map(network)
    found = folder.map(class_definition(network, 2, [0, 1, 2, 3], 64))
    assert (found == whole(network, 16).argmax(axis=0)).mean() > 0.9995


def test_a_stride_that_divides_scores_is_refused(folder: Folder) -> None:
    network = coarse_network(folder.path / "n.onnx")
    with pytest.raises(NetworkMismatchError, match="steps of 4 pixels, but Stride is 2"):
        folder.map(class_definition(network, 2, [0, 1, 2, 3], 48, ClassifyPixels={"Stride": 2, "Halo": 8}))
