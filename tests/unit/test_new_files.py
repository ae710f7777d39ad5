# SPDX-License-Identifier: GPL-2.0-or-later
"""Files that are made anew follow no link and lose nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from classify_pixels.inference import new_files
from classify_pixels.inference.new_files import make_new_folder, open_new, write_whole
from tests.unit.runs import names_in


@pytest.mark.parametrize("dangling", [True, False])
def test_a_link_in_the_place_of_a_new_file_is_refused(dangling: bool, tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    if not dangling:
        target.write_text("mine")
    link.symlink_to(target)
    with pytest.raises(FileExistsError):
        open_new(link)
    with pytest.raises(FileExistsError):
        make_new_folder(link)
    assert target.exists() is not dangling
    assert dangling or target.read_text() == "mine"


@pytest.mark.skipif(os.name != "posix", reason="Windows has other rights")
def test_nobody_else_can_put_anything_into_a_new_folder(tmp_path: Path) -> None:
    make_new_folder(tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_a_written_file_takes_the_place_of_a_link_and_leaves_its_target(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("mine")
    link.symlink_to(target)
    write_whole(link, "näw")
    assert target.read_text() == "mine"
    assert not link.is_symlink()
    assert link.read_bytes() == "näw".encode()
    assert names_in(tmp_path) == ["link", "target"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_file_stays_where_the_new_one_cannot_be_written(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_text("older")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(new_files.os, step, fail)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, "newer")
    assert path.read_text() == "older"
    assert names_in(tmp_path) == ["file"]


def test_a_disk_that_cannot_be_asked_to_take_a_file_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(new_files.os, "fsync", refuse)
    write_whole(tmp_path / "file", "text")
    new_files.sync_file(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "text"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_what_is_no_file_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    write_whole(pipe, "text")
    assert os.read(reader, 10) == b"text"
    os.close(reader)
    assert names_in(tmp_path) == ["pipe"]
    assert not pipe.is_file()
