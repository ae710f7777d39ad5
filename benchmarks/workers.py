# SPDX-License-Identifier: GPL-2.0-or-later
"""Two workers of one thread each against one worker.

python -m benchmarks.workers [FOLDER] [--size 2048]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.bare import BareNetwork, Threading, cut
from benchmarks.command import main
from benchmarks.engine import classify
from benchmarks.measure import Finding, NotMeasuredError, Target, compare, cores
from benchmarks.models import cloud_model, opened
from benchmarks.scenes import REFLECTANCE, make_scene, read_scene

BANDS, TILE = 6, 256


def measure(folder: Path, size: int = 2048) -> Iterator[Finding]:
    """Compares both with ukis-csmask, and reports the gain of ONNX Runtime itself from two concurrent calls."""
    if cores() < 2:
        raise NotMeasuredError("two workers need two cores")
    scene = make_scene(folder / f"scene{size}x{BANDS}.tif", size, BANDS)
    package = cloud_model()

    def run(workers: int) -> float:
        return classify(scene, package, folder / "clouds.tif", workers, REFLECTANCE).seconds

    run(2)
    subject = f"ukis-csmask on {size} x {size} pixels, throughput of two workers against one"
    found = compare(subject, lambda: run(2), lambda: run(1), Target(1.85, at_most=False), inverse=True)
    tiles = cut(read_scene(scene, REFLECTANCE, side=min(size, 4 * TILE)), TILE)
    weights = opened(package, folder).weights
    one, two = (BareNetwork(weights, Threading(calls, 1)).run(tiles) for calls in (1, 2))
    yield replace(found, note=f"{found.note}; ONNX Runtime alone gains {one / two:.2f} by two calls at once")


if __name__ == "__main__":
    main(measure, __doc__, size=2048)
