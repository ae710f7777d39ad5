# SPDX-License-Identifier: GPL-2.0-or-later
"""The Python that a user names, and the environment that it starts in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ...errors import WorkerStartError
from ...phrase import Phrase

# Where the Python lies in a virtual environment or in one of conda.
PLACES = ("bin/python3", "bin/python", "Scripts/python.exe", "python.exe")

# What QGIS sets for its own Python would lead another one to the wrong libraries.
OF_QGIS = ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__")


def find_interpreter(named: Path) -> Path:
    """Returns the Python that is named by itself or by the folder of its environment."""
    # Not resolved: a virtual environment's Python is a link, and knows its environment by that name only.
    named = Path(os.path.abspath(named.expanduser()))
    if named.is_dir():
        found = next((named / place for place in PLACES if (named / place).is_file()), None)
        if found is None:
            raise WorkerStartError(python=named, reason=Phrase("the folder is not a Python environment"))
        return found
    if not named.is_file():
        raise WorkerStartError(python=named, reason=Phrase("there is no such file"))
    return named


def child_environment(python: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """Returns the environment variables that another Python starts with."""
    kept = {name: value for name, value in variables.items() if name not in OF_QGIS}
    # conda's libraries for Windows lie beside its Python and are found by the path alone.
    folders = [str(python.parent), str(python.parent / "Library" / "bin"), kept.get("PATH", "")]
    return {**kept, "PATH": os.pathsep.join(folder for folder in folders if folder)}
