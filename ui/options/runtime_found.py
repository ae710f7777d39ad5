# SPDX-License-Identifier: GPL-2.0-or-later
"""Questions to Pythons about their runtimes, and the answers."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...inference.runtimes.runtime import TITLES, embedded_python
from ...inference.runtimes.worker import child_environment, find_interpreter
from ...plugin_support.locations import runtime_folder

SURVEY = Path(find_interpreter.__code__.co_filename).with_name("survey.py")


# Compared and hashed by identity, because its dictionary has no hash.
@dataclass(frozen=True, eq=False)
class RuntimeQuestion:
    """A runtime and the Python to be searched; `own` is True for QGIS's own Python."""

    name: str
    python: str
    own: bool
    variables: Mapping[str, str]
    arguments: tuple[str, ...]

    @property
    def title(self) -> str:
        """The runtime in its official spelling."""
        return TITLES[self.name]


@dataclass(frozen=True)
class FoundRuntime:
    """A runtime of a Python; `place` is empty if it is missing, `problem` is the reason why it cannot start."""

    version: str = ""
    place: str = ""
    devices: tuple[str, ...] = ()
    python: str = ""
    problem: str = ""


def question_to_qgis(name: str) -> RuntimeQuestion:
    """Returns the question to QGIS's own Python, with the plugin's search path."""
    folder = str(runtime_folder())
    path = [place for place in sys.path if place != folder] + [folder]
    return RuntimeQuestion(name, embedded_python(), True, dict(os.environ), (name, json.dumps(path)))


def question_to_other(name: str, python: Path) -> RuntimeQuestion:
    """Returns the question to another Python; raises WorkerStartError if it is missing."""
    program = find_interpreter(python)
    return RuntimeQuestion(name, str(program), False, child_environment(program, os.environ), (name,))


def read_answer(text: bytes, log: str) -> FoundRuntime:
    """Returns the answer of a survey, or its last log line as the problem."""
    try:
        facts: dict[str, Any] = json.loads(text)
        return FoundRuntime(**{**facts, "devices": tuple(facts.get("devices", ()))})
    except (ValueError, RecursionError, TypeError):
        lines = [line.strip() for line in log.splitlines() if line.strip()]
        return FoundRuntime(problem=lines[-1] if lines else "?")
