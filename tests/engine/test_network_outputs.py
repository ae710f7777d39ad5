# SPDX-License-Identifier: GPL-2.0-or-later
"""Maps of networks whose outputs are of other kinds equal what ONNX Runtime or PyTorch gives for the whole scene."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper

from classify_pixels.inference.describe import json_of, text_of
from classify_pixels.inference.describe.model_description import describe_model
from classify_pixels.inference.errors import ArgumentError, NetworkMismatchError, ProbabilityError, UnlistedClassError
from classify_pixels.inference.models import GivenArguments, ModelReference, open_model, read_arguments
from classify_pixels.inference.network import prepare_model
from classify_pixels.inference.notices import Note
from classify_pixels.inference.raster import GdalInput
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from classify_pixels.inference.run.resume import network_key
from classify_pixels.inference.runtimes import BackendOptions, open_backend
from tests.networks import bare_run, class_definition
from tests.onnx_graphs import save_graph
from tests.runs import read
from tests.unit.rasters import random_pixels, write_raster
from tests.unit.runs import Recorder

HEIGHT, WIDTH = 70, 90
PIXELS = random_pixels(2, HEIGHT, WIDTH)
OWN = {"Stride": 1, "Halo": 1}


def kernel(channels: int, bands: int = 2, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(channels, bands, 3, 3)).astype(np.float32)


def convolution(path: Path, channels: int, tail: Any = (), weights: Any = None, output: Any = None) -> Path:
    """Saves a 3 x 3 convolution of two bands, whose scores `tail` turns into the output."""
    first = "s" if tail else "scores"
    nodes = [helper.make_node("Conv", ["image", "w"], [first], pads=[1] * 4), *tail]
    outputs = output or [("scores", TensorProto.FLOAT, ("n", channels, "h", "w"))]
    image = ("image", TensorProto.FLOAT, ("n", 2, "h", "w"))
    return save_graph(path, nodes, outputs, [image], {"w": kernel(channels), **(weights or {})})


class Folder:
    """A folder with the scene, in which a model is run."""

    def __init__(self, path: Path) -> None:
        self.path, self.said = path, Recorder()
        self.raster = write_raster(path / "scene.tif", PIXELS)
        (path / "result").mkdir()

    def request(self, model: Any, arguments: Any = None, **fields: Any) -> ClassificationRequest:
        reference = ModelReference(path=model) if isinstance(model, Path) else ModelReference(document=model)
        environment = Environment(cache=self.path / "cache", workers=2, processor="CPU")
        output = self.path / "result" / "map.tif"
        given = read_arguments(arguments)
        request = ClassificationRequest(GdalInput(str(self.raster)), reference, output, given, environment)
        return replace(request, **fields)

    def map(self, model: Any, arguments: Any = None, **fields: Any) -> np.ndarray:
        self.said = Recorder()
        request = self.request(model, arguments, **fields)
        classify_pixels(request, self.said)
        return read(request.output)

    @property
    def scores(self) -> Path:
        return self.path / "result" / "scores.tif"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def whole(network: Path) -> np.ndarray:
    """Returns bare ONNX Runtime's output of the whole scene."""
    return bare_run(network, PIXELS[np.newaxis])[0]


def exact_sigmoid(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logits.astype(np.float64)))


# One channel of logits


@pytest.mark.parametrize(("values", "batch"), [([1], 1), ([7], 3), ([3, 9], 2)])
def test_logits_are_told_and_divided_at_0(values: list[int], batch: int, folder: Folder) -> None:
    network = convolution(folder.path / "n.onnx", 1)
    found = folder.map(class_definition(network, 2, values, 32, ClassifyPixels=OWN), {"batch_size": batch})
    expected = np.array(values if len(values) > 1 else [0, *values])[(whole(network)[0] > 0).astype(int)]
    assert (found == expected).all()
    assert folder.said.said(Note.LOGITS)


def test_bare_logits_without_a_bias_are_told_from_probabilities(folder: Folder) -> None:
    """Zeros alone would give 0."""
    network = convolution(folder.path / "n.onnx", 1)
    assert (folder.map(network) == (whole(network)[0] > 0)).all()


