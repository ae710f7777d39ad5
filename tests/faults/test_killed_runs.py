# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs killed at random moments and repeated return the bytes of an uninterrupted run."""

from __future__ import annotations

import random
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.faults.long_run import STRIPS, make_scene, start

KILLS = 20

# Seconds; far more than any run needs.
PATIENCE = 600


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    (tmp_path / "model").mkdir()
    return make_scene(tmp_path)


def finished_strips(output: Path) -> int:
    """Counts the records of strips."""
    return len(list(output.with_name(f".{output.name}.strips").glob("[0-9]*.strip.json")))


def resumed_from(text: str) -> int:
    found = re.search(r"StripsResumed\(count=(\d+)\)", text)
    return int(found.group(1)) if found else 0


def wait_for_tiles(process: subprocess.Popen[str]) -> str:
    """Returns the output of a run until its first tile, so that the moment is independent of the machine's speed."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "Note.ARGUMENTS" in line:
            break
    return "".join(lines)


def test_a_run_that_is_killed_again_and_again_ends_in_the_same_bytes(scene: Path, tmp_path: Path) -> None:
    whole, output = tmp_path / "whole.tif", tmp_path / "killed.tif"
    text, _ = (process := start(scene, whole)).communicate(timeout=PATIENCE)
    assert process.returncode == 0, text
    moments = random.Random(7)
    kills = finished = resumes = 0
    while kills < KILLS:
        process = start(scene, output, seconds=0.003)
        text = wait_for_tiles(process)
        # Some runs finish no further strip, others up to two, at any speed.
        wanted = finished + moments.choice((0, 1, 1, 2))
        while process.poll() is None and finished_strips(output) < wanted:
            time.sleep(0.002)
        try:
            rest, _ = process.communicate(timeout=moments.uniform(0, 0.2))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            rest, _ = process.communicate()
            kills += 1
        else:
            assert process.returncode == 0, text + rest
        assert resumed_from(text) == finished
        resumes += finished > 0
        if output.exists():
            # It ended, or was killed after its last step.
            assert output.read_bytes() == whole.read_bytes()
            output.unlink()
            finished = finished_strips(output)
            continue
        # At most the strip in progress is lost.
        assert finished <= finished_strips(output) <= STRIPS
        finished = finished_strips(output)
    text, _ = (process := start(scene, output)).communicate(timeout=PATIENCE)
    assert process.returncode == 0, text
    assert resumed_from(text) == finished
    assert output.read_bytes() == whole.read_bytes()
    assert resumes > KILLS // 4, "too few runs were killed in the middle"
    assert sorted(path.name for path in tmp_path.glob(".*")) == []


def test_two_runs_do_not_write_the_same_output(scene: Path, tmp_path: Path) -> None:
    output = tmp_path / "classes.tif"
    first = start(scene, output, seconds=0.05)
    while not finished_strips(output):
        assert first.poll() is None
        time.sleep(0.01)
    # Stopped, it cannot end before the second one has begun, even on a busy machine.
    first.send_signal(signal.SIGSTOP)
    text, _ = (second := start(scene, output)).communicate(timeout=PATIENCE)
    assert second.returncode == 1
    assert "OutputBusyError: Another run is writing" in text
    first.kill()
    first.communicate()
    text, _ = (third := start(scene, output)).communicate(timeout=PATIENCE)
    assert third.returncode == 0, text
    assert resumed_from(text) > 0
