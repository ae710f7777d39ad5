# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.errors import ModelKeyError, ModelKeyMissingError, ModelTypeError, ModelUnreadableError
from classify_pixels.inference.models import ModelClass, ModelDefinition, Normalization, parse_emd, write_emd
from classify_pixels.inference.models.emd.emd_classes import default_color
from classify_pixels.inference.models.emd.emd_file import read_emd_text
from classify_pixels.inference.phrase import printable
from tests.networks import class_definition

texts = st.text(max_size=12).map(printable).map(str.strip)
finite = st.floats(allow_nan=False, allow_infinity=False, width=32)
bytes_ = st.integers(0, 255)
counts = st.none() | st.integers(0, 300)
positives = st.none() | st.integers(1, 300)


@st.composite
def limits(draw: Any, bands: int) -> tuple[tuple[float, ...], ...]:
    """Returns the least and the largest values of each band, some of them infinite, or none at all."""
    ends = st.lists(finite, min_size=bands, max_size=bands)
    lowest, highest = ([draw(st.sampled_from([end, sign * math.inf])) for end in draw(ends)] for sign in (-1, 1))
    some = any(map(math.isfinite, lowest)) or any(map(math.isfinite, highest))
    return (tuple(lowest), tuple(highest)) if some and draw(st.booleans()) else ((), ())


@st.composite
def normalizations(draw: Any, bands: tuple[Any, ...]) -> Normalization:
    def numbers(values: Any) -> tuple[float, ...]:
        return tuple(draw(st.lists(values, min_size=len(bands), max_size=len(bands))))

    minimum, width = numbers(finite), numbers(st.floats(1, 1e6))
    assert len(minimum) == len(bands)
    maximum = tuple(math.nextafter(low, math.inf) + w for low, w in zip(minimum, width))
    std = numbers(finite.filter(lambda value: value != 0))
    return Normalization(minimum, maximum, numbers(finite), std, *draw(limits(len(bands))))


@st.composite
def definitions(draw: Any) -> ModelDefinition:
    numbers = st.lists(st.integers(0, 20), min_size=1, max_size=8, unique=True)
    names = st.lists(texts.filter(bool), min_size=1, max_size=8, unique=True)
    bands = tuple(draw(numbers | names))
    values = draw(st.lists(st.integers(-(2**31) + 2, 2**31 - 2) | bytes_, min_size=1, max_size=9, unique=True))
    classes = tuple(ModelClass(value, draw(texts), draw(st.tuples(bytes_, bytes_, bytes_))) for value in values)
    return ModelDefinition(
        name=draw(texts.filter(bool)),
        weights=draw(texts.filter(bool)),
        tile_height=draw(st.integers(1, 10_000)),
        tile_width=draw(st.integers(1, 10_000)),
        bands=bands,
        classes=classes,
        framework=draw(texts),
        layout=draw(st.sampled_from([None, "NCHW", "NHWC"])),
        band_names=tuple(draw(st.lists(texts, max_size=8))),
        normalization=draw(st.none() | normalizations(bands)),
        batch_size=draw(positives),
        padding=draw(counts),
        model_padding=draw(counts),
        threshold=draw(st.floats(0, 1)),
        stride=draw(positives),
        halo=draw(counts),
        input_name=draw(st.sampled_from(["", "image"])),
        output_name=draw(st.sampled_from(["", "1", "scores"])),
        description=draw(texts),
        version=draw(texts),
    )


def document(**changes: Any) -> dict[str, Any]:
    return {**class_definition(Path("net.onnx"), 3, [1, 2, 7], 256), **changes}


def parse(**changes: Any) -> ModelDefinition:
    return parse_emd(document(**changes), "some model")


@given(definitions())
def test_a_written_definition_is_read_back_as_it_was(definition: ModelDefinition) -> None:
    text = json.dumps(write_emd(definition))
    assert parse_emd(read_emd_text(text, "other"), "other") == definition


@given(st.lists(st.integers(0, 20), min_size=2, max_size=6, unique=True), st.data())
def test_written_statistics_are_those_of_the_same_bands(bands: list[int], data: st.DataObject) -> None:
    stats = data.draw(normalizations(tuple(bands)))
    definition = replace(parse(ModelName="model"), bands=tuple(bands), normalization=stats)
    assert parse_emd(write_emd(definition), "other") == definition


