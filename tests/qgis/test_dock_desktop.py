# SPDX-License-Identifier: GPL-2.0-or-later
"""The panel in a real QGIS desktop on a virtual screen: jobs, results, and loading and unloading of the plugin."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .desktop import LEGEND, tour_desktop

LIMIT = 1500


@pytest.fixture(scope="module")
def findings(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The driver's findings, and the folder of its pictures."""
    return tour_desktop(tmp_path_factory, sample, "dock_driver.py", LIMIT)


def test_desktop_ends_well(findings: dict[str, Any]) -> None:
    assert findings["code"] == 0
    assert "Traceback" not in findings["stderr"]


def test_panel_is_opened_by_its_action_in_the_raster_menu_and_the_toolbar(findings: dict[str, Any]) -> None:
    assert findings["actions"] == {"window": 1, "toolbar": 1, "menu": 1}
    assert findings["hidden_at_first"]
    assert findings["shown_by_action"]


def test_visible_extent_is_classified_with_the_models_legend(findings: dict[str, Any]) -> None:
    found = findings["visible_extent"]
    assert found["at_once"] == ["esriJobSubmitted"]
    assert found["states"] == ["esriJobSucceeded"]
    [result] = found["results"]
    assert result["classes"] == LEGEND
    assert 0 < result["width"] < found["input"][0]
    assert 0 < result["height"] < found["input"][1]


def test_result_is_named_after_raster_and_model_and_lies_above_its_input(findings: dict[str, Any]) -> None:
    found = findings["visible_extent"]
    [result] = found["results"]
    assert "Olinda" in result["name"]
    assert Path(result["source"]).name == "Olinda_landsat7_landcover.tif"
    assert Path(result["source"]).parent == findings["folder"] / "sample"
    assert found["order"] == [result["name"], "Olinda"]
    assert found["active"] == result["name"]


def test_checks_areas_and_comparison_are_in_the_panel(findings: dict[str, Any]) -> None:
    found = findings["visible_extent"]
    assert len(found["checks"]) == 5
    assert "✗" not in found["checks"]
    assert found["hidden"]
    assert found["unfolded"]
    names = {row[0] for row in found["areas"]}
    assert {"Water", "Built or bare"} <= names
    shares = [float(row[3].split()[0]) for row in found["areas"]]
    assert sum(shares) == pytest.approx(100, abs=0.3)
    assert shares == sorted(shares, reverse=True)


def test_panel_tells_what_the_model_is_and_what_the_job_did(findings: dict[str, Any]) -> None:
    found = findings["visible_extent"]
    assert "Landsat 7 land cover" in found["card"]
    assert "Dense vegetation" in found["card"]
    assert any(text.startswith("Device: CPU") for text in found["messages"])
    assert any("Built or bare" in text for text in found["messages"])


def test_failed_job_says_why_in_the_panel_and_above_the_map(findings: dict[str, Any]) -> None:
    found = findings["failed"]
    assert found["shown"].endswith("(missing)")
    assert found["state"] == "esriJobFailed"
    assert "gone.emd" in found["details"]
    assert found["message"] == found["details"]
    assert found["removed"] == 1
    assert not found["model"].endswith("gone.emd")


def test_all_options_are_those_of_the_algorithms_dialog(findings: dict[str, Any]) -> None:
    assert findings["options"] == {"opened": ["deeplearning:classifypixels"]}


def test_jobs_run_one_after_the_other_and_are_seen_in_the_task_manager(findings: dict[str, Any]) -> None:
    found = findings["large"]
    assert found["running"] == ["esriJobExecuting", "esriJobSubmitted", "esriJobSubmitted"]
    assert found["tasks"] == ["Classify Large"] * 3
    assert len(found["outputs"]) == 3


def test_waiting_and_running_jobs_are_cancelled_and_leave_no_output(findings: dict[str, Any]) -> None:
    found = findings["large"]
    assert found["cancelling"] == "esriJobCancelling"
    assert found["states"] == ["esriJobSucceeded", "esriJobCancelled", "esriJobCancelled"]
    assert found["files"] == [True, False, False]


@pytest.mark.parametrize("step", ["visible_extent", "large"])
def test_desktop_goes_on_while_a_job_runs(step: str, findings: dict[str, Any], record_property: Any) -> None:
    record_property("longest gap of the event loop in seconds", round(findings[step]["gaps"]["longest"], 3))
    # Counted while a run was stopped in its middle.
    assert findings[step]["beats"] >= 10


def test_unloading_removes_everything_and_loading_brings_it_back_twice(findings: dict[str, Any]) -> None:
    for turn in findings["reloaded"]["turns"]:
        assert turn["gone"] == {"panel": True, "actions": {"window": 0, "toolbar": 0, "menu": 0}, "tasks": 0}
        assert turn["actions"] == {"window": 1, "toolbar": 1, "menu": 1}
        assert turn["jobs_kept"]


def test_job_that_unloading_interrupted_is_resumed(findings: dict[str, Any]) -> None:
    found = findings["reloaded"]
    assert [turn["state"] for turn in found["turns"]] == ["interrupted", "interrupted"]
    [notice] = [text for text in found["messages"] if "Interrupted" in text]
    assert "Interrupted classifications: 1" in notice
    assert found["button"] == "Resume"
    assert found["resumed"] == "esriJobSucceeded"


def test_pictures_were_taken(findings: dict[str, Any]) -> None:
    for name in ("panel", "result", "failed", "running", "cancelled", "reloaded"):
        assert (findings["folder"] / f"{name}.png").stat().st_size > 10_000
