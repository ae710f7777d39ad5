# SPDX-License-Identifier: GPL-2.0-or-later
"""Processes of a cluster killed at random moments: the bytes of one machine, and no finished strip made again."""

from __future__ import annotations

from pathlib import Path

import pytest

from classify_pixels.inference import SilentProgress
from classify_pixels.inference.run.classification import classify_pixels
from tests.unit.rasters import random_pixels, write_raster
from tests.unit.runs import names_in

pytest.importorskip("distributed", reason="the package distributed is not installed")
pytest.importorskip("psutil", reason="the package psutil is not installed")


def test_kills_of_all_kinds_of_processes_end_in_the_same_bytes(tmp_path: Path) -> None:
    from tests.faults.killed_cluster import KINDS, kill_at_random, request_of

    for name in ("once", "killed"):
        (tmp_path / name).mkdir()
    scene = write_raster(tmp_path / "scene.tif", random_pixels(2, 1100, 700))
    once, killed = tmp_path / "once" / "map.tif", tmp_path / "killed" / "map.tif"
    classify_pixels(request_of(scene, once), SilentProgress())
    report = kill_at_random(scene, killed, len(KINDS))
    assert {*report.kills} == {*KINDS}
    assert report.again == set()
    assert report.completed >= 1
    assert names_in(killed.parent) == names_in(once.parent)
    for name in names_in(once.parent):
        assert (killed.parent / name).read_bytes() == (once.parent / name).read_bytes()