@pytest.mark.parametrize("key", ["ModelFile", "ImageHeight", "ImageWidth", "ExtractBands", "Classes"])
@pytest.mark.parametrize("absent", [True, False])
def test_every_key_that_is_needed_is_missed_by_name(key: str, absent: bool) -> None:
    incomplete = document(**{key: None})
    if absent:
        del incomplete[key]
    with pytest.raises(ModelKeyMissingError, match=f"some model lacks the key {key}"):
        parse_emd(incomplete, "some model")


@pytest.mark.parametrize("key", ["Framework", "ModelType", "ModelConfiguration"])
def test_other_keys_may_be_absent(key: str) -> None:
    incomplete = document()
    incomplete.pop(key, None)
    assert parse_emd(incomplete, "some model").tile_height == 256


def test_classes_keep_their_order_names_and_colours() -> None:
    classes = [
        {"Value": 7, "Name": "Wald", "Color": [1, 2, 3]},
        {"Value": 2, "Name": "Straße", "Color": [255, 0, 9]},
    ]
    assert parse(Classes=classes).classes == (
        ModelClass(7, "Wald", (1, 2, 3)),
        ModelClass(2, "Straße", (255, 0, 9)),
    )


def test_older_spellings_of_a_class() -> None:
    (only,) = parse(Classes=[{"ClassValue": 11, "ClassName": "Water", "Color": [0, 0, 255]}]).classes
    assert (only.value, only.name) == (11, "Water")


def test_a_class_without_a_name_is_called_by_its_value() -> None:
    assert parse(Classes=[{"Value": 4}]).classes[0].name == "4"


@pytest.mark.parametrize("color", [None, [-1, -1, -1]])
def test_a_class_without_a_colour_gets_one_of_its_own(color: Any) -> None:
    classes = parse(Classes=[{"Value": value, "Color": color} for value in range(12)]).classes
    assert len({c.color for c in classes}) == 12
    assert all(0 <= part <= 255 for c in classes for part in c.color)
    assert classes[3].color == default_color(3)


@pytest.mark.parametrize("color", ["red", [1, 2], [0, 0, 256], [0, -1, 0], [1, 2, True], [math.nan] * 3, {"r": 1}])
def test_what_is_no_colour_is_refused(color: Any) -> None:
    with pytest.raises(ModelKeyError, match=r"Classes\[0\].Color"):
        parse(Classes=[{"Value": 1, "Color": color}])


@pytest.mark.parametrize("value", [7, 7.0, "7", " 7 ", "7.0"])
@pytest.mark.parametrize("key", ["Value", "ClassValue"])
def test_a_class_value_is_read_as_a_number_in_every_spelling(key: str, value: Any) -> None:
    classes = parse(Classes=[{key: 1}, {key: value}]).classes
    assert [(c.value, type(c.value), c.name) for c in classes] == [(1, int, "1"), (7, int, "7")]


def test_equal_class_values_of_two_spellings_are_refused() -> None:
    with pytest.raises(ModelKeyError, match="distinct values"):
        parse(Classes=[{"Value": 1}, {"Value": "1"}])


def test_band_numbers_may_be_written_as_floats() -> None:
    bands = parse(ExtractBands=[2.0, 0, 1.0]).bands
    assert (bands, [type(band) for band in bands]) == ((2, 0, 1), [int] * 3)


@pytest.mark.parametrize(
    "value",
    [
        True,
        1.5,
        "1.5",
        "one",
        "",
        "nan",
        "inf",
        None,
        [1],
        2**31,
        -(2**31),
        math.nan,
        math.inf,
        pytest.param(10**400, id="10^400"),
        pytest.param("9" * 400, id="text of 10^400"),
    ],
)
def test_a_class_value_that_is_no_integer_is_refused(value: Any) -> None:
    with pytest.raises(ModelKeyError, match=r"Classes\[1\].Value"):
        parse(Classes=[{"Value": 1}, {"Value": value}])


