# SPDX-License-Identifier: GPL-2.0-or-later
"""YAML as plain data: what is read, and what is refused before it does harm."""

from __future__ import annotations

import math
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.models import yaml_text
from classify_pixels.inference.models.yaml_text import YamlError, YamlMissingError, read_yaml

pytest.importorskip("yaml", reason="PyYAML is optional")

ALIASES = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{number + 1}: &a{number + 1} [{', '.join([f'*a{number}'] * 9)}]\n" for number in range(12)
)
HOSTILE = {
    "aliases that multiply": ALIASES,
    "an alias of itself": "&a [*a]",
    "a mapping of itself": "&a {x: *a}",
    "a Python object": "a: !!python/object/apply:os.mkdir [CANARY]",
    "a Python name": "a: !!python/name:os.system",
    "a Python module": "a: !!python/module:os",
    "a tag of its own": "a: !secret 1",
    "a tag on a mapping": "a: !!python/dict {x: 1}",
    "bytes": "a: !!binary aGVsbG8=",
    "a set": "a: !!set {x}",
    "a merge": "a: &a {x: 1}\nb: {<<: *a}",
    "deep lists": "[" * 2_000,
    "deep mappings": "{a: " * 2_000,
    "deep lines": "".join("  " * depth + "a:\n" for depth in range(300)),
    "many values": "- a\n" * 1_001,
    "many digits": "a: " + "1" * 5_000,
    "a number that is none": "a: !!int hello",
    "a key twice": "a: 1\na: 2",
    "a list for a key": "? [a]\n: 1",
    "two documents": "a: 1\n---\nb: 1",
    "a control character": "a: \x01",
    "an open quote": 'a: "x',
    "an unknown alias": "a: *b",
    "a tab": "a:\t\n\t- x",
}


@pytest.fixture(autouse=True)
def few_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_text, "MOST_VALUES", 1_000)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_refused_in_time(name: str, tmp_path: Path) -> None:
    start = time.thread_time()
    with pytest.raises(YamlError):
        read_yaml(HOSTILE[name].replace("CANARY", str(tmp_path / "canary")))
    # Seconds of this thread alone.
    assert time.thread_time() - start < 30
    assert not (tmp_path / "canary").exists()


def test_plain_data_are_read() -> None:
    text = 'a: 1e-4\nb: [1, 2.5, .inf, ~, true]\nc: &x {q: "1e-4"}\nd: *x\ne: 2020-01-01\n7: a\nf:\n'
    found = read_yaml(text)
    assert found == {
        "a": 1e-4, "b": [1, 2.5, math.inf, None, True], "c": {"q": "1e-4"}, "d": {"q": "1e-4"}, "e": "2020-01-01",
        7: "a", "f": None,
    }  # fmt: skip
    assert read_yaml("") is None


@given(st.text(alphabet="ab01:-[]{}&*!<>|?#'\" \n\t.e", max_size=60))
def test_any_text_is_data_or_a_named_error(text: str) -> None:
    with suppress(YamlError):
        read_yaml(text)


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(YamlMissingError):
        read_yaml("a: 1")
