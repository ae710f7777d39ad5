# SPDX-License-Identifier: GPL-2.0-or-later
"""Atomic publication of finished files: all get their names or none, and no earlier file is lost."""

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

# The folder, within that of unfinished files, for the files that they replace.
KEPT = "kept"


@contextmanager
def scratch_beside(path: Path) -> Iterator[Path]:
    """Yields a private folder on the disk of a path; it is deleted unless it holds files that could not be restored."""
    scratch = path.with_name(f".{new_token()}{PART}")
    make_new_folder(scratch)
    try:
        yield scratch
    finally:
        if not (scratch / KEPT).exists():
            shutil.rmtree(scratch, ignore_errors=True)


@dataclass(frozen=True)
class Step:
    """The change of a name: `part` is the file that gets it, None to delete the name.

    The earlier file is kept in the folder `kept` on the same disk, which is made if needed.
    """

    final: Path
    part: Path | None
    kept: Path


def publish(steps: Sequence[Step], output: Path) -> None:
    """Does all steps in order, or none: raises an OutputNotReplacedError after restoring the previous state.

    A replaced name refers to the earlier or to the new file at every moment, so that a killed process loses neither.
    If restoring a file fails, the others are restored all the same, and an OutputNotRestoredError names the folder of
    the earlier files.
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
            with suppress(OSError):  # gone, or not empty: it holds files that could not be restored
                folder.rmdir()


def _change(step: Step, done: list[tuple[Path, Path | None]]) -> None:
    """Changes a name; if that fails without a change, there is nothing to restore."""
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
    """Restores the earlier files of all names in reverse order; a failure does not stop the others."""
    failures: dict[Path, tuple[OSError, Path | None]] = {}
    for final, kept in reversed(done):
        try:
            if kept is None:
                final.unlink(missing_ok=True)
            else:
                _give_back(kept, final)
                _forget_file(kept)
            # A name that changed twice is right once its first change is reverted.
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
    """Deletes a kept file; renaming between two names of one file leaves both."""
    if kept is not None:
        with suppress(OSError):
            kept.unlink(missing_ok=True)


def _keep(step: Step) -> Path | None:
    """Gives an existing file a second name, so that it has the first until it is replaced; None if there is none."""
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
        # Some file systems have no hard links, such as exFAT and many network drives.
        _copy(final, kept)
    return kept


def _copy(source: Path, target: Path) -> None:
    """Copies a file, or a link as a link; leaves nothing behind on failure."""
    try:
        shutil.copy2(source, target, follow_symlinks=False)
    except OSError:
        target.unlink(missing_ok=True)
        raise
