# SPDX-License-Identifier: GPL-2.0-or-later
"""The measurements: what they count and print, and that the one for GPUs runs where there is no GDAL."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import measure
from benchmarks.measure import Finding, Target, compare
from tests.conftest import ROOT

# Makes any import of GDAL fail, as on a host that does not have it.
WITHOUT_GDAL = """
import runpy, sys
sys.modules["osgeo"] = None
sys.argv = ["gpu"] + sys.argv[1:]
runpy.run_module("benchmarks.gpu", run_name="__main__")
"""


def without_gdal(tmp_path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WITHOUT_GDAL, str(tmp_path), "--size", "200", "--tile", "96", "--batch", "2"]
    environment = {"REPETITIONS": "1", "PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1"}
    return subprocess.run([*command, *options], cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("suffix", [".onnx", "_torchscript.pt"])
def test_the_loop_runs_without_gdal(tmp_path: Path, suffix: str) -> None:
    pytest.importorskip("torch" if suffix.endswith(".pt") else "onnxruntime")
    network = ROOT / "resources" / "sample" / f"landsat7_landcover{suffix}"
    done = without_gdal(tmp_path, "--network", str(network))
    assert done.returncode == 0, done.stderr
    assert "throughput of the loop" in done.stdout


def test_the_loop_brings_its_own_network(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    done = without_gdal(tmp_path, "--width", "2")
    assert done.returncode == 0, done.stderr
    assert "unet2" in done.stdout


def test_gdal_is_really_blocked() -> None:
    code = WITHOUT_GDAL.replace("benchmarks.gpu", "benchmarks.engine")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert "osgeo" in done.stderr


def test_ratios_are_taken_within_a_repetition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "REPETITIONS", 3)
    ours, theirs = iter([1.0, 2.0, 9.0]), iter([2.0, 4.0, 9.0])
    found = compare("a", lambda: next(ours), lambda: next(theirs), Target(0.6))
    assert found.ratios == (0.5, 0.5, 1.0)
    assert found.median == 0.5
    assert "| 0.500 (0.500 to 1.000 in 3 repetitions) | at most 0.6 | kept |" in found.row()


def test_throughput_is_the_inverse_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "REPETITIONS", 1)
    found = compare("a", lambda: 2.0, lambda: 6.0, Target(4, at_most=False), inverse=True)
    assert found.ratios == (3.0,)
    assert "| 3.000 | at least 4 | missed |" in found.row()


def test_every_other_repetition_begins_with_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "REPETITIONS", 3)
    order: list[str] = []

    def timed(name: str) -> float:
        order.append(name)
        return 1.0

    compare("a", lambda: timed("ours"), lambda: timed("theirs"), Target(1))
    assert order == ["ours", "theirs", "theirs", "ours", "ours", "theirs"]


def test_what_is_not_measured_says_why() -> None:
    row = Finding("a", Target(1), note="there is no network").row()
    assert row == "| a | not measured | at most 1 |  | there is no network |"


def test_the_light_network_sees_no_farther_than_it_says(tmp_path: Path) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    pytest.importorskip("onnx")
    from benchmarks.networks import light_networks
    from benchmarks.peers import REACH

    pixels = np.random.default_rng(1).random((3, 256, 256), np.float32)
    fixed, free = light_networks(tmp_path, pixels, 4, 256)
    session = onnxruntime.InferenceSession(str(fixed))
    changed = pixels.copy()
    changed[:, 120:124, 120:124] = 5
    before, after = (session.run(None, {"image": image[np.newaxis]})[0][0] for image in (pixels, changed))
    rows, columns = np.nonzero((before != after).any(axis=0))
    assert rows.size
    assert min(rows.min(), columns.min()) >= 120 - REACH
    assert max(rows.max(), columns.max()) < 124 + REACH
    twin = onnxruntime.InferenceSession(str(free)).run(None, {"image": pixels[np.newaxis]})[0][0]
    np.testing.assert_array_equal(twin, before)
    assert np.bincount(before.argmax(axis=0).ravel(), minlength=4).min() > 0.1 * 256 * 256


def test_differing_pixels_are_counted_without_the_rim() -> None:
    pytest.importorskip("onnxruntime")
    from benchmarks.reference import differing

    channels = np.tile(np.arange(4, dtype=np.uint8), (8, 2))
    classes = 10 * channels + 7
    assert differing(classes, channels) == 0
    classes[0, 0], classes[4, 4] = 17, 37
    assert differing(classes, channels) == 2
    assert differing(classes, channels, rim=1) == 1
    assert differing(np.full_like(channels, 7), channels) == 48
