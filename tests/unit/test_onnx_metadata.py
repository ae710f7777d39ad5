# SPDX-License-Identifier: GPL-2.0-or-later
"""What networks say of themselves, and what becomes of it in a run."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto

from classify_pixels.inference.errors import ClassifyPixelsError, ModelKeyError, ModelTypeError, NetworkMismatchError
from classify_pixels.inference.models import (
    CellSizes,
    Model,
    ModelClass,
    ModelDefinition,
    Normalization,
    normalize,
    parse_emd,
    read_arguments,
    read_onnx_metadata,
    write_emd,
)
from classify_pixels.inference.network.prepared_model import PreparedModel, prepare_model
from classify_pixels.inference.runtimes import BackendOptions, open_backend
from tests.networks import class_network, identity_network, pointwise_network, probability_network
from tests.onnx_graphs import several_outputs, with_metadata

PLAIN = ModelDefinition(
    "net", "net.onnx", 512, 512, (0, 1, 2), tuple(ModelClass(n, f"Class {n}", (n, n, n)) for n in range(4))
)
SEGMENTOR = {"model_type": '"Segmentor"'}


def applied(channels: int = 4, output: int = 0, **metadata: Any) -> ModelDefinition:
    """Reads metadata of which every value is written as JSON."""
    texts = {**SEGMENTOR, **{key: json.dumps(value) for key, value in metadata.items()}}
    return read_onnx_metadata(texts, "net.onnx", output).applied_to(PLAIN, channels)


def prepared(path: Path, arguments: dict[str, str] | None = None, **metadata: Any) -> PreparedModel:
    """Fits a bare network with metadata, each value of which is written as JSON."""
    with_metadata(path, **{key: json.dumps(value) for key, value in metadata.items()})
    asked = arguments or {}
    options = BackendOptions(processor="CPU", output=asked.get("output", ""))
    with closing(open_backend(path, options)) as backend:
        return prepare_model(Model(path.stem, path, None), read_arguments(asked), backend)


def named(definition: ModelDefinition) -> list[tuple[int, str]]:
    return [(c.value, c.name) for c in definition.classes]


@pytest.mark.parametrize("metadata", [{}, {"producer": "x"}, {"names": "{0: 'a'}"}, {"description": "{}"}])
def test_other_metadata_change_nothing(metadata: dict[str, str]) -> None:
    described = read_onnx_metadata(metadata, "net.onnx")
    assert described.says_nothing
    assert described.applied_to(PLAIN, 4) is PLAIN
    assert (described.tile, described.bands, described.class_names) == (None, None, ())


@pytest.mark.parametrize(
    "names",
    [
        {"0": "a", "1": "b", "2": "c", "3": "d"},
        {"3": "d", "0": "a", "2": "c", "1": "b"},
        [{"0": "a", "1": "b", "2": "c", "3": "d"}],
        ["a", "b", "c", "d"],
    ],
)
def test_classes_are_named_by_the_number_of_their_channel(names: Any) -> None:
    definition = applied(class_names=names)
    assert named(definition) == [(0, "a"), (1, "b"), (2, "c"), (3, "d")]
    assert len({c.color for c in definition.classes}) == 4


def test_names_as_python_prints_them() -> None:
    names = {0: "a", 1: "b's", 2: 'c\'s "d"', 3: "e: {}, \\ and ä", 4: ""}
    texts = {**SEGMENTOR, "names": str(names)}
    assert named(read_onnx_metadata(texts, "n").applied_to(PLAIN, 5)) == list(names.items())


def test_each_output_has_its_own_names() -> None:
    names = [{"0": "Coffee", "1": "Tea"}, {"0": "Juice", "1": "Beer"}]
    assert [name for _, name in named(applied(2, class_names=names))] == ["Coffee", "Tea"]
    assert [name for _, name in named(applied(2, output=1, class_names=names))] == ["Juice", "Beer"]
    with pytest.raises(ModelKeyError, match="class_names"):
        applied(2, output=2, class_names=names)


@pytest.mark.parametrize(
    ("channels", "names", "values"),
    [(1, ["a"], [1]), (1, ["no", "yes"], [0, 1]), (3, ["a", "b"], [1, 2]), (2, ["a", "b"], [0, 1]), (5, ["a"], [0])],
)
def test_zero_is_kept_for_background_where_there_is_one(channels: int, names: list[str], values: list[int]) -> None:
    assert [c.value for c in applied(channels, class_names=names).classes] == values


@pytest.mark.parametrize("names", [{"1": "a"}, {"0": "a", "2": "b"}, "a", 7, {"x": "a"}, 1.5])
def test_names_that_leave_a_gap_are_refused(names: Any) -> None:
    with pytest.raises(ModelKeyError, match=r"net\.onnx the key class_names has .* classes 0, 1, 2 and so on"):
        applied(class_names=names)


@given(st.lists(st.floats(-2, 2), min_size=3, max_size=3), st.lists(st.floats(0.1, 3), min_size=3, max_size=3))
def test_pixels_are_divided_by_255_and_standardised(mean: list[float], std: list[float]) -> None:
    definition = applied(standardization_mean=mean, standardization_std=std)
    assert definition.normalization is not None
    pixels = np.arange(24, dtype=np.float32).reshape(1, 3, 2, 4) * 10
    shape = (1, 3, 1, 1)
    expected = (pixels.astype(np.float64) / 255 - np.reshape(mean, shape)) / np.reshape(std, shape)
    np.testing.assert_allclose(normalize(pixels, definition.normalization), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("given", [{}, {"standardization_mean": [1, 2, 3]}, {"standardization_std": [1, 2, 3]}])
def test_half_a_standardisation_is_none(given: dict[str, Any]) -> None:
    definition = applied(**given)
    assert definition.normalization == Normalization((0.0,) * 3, (255.0,) * 3, (0.0,) * 3, (1.0,) * 3)
    assert definition.ignored == tuple(given)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("standardization_mean", [1, 2]),
        ("standardization_mean", ["a", "b", "c"]),
        ("standardization_mean", 3),
        ("standardization_std", [1, 0, 1]),
        ("standardization_std", [1, float("nan"), 1]),
        ("seg_thresh", 1.5),
        ("seg_thresh", "high"),
        ("tiles_overlap", -1),
        ("tiles_overlap", 101),
        ("resolution", -3),
        ("resolution", float("inf")),
        ("tile_size", 0),
        ("tile_size", 10_000),
        ("tiles_size", 1.5),
    ],
)
def test_values_that_cannot_be_are_named(key: str, value: Any) -> None:
    lists = {"standardization_mean": [0, 0, 0], "standardization_std": [1, 1, 1]}
    with pytest.raises(ModelKeyError, match=rf"net\.onnx the key {key} has the value"):
        applied(**{**lists, key: value})


def test_the_other_keys() -> None:
    definition = applied(1, class_names=["a"], seg_thresh=0.3, tiles_overlap=15, resolution=20.0)
    assert definition.threshold == 0.3
    assert definition.padding == 38
    assert definition.cell_sizes == CellSizes((0.2, 0.2), (0.2, 0.2))
    assert definition.ignored == ()
    assert parse_emd(write_emd(definition), "again") == definition


def test_values_that_were_encoded_twice_are_read() -> None:
    plain = {
        "class_names": {"0": "a"},
        "resolution": 20,
        "seg_thresh": 0.3,
        "tile_size": 512,
        "model_type": "Segmentor",
    }
    twice = {key: json.dumps(value) for key, value in plain.items()}
    assert applied(1, **twice) == applied(1, **plain)


def test_bytes_go_to_a_network_of_whole_numbers_as_they_are(tmp_path: Path) -> None:
    path = identity_network(tmp_path / "n.onnx", 3, input_type=TensorProto.UINT8)
    keys = {"class_names": ["a", "b", "c"], "standardization_mean": [0, 0, 0], "standardization_std": [1, 1, 1]}
    definition = prepared(path, **keys).definition
    assert definition.normalization is None
    assert definition.ignored == ("standardization_mean", "standardization_std")
    assert prepared(identity_network(tmp_path / "f.onnx", 3), **keys).definition.normalization is not None


def test_what_has_no_effect_is_told() -> None:
    definition = applied(4, seg_thresh=0.3, seg_small_segment=9, author="me", tile_size=640)
    assert definition.ignored == ("author", "seg_small_segment", "seg_thresh", "tile_size")
    assert applied(1, seg_small_segment=0, tile_size=512).ignored == ()


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        ({"model_type": '"Detector"'}, "Detector"),
        ({"model_type": '"regressor"', "class_names": "{}"}, "regressor"),
        ({"model_type": "Recognition"}, "Recognition"),
        ({"det_conf": "0.5"}, "Detector"),
        ({"reg_output_scaling": "2"}, "Regressor"),
        ({"author": "Ultralytics", "task": "detect", "names": "{0: 'person'}"}, "Ultralytics detect"),
    ],
)
def test_models_that_do_something_else_are_refused(texts: dict[str, str], kind: str) -> None:
    with pytest.raises(ModelTypeError, match=rf"net\.onnx is of the type {kind}\."):
        read_onnx_metadata(texts, "net.onnx")


@given(st.dictionaries(st.sampled_from(["class_names", "names", "resolution", "tile_size", "tiles_overlap",
    "standardization_mean", "standardization_std", "seg_thresh", "model_type", "x"]),
    st.text(max_size=20) | st.sampled_from(["[" * 5000, "{" * 300, "-" * 5000 + "1", "1e999", "NaN", "9" * 5000,
    "[{}]", "{0:0}", "null", "[null]", '{"0": null}', "[1e400,1,1]", "\x00"])), st.integers(0, 3))  # fmt: skip
def test_any_text_is_read_or_refused_by_name(metadata: dict[str, str], output: int) -> None:
    try:
        described = read_onnx_metadata(metadata, "net.onnx", output)
        described.applied_to(PLAIN, 4)
        assert described.tile is None or described.tile > 0
    except ClassifyPixelsError:
        pass


def test_a_bare_network_with_metadata_is_understood(tmp_path: Path) -> None:
    path = pointwise_network(tmp_path / "land.onnx", 3, 2)
    model = prepared(path, model_type="Segmentor", class_names={"0": "soil", "1": "corn"}, tiles_size=320,
                     tiles_overlap=20, resolution=5)  # fmt: skip
    assert named(model.definition) == [(0, "soil"), (1, "corn")]
    assert (model.definition.name, model.definition.bands) == ("land", (0, 1, 2))
    assert (model.shape.height, model.shape.width, model.arguments.padding) == (320, 320, 32)
    assert model.definition.ignored == ()


def test_the_size_of_the_network_goes_before_that_of_the_metadata(tmp_path: Path) -> None:
    model = prepared(pointwise_network(tmp_path / "n.onnx", 3, 2, size=64), model_type="Segmentor", tile_size=128)
    assert (model.shape.height, model.definition.ignored) == (64, ("tile_size",))


def test_arguments_go_before_metadata(tmp_path: Path) -> None:
    path = probability_network(tmp_path / "n.onnx")
    model = prepared(path, {"threshold": "0.9", "padding": "8"}, class_names=["a"], seg_thresh=0.2, tiles_overlap=50)
    assert (model.arguments.threshold, model.arguments.padding) == (0.9, 8)
    assert prepared(path, class_names=["a"], seg_thresh=0.2).arguments.threshold == 0.2


def test_the_standardisation_tells_the_bands_that_the_network_does_not(tmp_path: Path) -> None:
    path = identity_network(tmp_path / "n.onnx", "bands")
    model = prepared(path, standardization_mean=[0, 0, 0, 0], standardization_std=[1, 1, 1, 1])
    assert (model.definition.bands, model.channels) == ((0, 1, 2, 3), 4)


def test_ready_classes_that_have_names_need_no_definition(tmp_path: Path) -> None:
    path = class_network(tmp_path / "n.onnx")
    assert named(prepared(path, class_names=["soil", "corn"]).definition) == [(0, "soil"), (1, "corn")]
    with pytest.raises(NetworkMismatchError, match=r"needs an \.emd"):
        prepared(path, class_names={})


def test_more_names_than_channels_contradict_the_network(tmp_path: Path) -> None:
    with pytest.raises(NetworkMismatchError, match="2 channels for 3 classes"):
        prepared(pointwise_network(tmp_path / "n.onnx", 3, 2), class_names=["a", "b", "c"])


def test_the_chosen_output_brings_its_names(tmp_path: Path) -> None:
    outputs = [(name, 1, ("n", 2, "h", "w")) for name in ("drinks", "more")]
    path = several_outputs(tmp_path / "n.onnx", outputs)
    names = [["Coffee", "Tea"], ["Juice", "Beer"]]
    keys = {"class_names": [dict(enumerate(part)) for part in names]}
    assert [c.name for c in prepared(path, **keys).definition.classes] == names[0]
    assert [c.name for c in prepared(path, {"output": "more"}, **keys).definition.classes] == names[1]


ULTRALYTICS = {
    "author": "Ultralytics", "task": "semantic", "names": "{0: 'road', 1: 'roof', 2: 'tree', 3: 'water'}",
    "imgsz": "[128, 96]", "stride": "32", "channels": "3", "batch": "1", "args": "{'half': False}",
}  # fmt: skip


def test_ultralytics_divides_bytes_by_255_and_names_classes() -> None:
    facts = read_onnx_metadata(ULTRALYTICS, "net.onnx")
    assert (facts.tile, facts.bands, facts.stride) == (128, 3, 32)
    definition = facts.applied_to(PLAIN, 4)
    assert named(definition) == [(0, "road"), (1, "roof"), (2, "tree"), (3, "water")]
    assert (definition.stride, definition.ignored) == (32, ("tile_size", "tiles_size")[:1])
    assert definition.normalization == Normalization((0.0,) * 3, (255.0,) * 3, (0.0,) * 3, (1.0,) * 3)
    assert named(facts.applied_to(PLAIN, 1)) == named(definition)


@pytest.mark.parametrize("task", ["segment", "detect", "classify", "", "[[[["])
def test_other_networks_of_ultralytics_are_refused(task: str) -> None:
    with pytest.raises(ModelTypeError, match="Ultralytics"):
        read_onnx_metadata({**ULTRALYTICS, "task": task}, "net.onnx")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("imgsz", "0"), ("imgsz", "[64, NaN]"), ("imgsz", "1e9"), ("imgsz", "'x'"), ("stride", "-1"),
        ("stride", "[" * 5000), ("channels", "Infinity"), ("channels", "1" * 3000), ("names", "[1"),
    ],
)  # fmt: skip
def test_impossible_numbers_of_ultralytics_are_refused(key: str, value: str) -> None:
    with pytest.raises(ModelKeyError, match=key):
        read_onnx_metadata({**ULTRALYTICS, key: value}, "net.onnx").applied_to(PLAIN, 4)


def test_scores_that_are_coarser_than_the_image_are_enlarged_unless_a_margin_is_meant(tmp_path: Path) -> None:
    from onnx import helper

    from tests.networks import class_definition, save_network

    nodes = [helper.make_node("AveragePool", ["image"], ["scores"], kernel_shape=[2, 2], strides=[2, 2])]
    path = save_network(tmp_path / "n.onnx", nodes, {}, ("n", 3, 64, 64), ("n", 3, 32, 32))
    assert prepared(path).form.times == 2
    definition = parse_emd(class_definition(path, 3, [1, 2, 3], 64, ModelPadding=16), "m")
    with closing(open_backend(path, BackendOptions(processor="CPU"))) as backend:
        fitted = prepare_model(Model("m", path, definition), read_arguments({}), backend)
        assert (fitted.shape.margin, fitted.form.times) == (16, 1)
