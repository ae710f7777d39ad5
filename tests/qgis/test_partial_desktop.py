# SPDX-License-Identifier: GPL-2.0-or-later
"""The unfinished result over the map of a real QGIS desktop on a virtual screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .desktop import tour_desktop

LIMIT = 1500


@pytest.fixture(scope="module")
def findings(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The driver's findings, and the folder of its pictures."""
    return tour_desktop(tmp_path_factory, sample, "partial_driver.py", LIMIT)


def test_desktop_ends_well(findings: dict[str, Any]) -> None:
    assert findings["code"] == 0
    assert "Traceback" not in findings["stderr"]


def test_finished_strips_are_on_the_map_while_the_run_goes_on(findings: dict[str, Any]) -> None:
    found = findings["watched"]
    assert found["state"] == "esriJobExecuting"
    assert found["overlays"] == 1
    assert 0.3 < found["share"] < 1
    assert found["equal"] == 1


def test_result_replaces_them(findings: dict[str, Any]) -> None:
    found = findings["watched"]
    assert found["ended"] == "esriJobSucceeded"
    assert found["left"] == 0
    assert found["layers"].count(found["output"]) == 1


def test_nothing_stays_after_cancel_and_unload(findings: dict[str, Any]) -> None:
    found = findings["ended"]
    assert found["cancelled"] == ["esriJobCancelled", 0]
    assert found["resumed"] > 0.3
    assert found["unloaded"] == 0
    assert found["kept"] == "interrupted"


def test_pictures_were_taken(findings: dict[str, Any]) -> None:
    for name in ("middle", "mercator", "replaced", "done"):
        assert (findings["folder"] / f"{name}.png").stat().st_size > 10_000
