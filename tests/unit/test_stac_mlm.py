# SPDX-License-Identifier: GPL-2.0-or-later
"""STAC items with the Machine Learning Model extension: what is read, what is refused, and the same map."""

from __future__ import annotations

import copy
import json
import math
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.describe import json_of
from classify_pixels.inference.describe.model_description import describe_model
from classify_pixels.inference.errors import (
    ClassifyPixelsError,
    FrameworkError,
    ModelKeyError,
    ModelKeyMissingError,
    ModelTypeError,
    WeightsMissingError,
)
from classify_pixels.inference.models import (
    ModelClass,
    ModelDefinition,
    ModelReference,
    emd_document,
    normalize,
    open_model,
)
from classify_pixels.inference.models.model import parse_definition
from classify_pixels.inference.models.stac_mlm.mlm_item import is_mlm_item
from tests.networks import pointwise_network

BANDS = ["B04", "B03", "B02", "B08"]


# Band names with what the EO extension says of them: common names and wavelengths in micrometres.
EO_BANDS = [
    {"name": "B04", "common_name": "red", "center_wavelength": 0.665},
    {"name": "B03", "common_name": "green", "center_wavelength": 0.56},
    {"name": "B02", "common_name": "blue", "center_wavelength": 0.49},
    {"name": "B08", "common_name": "nir", "center_wavelength": 0.842},
]
SCALING = [
    {"type": "z-score", "mean": 1042.9, "stddev": 395.1},
    {"type": "min-max", "minimum": 100, "maximum": 5000},
    {"type": "scale", "value": 10000},
    {"type": "clip", "minimum": 0, "maximum": 4000},
]
CLASSES = [
    {"value": 1, "name": "water", "color_hint": "0000FF", "description": "Open water"},
    {"value": 2, "name": "forest", "title": "Forest and scrub", "color_hint": "228b22"},
    {"value": 5, "name": "built_up"},
]
ASSETS = {
    "code": {"href": "https://example.com/code.git", "roles": ["mlm:source_code", "code"]},
    "checkpoint": {"href": "./net.pth", "roles": ["mlm:model", "mlm:checkpoint"]},
    "model": {
        "href": "./net.onnx", "type": "application/octet-stream; framework=onnx",
        "roles": ["mlm:model", "mlm:weights"], "eo:bands": EO_BANDS,
    },
}  # fmt: skip


def make_item(**changes: Any) -> dict[str, Any]:
    """Returns a land cover model for Sentinel-2, as version 1.4 of the extension has it; keys go into the input."""
    image = {
        "name": "Sentinel-2 scene", "bands": BANDS, "input": make_array(4), "value_scaling": SCALING,
        "resize_type": None, **changes,
    }  # fmt: skip
    output = {
        "name": "land cover", "tasks": ["semantic-segmentation"], "result": make_array(3),
        "classification:classes": CLASSES,
    }  # fmt: skip
    item = {
        "type": "Feature", "stac_version": "1.0.0", "id": "land-cover", "geometry": None, "links": [],
        "stac_extensions": ["https://stac-extensions.github.io/mlm/v1.4.0/schema.json"],
        "properties": {
            "datetime": None, "description": "Land cover of Europe", "version": "2.1",
            "mlm:name": "Land cover U-Net", "mlm:architecture": "U-Net", "mlm:framework": "PyTorch",
            "mlm:tasks": ["semantic-segmentation"], "mlm:input": [image], "mlm:output": [output],
        },
        "assets": ASSETS,
    }  # fmt: skip
    # Tests change what they get, and may not change it for each other.
    return copy.deepcopy(item)


def make_array(channels: int) -> dict[str, Any]:
    """Returns what an item says of an image of 32 x 48 pixels, in batches of any size."""
    order = ["batch", "channel", "height", "width"]
    return {"shape": [-1, channels, 32, 48], "dim_order": order, "data_type": "float32"}


def parsed(document: dict[str, Any]) -> ModelDefinition:
    return parse_definition(document, "item.json")


def test_an_item_is_read_whole() -> None:
    definition = parsed(make_item())
    assert (definition.name, definition.version, definition.framework) == ("Land cover U-Net", "2.1", "PyTorch")
    assert definition.description == "Land cover of Europe"
    assert (definition.tile_height, definition.tile_width, definition.layout) == (32, 48, "NCHW")
    assert (definition.bands, definition.band_names) == (tuple(BANDS), tuple(BANDS))
    assert definition.wavelengths == (0.665, 0.56, 0.49, 0.842)
    assert definition.weights == "./net.onnx"
    assert definition.classes[:2] == (
        ModelClass(1, "water", (0, 0, 255)),
        ModelClass(2, "Forest and scrub", (34, 139, 34)),
    )
    assert definition.classes[2].name == "built_up"
    assert definition.ignored == ()


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (make_item(), True),
        ({"type": "Feature", "properties": {"datetime": None}}, False),
        ({"type": "Feature"}, False),
        ({"Framework": "PyTorch", "ModelFile": "a.pt"}, False),
        ({"type": "Collection", "properties": {"mlm:name": "x"}}, False),
    ],
)
def test_an_item_of_a_model_is_told_from_other_documents(document: dict[str, Any], expected: bool) -> None:
    assert is_mlm_item(document) == expected


