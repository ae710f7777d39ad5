# SPDX-License-Identifier: GPL-2.0-or-later
"""What the numbers of a single channel are taken for."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from onnx import helper

from classify_pixels.inference.errors import NetworkMismatchError, ProbabilityError, ScoresError, UnlistedClassError
from classify_pixels.inference.models import (
    CLASS_NUMBERS,
    LOGITS,
    PROBABILITIES,
    ModelArguments,
    ModelClass,
    ModelDefinition,
)
from classify_pixels.inference.network.decision import Decision, ReadyClasses, choose_decision
from classify_pixels.inference.network.output_values import SeenValues, seen_values
from classify_pixels.inference.runtimes import BackendOptions, open_backend
from tests.networks import logarithm_network, probability_network, save_network


def whole(*numbers: int) -> SeenValues:
    return SeenValues(min(numbers), max(numbers), frozenset(numbers))


@pytest.mark.parametrize(
    ("seen", "classes", "meaning"),
    [
        (SeenValues(0.1, 0.9), [1], PROBABILITIES),
        (SeenValues(0.0, 1.0), [1, 2], PROBABILITIES),
        # Rounded to 16 bits, or made of numbers of 8 bits.
        (SeenValues(-0.001, 1.004), [1], PROBABILITIES),
        (SeenValues(-0.2, 0.9), [1], LOGITS),
        (SeenValues(0.1, 1.2), [1], LOGITS),
        (SeenValues(-9.0, 9.0), [3, 7], LOGITS),
        (whole(-3, 4), [1], LOGITS),
        (whole(0, 1), [1], PROBABILITIES),
        (whole(0, 1), [7], PROBABILITIES),
        (whole(0, 1), [3, 9], PROBABILITIES),
        (whole(0, 7), [7], CLASS_NUMBERS),
        (whole(1, 2), [1, 2], CLASS_NUMBERS),
        (whole(0, 1), [1, 2, 3], CLASS_NUMBERS),
        (whole(0, 9), [1, 2, 3], CLASS_NUMBERS),
    ],
)
def test_values_tell_what_they_are(seen: SeenValues, classes: list[int], meaning: str) -> None:
    assert seen.meaning(classes) == meaning


@pytest.mark.parametrize(
    ("seen", "count"),
    [
        (whole(0, 3), 4), (whole(1, 2), 3), (whole(0, 149), 150), (whole(0), None), (whole(-1, 2), None),
        (whole(0, 137, 255), None), (whole(*range(100)), None), (SeenValues(0, 2), None),
    ],
)  # fmt: skip
def test_class_numbers_count_classes_unless_they_look_like_something_else(seen: SeenValues, count: int | None) -> None:
    assert seen.class_count() == count


def seen_of(path: Path) -> SeenValues | None:
    with closing(open_backend(path, BackendOptions(processor="CPU"))) as backend:
        return seen_values(backend, 1, (1, 256, 256), normalized=False)


def test_random_images_show_what_zeros_hide(tmp_path: Path) -> None:
    """Without a bias zeros give 0, which looks like a probability."""
    shape = ("n", 1, "h", "w")
    node = helper.make_node("Mul", ["image", "scale"], ["scores"])
    found = seen_of(save_network(tmp_path / "n.onnx", [node], {"scale": np.array(-2, np.float32)}, shape, shape))
    assert found is not None
    assert (found.lowest < -100, found.numbers) == (True, None)


def test_a_sigmoid_never_leaves_probability(tmp_path: Path) -> None:
    found = seen_of(probability_network(tmp_path / "n.onnx", 1.0))
    assert found is not None
    assert (found.lowest >= 0, found.highest <= 1, found.meaning([1])) == (True, True, PROBABILITIES)


def test_values_that_are_not_finite_tell_nothing(tmp_path: Path) -> None:
    """The logarithm of 0 is not finite, that of random bytes is."""
    found = seen_of(logarithm_network(tmp_path / "n.onnx", 1))
    assert found is not None
    assert np.isfinite([found.lowest, found.highest]).all()


def decided(values: list[int], seen: SeenValues | None, activation: str = "") -> Decision:
    classes = tuple(ModelClass(value, f"class {value}", (0, 0, 0)) for value in values)
    definition = ModelDefinition("model", "net.onnx", 64, 64, (0,), classes, output_activation=activation)
    return choose_decision(definition, ModelArguments(None, None, None, True, 0.5), 1, np.float32, seen)


def test_what_the_definition_says_goes_before_what_is_seen() -> None:
    quiet = SeenValues(0.2, 0.4)
    assert decided([1], quiet, LOGITS).logits  # type: ignore[union-attr]
    assert not decided([1], quiet).logits  # type: ignore[union-attr]
    assert isinstance(decided([3, 9], whole(0, 1), CLASS_NUMBERS), ReadyClasses)


@pytest.mark.parametrize(
    ("seen", "activation"), [(SeenValues(-3, 4), PROBABILITIES), (SeenValues(0.2, 2.5), CLASS_NUMBERS)]
)
def test_what_the_definition_says_is_checked(seen: SeenValues, activation: str) -> None:
    with pytest.raises(NetworkMismatchError, match=f"OutputActivation is {activation}"):
        decided([1], seen, activation)


def test_fractions_are_no_scores_of_many_classes() -> None:
    with pytest.raises(NetworkMismatchError, match="1 channels for 3 classes"):
        decided([1, 2, 3], SeenValues(-4, 4))


@pytest.mark.parametrize("value", [-0.5, 1.5, 255.0])
def test_a_score_that_is_no_probability_ends_the_run(value: float) -> None:
    """What random images did not show must not be cut at a threshold."""
    decision = decided([1], SeenValues(0.0, 1.0))
    scores = np.array([[[0.3, value]]], np.float32)
    with pytest.raises(ProbabilityError, match=f"{value:g}.*OutputActivation"):
        decision.decide(scores)
    with pytest.raises(ProbabilityError):
        decision.scores(np.where(scores == np.float32(0.3), np.nan, scores))
    assert decision.decide(np.array([[[-0.001, 1.004]]], np.float32)).tolist() == [[0, 1]]


def test_class_numbers_of_floats_become_classes() -> None:
    decision = decided([1, 2, 300], whole(0, 2))
    found = decision.decide(np.array([[[0, 300, 2]]], np.float32))
    assert (found.tolist(), found.dtype.kind) == ([[0, 300, 2]], "i")
    with pytest.raises(UnlistedClassError, match="1.5"):
        decision.decide(np.array([[[1.5]]], np.float32))
    with pytest.raises(ScoresError):
        decision.decide(np.array([[[np.nan]]], np.float32))