@pytest.mark.parametrize("threshold", [0.2, 0.9])
def test_a_threshold_of_logits_is_a_probability(threshold: float, folder: Folder) -> None:
    network = convolution(folder.path / "n.onnx", 1)
    found = folder.map(class_definition(network, 2, [1], 32, ClassifyPixels=OWN), {"threshold": threshold})
    probability = exact_sigmoid(whole(network)[0])
    clear = np.abs(probability - threshold) > 1e-6
    assert clear.mean() > 0.99
    assert (found == (probability > threshold))[clear].all()


def test_scores_of_logits_are_written_as_probabilities(folder: Folder) -> None:
    network = convolution(folder.path / "n.onnx", 1)
    model = class_definition(network, 2, [1], 32, ClassifyPixels=OWN)
    plain = folder.map(model)
    assert (folder.map(model, probability_output=folder.scores) == plain).all()
    expected = exact_sigmoid(whole(network)[0])
    np.testing.assert_allclose(read(folder.scores), expected, rtol=0, atol=1e-6)
    found = folder.map(model, {"return_probability_raster": "true"})
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("policy", ["mean", "max"])
def test_orientations_are_averaged_as_probabilities(policy: str, folder: Folder) -> None:
    """Of one square tile nothing is blended, so numpy gives the same."""
    network = convolution(folder.path / "n.onnx", 1)
    pixels = PIXELS[:, :64, :64]
    folder.raster = write_raster(folder.path / "square.tif", pixels)
    model = class_definition(network, 2, [1], 64, ClassifyPixels=OWN)
    arguments = {"test_time_augmentation": "true", "merge_policy": policy}
    found = folder.map(model, arguments, probability_output=folder.scores)
    views = []
    for turns in range(4):
        for flip in (False, True):
            view = np.rot90(pixels, turns, (1, 2))[:, :, :: -1 if flip else 1]
            logits = bare_run(network, np.ascontiguousarray(view)[np.newaxis])[0, 0]
            views.append(np.rot90(exact_sigmoid(logits)[:, :: -1 if flip else 1], -turns))
    expected = {"mean": np.mean, "max": np.max}[policy](views, axis=0)
    np.testing.assert_allclose(read(folder.scores), expected, rtol=0, atol=1e-5)
    clear = np.abs(expected - 0.5) > 1e-5
    assert (found == (expected > 0.5))[clear].all()


def test_probabilities_stay_as_they_are_even_where_rounding_leaves_their_range(folder: Folder) -> None:
    tail = [helper.make_node("Sigmoid", ["s"], ["p"]), helper.make_node("Mul", ["p", "more"], ["scores"])]
    network = convolution(folder.path / "n.onnx", 1, tail, {"more": np.array(1.002, np.float32)})
    model = class_definition(network, 2, [1], 32, ClassifyPixels=OWN)
    found = folder.map(model, probability_output=folder.scores)
    scores = whole(network)[0]
    assert (found == (scores > 0.5)).all()
    np.testing.assert_allclose(read(folder.scores), scores, rtol=0, atol=1e-6)
    assert not folder.said.said(Note.LOGITS)


def test_a_definition_says_what_random_images_do_not_show(folder: Folder) -> None:
    """Logits that are so small that they look like probabilities."""
    tail = [helper.make_node("Mul", ["s", "less"], ["scores"])]
    network = convolution(folder.path / "n.onnx", 1, tail, {"less": np.array(1e-7, np.float32)})
    model = class_definition(network, 2, [1], 32, ClassifyPixels=OWN)
    assert not folder.map(model).any()
    expected = whole(network)[0] > 0
    assert (folder.map({**model, "OutputActivation": "none"}) == expected).all()
    own = {"ClassifyPixels": {**OWN, "OutputActivation": "None"}}
    assert (folder.map({**model, **own}) == expected).all()