FORMULAS = {
    "min-max": lambda x, e: (x - e["minimum"]) / (e["maximum"] - e["minimum"]),
    "z-score": lambda x, e: (x - e["mean"]) / e["stddev"],
    "offset": lambda x, e: x - e["value"],
    "scale": lambda x, e: x / e["value"],
    "clip": lambda x, e: np.minimum(np.maximum(x, e["minimum"]), e["maximum"]),
    "clip-min": lambda x, e: np.maximum(x, e["minimum"]),
    "clip-max": lambda x, e: np.minimum(x, e["maximum"]),
    None: lambda x, e: x,
}
numbers = st.floats(-1000, 1000, width=16)
entries = st.builds(
    lambda kind, low, width, mean, std: {
        "type": kind, "minimum": low, "maximum": low + width, "mean": mean, "stddev": std, "value": std,
    },
    st.sampled_from(list(FORMULAS)), numbers, st.floats(1, 1000), numbers, st.floats(0.5, 100),
)  # fmt: skip


@given(st.one_of(st.lists(entries, min_size=4, max_size=4), st.lists(entries, min_size=1, max_size=1)))
def test_values_are_scaled_as_the_extensions_table_says(scaling: list[dict[str, Any]]) -> None:
    pixels = np.random.default_rng(1).uniform(-2000, 2000, (2, 4, 3, 3)).astype(np.float32)
    stats = parsed(make_item(value_scaling=scaling)).normalization
    result = pixels if stats is None else normalize(pixels, stats)
    for band in range(4):
        entry = scaling[band % len(scaling)]
        expected = FORMULAS[entry["type"]](pixels[:, band].astype(np.float64), entry)
        np.testing.assert_allclose(result[:, band], expected, rtol=1e-4, atol=2e-2)


