# SPDX-License-Identifier: GPL-2.0-or-later
"""What goes between the two processes: numbers and texts arrive as they were, and nothing else is taken."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.models.architecture import Architecture
from classify_pixels.inference.phrase import Phrase
from classify_pixels.inference.runtimes import BackendOptions
from classify_pixels.inference.runtimes.worker.frames import FrameWriter, make_frame_folder, view_frame
from classify_pixels.inference.runtimes.worker.messages import (
    MAX_LENGTH,
    BrokenMessageError,
    read_message,
    write_message,
)
from classify_pixels.inference.runtimes.worker.plain_values import (
    options_from_json,
    options_to_json,
    values_from_json,
    values_to_json,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text(), JSON), max_size=4))
def test_messages_arrive_as_they_were_and_in_order(messages: list[dict[str, Any]]) -> None:
    pipe = io.BytesIO()
    for message in messages:
        write_message(pipe, message)
    pipe.seek(0)
    assert [read_message(pipe) for _ in messages] == messages
    assert read_message(pipe) is None


@pytest.mark.parametrize("end", [1, 3, 4, 8])
def test_a_message_that_was_cut_off_is_the_end(end: int) -> None:
    pipe = io.BytesIO()
    write_message(pipe, {"id": 1})
    assert read_message(io.BytesIO(pipe.getvalue()[:end])) is None


@pytest.mark.parametrize(
    "content",
    [b"Traceback (most recent call last):", struct.pack(">I", 2) + b"[]", struct.pack(">I", 3) + b"{a}"],
)
def test_what_is_no_message_is_refused(content: bytes) -> None:
    with pytest.raises(BrokenMessageError):
        read_message(io.BytesIO(content))


def test_a_message_has_a_longest_length() -> None:
    with pytest.raises(BrokenMessageError):
        write_message(io.BytesIO(), {"text": "x" * MAX_LENGTH})
    with pytest.raises(BrokenMessageError):
        read_message(io.BytesIO(struct.pack(">I", MAX_LENGTH + 1)))


class Trap:
    """Makes a folder when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return os.mkdir, (str(self._path),)


def test_no_pickle_is_executed(tmp_path: Path) -> None:
    content = pickle.dumps(Trap(tmp_path / "sprung"))
    with pytest.raises(BrokenMessageError):
        read_message(io.BytesIO(struct.pack(">I", len(content)) + content))
    (tmp_path / "frame").write_bytes(content)
    with pytest.raises(BrokenMessageError):
        view_frame(tmp_path, {"frame": "frame", "dtype": "|O", "shape": [1]})
    assert not (tmp_path / "sprung").exists()


# --- frames ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "uint8", "int64", "bool", ">i2"])
def test_arrays_arrive_as_they_were_whatever_was_sent_before(dtype: str, tmp_path: Path) -> None:
    writer, random = FrameWriter(tmp_path, "pixels"), np.random.default_rng(3)
    for shape in [(1, 2, 3, 4), (2, 3, 70, 90), (1,), (0, 3), (1, 1, 200, 300), (2, 3, 70, 90)]:
        array = (random.normal(size=shape) * 99).astype(dtype)
        for sent in (array, array.T, array[..., ::-1]):
            found = view_frame(tmp_path, writer.put(sent))
            assert found.dtype == sent.dtype
            np.testing.assert_array_equal(found, sent)
    assert len(list(tmp_path.iterdir())) == 1


def test_what_is_written_into_a_frame_that_was_read_stays_here(tmp_path: Path) -> None:
    writer, ones = FrameWriter(tmp_path, "pixels"), np.ones(5)
    note = writer.put(ones)
    view_frame(tmp_path, note)[:] = 7
    np.testing.assert_array_equal(view_frame(tmp_path, note), ones)


@pytest.mark.parametrize(
    "change",
    [
        {"frame": "../secret"},
        {"frame": "absent"},
        {"frame": ""},
        {"dtype": "O"},
        {"dtype": "nonsense"},
        {"dtype": "U5"},
        {"shape": [10**9]},
        {"shape": [-1]},
        {"shape": "x"},
        {"shape": [1] * 40},
        {"shape": None},
    ],
    ids=str,
)
def test_a_note_that_is_none_is_refused(change: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / "frames"
    folder.mkdir()
    (tmp_path / "secret").write_bytes(bytes(80))
    note = FrameWriter(folder, "pixels").put(np.zeros(10))
    with pytest.raises(BrokenMessageError):
        view_frame(folder, {**note, **change})


def test_the_folder_of_frames_is_this_users_alone() -> None:
    folder = make_frame_folder()
    try:
        assert os.name != "posix" or folder.stat().st_mode & 0o077 == 0
    finally:
        folder.rmdir()


# --- options ---------------------------------------------------------------------------------------------

SAMPLES = {
    "str": "text",
    "int": 3,
    "float": 0.5,
    "bool": True,
    "int | None": 4,
    "str | None": "NHWC",
    "Path | None": Path("/a folder/ü"),
    "tuple[str, ...]": ("a", "b"),
    "tuple[tuple[str, str], ...]": (("a", "b"), ("c", "d")),
    "tuple[tuple[str, Constant], ...]": (("t", 1.5), ("sizes", ((1, 2), (3, 4))), ("on", True)),
    "Architecture | None": Architecture("UnetClassifier", "config", "resnet34", (1, 2), 64),
}


def test_every_option_but_the_python_arrives() -> None:
    options = BackendOptions(**{field.name: SAMPLES[str(field.type)] for field in fields(BackendOptions)})
    found = options_from_json(options_to_json(options))
    for field in fields(BackendOptions):
        if field.name != "python":
            assert getattr(found, field.name) == getattr(options, field.name), field.name
    assert found.python is None


def test_a_relative_folder_is_that_of_now() -> None:
    found = options_from_json(options_to_json(BackendOptions(runtimes=Path("here"))))
    assert found.runtimes == Path.cwd() / "here"


@pytest.mark.parametrize("value", [{"object": 1}, {"path": "a", "tuple": []}, {}])
def test_an_option_of_another_form_is_refused(value: object) -> None:
    with pytest.raises(BrokenMessageError):
        options_from_json({"runtimes": value})


def test_values_of_errors_become_json() -> None:
    values = {"size": "3 x 4", "count": 3, "weights": Path("n.pt"), "reason": ValueError("x"), "none": None}
    assert values_to_json(values) == {**values, "weights": "n.pt", "reason": "x"}


def test_phrases_in_the_values_of_errors_travel() -> None:
    inner = Phrase("it has {count} outputs", {"count": 2})
    values = {"weights": "n.pt", "reason": Phrase("because {inner}", {"inner": inner})}
    assert values_from_json(json.loads(json.dumps(values_to_json(values)))) == values


@pytest.mark.parametrize(
    "text", ["{other}", "{count.real}", "{count:99999999999}", "{count[0]}", "{", "{}", "{count:{count}}"]
)
def test_a_phrase_that_does_more_than_fill_braces_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"fit|encountered|expected"):
        values_from_json({"reason": {"phrase": [text, {"count": 2}]}})