def test_scores_that_only_the_scene_brings_out_of_range_end_the_run(folder: Folder) -> None:
    """A run must not go on with what it was wrong about."""
    tail = [helper.make_node("Mul", ["s", "less"], ["scores"])]
    network = convolution(folder.path / "n.onnx", 1, tail, {"less": np.array(1e-7, np.float32)})
    folder.raster = write_raster(folder.path / "bright.tif", PIXELS * np.float32(1e7))
    model = class_definition(network, 2, [1], 32, ClassifyPixels=OWN)
    for arguments in ({}, {"return_probability_raster": "true"}, {"test_time_augmentation": "true"}):
        with pytest.raises(ProbabilityError, match="OutputActivation"):
            folder.map(model, arguments)
    assert not list((folder.path / "result").iterdir())


def test_a_description_says_logits(folder: Folder) -> None:
    network = convolution(folder.path / "n.onnx", 1)
    model = class_definition(network, 2, [1], 32, ClassifyPixels=OWN)
    found = describe_model(ModelReference(document=model), folder.path / "cache", processor="CPU")
    assert json_of(found)["network"]["logits"] is True
    assert "one channel of logits" in text_of(found)


# Class numbers


@pytest.mark.parametrize("to", [TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.UINT8, TensorProto.INT64])
@pytest.mark.parametrize("bare", [True, False])
def test_class_numbers_of_any_type(to: int, bare: bool, folder: Folder) -> None:
    tail = [
        helper.make_node("ArgMax", ["s"], ["a"], axis=1, keepdims=0),
        helper.make_node("Cast", ["a"], ["scores"], to=to),
    ]
    network = convolution(folder.path / "n.onnx", 4, tail, output=[("scores", to, ("n", "h", "w"))])
    model: Any = network if bare else class_definition(network, 2, [0, 1, 2, 3], 32, ClassifyPixels=OWN)
    assert (folder.map(model) == whole(network)).all()


def test_two_class_numbers_of_floats_are_no_probabilities(folder: Folder) -> None:
    tail = [
        helper.make_node("ArgMax", ["s"], ["a"], axis=1, keepdims=1),
        helper.make_node("Cast", ["a"], ["b"], to=TensorProto.FLOAT),
        helper.make_node("Add", ["b", "one"], ["scores"]),
    ]
    network = convolution(folder.path / "n.onnx", 2, tail, {"one": np.array(1, np.float32)})
    found = folder.map(class_definition(network, 2, [1, 2], 32, ClassifyPixels=OWN))
    assert (found == whole(network)[0]).all()


def test_bytes_that_stand_for_probabilities_are_refused(folder: Folder) -> None:
    tail = [
        helper.make_node("Sigmoid", ["s"], ["p"]),
        helper.make_node("Mul", ["p", "white"], ["q"]),
        helper.make_node("Cast", ["q"], ["scores"], to=TensorProto.UINT8),
    ]
    output = [("scores", TensorProto.UINT8, ("n", 1, "h", "w"))]
    network = convolution(folder.path / "n.onnx", 1, tail, {"white": np.array(255, np.float32)}, output)
    with pytest.raises(NetworkMismatchError, match="needs an .emd"):
        folder.map(network)
    model = class_definition(network, 2, [1], 32, ClassifyPixels=OWN)
    with pytest.raises(UnlistedClassError):
        folder.map(model)
    with pytest.raises(NetworkMismatchError, match="it outputs integers"):
        folder.map({**model, "OutputActivation": "sigmoid"})


@pytest.mark.parametrize("times", [100, 255])
def test_percentages_are_refused_unless_the_definition_knows_better(times: int, folder: Folder) -> None:
    """They look like logits, and would be those of one class everywhere."""
    tail = [helper.make_node("Sigmoid", ["s"], ["p"]), helper.make_node("Mul", ["p", "times"], ["scores"])]
    network = convolution(folder.path / "n.onnx", 1, tail, {"times": np.array(times, np.float32)})
    model = class_definition(network, 2, [1], 32, ClassifyPixels=OWN)
    with pytest.raises(NetworkMismatchError, match="scaled probabilities"):
        folder.map(model)
    assert (folder.map({**model, "OutputActivation": "none"}) == (whole(network)[0] > 0)).all()


