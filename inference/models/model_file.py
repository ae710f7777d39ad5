# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks of a model's files, before a library reports misleading errors."""

from __future__ import annotations

from pathlib import Path

from ..errors import ModelRightsError, ModelUnreadableError, StandInError
from ..phrase import Phrase
from .foreign_framework import SAVED_MODEL, foreign_framework

# Headers of files saved in place of a model: Git LFS pointers (git-lfs.com), and sign-in pages.
STAND_INS = {
    b"version https://git-lfs": Phrase("a Git LFS pointer"),
    b"<!doctype html": Phrase("a web page"),
    b"<html": Phrase("a web page"),
}
LONGEST = 200


def check_file(path: Path) -> None:
    """Raises an error if the file may not be read, or was saved in place of the model."""
    try:
        with path.open("rb") as file:
            start = file.read(LONGEST).lstrip().lower()
    except OSError as error:
        raise ModelRightsError(file=path, reason=error.strerror or error) from error
    for beginning, kind in STAND_INS.items():
        if start.startswith(beginning):
            raise StandInError(file=path, kind=kind)


def check_folder(path: Path) -> None:
    """Raises an error for a folder instead of a model file; TensorFlow writes its models as folders."""
    if (path / SAVED_MODEL).is_file():
        raise foreign_framework(path.name, path.absolute() / SAVED_MODEL)
    if path.is_dir():
        raise ModelUnreadableError(model=path, reason=Phrase("it is a folder"))
