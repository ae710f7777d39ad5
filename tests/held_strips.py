# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs of other processes, stopped in the middle until they are let go, so that no look at them comes too late."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# Python imports it when it starts. Every strip from this one on waits for its record.
PROGRAM = """
import os, sys, time

def hold(event, values):
    if event == "os.rename":
        number, _, kind = os.path.basename(os.fsdecode(values[1])).partition(".")
        if kind == "strip.json" and int(number) >= {strip}:
            while not os.path.exists({gate!r}):
                time.sleep(0.01)

sys.addaudithook(hold)
"""


class HeldStrips:
    """Stops all runs of processes started from now on once `strip` strips are finished."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, strip: int = 2) -> None:
        place = folder / "held"
        place.mkdir()
        self.count, self._gate = strip, place / "go on"
        program = PROGRAM.format(strip=strip, gate=str(self._gate))
        (place / "sitecustomize.py").write_text(program, encoding="utf-8")
        before = os.environ.get("PYTHONPATH")
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(place), *([before] if before else [])]))

    def let_go(self) -> None:
        """Lets these runs and all later ones go on."""
        self._gate.touch()