@pytest.mark.parametrize("kind", ["min-max", "z-score"])
def test_the_older_form_of_scaling_is_the_same(kind: str) -> None:
    statistics = [{"minimum": i, "maximum": 9 + i, "mean": 4.0 + i, "stddev": 2.0 + i, "count": 7} for i in range(4)]
    old = make_item(norm_type=kind, norm_by_channel=True, statistics=statistics, value_scaling=None)
    new = make_item(value_scaling=[{**entry, "type": kind} for entry in statistics])
    assert parsed(old) == parsed(new)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"value_scaling": [{"type": "processing", "format": "gdal-calc", "expression": "A"}]}, "processing"),
        ({"value_scaling": [{"type": "l2"}]}, "the value l2; it must be one of min-max"),
        ({"value_scaling": [{"type": "min-max", "mean": 1}]}, "minimum"),
        ({"value_scaling": [{"type": "z-score", "mean": 1, "stddev": 0}]}, "stddev"),
        ({"value_scaling": [{"type": "min-max", "minimum": 3, "maximum": 3.0}]}, "maximum"),
        ({"value_scaling": [{"type": "scale", "value": 10**400}]}, "value"),
        ({"value_scaling": [{"type": "scale", "value": math.nan}]}, "value"),
        ({"value_scaling": [{"type": "scale", "value": 2}] * 3}, "1 or 4"),
        ({"value_scaling": "z-score"}, "list"),
        ({"value_scaling": ["z-score"] * 4}, "z-score"),
        ({"value_scaling": None, "norm_type": "l1", "statistics": [{"mean": 1}]}, "l1"),
        ({"value_scaling": None, "norm_type": "z-score"}, "statistics"),
        ({"value_scaling": None, "norm_type": "clip", "norm_clip": [1, 2, 0, 4]}, "norm_clip"),
        ({"value_scaling": None, "norm_type": "clip", "norm_clip": [1, 2, 3]}, "1 or 4 numbers above 0"),
        ({"value_scaling": None, "norm_type": "clip", "norm_clip": [1, "2", 3, 4]}, "norm_clip"),
        ({"bands": BANDS[:3]}, "4 bands"),
        ({"bands": [{"name": "NDVI", "format": "gdal-calc", "expression": "(A-B)/(A+B)"}, *BANDS[1:]]}, "expression"),
        ({"bands": [None, *BANDS[1:]]}, "name of a band"),
        ({"input": {"shape": [1, 4, 8, 8], "dim_order": ["batch", "time", "height", "width"]}}, "dim_order"),
        ({"input": {"shape": [1, 4, 8], "dim_order": ["batch", "channel", "height", "width"]}}, "dim_order"),
        ({"input": {"shape": [1, -1, 4, 8, 8], "dim_order": ["batch", "time", "channel", "height", "width"]}}, "time"),
        ({"input": {"shape": [1, 2e9, 4], "dim_order": ["batch", "time", "channel"]}}, "65535"),
        ({"input": {"shape": [1, 2, 4, 8, 8], "dim_order": ["batch", "time", "time", "height", "width"]}}, "time"),
    ],
)
def test_what_cannot_be_done_is_named(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(ModelKeyError, match=named) as caught:
        parsed(make_item(**changes))
    assert "item.json" in str(caught.value)


def test_bands_last_and_any_size() -> None:
    structure = {"shape": [1, -1, -1, 4], "dim_order": ["batch", "height", "width", "bands"], "data_type": "uint8"}
    definition = parsed(make_item(input=structure))
    assert (definition.layout, definition.tile_height, definition.tile_width) == ("NHWC", 256, 256)


@pytest.mark.parametrize(
    ("order", "shape", "layout"),
    [
        (["batch", "time", "channel", "height", "width"], [1, 2, 4, 64, 32], "NTCHW"),
        (["batch", "bands", "time", "y", "x"], [-1, 4, 2, 64, 32], "NCTHW"),
        (["batch", "time", "channel"], [-1, 2, 4], "NTC"),
    ],
)
def test_bands_of_several_dates_are_taken_date_by_date(order: list[str], shape: list[int], layout: str) -> None:
    definition = parsed(make_item(input={"shape": shape, "dim_order": order}))
    assert (definition.layout, definition.times, definition.bands) == (layout, 2, tuple(range(8)))
    once = parsed(make_item()).normalization
    assert once is not None
    assert definition.normalization is not None
    assert definition.normalization.mean == once.mean * 2


def test_rows_of_bands() -> None:
    definition = parsed(make_item(input={"shape": [-1, 4], "dim_order": ["batch", "channel"]}))
    assert (definition.layout, definition.times, len(definition.bands)) == ("NC", None, 4)


def test_sizes_may_be_whole_floats() -> None:
    structure = {"shape": [-1.0, 4.0, 64.0, 32.0], "dim_order": ["batch", "channel", "height", "width"]}
    definition = parsed(make_item(input=structure))
    assert (definition.tile_height, definition.tile_width, len(definition.bands)) == (64, 32, 4)


def test_an_item_with_limits_becomes_a_definition_that_keeps_them() -> None:
    definition = parsed(make_item())
    assert definition.normalization is not None
    assert definition.normalization.highest[3] == 4000
    assert parsed(emd_document(make_item(), "item.json")).normalization == definition.normalization


def test_without_names_or_with_names_that_stand_twice_the_order_counts() -> None:
    assert parsed(make_item(bands=[])).bands == (0, 1, 2, 3)
    twice = parsed(make_item(bands=["B4", "B3", "B4", "B3"]))
    assert (twice.bands, twice.band_names, twice.wavelengths) == ((0, 1, 2, 3), (), ())


def test_wavelengths_of_newer_items_stand_with_the_bands() -> None:
    item = make_item()
    lengths = item["assets"]["model"].pop("eo:bands")
    assert parsed(item).wavelengths == ()
    item["bands"] = [{"name": band["name"], "eo:center_wavelength": band["center_wavelength"]} for band in lengths]
    assert parsed(item).wavelengths == (0.665, 0.56, 0.49, 0.842)


def test_preparations_that_are_not_done_are_told() -> None:
    function = {"format": "python", "expression": "my.module:prepare"}
    definition = parsed(make_item(pre_processing_function=function, resize_type="crop"))
    assert set(definition.ignored) == {"pre_processing_function", "resize_type"}
    item = make_item(resize_type=None, norm_clip=[0.0, 1.0])
    item["properties"]["mlm:output"][0]["post_processing_function"] = function
    assert set(parsed(item).ignored) == {"norm_clip", "post_processing_function"}


def test_what_is_not_done_is_described_with_a_reason(tmp_path: Path) -> None:
    function = {"format": "python", "expression": "my.module:prepare"}
    item = make_item(pre_processing_function=function, resize_type="interpolation-linear", norm_clip=[0.0, 1.0])
    item["properties"]["mlm:output"][0]["post_processing_function"] = function
    item["assets"]["model"]["href"] = str(pointwise_network(tmp_path / "net.onnx", 4, 3))
    found = describe_model(ModelReference(document=item), tmp_path / "cache")
    reasons = {entry["key"]: entry["reason"] for entry in json_of(found)["ignored"]}
    assert set(reasons) == {"norm_clip", "post_processing_function", "pre_processing_function", "resize_type"}
    assert not any("not known" in reason for reason in reasons.values())


@pytest.mark.parametrize("numbers", [[255.0], [255.0, 100, 50.5, 1e4]])
def test_the_oldest_division_ends_between_0_and_1(numbers: list[float]) -> None:
    stats = parsed(make_item(value_scaling=None, norm_type="clip", norm_clip=numbers)).normalization
    assert stats is not None
    pixels = np.random.default_rng(2).uniform(-100, 400, (2, 4, 5, 5)).astype(np.float32)
    divisors = np.resize(numbers, 4)[:, None, None]
    np.testing.assert_allclose(normalize(pixels.copy(), stats), np.clip(pixels / divisors, 0, 1), atol=1e-6)


def changed(**changes: Any) -> dict[str, Any]:
    item = make_item()
    for path, value in changes.items():
        place, *rest = path.split("__")
        target = item[place]
        for key in rest[:-1]:
            target = target[key]
        target[rest[-1]] = value
    return item


@pytest.mark.parametrize(
    ("item", "error", "named"),
    [
        (changed(**{"properties__mlm:tasks": ["object-detection"]}), ModelTypeError, "object-detection"),
        (changed(**{"properties__mlm:input": [{"name": "a"}, {"name": "b"}]}), ModelKeyError, "one image"),
        (changed(**{"properties__mlm:output": []}), ModelKeyMissingError, "classification:classes"),
        (changed(assets__model=None, assets__checkpoint=None), ModelKeyMissingError, "mlm:model"),
    ],
)
def test_items_of_other_models_are_refused(item: dict[str, Any], error: type[Exception], named: str) -> None:
    with pytest.raises(error, match=named):
        parsed(item)


@pytest.mark.parametrize("color", ["12345", "GG0000", [1, 2], [1, 2, 300], 7])
def test_a_color_that_is_none_is_named(color: Any) -> None:
    item = make_item()
    item["properties"]["mlm:output"][0]["classification:classes"][1]["color_hint"] = color
    with pytest.raises(ModelKeyError, match=r"\[1\].color_hint"):
        parsed(item)


@pytest.mark.parametrize("values", [[1, 1, 2], [1, "2", 3], [1, None, 3], [1, True, 3], [2**40, 1, 2]])
def test_class_values_are_distinct_whole_numbers(values: list[Any]) -> None:
    item = make_item()
    for entry, value in zip(item["properties"]["mlm:output"][0]["classification:classes"], values):
        entry["value"] = value
    with pytest.raises(ModelKeyError, match="classification:classes"):
        parsed(item)


@given(st.randoms(use_true_random=False))
def test_broken_items_end_in_a_named_error(random: Any) -> None:
    """Puts something else into one or two places of an item."""
    item = make_item()
    for _ in range(random.randint(1, 2)):
        target: Any = item
        while True:
            key = random.choice(list(target) if isinstance(target, dict) else range(len(target)))
            inner = target[key]
            if not isinstance(inner, (dict, list)) or not inner or random.random() < 0.2:
                break
            target = inner
        target[key] = random.choice([None, [], {}, "x", -1, 10**400, math.nan, True, [None], {"a": 1}, "\0", 1.5])
    with suppress(ClassifyPixelsError):
        parsed(item)


def test_weights_are_looked_for_beside_the_item(tmp_path: Path) -> None:
    item = tmp_path / "item.json"
    document = make_item()
    document["assets"]["model"]["href"] = "https://example.com/models/net.onnx?version=3"
    item.write_text(json.dumps(document))
    with pytest.raises(WeightsMissingError, match=r"https://example.com/models/net\.onnx of the model item.json"):
        open_model(ModelReference(path=item), tmp_path)
    pointwise_network(tmp_path / "net.onnx", 4, 3)
    assert open_model(ModelReference(path=item), tmp_path).weights == tmp_path / "net.onnx"


def test_an_item_as_json_needs_weights_with_a_whole_path(tmp_path: Path) -> None:
    document = make_item()
    document["assets"]["model"]["href"] = str(pointwise_network(tmp_path / "net.onnx", 4, 3))
    assert open_model(ModelReference(document=document), tmp_path).name == "Land cover U-Net"


def test_weights_of_no_known_kind_are_refused(tmp_path: Path) -> None:
    document = make_item()
    document["assets"]["model"]["href"] = "model-card.html"
    del document["assets"]["checkpoint"]
    (tmp_path / "item.json").write_text(json.dumps(document))
    with pytest.raises(FrameworkError, match="model-card.html"):
        open_model(ModelReference(path=tmp_path / "item.json"), tmp_path)