def test_duplicate_class_values_are_refused() -> None:
    with pytest.raises(ModelKeyError, match=re.escape("Classes has the value [3, 5, 3]")):
        parse(Classes=[{"Value": 3}, {"Value": 5}, {"Value": 3}])


@pytest.mark.parametrize("classes", [[], "water", {"Value": 1}, [5], [None]])
def test_what_is_no_list_of_classes_is_refused(classes: Any) -> None:
    with pytest.raises(ModelKeyError, match="Classes"):
        parse(Classes=classes)


@pytest.mark.parametrize("bands", [[], [-1], [0.5], [True], [" "], [None], "0,1", [[0]]])
def test_what_is_no_list_of_bands_is_refused(bands: Any) -> None:
    with pytest.raises(ModelKeyError, match="ExtractBands"):
        parse(ExtractBands=bands)


def test_bands_may_be_names() -> None:
    assert parse(ExtractBands=["B4", "B3"]).bands == ("B4", "B3")


def test_sizes_may_be_texts() -> None:
    definition = parse(ImageHeight="256", ImageWidth="512", BatchSize="4", Padding="32")
    assert (definition.tile_height, definition.tile_width) == (256, 512)
    assert (definition.batch_size, definition.padding) == (4, 32)


@pytest.mark.parametrize("kind", ["ObjectDetection", "ObjectClassification", "SuperResolution", "ImageTranslation"])
def test_other_kinds_of_models_are_refused_by_name(kind: str) -> None:
    with pytest.raises(ModelTypeError, match=f"some model is of the type {kind}"):
        parse(ModelType=kind)


@pytest.mark.parametrize(
    "kind", ["ImageClassification", "ClassifyPixels", "Pixel Classification", "imageclassification"]
)
def test_pixel_models_go_by_several_names(kind: str) -> None:
    assert parse(ModelType=kind).classes


def test_the_layout() -> None:
    assert parse(ModelFormat="nhwc").layout == "NHWC"
    assert parse().layout is None
    with pytest.raises(ModelKeyError, match="ModelFormat has the value CHWN"):
        parse(ModelFormat="CHWN")


STATS = {
    "band_min_values": [0, 1, 2, 3, 4],
    "band_max_values": [10, 11, 12, 13, 14],
    "scaled_mean_values": [0.1, 0.2, 0.3, 0.4, 0.5],
    "scaled_std_values": [1, 2, 3, 4, 5],
    "band_mean_values": None,
    "band_std_values": None,
}


def test_statistics_of_the_whole_raster_are_picked_by_band() -> None:
    stats = parse(ExtractBands=[4, 1], NormalizationStats=STATS).normalization
    assert stats == Normalization((4.0, 1.0), (14.0, 11.0), (0.5, 0.2), (5.0, 2.0))


def test_statistics_of_named_bands_are_taken_in_order() -> None:
    stats = parse(ExtractBands=["a", "b", "c", "d", "e"], NormalizationStats=STATS).normalization
    assert stats is not None
    assert stats.minimum == (0.0, 1.0, 2.0, 3.0, 4.0)


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("band_min_values", [0, 1]),
        ("band_max_values", [10, 1, 12, 13, 14]),
        ("scaled_std_values", [1, 1, 1, 1, 0]),
        ("scaled_mean_values", ["a", 1, 1, 1, 1]),
        ("scaled_mean_values", "0.5"),
    ],
)
def test_statistics_that_cannot_be_used_are_refused(key: str, values: Any) -> None:
    with pytest.raises(ModelKeyError, match=key):
        parse(ExtractBands=[4, 1, 3], NormalizationStats={**STATS, key: values})


@pytest.mark.parametrize("key", ["band_min_values", "band_max_values", "scaled_mean_values", "scaled_std_values"])
def test_statistics_that_are_missing_are_named(key: str) -> None:
    with pytest.raises(ModelKeyMissingError, match=key):
        parse(NormalizationStats={**STATS, key: None})


def test_no_statistics_mean_no_normalization() -> None:
    assert parse().normalization is None
    assert parse(NormalizationStats=None).normalization is None


