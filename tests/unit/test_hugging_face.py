# SPDX-License-Identifier: GPL-2.0-or-later
"""The files that transformers and optimum write beside a network, and what others may have made of them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.errors import (
    ClassifyPixelsError,
    ModelKeyError,
    ModelKeyMissingError,
    NetworkMismatchError,
    SideFileError,
)
from classify_pixels.inference.errors import ModelTypeError as OtherTaskError
from classify_pixels.inference.models import (
    ModelClass,
    ModelDefinition,
    ModelReference,
    normalize,
    open_model,
    read_network_facts,
)
from classify_pixels.inference.models.hugging_face import read_files_beside
from classify_pixels.inference.models.side_file import LARGEST_FILE

PLAIN = ModelDefinition(
    "net", "net.onnx", 512, 512, (0, 1, 2), tuple(ModelClass(n, f"Class {n}", (n, n, n)) for n in range(3))
)
CONFIG = {
    "architectures": ["SegformerForSemanticSegmentation"], "model_type": "segformer", "num_channels": 3,
    "id2label": {"0": "ground", "1": "water", "2": "tree"}, "label2id": {"ground": 0, "water": 1, "tree": 2},
}  # fmt: skip
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
PROCESSOR = {
    "image_processor_type": "SegformerImageProcessor", "do_resize": True, "size": {"height": 512, "width": 640},
    "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": MEAN, "image_std": STD,
}  # fmt: skip
PIXELS = np.arange(24, dtype=np.float32).reshape(1, 3, 2, 4) * 10


def beside(folder: Path, config: Any = None, processor: Any = None, own: Any = None) -> Path:
    """Writes the files beside a network that nobody opens; a text is written as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {"config.json": config, "preprocessor_config.json": processor, "net.onnx.json": own}
    for name, content in files.items():
        if content is not None:
            (folder / name).write_text(content if isinstance(content, str) else json.dumps(content))
    (folder / "net.onnx").write_bytes(b"network")
    return folder / "net.onnx"


def applied(path: Path, channels: int = 3) -> ModelDefinition:
    return read_files_beside(path).applied_to(PLAIN, channels)


def normalized(path: Path) -> np.ndarray:
    stats = applied(path).normalization
    assert stats is not None
    return normalize(PIXELS.copy(), stats)


def of_bands(values: Any) -> np.ndarray:
    return np.reshape(values, (1, 3, 1, 1))


def test_without_files_nothing_is_said(tmp_path: Path) -> None:
    facts = read_files_beside(beside(tmp_path))
    assert facts.says_nothing
    assert facts.applied_to(PLAIN, 3) is PLAIN
    assert (facts.tile, facts.bands, facts.class_names) == (None, None, ())


def test_both_files_describe_a_network(tmp_path: Path) -> None:
    path = beside(tmp_path, CONFIG, PROCESSOR)
    facts, definition = read_files_beside(path), applied(path)
    assert (facts.tile, facts.bands) == (640, 3)
    assert [(c.value, c.name) for c in definition.classes] == [(0, "ground"), (1, "water"), (2, "tree")]
    assert definition.said_beside == ("config.json", "preprocessor_config.json")
    np.testing.assert_allclose(normalized(path), (PIXELS / 255 - of_bands(MEAN)) / of_bands(STD), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"do_normalize": False}, PIXELS / 255),
        ({"do_normalize": False, "do_rescale": False}, PIXELS),
        ({"rescale_factor": 0.0001, "do_normalize": False}, PIXELS / 10_000),
        ({"do_rescale": False}, (PIXELS - of_bands(MEAN)) / of_bands(STD)),
        ({"image_mean": 0.5, "image_std": 0.5}, PIXELS / 127.5 - 1),
    ],
)
def test_what_a_processor_does(changes: Any, expected: np.ndarray, tmp_path: Path) -> None:
    np.testing.assert_allclose(
        normalized(beside(tmp_path, CONFIG, {**PROCESSOR, **changes})), expected, rtol=1e-4, atol=1e-4
    )


