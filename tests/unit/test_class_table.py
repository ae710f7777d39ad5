# SPDX-License-Identifier: GPL-2.0-or-later
"""Classes and bands as people write them down."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.errors import ClassTableError, InputNumbersError, ModelKeyError
from classify_pixels.inference.models import ModelClass, read_band_list, read_class_table
from classify_pixels.inference.models.emd.emd_classes import default_color
from classify_pixels.inference.phrase import printable

WATER, FOREST = ModelClass(1, "Water", (65, 105, 225)), ModelClass(7, "Forest", (0, 100, 0))
ROWS = [[1, "Water", "#4169e1"], [7, "Forest", "#006400"]]
OBJECTS = [
    {"Value": 1, "Name": "Water", "Color": [65, 105, 225]},
    {"Value": 7, "Name": "Forest", "Color": [0, 100, 0]},
]

names = st.text(max_size=10).map(printable).map(str.strip).filter(bool)
colors = st.tuples(*[st.integers(0, 255)] * 3)
classes = st.lists(
    st.builds(ModelClass, st.integers(-(2**31) + 2, 2**31 - 2), names, colors),
    min_size=1, max_size=6, unique_by=lambda c: c.value,
).map(tuple)  # fmt: skip


def hexadecimal(color: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)


@pytest.mark.parametrize(
    "value",
    [
        ROWS,
        [cell for row in ROWS for cell in row],
        ["1", "Water", "65,105,225", "7.0", "Forest", " #006400 "],
        "1,Water,#4169e1,7,Forest,#006400",
        "1;Water;4169E1;7;Forest;006400",
        "1; Water; 65,105,225\n7; Forest; 0,100,0",
        OBJECTS,
        json.dumps(OBJECTS),
        json.dumps({"Classes": OBJECTS}),
        {"Classes": OBJECTS, "ModelFile": "x"},
        [
            {"ClassValue": 1, "ClassName": "Water", "color": "#4169e1"},
            {"value": "7", "name": "Forest", "colour": "#006400"},
        ],
        {"1": {"name": "Water", "color": [65, 105, 225]}, "7": {"name": "Forest", "color": "#006400"}},
        [*ROWS, [None, None, None], ["", "", ""]],
    ],
)
def test_forms_that_say_the_same(value: Any) -> None:
    assert read_class_table(value) == (WATER, FOREST)


@pytest.mark.parametrize("value", [None, "", [], {}, "[]", (), [""] * 9, [None, "", " "], [None], [["", "", ""]]])
def test_nothing_is_no_class(value: Any) -> None:
    assert read_class_table(value) == ()


@given(classes)
def test_rows_and_json_keep_order_names_and_colours(expected: tuple[ModelClass, ...]) -> None:
    rows = [[c.value, c.name, hexadecimal(c.color)] for c in expected]
    assert read_class_table(rows) == expected
    assert read_class_table([cell for row in rows for cell in row]) == expected
    objects = [{"Value": c.value, "Name": c.name, "Color": list(c.color)} for c in expected]
    assert read_class_table(json.dumps(objects)) == expected
    assert read_class_table({c.value: {"name": c.name, "color": list(c.color)} for c in expected}) == expected


def test_names_by_value_get_colours_that_differ() -> None:
    found = read_class_table('{"0": "Land", "5": "Sea"}')
    assert [(c.value, c.name) for c in found] == [(0, "Land"), (5, "Sea")]
    assert [c.color for c in found] == [default_color(0), default_color(1)]


def test_a_class_without_a_name_is_called_by_its_value() -> None:
    assert [c.name for c in read_class_table([[3, "", ""], ["4", None, None]])] == ["3", "4"]


@pytest.mark.parametrize("name", ["classes.json", "model.emd", "CLASSES.JSON"])
def test_a_file_of_json(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text("\ufeff" + json.dumps({"Classes": OBJECTS}), encoding="utf-8")
    assert read_class_table(str(path)) == (WATER, FOREST)


def test_a_quoted_name_may_hold_a_comma() -> None:
    assert read_class_table('1,"Water, deep",#4169e1')[0].name == "Water, deep"


def test_short_colours_are_those_of_the_web() -> None:
    assert read_class_table([[1, "a", "#f0a"]])[0].color == (255, 0, 170)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("[1, 2", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("1,Water", "2 cells do not form rows of 3"),
        ([[1, "a", "#000", 4]], "more than 3 cells"),
        (5, "neither rows nor JSON"),
        ("absent.json", "No such file"),
    ],
)
def test_what_cannot_be_read_says_why(value: Any, reason: str) -> None:
    with pytest.raises(ClassTableError, match=reason):
        read_class_table(value)


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ([["x", "a", ""]], r"Classes\[0\]\.Value has the value x"),
        ([[1.5, "a", ""]], r"Classes\[0\]\.Value"),
        ([["nan", "a", ""]], r"Classes\[0\]\.Value"),
        ([[2**40, "a", ""]], r"Classes\[0\]\.Value"),
        ([[1, "a", ""], [1, "b", ""]], "Classes has the value"),
        ([[1, "a", "bluish"]], r"Classes\[0\]\.Color has the value bluish"),
        ([[1, "a", "1,2"]], r"Classes\[0\]\.Color"),
        ([[1, "a", "1,2,256"]], r"Classes\[0\]\.Color"),
    ],
)
def test_a_wrong_cell_is_named(rows: Any, key: str) -> None:
    with pytest.raises(ModelKeyError, match=key):
        read_class_table(rows)


@given(st.text(max_size=40) | st.recursive(st.none() | st.integers() | st.text(max_size=5), st.lists, max_leaves=8))
def test_anything_else_is_a_named_error(value: Any) -> None:
    with suppress(ClassTableError, ModelKeyError):
        assert all(isinstance(c, ModelClass) for c in read_class_table(value))


# --- bands --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("4,3,2", (3, 2, 1)),
        ("[1; 2]", (0, 1)),
        ([1, 2], (0, 1)),
        (["red", 2], ("red", 1)),
        ("red, green ,nir", ("red", "green", "nir")),
        ("near infrared", ("near infrared",)),
        ("7", (6,)),
        (7, (6,)),
        ("", ()),
        (None, ()),
    ],
)
def test_bands_are_numbered_from_1_or_named(value: Any, expected: Any) -> None:
    assert read_band_list(value, "BANDS") == expected


@pytest.mark.parametrize("value", ["0", "1,-2", "1,,2", [1, ""]])
def test_a_wrong_band_says_what_is_expected(value: Any) -> None:
    with pytest.raises(InputNumbersError, match=r"BANDS has the value .* band numbers from 1"):
        read_band_list(value, "BANDS")
