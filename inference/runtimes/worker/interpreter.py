# SPDX-License-Identifier: GPL-2.0-or-later
"""The Python of a worker: the user's, or QGIS's own."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ...errors import WorkerStartError
from ...phrase import Phrase
from ..runtime import embedded_python

# Paths of the Python in a virtual or conda environment.
PLACES = ("bin/python3", "bin/python", "Scripts/python.exe", "python.exe")

# QGIS's variables for its own Python would lead another one to the wrong libraries.
OF_QGIS = ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__")


@dataclass(frozen=True)
class Interpreter:
    """A Python program, its environment variables, and the arguments of the worker's program."""

    program: Path
    environment: Mapping[str, str] = field(repr=False)
    arguments: tuple[str, ...] = ()


def interpreter(named: Path | None) -> Interpreter:
    """Returns the named Python, otherwise QGIS's own, with QGIS's import path."""
    if named is not None:
        program = find_interpreter(named)
        return Interpreter(program, child_environment(program, os.environ))
    program = Path(embedded_python())
    if not program.is_absolute():
        raise WorkerStartError(python=sys.base_prefix, reason=Phrase("QGIS's Python has no executable there"))
    path = json.dumps([folder for folder in sys.path if isinstance(folder, str)])
    return Interpreter(program, dict(os.environ), (path,))


def find_interpreter(named: Path) -> Path:
    """Returns the Python of a program or environment folder."""
    # Not resolved: a virtual environment's Python is a link, and finds its environment by that name only.
    named = Path(os.path.abspath(named.expanduser()))
    if named.is_dir():
        found = next((named / place for place in PLACES if (named / place).is_file()), None)
        if found is None:
            raise WorkerStartError(python=named, reason=Phrase("the folder is not a Python environment"))
        return found
    if not named.is_file():
        raise WorkerStartError(python=named, reason=Phrase("the file does not exist"))
    return named


def child_environment(python: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """Returns the environment variables of another Python."""
    kept = {name: value for name, value in variables.items() if name not in OF_QGIS}
    # conda's libraries for Windows are next to its Python and found only by PATH.
    folders = [str(python.parent), str(python.parent / "Library" / "bin"), kept.get("PATH", "")]
    return {**kept, "PATH": os.pathsep.join(folder for folder in folders if folder)}
