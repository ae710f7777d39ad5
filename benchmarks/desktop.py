# SPDX-License-Identifier: GPL-2.0-or-later
"""The longest time that QGIS's event loop is blocked while the panel's jobs run, and how soon a new user sees a map.

    python -m benchmarks.desktop [FOLDER]

Times and not ratios, they are valid on an otherwise idle machine. They need QGIS and Xvfb, and repeat the steps of
the panel's tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.command import main
from benchmarks.measure import REPETITIONS, Finding, NotMeasuredError, Target
from benchmarks.package import ROOT

LIMIT = 240
STEPS = {"visible_extent": "one job on a small scene", "large": "three jobs on a large scene"}
# Targets in seconds: from an empty QGIS to the sample's map, and from a moved map to its preview.
FIRST_MAP, PREVIEW = 60.0, 2.0


def measure(folder: Path) -> Iterator[Finding]:
    """Yields the longest gap for each step, the seconds to the first map, and the longest to a preview."""
    runs = [play(folder, "dock_driver.py") for _ in range(REPETITIONS)]
    for step, title in STEPS.items():
        gaps = tuple(run[step]["gaps"]["longest"] for run in runs)
        idle = max(run["large"]["idle"]["longest"] for run in runs)
        worked = max(run[step]["gaps"]["worked"] for run in runs)
        note = f"without a job: {idle:.3f} s; longest work of the desktop's own thread: {worked:.3f} s"
        yield Finding(f"{title}, longest gap of QGIS's event loop in seconds", Target(0.1), gaps, note)
    runs = [play(folder, "minutes_driver.py") for _ in range(REPETITIONS)]
    firsts = tuple(run["first_map"]["seconds"] for run in runs)
    previews = tuple(max(run["preview"]["seconds"]) for run in runs)
    yield Finding("seconds from an empty QGIS to the sample's map, by clicks", Target(FIRST_MAP), firsts)
    yield Finding("longest seconds from a moved map to its preview", Target(PREVIEW), previews)


def play(folder: Path, driver: str) -> dict[str, Any]:
    """Runs a driver in a desktop on a virtual screen and returns its findings."""
    try:
        import pytest

        from tests.qgis.desktop import run_desktop, virtual_screen
    except ImportError as error:
        raise NotMeasuredError(f"the driver of the desktop is part of the tests: {error}") from error
    try:
        with TemporaryDirectory(dir=folder) as place, virtual_screen() as display:
            return run_desktop(display, Path(place), ROOT / "resources" / "sample", driver, LIMIT)
    except pytest.skip.Exception as reason:
        raise NotMeasuredError(str(reason)) from reason


if __name__ == "__main__":
    main(measure, __doc__)
