# SPDX-License-Identifier: GPL-2.0-or-later
"""The real command line: scripts/qgis_process in a separate process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "qgis_process"
ALGORITHM = "deeplearning:classifypixels"
LIMIT = 600

needs_qgis_process = pytest.mark.skipif(
    not (shutil.which("qgis_process.bin", path="/usr/bin") or shutil.which("qgis_process", path="/usr/bin")),
    reason="qgis_process is not in /usr/bin",
)


@dataclass(frozen=True)
class Finished:
    """A command that has ended."""

    code: int
    stdout: str
    stderr: str

    def assert_done(self) -> None:
        """Fails with the errors if the command failed."""
        assert self.code == 0, self.stderr

    @property
    def document(self) -> dict[str, Any]:
        """The JSON output; fails with the errors if the command failed."""
        self.assert_done()
        return json.loads(self.stdout)

    @property
    def results(self) -> dict[str, Any]:
        """The outputs in the JSON output."""
        return self.document["results"]


def environment(**more: str) -> dict[str, str]:
    """Returns the environment of a command, in which paths may contain any character."""
    return {**os.environ, "LC_ALL": "C.UTF-8", **more}


def words(parameters: Mapping[str, Any]) -> list[str]:
    """Returns parameters in qgis_process's form."""
    return [f"{name}={value}" for name, value in parameters.items()]


def qgis_process(*arguments: str, folder: Path, **variables: str) -> Finished:
    """Runs qgis_process in a folder."""
    done = subprocess.run(
        [str(SCRIPT), *arguments],
        cwd=folder,
        env=environment(**variables),
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=LIMIT,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def classify(folder: Path, **parameters: Any) -> Finished:
    """Classifies from a folder, with the outputs as JSON."""
    return qgis_process("--json", "run", ALGORITHM, "--", *words(parameters), folder=folder)


def classify_plainly(folder: Path, **parameters: Any) -> Finished:
    """Classifies from a folder, with the log as text."""
    return qgis_process("run", ALGORITHM, "--", *words(parameters), folder=folder)