def test_keys_that_change_nothing_here_are_listed() -> None:
    ignored = parse(InferenceFunction="f.py", DataRange=[0, 1], LearningRate="None", accuracy="0.9", New=1).ignored
    assert ignored == ("DataRange", "InferenceFunction", "New")
    ignored = parse(monitored_valid_loss="0.1", ModelParameters={"Mean": [1], "std": [2], "embed_dim": 9}).ignored
    assert ignored == ("ModelParameters.Mean", "ModelParameters.std")


def test_our_own_key() -> None:
    definition = parse(ClassifyPixels={"Stride": 4, "Halo": 0})
    assert (definition.stride, definition.halo) == (4, 0)
    with pytest.raises(ModelKeyError, match="Stride has the value 0"):
        parse(ClassifyPixels={"Stride": 0})


def test_a_definition_without_a_name_is_called_as_its_file() -> None:
    assert parse().name == "some model"
    assert parse(ModelName="Land cover").name == "Land cover"


def test_the_tokens_of_pythons_json_are_read() -> None:
    text = '{"accuracy": NaN, "limit": -Infinity, "ImageHeight": 1}'
    assert read_emd_text(text, "some model")["ImageHeight"] == 1


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('{"ExtractBands": [0, 1], "ImageHeight": 1, "ExtractBands": [1, 0]}', "ExtractBands"),
        ('{"Classes": [{"Value": 1, "Name": "a", "Value": 2}]}', "Value"),
        ('{"ClassifyPixels": {"Halo": 4, "Halo": null}, "ModelName": "\\ud800"}', "Halo"),
    ],
)
def test_a_key_with_two_values_is_refused(text: str, key: str) -> None:
    with pytest.raises(ModelKeyError, match=rf"the key {key} has the value .*only once"):
        read_emd_text(text, "some model")


def test_a_key_that_is_repeated_with_its_value_is_none_with_two() -> None:
    text = '{"Classes": [{"Value": 1}], "Halo": 4, "Classes": [{"Value": 1.0}]}'
    assert read_emd_text(text, "some model") == {"Classes": [{"Value": 1}], "Halo": 4}


@pytest.mark.parametrize("limits", [{"Lowest": [0.0]}, {"Highest": [1.0]}, {"Lowest": [None], "Highest": [1.0]}])
def test_limits_without_a_normalisation_are_refused(limits: dict[str, Any]) -> None:
    with pytest.raises(ModelKeyError, match="NormalizationStats"):
        parse(ExtractBands=[0], ClassifyPixels=limits)


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "5", "null", "PK\x03\x04", pytest.param("[" * 100_000, id="deep")])
def test_what_is_no_json_object_is_refused(text: str) -> None:
    with pytest.raises(ModelUnreadableError, match="some model cannot be read"):
        read_emd_text(text, "some model")


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"ImageHeight": 16_385}, "ImageHeight has the value 16385; it must be an integer from 1 to 16384"),
        ({"BatchSize": 2**31 - 1}, "BatchSize .* from 1 to 4096"),
        ({"ExtractBands": [0] * 65_536}, "ExtractBands"),
        ({"Classes": [{"Value": value, "Name": "a"} for value in range(65_536)]}, "of 65536 items; .* at most 65535"),
    ],
)
def test_numbers_beyond_any_network_are_refused(keys: dict[str, Any], expected: str) -> None:
    with pytest.raises(ModelKeyError, match=expected):
        parse_emd({**class_definition(Path("net.onnx"), 3, [1, 2], 64), **keys}, "model.emd")


def test_names_are_one_line_that_ends() -> None:
    keys = {"ModelName": "a\nb\x1b", "Version": "1\u202e", "BandNames": ["r\n", "g", "b"], "odd\nkey": 1}
    classes = [{"Value": 1, "Name": "x" * 10**6}, {"Value": 2, "Name": "mi\u200cdoune\0"}]
    found = parse_emd({**class_definition(Path("net.onnx"), 3, [1, 2], 64), **keys, "Classes": classes}, "model.emd")
    assert (found.name, found.version, found.band_names[0], found.ignored) == ("a b ", "1 ", "r ", ("odd key",))
    assert [c.name for c in found.classes] == ["x" * 1000 + "…", "mi\u200cdoune "]
