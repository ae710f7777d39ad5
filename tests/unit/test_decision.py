# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.errors import NetworkMismatchError, ScoresError, UnlistedClassError
from classify_pixels.inference.models import ModelArguments, ModelClass, ModelDefinition
from classify_pixels.inference.network.decision import Decision, choose_decision


def decision(values: list[int], channels: int, dtype: Any = np.float32, background: bool = True) -> Decision:
    classes = tuple(ModelClass(value, f"class {value}", (value % 256, 0, 0)) for value in values)
    definition = ModelDefinition("model", "net.onnx", 64, 64, (0,), classes)
    return choose_decision(definition, ModelArguments(None, None, None, background, 0.5), channels, dtype)


def scores(argmax: list[int], channels: int) -> np.ndarray:
    """Scores (channels, 1, len(argmax)) whose largest ones are in these channels."""
    random = np.random.default_rng(5).uniform(-9, -1, size=(channels, 1, len(argmax))).astype(np.float32)
    for column, largest in enumerate(argmax):
        random[largest, 0, column] = 0
    return random


value_lists = st.lists(st.integers(-(2**31) + 2, 2**31 - 2), min_size=2, max_size=8, unique=True)


@given(value_lists, st.data())
def test_as_many_channels_as_classes(values: list[int], data: st.DataObject) -> None:
    argmax = data.draw(st.lists(st.integers(0, len(values) - 1), min_size=1, max_size=5))
    chosen = decision(values, len(values)).decide(scores(argmax, len(values)))
    assert chosen.tolist() == [[values[largest] for largest in argmax]]


@given(value_lists, st.data())
def test_one_channel_more_is_background(values: list[int], data: st.DataObject) -> None:
    argmax = data.draw(st.lists(st.integers(0, len(values)), min_size=1, max_size=5))
    chosen = decision(values, len(values) + 1).decide(scores(argmax, len(values) + 1))
    assert chosen.tolist() == [[([0, *values])[largest] for largest in argmax]]


def test_without_background_its_channel_never_wins() -> None:
    output = np.array([[[9, 9, 9]], [[1, 3, 2]], [[2, 1, 3]]], np.float32)
    assert decision([11, 12], 3, background=False).decide(output).tolist() == [[12, 11, 12]]
    assert decision([11, 12], 3, background=True).decide(output).tolist() == [[0, 0, 0]]


def test_background_is_a_class_of_the_result_unless_switched_off() -> None:
    assert [c.value for c in decision([11, 12], 3).classes] == [0, 11, 12]
    assert [c.value for c in decision([11, 12], 3, background=False).classes] == [11, 12]
    assert [c.value for c in decision([11, 12], 2, background=False).classes] == [11, 12]


def test_a_listed_background_beside_the_hidden_one() -> None:
    """[0] + V, as published models have it: both channels stand for the value 0."""
    chosen = decision([0, 1, 2], 4)
    assert chosen.decide(scores([0, 1, 2, 3], 4)).tolist() == [[0, 0, 1, 2]]


def test_among_equal_scores_the_first_class_wins() -> None:
    assert decision([5, 6, 7], 3).decide(np.ones((3, 1, 1), np.float32)).tolist() == [[5]]


@pytest.mark.parametrize(("values", "expected"), [([7], [0, 0, 7, 7]), ([3, 9], [3, 3, 9, 9]), ([9, 3], [9, 9, 3, 3])])
def test_one_channel_is_a_probability(values: list[int], expected: list[int]) -> None:
    output = np.array([[[0.0, 0.5, 0.51, 1.0]]], np.float32)
    chosen = decision(values, 1)
    assert chosen.decide(output).tolist() == [expected]
    assert [c.value for c in chosen.classes] == ([0, *values] if len(values) == 1 else values)


def test_the_threshold_of_a_probability() -> None:
    definition = ModelDefinition("model", "net.onnx", 64, 64, (0,), (ModelClass(7, "a", (0, 0, 0)),))
    chosen = choose_decision(definition, ModelArguments(None, None, None, True, 0.8), 1, np.float32)
    assert chosen.decide(np.array([[[0.79, 0.81]]], np.float32)).tolist() == [[0, 7]]


def test_a_probability_of_the_background_alone_is_refused() -> None:
    with pytest.raises(NetworkMismatchError, match=r"net\.onnx.*class 0"):
        decision([0], 1)


@pytest.mark.parametrize("dtype", [np.int64, np.int32, np.uint8])
def test_integers_are_ready_classes(dtype: Any) -> None:
    output = np.array([[[11, 0, 12]]], dtype)
    chosen = decision([11, 12], 1, dtype)
    assert chosen.decide(output).tolist() == [[11, 0, 12]]
    assert [c.value for c in chosen.classes] == [0, 11, 12]
    assert [c.value for c in decision([0, 1], 1, dtype).classes] == [0, 1]


def test_a_ready_class_that_is_not_listed_is_named() -> None:
    with pytest.raises(UnlistedClassError, match="the class 13"):
        decision([11, 12], 1, np.int64).decide(np.array([[[11, 13]]]))


@pytest.mark.parametrize(("values", "channels"), [([1, 2], 4), ([1, 2, 3], 1), ([1, 2, 3], 2), ([1], 3), ([1, 2], 0)])
def test_any_other_number_of_channels_is_refused(values: list[int], channels: int) -> None:
    with pytest.raises(NetworkMismatchError, match=f"returns {channels} channels for {len(values)} classes"):
        decision(values, channels)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(("values", "channels"), [([1, 2], 2), ([1, 2], 3), ([1], 1)])
def test_scores_that_are_not_finite_are_an_error(bad: float, values: list[int], channels: int) -> None:
    output = np.zeros((channels, 2, 2), np.float32)
    output[-1, 1, 0] = bad
    with pytest.raises(ScoresError, match="NaN or Inf"):
        decision(values, channels).decide(output)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_scores_of_any_precision(dtype: Any) -> None:
    assert decision([4, 5, 6], 3).decide(scores([2, 0], 3).astype(dtype)).tolist() == [[6, 4]]