def test_an_older_processor_rescales_without_saying_so(tmp_path: Path) -> None:
    older = {"feature_extractor_type": "SegformerFeatureExtractor", "image_mean": MEAN, "image_std": STD, "size": 512}
    path = beside(tmp_path, CONFIG, older)
    assert read_files_beside(path).tile == 512
    np.testing.assert_allclose(normalized(path), (PIXELS / 255 - of_bands(MEAN)) / of_bands(STD), rtol=1e-4, atol=1e-5)


def test_blue_comes_first_where_the_processor_turns_the_channels_round(tmp_path: Path) -> None:
    path = beside(tmp_path, CONFIG, {"do_rescale": True, "do_flip_channel_order": True, "size": {"shortest_edge": 288}})
    assert applied(path).bands == (2, 1, 0)
    assert read_files_beside(path).tile == 288
    np.testing.assert_allclose(normalized(path), PIXELS / 255, rtol=1e-6)


def test_a_configuration_alone_says_nothing_of_values(tmp_path: Path) -> None:
    path = beside(tmp_path, own={**CONFIG, "input_height": 128, "input_width": 96, "input_channels": 3})
    facts, definition = read_files_beside(path), applied(path)
    assert (facts.tile, facts.bands, definition.normalization) == (128, 3, None)
    assert definition.said_beside == ("net.onnx.json",)


def test_the_networks_own_file_goes_before_those_of_its_folder(tmp_path: Path) -> None:
    own = {"id2label": {"0": "a", "1": "b", "2": "c"}, "rescale_factor": 1.0}
    path = beside(tmp_path, CONFIG, PROCESSOR, own)
    assert [c.name for c in applied(path).classes] == ["a", "b", "c"]
    assert (normalized(path) == PIXELS).all()


def test_optimum_keeps_the_files_above_a_folder_of_networks(tmp_path: Path) -> None:
    beside(tmp_path / "repository", CONFIG, PROCESSOR)
    network = beside(tmp_path / "repository" / "onnx")
    assert applied(network).classes[1].name == "water"
    assert read_files_beside(beside(tmp_path / "repository" / "other")).says_nothing


@pytest.mark.parametrize("place", ["model.onnx", "onnx/model.onnx", "anything.onnx"])
def test_a_folder_stands_for_the_network_in_it(place: str, tmp_path: Path) -> None:
    beside(tmp_path / "repository", CONFIG).unlink()
    network = tmp_path / "repository" / place
    network.parent.mkdir(exist_ok=True)
    network.write_bytes(b"network")
    found = open_model(ModelReference(path=tmp_path / "repository"), tmp_path / "cache")
    assert (found.name, found.weights) == ("repository", network)


def test_a_folder_with_two_networks_or_without_a_configuration_is_refused(tmp_path: Path) -> None:
    for config in (CONFIG, None):
        folder = tmp_path / str(config is None)
        network = beside(folder, config)
        (folder / "second.onnx").write_bytes(network.read_bytes())
        with pytest.raises(ClassifyPixelsError, match="is a folder"):
            open_model(ModelReference(path=folder), tmp_path / "cache")


def test_what_the_network_says_itself_goes_first(tmp_path: Path) -> None:
    path = beside(tmp_path, CONFIG, PROCESSOR)
    facts = read_network_facts({"model_type": '"Segmentor"', "class_names": '["x", "y", "z"]'}, path)
    assert facts.class_names == ("x", "y", "z")


@pytest.mark.parametrize("document", [{}, {"name": "other program"}, {"model_type": "resnet", "num_classes": 3}])
def test_configurations_of_other_programs_say_nothing(document: Any, tmp_path: Path) -> None:
    assert read_files_beside(beside(tmp_path, document)).says_nothing


@pytest.mark.parametrize(
    "architecture",
    ["SegformerForImageClassification", "DetrForObjectDetection", "Mask2FormerForUniversalSegmentation",
     "MaskFormerForInstanceSegmentation", "DPTForDepthEstimation"],
)  # fmt: skip
def test_networks_for_other_tasks_are_refused(architecture: str, tmp_path: Path) -> None:
    with pytest.raises(OtherTaskError, match=architecture):
        read_files_beside(beside(tmp_path, {**CONFIG, "architectures": [architecture]}))


