# SPDX-License-Identifier: GPL-2.0-or-later
"""Finished files get their names together or not at all, and what had these names before is never lost."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from .errors import OutputNotReplacedError, OutputNotRestoredError
from .new_files import PART, make_new_folder, new_token

# The folder, within that of unfinished files, that keeps what they take the place of.
KEPT = "kept"


@contextmanager
def scratch_beside(path: Path) -> Iterator[Path]:
    """Gives a private folder on the disk of a path, which is deleted but for what could not be taken back."""
    scratch = path.with_name(f".{new_token()}{PART}")
    make_new_folder(scratch)
    try:
        yield scratch
    finally:
        if not (scratch / KEPT).exists():
            shutil.rmtree(scratch, ignore_errors=True)


@dataclass(frozen=True)
class Step:
    """A name that changes: `part` is what gets it, None where nothing has it afterwards.

    What has the name before is kept in the folder `kept` on the same disk, which is made where it is needed.
    """

    final: Path
    part: Path | None
    kept: Path


def publish(steps: Sequence[Step], output: Path) -> None:
    """Does all steps in their order, or none: raises an OutputNotReplacedError where everything is as it was.

    At every moment a name that is replaced leads to what was there before or to what is new, so that a process that
    is killed loses neither. Where not even taking back succeeds, the rest is taken back all the same, and an
    OutputNotRestoredError names the folder in which the older files are.
    """
    done: list[tuple[Path, Path | None]] = []
    kept = {step.kept for step in steps}
    try:
        with ExitStack() as undone:
            undone.callback(_take_back, done, output)
            for step in steps:
                done.append((step.final, _keep(step)))
                _change(step, done)
            undone.pop_all()
    except OSError as error:
        raise OutputNotReplacedError(output=output, reason=error.strerror or error) from error
    else:
        for folder in kept:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        for folder in kept:
            with suppress(OSError):  # it is gone, or holds what could not be taken back
                folder.rmdir()


def _change(step: Step, done: list[tuple[Path, Path | None]]) -> None:
    """Changes a name; where that fails and nothing has changed, there is nothing to take back either."""
    source = step.part or step.final
    try:
        if step.part is not None:
            os.replace(step.part, step.final)
        else:
            step.final.unlink(missing_ok=True)
    except OSError:
        if os.path.lexists(source):
            _, kept = done.pop()
            _forget_file(kept)
        raise


def _take_back(done: list[tuple[Path, Path | None]], output: Path) -> None:
    """Gives all names back to what had them before, the last one first; one that fails does not stop the others."""
    failures: dict[Path, tuple[OSError, Path | None]] = {}
    for final, kept in reversed(done):
        try:
            if kept is None:
                final.unlink(missing_ok=True)
            else:
                _give_back(kept, final)
                _forget_file(kept)
            # A name that changed twice is right once its first change is taken back.
            failures.pop(final, None)
        except OSError as error:
            failures[final] = (error, kept)
    for failure, kept in failures.values():
        folder = output.parent if kept is None else kept.parent
        raise OutputNotRestoredError(output=output, reason=failure.strerror or failure, folder=folder)


def _give_back(kept: Path, final: Path) -> None:
    try:
        os.replace(kept, final)
    except OSError:
        if os.path.lexists(final):
            raise
        _copy(kept, final)


def _forget_file(kept: Path | None) -> None:
    """Deletes what was kept; where two names lead to one file, renaming one to the other leaves both."""
    if kept is not None:
        with suppress(OSError):
            kept.unlink(missing_ok=True)


def _keep(step: Step) -> Path | None:
    """Gives what has the name a second one, so that it has the first until it is replaced; None where nothing has."""
    final = step.final
    if not os.path.lexists(final):
        return None
    if final.is_dir() and not final.is_symlink():
        raise IsADirectoryError(errno.EISDIR, f"{final.name} is a folder", str(final))
    if not step.kept.exists():
        make_new_folder(step.kept)
    kept = step.kept / final.name
    try:
        if final.is_symlink():
            raise OSError(errno.ENOTSUP, "a link is copied as a link")
        os.link(final, kept)
    except OSError:
        # Some disks give no second names, as exFAT and many network drives.
        _copy(final, kept)
    return kept


def _copy(source: Path, target: Path) -> None:
    """Copies a file, or a link as a link; nothing stays where that fails."""
    try:
        shutil.copy2(source, target, follow_symlinks=False)
    except OSError:
        target.unlink(missing_ok=True)
        raise
