# SPDX-License-Identifier: GPL-2.0-or-later
"""Every error class is a sentence whose braces every place that raises it fills."""

from __future__ import annotations

import ast
import inspect
import pickle
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from classify_pixels.inference import errors
from classify_pixels.inference.errors import ClassifyPixelsError, ExtentError, RunCancelledError
from classify_pixels.inference.phrase import Phrase, printable

from .sources import ROOMS, nodes

CLASSES = [
    value
    for value in vars(errors).values()
    if inspect.isclass(value) and issubclass(value, ClassifyPixelsError) and value is not ClassifyPixelsError
]
NAMES = {error.__name__ for error in CLASSES}


def fields(error: type[ClassifyPixelsError]) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(error.sentence) if name is not None}


def uses() -> Iterator[tuple[str, str, set[str]]]:
    """Yields place, class and keywords wherever shipped code makes an error."""
    for place, node in nodes(*ROOMS):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMES:
            yield place, node.func.id, {str(keyword.arg) for keyword in node.keywords}
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name) and node.exc.id in NAMES:
            yield place, node.exc.id, set()


@pytest.mark.parametrize("error", CLASSES)
def test_a_sentence_says_what_happened_and_its_values_fill_it(error: type[ClassifyPixelsError]) -> None:
    values = {name: f"<{name}>" for name in fields(error)}
    text = str(error(**values))
    assert text.endswith((".", "}", ">"))
    assert all(value in text for value in values.values())
    assert not any(f"{{{name}" in text for name in values)
    assert error(**values).values == values


@pytest.mark.parametrize("error", CLASSES)
def test_an_error_class_says_when_it_is_raised(error: type[ClassifyPixelsError]) -> None:
    assert error.__doc__
    assert error.__doc__ != ClassifyPixelsError.__doc__


def test_whoever_raises_an_error_gives_exactly_its_values() -> None:
    wrong = [(place, name, keywords) for place, name, keywords in uses() if keywords != fields(getattr(errors, name))]
    assert wrong == []


def test_every_error_class_is_raised_somewhere() -> None:
    assert {name for _, name, _ in uses()} == NAMES


def test_sentences_are_distinct() -> None:
    assert len({error.sentence for error in CLASSES}) == len(CLASSES)


def test_a_value_with_braces_is_taken_as_it_is() -> None:
    error = ExtentError(extent={"xmin": 1}, reason="{x} is no number")
    assert "{'xmin': 1}" in str(error)
    assert "{x} is no number" in str(error)


def test_an_error_without_values_needs_none() -> None:
    assert str(RunCancelledError()) == RunCancelledError.sentence


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("x" * 10**6, "x" * 1000 + "…"),
        ([7] * 10**5, "[7, 7, 7"),
        ("red\n\x1b[2J\u202eblue", "red  [2J blue"),
        (10**5000, "that cannot be printed"),
        (ValueError("a\nb"), "a b"),
    ],
    ids=["text", "list", "control characters", "number", "error"],
)
def test_a_value_of_a_stranger_is_shown_on_one_line_that_ends(value: object, shown: str) -> None:
    text = str(ExtentError(extent=value, reason="r"))
    assert shown in text
    assert len(text) < 1200
    assert printable(text, len(text)) == text


def test_lists_too_deep_to_print_are_told_all_the_same() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert "that cannot be printed" in str(ExtentError(extent=deep, reason="r"))


def test_a_value_that_can_be_shown_stays_what_it_is() -> None:
    values = {"extent": Path("/a/b.tif"), "reason": OSError("no")}
    assert ExtentError(**values).values == values


@pytest.mark.parametrize("error", CLASSES)
def test_an_error_is_the_same_in_another_process(error: type[ClassifyPixelsError]) -> None:
    made = error(**{name: Path(f"/folder/{name}.tif") for name in fields(error)})
    found = pickle.loads(pickle.dumps(made))
    assert type(found) is error
    assert (str(found), found.sentence, set(found.values)) == (str(made), made.sentence, set(made.values))


def test_values_that_another_process_cannot_know_travel_as_texts() -> None:
    class Local(Exception):
        """Pickle finds no class of a function."""

    phrase = Phrase("{inner} of {count}", {"inner": Local("reason"), "count": 3})
    made = ExtentError(extent=Local("extent"), reason=phrase)
    found = pickle.loads(pickle.dumps(made))
    assert str(found) == str(made)
    # Parts that are still to be translated stay what they are.
    assert found.values["reason"] == Phrase("{inner} of {count}", {"inner": "reason", "count": 3})
    outer = pickle.loads(pickle.dumps(ExtentError(extent=1, reason=made)))
    assert isinstance(outer.values["reason"], ExtentError)
