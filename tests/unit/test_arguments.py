# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import pickle
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from classify_pixels.inference.errors import ArgumentError, ArgumentsUnreadableError, ArgumentUnknownError
from classify_pixels.inference.models import (
    ARGUMENT_NAMES,
    Auto,
    GivenArguments,
    Model,
    ModelArguments,
    ModelClass,
    ModelDefinition,
    RasterFunction,
    check_arguments,
    read_arguments,
    resolve_arguments,
)
from tests.networks import class_definition, identity_network
from tests.unit.runs import classify


def definition(values: tuple[int, ...] = (1, 2), **keys: Any) -> ModelDefinition:
    classes = tuple(ModelClass(value, f"class {value}", (0, 0, 0)) for value in values)
    return ModelDefinition("model", "net.onnx", 256, 256, (0, 1, 2), classes, **keys)


def resolve(given: Any = None, **keys: Any) -> ModelArguments:
    return resolve_arguments(read_arguments(given), definition(**keys))


@pytest.mark.parametrize(
    "value",
    [
        {"padding": 32, "batch_size": "4"},
        {"Padding": "32", " BATCH_SIZE ": " 4 "},
        '{"padding": "32", "batch_size": 4}',
        "padding 32;batch_size 4",
        " padding   32 ; batch_size 4 ; ",
    ],
)
def test_arguments_in_every_form(value: Any) -> None:
    given = read_arguments(value)
    assert (given.padding, given.batch_size) == (32, 4)
    assert given.texts == (("batch_size", "4"), ("padding", "32"))


@pytest.mark.parametrize("value", [None, "", " ", {}, "{}", ";"])
def test_no_arguments(value: Any) -> None:
    assert read_arguments(value) == GivenArguments()


@pytest.mark.parametrize("value", ["padding", "padding=32", '{"padding": 32', "[1]", 5, ["padding", "32"], "a 1;b"])
def test_arguments_in_no_known_form_are_refused(value: Any) -> None:
    with pytest.raises(ArgumentsUnreadableError, match=re.escape(str(value))):
        read_arguments(value)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ArgumentUnknownError, match="paddding is unknown") as caught:
        resolve({"paddding": "3"})
    assert all(name in str(caught.value) for name in ARGUMENT_NAMES)


@pytest.mark.parametrize("name", ["padding", "batch_size", "tile_size"])
@pytest.mark.parametrize("value", ["-1", "1.5", "many", "nan", "inf", "0x10", "1e400"])
def test_numbers_that_are_not_whole_are_refused(name: str, value: str) -> None:
    with pytest.raises(ArgumentError, match=f"{name} has the value {re.escape(value)}"):
        resolve({name: value})


@pytest.mark.parametrize("name", ["batch_size", "tile_size"])
def test_zero_is_only_a_padding(name: str) -> None:
    assert resolve({"padding": "0"}).padding == 0
    with pytest.raises(ArgumentError, match=f"{name} has the value 0"):
        resolve({name: "0"})


def test_numbers_may_be_written_as_floats() -> None:
    given = resolve({"padding": 32.0, "tile_size": "512.0"})
    assert (given.padding, given.tile_size) == (32, 512)


@pytest.mark.parametrize(
    ("given", "keys", "padding"),
    [
        ({}, {}, None),
        ({}, {"padding": 16}, 16),
        ({}, {"halo": 24, "padding": 16}, 24),
        ({"padding": "8"}, {"halo": 24, "padding": 16}, 8),
        ({"padding": "auto"}, {"halo": 24, "padding": 16}, 24),
        ({"padding": "AUTO"}, {"padding": 16}, Auto.AUTO),
        ({}, {"model_padding": 64}, 64),
        ({"padding": "64"}, {"model_padding": 64, "padding": 16}, 64),
    ],
)
def test_where_the_padding_comes_from(given: Any, keys: dict[str, Any], padding: int | Auto | None) -> None:
    assert resolve(given, **keys).padding == padding


@pytest.mark.parametrize(("name", "key"), [("padding", "model_padding"), ("batch_size", "batch_size")])
def test_what_the_definition_fixes_is_accepted_when_equal_only(name: str, key: str) -> None:
    assert getattr(resolve({name: "4"}, **{key: 4}), name) == 4
    assert getattr(resolve({}, **{key: 4}), name) == 4
    with pytest.raises(ArgumentError, match=f"{name} has the value 8; it must be 4"):
        resolve({name: "8"}, **{key: 4})


def test_automatic_padding_of_a_model_that_fixes_it() -> None:
    assert resolve({"padding": "auto"}, model_padding=64).padding == 64


@pytest.mark.parametrize(
    ("values", "expected"), [((1, 2), False), ((0, 1), True), ((5,), True), ((0,), True), ((1, 2, 0), True)]
)
def test_background_is_predicted_unless_several_classes_lack_the_value_0(
    values: tuple[int, ...], expected: bool
) -> None:
    assert resolve({}, values=values).predict_background is expected


