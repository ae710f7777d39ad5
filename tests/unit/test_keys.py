# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import math
from typing import Any

import pytest

from classify_pixels.inference.errors import ModelKeyError, ModelKeyMissingError
from classify_pixels.inference.models.keys import Keys


def keys(value: Any) -> Keys:
    return Keys({"Key": value}, "some model")


@pytest.mark.parametrize("value", [256, 256.0, "256", " 256 "])
def test_whole_numbers_in_every_spelling(value: Any) -> None:
    assert keys(value).positive("Key") == 256


@pytest.mark.parametrize(
    "value",
    [0, -1, 1.5, True, "", "many", [256], {}, math.nan, math.inf, 2**31, pytest.param(10**400, id="10^400")],
)
def test_what_is_no_positive_number_is_refused(value: Any) -> None:
    with pytest.raises(ModelKeyError, match="some model.* Key .*integer from 1"):
        keys(value).positive("Key")


def test_a_count_may_be_zero_and_may_be_absent() -> None:
    assert keys(0).optional_count("Key") == 0
    assert keys(None).optional_count("Key") is None
    assert keys(0).optional_count("Other") is None
    with pytest.raises(ModelKeyError):
        keys(-1).optional_count("Key")


def test_a_positive_number_may_be_optional() -> None:
    assert keys(None).optional_positive("Key") is None
    assert keys(3).optional_positive("Key") == 3
    with pytest.raises(ModelKeyError):
        keys(0).optional_positive("Key")


@pytest.mark.parametrize("read", [Keys.positive, Keys.required_items, Keys.required_numbers])
@pytest.mark.parametrize("document", [{}, {"Key": None}, None])
def test_a_missing_key_is_named(read: Any, document: Any) -> None:
    with pytest.raises(ModelKeyMissingError, match="some model lacks the key Key"):
        read(Keys(document, "some model"), "Key")


@pytest.mark.parametrize(
    ("value", "text"), [(" a b ", "a b"), (None, ""), (7, "7"), ({"Name": "net", "x": 1}, "net"), ({}, "")]
)
def test_texts(value: Any, text: str) -> None:
    assert keys(value).text("Key") == text


@pytest.mark.parametrize("value", [0, 1, 0.25])
def test_fractions(value: float) -> None:
    assert keys(value).fraction("Key", default=0.5) == value
    assert keys(None).fraction("Key", default=0.5) == 0.5


@pytest.mark.parametrize("value", [-0.1, 1.1, "a", True, math.nan, [0.5]])
def test_what_is_no_fraction_is_refused(value: Any) -> None:
    with pytest.raises(ModelKeyError, match="from 0 to 1"):
        keys(value).fraction("Key", default=0.5)


@pytest.mark.parametrize(
    "value", [[1, "2"], [None], [math.nan], [math.inf], [True], "12", 5, pytest.param([10**400], id="10^400")]
)
def test_what_is_no_list_of_finite_numbers_is_refused(value: Any) -> None:
    with pytest.raises(ModelKeyError, match="a list"):
        keys(value).required_numbers("Key")


def test_an_inner_object_may_be_absent_but_nothing_else() -> None:
    assert keys({"Stride": 4}).inner("Key").positive("Stride") == 4
    assert keys(None).inner("Key").absent
    with pytest.raises(ModelKeyError, match="an object"):
        keys([1]).inner("Key")
