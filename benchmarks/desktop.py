# SPDX-License-Identifier: GPL-2.0-or-later
"""The longest time that QGIS's event loop is blocked while the panel's jobs run.

    python -m benchmarks.desktop [FOLDER]

A time and not a ratio, it is valid on an otherwise idle machine. It needs QGIS and Xvfb, and repeats the steps of
the panel's tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.command import main
from benchmarks.measure import REPETITIONS, Finding, NotMeasuredError, Target
from benchmarks.package import ROOT

LIMIT = 240
STEPS = {"visible_extent": "one job on a small scene", "large": "three jobs on a large scene"}


def measure(folder: Path) -> Iterator[Finding]:
    """Returns the longest gap in seconds for each step, and that of the same desktop without a job."""
    runs = [play(folder) for _ in range(REPETITIONS)]
    for step, title in STEPS.items():
        gaps = tuple(run[step]["gaps"]["longest"] for run in runs)
        idle = max(run["large"]["idle"]["longest"] for run in runs)
        worked = max(run[step]["gaps"]["worked"] for run in runs)
        note = f"without a job: {idle:.3f} s; longest work of the desktop's own thread: {worked:.3f} s"
        yield Finding(f"{title}, longest gap of QGIS's event loop in seconds", Target(0.1), gaps, note)


def play(folder: Path) -> dict[str, dict[str, dict[str, float]]]:
    """Runs the driver in a desktop on a virtual screen and returns its findings."""
    try:
        import pytest

        from tests.qgis.desktop import run_desktop, virtual_screen
    except ImportError as error:
        raise NotMeasuredError(f"the driver of the desktop is part of the tests: {error}") from error
    try:
        with TemporaryDirectory(dir=folder) as place, virtual_screen() as display:
            return run_desktop(display, Path(place), ROOT / "resources" / "sample", "dock_driver.py", LIMIT)
    except pytest.skip.Exception as reason:
        raise NotMeasuredError(str(reason)) from reason


if __name__ == "__main__":
    main(measure, __doc__)
