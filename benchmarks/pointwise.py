# SPDX-License-Identifier: GPL-2.0-or-later
"""A 1 x 1 convolution against gdal_translate: the cost of everything but the network.

python -m benchmarks.pointwise [FOLDER] [--size 10000]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.command import main
from benchmarks.engine import classify
from benchmarks.measure import Finding, Target, command_seconds, compare, cores
from benchmarks.networks import definition, pointwise_network
from benchmarks.scenes import make_scene

BANDS, CLASSES = 4, 6
TRANSLATE = "-q -b 1 -ot Byte -co COMPRESS=DEFLATE -co TILED=YES -co NUM_THREADS=ALL_CPUS".split()


def measure(folder: Path, size: int = 10_000) -> Iterator[Finding]:
    """Compares both on a scene of `size` pixels a side with deflated blocks."""
    scene = make_scene(folder / f"scene{size}x{BANDS}.tif", size, BANDS)
    model = definition(pointwise_network(folder / "pointwise.onnx", BANDS, CLASSES), BANDS, CLASSES, 1024)
    overviews: list[float] = []

    def ours() -> float:
        timing = classify(scene, model, folder / "pointwise.tif", cores())
        overviews.append(timing.overviews)
        return timing.seconds

    def theirs() -> float:
        return command_seconds(["gdal_translate", *TRANSLATE, str(scene), str(folder / "translated.tif")])

    subject = f"1 x 1 convolution on {size} x {size} pixels, time against gdal_translate"
    ours()
    found = compare(subject, ours, theirs, Target(0.95))
    yield replace(found, note=f"{found.note}; overviews and attribute table, not counted: {min(overviews):.2f} s")


if __name__ == "__main__":
    main(measure, __doc__, size=10_000)
