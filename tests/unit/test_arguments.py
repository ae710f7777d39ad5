# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import re
from typing import Any

import pytest

from classify_pixels.inference.errors import ArgumentError, ArgumentsUnreadableError, ArgumentUnknownError
from classify_pixels.inference.models import (
    ARGUMENT_NAMES,
    ModelArguments,
    ModelClass,
    ModelDefinition,
    read_arguments,
    resolve_arguments,
)


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
    assert read_arguments(value) == {"padding": "32", "batch_size": "4"}


@pytest.mark.parametrize("value", [None, "", " ", {}, "{}", ";"])
def test_no_arguments(value: Any) -> None:
    assert read_arguments(value) == {}


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
        ({"padding": "AUTO"}, {"padding": 16}, None),
        ({}, {"model_padding": 64}, 64),
        ({"padding": "64"}, {"model_padding": 64, "padding": 16}, 64),
    ],
)
def test_where_the_padding_comes_from(given: Any, keys: dict[str, Any], padding: int | None) -> None:
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
