# SPDX-License-Identifier: GPL-2.0-or-later
"""A real QGIS desktop that is killed while the panel's jobs run and wait, and started again with the same profile."""

from __future__ import annotations

import re
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from .desktop import prepare_desktop, start_desktop, virtual_screen

LIMIT = 1500
Findings = dict[str, Any]


@pytest.fixture(scope="module")
def desktops(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Findings, Findings]:
    """The driver's findings before it was killed, and afterwards."""
    folder = tmp_path_factory.mktemp("desktop")
    prepare_desktop(folder, sample)
    with virtual_screen() as display:
        killed = start_desktop(display, folder, "killed_driver.py", LIMIT)
        return killed, start_desktop(display, folder, "killed_driver.py", LIMIT)


@pytest.fixture
def killed(desktops: tuple[Findings, Findings]) -> Findings:
    return desktops[0]


@pytest.fixture
def restarted(desktops: tuple[Findings, Findings]) -> Findings:
    return desktops[1]


def test_desktop_dies_in_the_middle_of_a_job_with_others_waiting(killed: Findings) -> None:
    assert killed["code"] == -signal.SIGKILL
    assert killed["states"] == ["esriJobSucceeded", "esriJobExecuting", "esriJobSubmitted", "esriJobSubmitted"]


def test_jobs_come_back_as_interrupted_and_finished_ones_stay(restarted: Findings) -> None:
    assert restarted["states"] == ["esriJobSucceeded", "interrupted", "interrupted", "interrupted"]
    assert restarted["strips"] > 0


def test_restarted_desktop_offers_to_resume_and_shows_the_panel(restarted: Findings) -> None:
    assert "Interrupted classifications: 3" in restarted["notice"]
    assert not restarted["visible_before"]
    assert restarted["visible"]
    assert restarted["selected"] == "interrupted"


def test_resumed_jobs_succeed_one_after_the_other(restarted: Findings) -> None:
    assert restarted["buttons"] == ["Resume", "Resume"]
    assert sorted(restarted["queued"]) == ["esriJobSubmitted", "esriJobSubmitted", "esriJobSucceeded"]
    assert restarted["ended"] == ["esriJobSucceeded"] * 3


def test_running_job_goes_on_from_its_strips_and_the_waiting_one_starts_afresh(restarted: Findings) -> None:
    taken = [re.findall(r"Resuming: (\d+) strips", " ".join(told)) for told in restarted["messages"]]
    assert taken == [[], [str(restarted["strips"])], []]


def test_resumed_result_is_that_of_a_run_that_was_not_interrupted(restarted: Findings) -> None:
    _, resumed, whole = (gdal.Open(path).ReadAsArray() for path in restarted["outputs"])
    assert len(np.unique(whole)) > 1
    assert np.array_equal(resumed, whole)


def test_results_are_on_the_map_and_nothing_else_is_left(restarted: Findings) -> None:
    outputs = [Path(path) for path in restarted["outputs"]]
    assert restarted["layers"] == sorted(path.name for path in outputs[1:])
    assert not restarted["dropped"]
    folder = outputs[1].parent
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_restarted_desktop_ends_well(restarted: Findings) -> None:
    assert restarted["code"] == 0
    assert "Traceback" not in restarted["stderr"]
    for name in ("restarted", "resumed"):
        assert (restarted["folder"] / f"{name}.png").stat().st_size > 10_000