@pytest.mark.parametrize("word", ["true", "True", "1", "t", "Y", "yes", True])
def test_words_for_yes(word: Any) -> None:
    assert resolve({"predict_background": word}).predict_background is True


@pytest.mark.parametrize("word", ["false", "0", "no", "n", False])
def test_words_for_no(word: Any) -> None:
    assert resolve({"predict_background": word}, values=(0, 1)).predict_background is False


@pytest.mark.parametrize(("text", "number"), [("0.25", 0.25), ("0,25", 0.25), ("0", 0), ("1", 1), ("", 0.7)])
def test_threshold(text: str, number: float) -> None:
    assert resolve({"threshold": text}, threshold=0.7).threshold == number


@pytest.mark.parametrize("text", ["-0.1", "1.1", "half", "nan"])
def test_a_threshold_that_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(ArgumentError, match=f"threshold has the value {text}"):
        resolve({"threshold": text})


# --- at the door --------------------------------------------------------------------------------------

BAD = [("padding", "wide"), ("batch_size", "0"), ("tile_size", "1.5"), ("predict_background", "maybe"),
       ("test_time_augmentation", "2"), ("merge_policy", "median"), ("threshold", "50"),
       ("return_probability_raster", "all"), ("mixed_precision", "half"), ("nonsense", "1")]  # fmt: skip


@pytest.mark.parametrize(("name", "text"), BAD)
@pytest.mark.parametrize("described", [True, False], ids=["definition", "bare"])
def test_what_a_model_cannot_take_is_refused_before_it_is_opened(name: str, text: str, described: bool) -> None:
    model = Model("net", Path("no such file.onnx"), definition() if described else None)
    with pytest.raises((ArgumentError, ArgumentUnknownError), match=name):
        check_arguments(read_arguments({name: text}), model)


def test_a_value_that_the_definition_does_not_allow_is_refused_before_the_network_is_opened() -> None:
    model = Model("net", Path("no such file.onnx"), definition(batch_size=4))
    check_arguments(read_arguments({"batch_size": "4"}), model)
    with pytest.raises(ArgumentError, match="batch_size has the value 8; it must be 4"):
        check_arguments(read_arguments({"batch_size": "8"}), model)


@pytest.mark.parametrize(("name", "text"), BAD)
def test_a_raster_function_gets_its_own_arguments_as_they_came(name: str, text: str) -> None:
    given = read_arguments({name: text, "tile_size": "64"})
    function = RasterFunction(Path("f.py"), Path("m.emd"), "abc", "def", allowed=True)
    check_arguments(given, Model("net", Path("f.py"), definition(), function=function))
    if name == "tile_size":
        return
    resolved = resolve_arguments(given, definition(), declared=[name.title()])
    assert resolved.declared == ((name, text),)
    assert resolved == replace(resolve({"tile_size": "64"}), declared=resolved.declared)


def test_a_function_that_is_not_allowed_leaves_the_known_names_their_meaning() -> None:
    function = RasterFunction(Path("f.py"), Path("m.emd"), "abc", "def", allowed=False)
    model, given = Model("net", Path("net.onnx"), definition(), function=function), read_arguments({"threshold": "50"})
    with pytest.raises(ArgumentError, match="threshold has the value 50"):
        check_arguments(given, model)


@pytest.mark.parametrize(
    "value",
    ["padding 8;padding 16", '{"padding": 8, "padding": 16}', '{"Padding": 8, "padding": 16}',
     {"padding": 8, " PADDING": 16}],
)  # fmt: skip
def test_two_values_of_one_argument_are_refused(value: Any) -> None:
    with pytest.raises(ArgumentError, match="padding has the value 16; it must be set only once"):
        read_arguments(value)
    assert read_arguments("padding 8; padding 8").padding == 8


@pytest.mark.parametrize("value", [{"padding": None}, '{"padding": null}', '{"padding": ""}'])
def test_nothing_is_no_value(value: Any) -> None:
    assert resolve(value, padding=16) == resolve({}, padding=16)


def test_given_arguments_travel_to_other_processes() -> None:
    given = read_arguments({"padding": "auto", "threshold": "50"})
    again = pickle.loads(pickle.dumps(given))
    assert again == given
    with pytest.raises(ArgumentError, match="threshold has the value 50"):
        again.check()


@pytest.mark.parametrize(("name", "text"), BAD)
def test_a_run_refuses_them_before_it_opens_a_raster(name: str, text: str, tmp_path: Path) -> None:
    model = class_definition(identity_network(tmp_path / "net.onnx", 2), 2, (1, 2), 16)
    with pytest.raises((ArgumentError, ArgumentUnknownError), match=name):
        classify(tmp_path / "no such raster.tif", model, tmp_path / "out" / "map.tif", {name: text})


def test_the_order_of_arguments_means_nothing() -> None:
    one, other = read_arguments("padding 8;tile_size 64"), read_arguments({"tile_size": 64, "Padding": 8})
    assert one == other
    assert repr(one) == repr(other)
