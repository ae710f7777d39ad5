# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks of a model's files, before a library reports misleading errors."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import ModelRightsError, StandInError
from ..phrase import Phrase

# The main file of a folder of TensorFlow's SavedModel format.
SAVED_MODEL = "saved_model.pb"

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


def saved_model_in(path: Path) -> Path:
    """Returns the main file of a SavedModel's folder, and any other path unchanged."""
    main = path / SAVED_MODEL
    return main if os.path.isfile(main) else path