def test_scores_of_whole_numbers_are_compared(folder: Folder) -> None:
    """As quantised networks give them."""
    tail = [
        helper.make_node("Mul", ["s", "ten"], ["q"]),
        helper.make_node("Cast", ["q"], ["scores"], to=TensorProto.INT8),
    ]
    output = [("scores", TensorProto.INT8, ("n", 3, "h", "w"))]
    network = convolution(folder.path / "n.onnx", 3, tail, {"ten": np.array(10, np.float32)}, output)
    model = class_definition(network, 2, [4, 5, 6], 32, ClassifyPixels=OWN)
    expected = whole(network)
    assert (folder.map(model, probability_output=folder.scores) == np.array([4, 5, 6])[expected.argmax(0)]).all()
    assert (read(folder.scores) == expected).all()


# Background


@pytest.mark.parametrize("channels", [3, 4])
def test_a_listed_background_never_wins_where_it_must_not(channels: int, folder: Folder) -> None:
    network = convolution(folder.path / "n.onnx", channels)
    model = class_definition(network, 2, [5, 0, 6], 32, ClassifyPixels=OWN)
    values = np.array([5, 0, 6] if channels == 3 else [0, 5, 0, 6])
    scores = whole(network)
    assert (folder.map(model) == values[scores.argmax(0)]).all()
    scores[values == 0] = -np.inf
    assert (folder.map(model, {"predict_background": "false"}) == values[scores.argmax(0)]).all()


def test_background_that_the_network_decides_on_cannot_be_left_out(folder: Folder) -> None:
    network = convolution(folder.path / "n.onnx", 1)
    for values in ([1], [0, 1]):
        model = class_definition(network, 2, values, 32, ClassifyPixels=OWN)
        with pytest.raises(ArgumentError, match="predict_background"):
            folder.map(model, {"predict_background": "false"})
    assert folder.map(class_definition(network, 2, [1, 2], 32), {"predict_background": "false"}).all()


# Axes and outputs


def test_a_layout_is_the_same_for_tiles_of_every_size(folder: Folder) -> None:
    """The last tiles are as high and as wide as there are classes."""
    tail = [helper.make_node("Transpose", ["s"], ["scores"], perm=[0, 2, 3, 1])]
    output = [("scores", TensorProto.FLOAT, ("n", "h", "w", 16))]
    network = convolution(folder.path / "n.onnx", 16, tail, output=output)
    for tile in (16, 24):
        own = {"Stride": 4, "Halo": 4}
        model = class_definition(network, 2, range(1, 17), tile, ClassifyPixels=own)
        found = folder.map(model, probability_output=folder.scores)
        assert (found == whole(network).argmax(-1) + 1).all()
        np.testing.assert_allclose(read(folder.scores), whole(network).transpose(2, 0, 1), rtol=0, atol=1e-5)


