# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.models.json_text import read_json

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(values, st.booleans())
def test_what_python_writes_is_read_as_it_was(value: Any, ascii_only: bool) -> None:
    assert read_json(json.dumps(value, ensure_ascii=ascii_only)) == value


@pytest.mark.parametrize("digits", [4000, 10**6])
def test_numbers_beyond_any_float_are_infinite(digits: int) -> None:
    assert read_json("[" + "9" * digits + "]") == [math.inf]


def test_half_characters_become_question_marks_and_whole_ones_stay() -> None:
    found = read_json(r'{"\ud800k": ["a\udfffb", "\ud83d\ude00"], "n": NaN}')
    assert found["?k"] == ["a?b", "\U0001f600"]
    assert math.isnan(found["n"])
