# SPDX-License-Identifier: GPL-2.0-or-later
"""One run at a time has an output's folder, whatever happens between two steps of another one."""

from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from classify_pixels.inference.errors import OutputBusyError, OutputWriteError, StripsFolderError
from classify_pixels.inference.events import Warned
from classify_pixels.inference.notices import Caution
from classify_pixels.inference.run.resume import LocalStrips, folder_lock
from classify_pixels.inference.run.resume.folder_lock import LOCK, FolderLock, strips_folder
from tests.unit.runs import Recorder, names_in

posix = pytest.mark.skipif(os.name != "posix", reason="Windows deletes no file that a process has open")


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "classes.tif"


def test_a_second_run_is_refused_until_the_first_one_ends(output: Path) -> None:
    first = FolderLock(output)
    with pytest.raises(OutputBusyError):
        FolderLock(output)
    first.release()
    assert names_in(output.parent) == []
    FolderLock(output).release()


def test_a_run_that_ends_does_not_delete_the_lock_of_the_next_one(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, close = LocalStrips(output), os.close
    started: list[LocalStrips] = []

    def close_and_start(file: int) -> None:
        """The next run comes in the very moment in which this one lets go."""
        close(file)
        monkeypatch.undo()
        started.append(LocalStrips(output))
        started[0].begin({"run": "second"})

    monkeypatch.setattr(os, "close", close_and_start)
    first.close(keep=False)
    assert (strips_folder(output) / LOCK).exists()
    with pytest.raises(OutputBusyError):
        LocalStrips(output)
    assert started[0].manifest() == {"run": "second"}


@posix
def test_a_lock_on_a_file_that_was_deleted_meanwhile_is_none(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, lock = FolderLock(output), folder_lock._lock
    calls = []

    def release_before(file: int) -> bool:
        """The second run has opened the file when the first one deletes it."""
        calls.append(file)
        if len(calls) == 1:
            first.release()
        return lock(file)

    monkeypatch.setattr(folder_lock, "_lock", release_before)
    second = FolderLock(output)
    assert len(calls) == 2
    with pytest.raises(OutputBusyError):
        FolderLock(output)
    second.release()


@posix
def test_a_lock_file_that_somebody_put_in_the_place_stays(output: Path) -> None:
    lock, path = FolderLock(output), strips_folder(output) / LOCK
    path.unlink()
    path.write_text("another")
    lock.release()
    assert path.read_text() == "another"


def test_never_do_two_threads_hold_it(output: Path) -> None:
    holders: list[int] = []
    most = []

    def run() -> None:
        taken = 0
        while taken < 80:
            try:
                lock = FolderLock(output)
            except OutputBusyError:
                continue
            holders.append(1)
            most.append(len(holders))
            taken += 1
            holders.pop()
            lock.release()

    with ThreadPoolExecutor(4) as pool:
        for ended in [pool.submit(run) for _ in range(4)]:
            ended.result()
    assert most == [1] * 320
    assert names_in(output.parent) == []


@posix
@pytest.mark.parametrize("code", ["ENOLCK", "EOPNOTSUPP", "ENOTSUP", "ENOSYS"])
def test_a_disk_that_cannot_lock_is_told_and_taken(code: str, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    def refuse(*_: object) -> None:
        raise OSError(getattr(errno, code), os.strerror(getattr(errno, code)))

    monkeypatch.setattr(fcntl, "flock", refuse)
    progress = Recorder()
    lock = FolderLock(output, progress)
    assert progress.warnings == [Warned(Caution.NO_FILE_LOCKS, {"folder": output.parent, "output": output})]
    lock.release()
    assert names_in(output.parent) == []


@posix
def test_any_other_failure_of_a_lock_is_named(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(OutputWriteError, match="Input/output error"):
        FolderLock(output)


@posix
def test_links_in_the_place_of_folder_and_lock_are_not_followed(output: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in ("000000.classes.tif", "manifest.json", LOCK):
        (elsewhere / name).write_text("mine")
    strips_folder(output).symlink_to(elsewhere)
    with pytest.raises(StripsFolderError, match="is a link"):
        LocalStrips(output)
    strips_folder(output).unlink()
    strips_folder(output).mkdir()
    (strips_folder(output) / LOCK).symlink_to(elsewhere / "absent")
    with pytest.raises(StripsFolderError, match="lock"):
        LocalStrips(output)
    assert names_in(elsewhere) == ["000000.classes.tif", LOCK, "manifest.json"]
    assert {path.read_text() for path in elsewhere.iterdir()} == {"mine"}


def test_a_folder_that_is_missing_or_a_file_in_its_place_is_named(output: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputWriteError):
        FolderLock(tmp_path / "absent" / "classes.tif")
    strips_folder(output).write_text("a file")
    with pytest.raises(OutputWriteError):
        FolderLock(output)