def test_the_output_with_the_classes_is_used_wherever_it_stands(folder: Folder) -> None:
    """Sizes with names of their own say nothing of what they are."""
    tail = [
        helper.make_node("AveragePool", ["s"], ["coarse"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Neg", ["s"], ["other"]),
        helper.make_node("Identity", ["s"], ["scores"]),
    ]
    shape = ("n", 4, "a", "b")
    output = [(name, TensorProto.FLOAT, shape) for name in ("coarse", "scores", "other")]
    network = convolution(folder.path / "n.onnx", 4, tail, output=output)
    scores = bare_scores(network, "scores")
    assert (folder.map(network) == scores.argmax(0)).all()
    assert (folder.map(network, {"output": "other"}) == scores.argmin(0)).all()


def bare_scores(network: Path, name: str) -> np.ndarray:
    import onnxruntime

    session = onnxruntime.InferenceSession(str(network), providers=["CPUExecutionProvider"])
    return session.run([name], {"image": PIXELS[np.newaxis]})[0][0]


def test_images_without_a_batch_axis_go_in_and_come_out(folder: Folder) -> None:
    nodes = [
        helper.make_node("Unsqueeze", ["image", "first"], ["batch"]),
        helper.make_node("Transpose", ["batch"], ["turned"], perm=[0, 3, 1, 2]),
        helper.make_node("Conv", ["turned", "w"], ["s"], pads=[1] * 4),
        helper.make_node("Squeeze", ["s", "first"], ["scores"]),
    ]
    weights = {"w": kernel(3), "first": np.array([0])}
    output = [("scores", TensorProto.FLOAT, (3, "h", "w"))]
    network = save_graph(folder.path / "n.onnx", nodes, output, [("image", TensorProto.FLOAT, ("h", "w", 2))], weights)
    alone = convolution(folder.path / "alone.onnx", 3)
    model = class_definition(network, 2, [4, 5, 6], 32, ClassifyPixels=OWN)
    assert (folder.map(model) == np.array([4, 5, 6])[whole(alone).argmax(0)]).all()


# PyTorch


def traced(path: Path, finish: Any, channels: int = 4) -> np.ndarray:
    """Saves a convolution whose scores go through `finish`; returns PyTorch's scores of the whole scene."""
    torch = pytest.importorskip("torch", reason="PyTorch is optional")

    class Network(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.conv = torch.nn.Conv2d(2, channels, 3, padding=1, bias=False)
            self.conv.load_state_dict({"weight": torch.from_numpy(kernel(channels))})

        def forward(self, image: Any) -> Any:
            return finish(self.conv(image))

    network = Network().eval()
    torch.jit.trace(network, torch.zeros(1, 2, 32, 32), strict=False).save(str(path))
    with torch.no_grad():
        return network.conv(torch.from_numpy(PIXELS[np.newaxis]))[0].numpy()


@pytest.mark.parametrize(
    "finish",
    [
        lambda s: s,
        lambda s: [s, -s],
        lambda s: {"out": s, "aux": -s},
        lambda s: (s[:, :, ::4, ::4], {"scores": (s, -s)}),
        lambda s: s[0],
        lambda s: s[0].permute(1, 2, 0),
        lambda s: s.permute(0, 2, 3, 1),
        lambda s: s.double(),
        lambda s: (s.max(1)[0], s.argmax(1)),
    ],
    ids=["plain", "list", "dict", "nested", "CHW", "HWC", "NHWC", "double", "labels"],
)
@pytest.mark.parametrize("batch", [1, 3])
def test_whatever_a_script_gives_becomes_scores(finish: Any, batch: int, folder: Folder) -> None:
    expected = traced(folder.path / "n.pt", finish).argmax(0)
    model = class_definition(folder.path / "n.pt", 2, [0, 1, 2, 3], 40, ClassifyPixels=OWN)
    assert (folder.map(model, {"batch_size": batch}) == expected).all()


@pytest.mark.parametrize("channels", [1, 16])
def test_the_argmax_on_a_device_makes_the_same_map(
    channels: int, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a GPU: a single channel comes back as it is, of many channels the argmax."""
    from classify_pixels.inference.runtimes.torch.torch_backend import TorchBackend

    calls: list[int] = []
    ordinary = TorchBackend.run_argmax

    def counted(self: TorchBackend, pixels: Any, never: Any = ()) -> Any:
        calls.append(len(pixels))
        return ordinary(self, pixels, never)

    monkeypatch.setattr(TorchBackend, "run_argmax", counted)
    monkeypatch.setattr(TorchBackend, "decides", property(lambda _: True))
    scores = traced(folder.path / "n.pt", lambda s: s.sigmoid() if channels == 1 else s, channels)
    model = class_definition(folder.path / "n.pt", 2, range(1, channels + 1), 40, ClassifyPixels=OWN)
    expected = scores[0] > 0 if channels == 1 else scores.argmax(0) + 1
    assert (folder.map(model, {"batch_size": 2}) == expected).all()
    assert bool(calls) == (channels > 1)


@pytest.mark.parametrize(("asked", "sign"), [("0", 1), ("out", 1), ("1", -1), ("aux", -1)])
def test_an_output_of_a_script_is_chosen(asked: str, sign: int, folder: Folder) -> None:
    expected = (sign * traced(folder.path / "n.pt", lambda s: {"out": s, "aux": -s})).argmax(0)
    model = class_definition(folder.path / "n.pt", 2, [0, 1, 2, 3], 40, ClassifyPixels=OWN)
    assert (folder.map(model, {"output": asked}) == expected).all()
    with pytest.raises(ArgumentError, match=r"output .* must be out \(or 0\) or aux \(or 1\)"):
        folder.map(model, {"output": "scores"})


@pytest.mark.parametrize("values", [[1], [3, 9]])
def test_truth_values_divide_two_classes(values: list[int], folder: Folder) -> None:
    logits = traced(folder.path / "n.pt", lambda s: s > 0, channels=1)
    model = class_definition(folder.path / "n.pt", 2, values, 40, ClassifyPixels=OWN)
    expected = np.array(values if len(values) > 1 else [0, *values])[(logits[0] > 0).astype(int)]
    assert (folder.map(model) == expected).all()


def test_an_exported_program_gives_the_output_that_is_asked_for(folder: Folder) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is optional")
    pytest.importorskip("torch.export.pt2_archive", reason="this PyTorch exports programs in another form")

    class Network(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.weight = torch.nn.Parameter(torch.from_numpy(kernel(4)))

        def forward(self, image: Any) -> Any:
            scores = torch.nn.functional.conv2d(image, self.weight, padding=1)
            return scores[:, :, ::2, ::2], scores, -scores

    program = torch.export.export(Network(), (torch.zeros(1, 2, 40, 40),))
    torch.export.save(program, str(folder.path / "n.pt2"))
    with torch.no_grad():
        scores = Network()(torch.from_numpy(PIXELS[np.newaxis]))[1][0].numpy()
    model = class_definition(folder.path / "n.pt2", 2, [0, 1, 2, 3], 40, ClassifyPixels=OWN)
    assert (folder.map(model) == scores.argmax(0)).all()
    assert (folder.map(model, {"output": "2"}) == scores.argmin(0)).all()


def test_a_script_of_two_images_is_refused_by_their_names(folder: Folder) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is optional")

    class Network(torch.nn.Module):  # type: ignore[misc]
        def forward(self, before: Any, after: Any) -> Any:
            return after - before

    images = (torch.zeros(1, 2, 8, 8), torch.zeros(1, 2, 8, 8))
    torch.jit.trace(Network(), images).save(str(folder.path / "n.pt"))
    model = class_definition(folder.path / "n.pt", 2, [1, 2], 40)
    with pytest.raises(NetworkMismatchError, match="the inputs before, after instead of one image"):
        folder.map(model)


def test_a_script_with_its_bands_last_is_found_by_trying(folder: Folder) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is optional")
    expected = traced(folder.path / "n.pt", lambda s: s)

    class Turned(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.inner = torch.jit.load(str(folder.path / "n.pt"))

        def forward(self, image: Any) -> Any:
            return self.inner(image.permute(0, 3, 1, 2).float())

    torch.jit.trace(Turned(), torch.zeros(1, 32, 32, 2)).save(str(folder.path / "turned.pt"))
    model = class_definition(folder.path / "turned.pt", 2, [0, 1, 2, 3], 40, ClassifyPixels=OWN)
    assert (folder.map(model) == expected.argmax(0)).all()


def test_what_scores_are_taken_for_is_part_of_what_a_run_goes_on_with(folder: Folder) -> None:
    """A strip of probabilities must not be put beside one of logits, nor one output beside another."""
    network = convolution(folder.path / "n.onnx", 1)
    model = open_model(folder.request(class_definition(network, 2, [1], 32, ClassifyPixels=OWN)).model, folder.path)
    with closing(open_backend(network, BackendOptions(processor="CPU", bands=2))) as backend:
        prepared = prepare_model(model, GivenArguments(), backend)
    others = [
        prepared,
        replace(prepared, decision=replace(prepared.decision, logits=False)),  # type: ignore[call-arg]
        replace(prepared, form=replace(prepared.form, number=1)),
        replace(prepared, form=replace(prepared.form, axes="NHWC")),
    ]
    found = [network_key(other, [], "ANY", "CPU") for other in others]
    assert len(set(found)) == len(others)
