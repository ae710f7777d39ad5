# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs of other processes, stopped in the middle until they are let go, so that no look at them comes too late."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# Python imports it when it starts. A strip waits with its record where so many are finished; longer than any test may
# take, but not for ever, should that be killed.
PROGRAM = """
import os, sys, time

KIND = ".strip.json"

def hold(event, values):
    if event == "os.rename" and os.fsdecode(values[1]).endswith(KIND):
        names = os.listdir(os.path.dirname(os.fsdecode(values[1])))
        if sum(name.endswith(KIND) for name in names) >= {count}:
            end = time.monotonic() + 1000
            while not os.path.exists({gate!r}) and time.monotonic() < end:
                time.sleep(0.01)

sys.addaudithook(hold)
"""


class HeldStrips:
    """Stops all runs of processes started from now on once `count` strips are finished."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, count: int = 2) -> None:
        place = folder / "held"
        place.mkdir()
        self.count, self._gate = count, place / "go on"
        program = PROGRAM.format(count=count, gate=str(self._gate))
        (place / "sitecustomize.py").write_text(program, encoding="utf-8")
        before = os.environ.get("PYTHONPATH")
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(place), *([before] if before else [])]))

    def let_go(self) -> None:
        """Lets these runs and all later ones go on."""
        self._gate.touch()