@pytest.mark.parametrize("channels", [2, 4, 150])
def test_another_number_of_channels_is_refused(channels: int, tmp_path: Path) -> None:
    with pytest.raises(NetworkMismatchError, match=rf"{channels} channels, but config\.json lists 3"):
        applied(beside(tmp_path, CONFIG), channels)


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "7", '"text"', "[" * 100_000, '{"a":' * 100_000, '{"id2label": NaN', "\0", " " * 2 * LARGEST_FILE],
    ids=range(10),
)  # fmt: skip
@pytest.mark.parametrize("name", ["config", "processor", "own"])
def test_files_that_are_no_objects_are_refused(name: str, content: str, tmp_path: Path) -> None:
    with pytest.raises(SideFileError, match=r"\.json"):
        read_files_beside(beside(tmp_path, **{name: content}))


@pytest.mark.parametrize("name", ["config", "processor", "own"])
def test_a_key_with_two_values_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(SideFileError, match="do_rescale twice"):
        read_files_beside(beside(tmp_path, **{name: '{"do_rescale": true, "do_rescale": false}'}))


def test_files_of_other_encodings_and_folders(tmp_path: Path) -> None:
    path = beside(tmp_path)
    (tmp_path / "preprocessor_config.json").mkdir()
    assert read_files_beside(path).says_nothing
    (tmp_path / "config.json").write_bytes(b"\xff\xfe{\0}\0")
    with pytest.raises(SideFileError):
        read_files_beside(path)
    (tmp_path / "config.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(CONFIG).encode())
    assert read_files_beside(path).bands == 3


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = beside(tmp_path)
    os.mkfifo(tmp_path / "config.json")
    assert read_files_beside(path).says_nothing


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("rescale_factor", 0), ("rescale_factor", float("nan")), ("rescale_factor", "x"), ("rescale_factor", -1),
        ("rescale_factor", 10**400), ("image_mean", [0.5, 0.5]), ("image_mean", [float("nan")] * 3),
        ("image_mean", "x"), ("image_mean", [[[]]] * 3), ("image_std", [0, 1, 1]),
        ("image_std", [float("inf")] * 3), ("image_std", {}), ("image_std", True), ("do_rescale", [1]),
        ("do_normalize", "perhaps"), ("do_flip_channel_order", 7),
    ],
)  # fmt: skip
def test_impossible_numbers_of_a_processor_are_refused(key: str, value: Any, tmp_path: Path) -> None:
    with pytest.raises(ModelKeyError, match=rf"preprocessor_config\.json the key {key}") as caught:
        applied(beside(tmp_path, CONFIG, {**PROCESSOR, key: value}))
    assert len(str(caught.value)) < 2000


def test_a_processor_that_normalises_by_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelKeyMissingError, match="image_mean"):
        applied(beside(tmp_path, CONFIG, {**PROCESSOR, "image_mean": None}))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("size", 0), ("size", {"height": 1e9}), ("size", {"height": float("nan")}), ("size", "x"), ("size", -3),
    ],
)  # fmt: skip
def test_impossible_sizes_are_refused(key: str, value: Any, tmp_path: Path) -> None:
    with pytest.raises(ModelKeyError):
        _ = read_files_beside(beside(tmp_path, CONFIG, {**PROCESSOR, key: value})).tile


@pytest.mark.parametrize(
    "names", [{"1": "a"}, {"0": "a", "2": "b"}, "abc", 7, [[[["a"]]]], {"x": {}}, {"0": "a", "0 ": "b"}]
)
def test_names_that_leave_a_gap_are_refused(names: Any, tmp_path: Path) -> None:
    with pytest.raises((ModelKeyError, NetworkMismatchError)):
        applied(beside(tmp_path, {**CONFIG, "id2label": names}))


def test_names_are_made_fit_to_be_shown(tmp_path: Path) -> None:
    names = {"0": "a\u202e\n\x1b[31mb", "1": "x" * 5000, "2": {"deep": ["er"]}}
    found = [c.name for c in applied(beside(tmp_path, {**CONFIG, "id2label": names})).classes]
    assert all(name.isprintable() and len(name) <= 1001 for name in found)


@pytest.mark.parametrize("architectures", [None, "x", 7, {}, [None], [[]], [{"a": 1}], ["x" * 10_000]])
def test_odd_architectures_say_nothing(architectures: Any, tmp_path: Path) -> None:
    assert read_files_beside(beside(tmp_path, {**CONFIG, "architectures": architectures})).bands == 3
