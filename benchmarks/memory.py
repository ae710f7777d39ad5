# SPDX-License-Identifier: GPL-2.0-or-later
"""Peak memory: its growth with the scene, and that of ukis-csmask.

    python -m benchmarks.memory [FOLDER] [--sizes 4096,16384,65536] [--cloud 4096]

Every run has a separate process. The large scenes repeat a small one in a VRT, so they take no space; the class map
of the largest takes some gigabytes during its run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.command import main
from benchmarks.engine import Timing, classify_alone
from benchmarks.measure import REPETITIONS, Finding, Target, cores
from benchmarks.models import cloud_model
from benchmarks.networks import definition, pointwise_network
from benchmarks.scenes import REFLECTANCE, make_scene, repeat_scene

BANDS, CLASSES, CLOUD_BANDS, SMALL, TILE = 4, 6, 6, 4096, 512
GIGABYTE = 1e9


def measure(folder: Path, sizes: str = "4096,16384,65536", cloud: int = 4096) -> Iterator[Finding]:
    """Compares the largest and the smallest peak over scenes of `sizes` pixels a side; then that of ukis-csmask."""
    folder = folder.resolve()
    yield growth(folder, [int(size) for size in sizes.split(",")])
    scene = make_scene(folder / f"scene{cloud}x{CLOUD_BANDS}.tif", cloud, CLOUD_BANDS)
    peaks = tuple(run(scene, cloud_model(), folder, REFLECTANCE).peak / GIGABYTE for _ in range(REPETITIONS))
    yield Finding(f"ukis-csmask on {cloud} x {cloud} pixels, peak memory in GB", Target(1.0), peaks)


def growth(folder: Path, sizes: list[int]) -> Finding:
    """Returns the ratio of the largest to the smallest peak over all sizes, with a cheap network."""
    small = min(SMALL, *sizes)
    scene = make_scene(folder / f"scene{small}x{BANDS}.tif", small, BANDS)
    model = definition(pointwise_network(folder / "pointwise.onnx", BANDS, CLASSES), BANDS, CLASSES, TILE)
    scenes = [repeat_scene(folder / f"scene{size}x{BANDS}.vrt", scene, size) for size in sizes]
    runs = [[run(path, model, folder) for path in scenes] for _ in range(REPETITIONS)]
    ratios = tuple(max(t.peak for t in row) / min(t.peak for t in row) for row in runs)
    shown = ", ".join(f"{size}²: {t.peak / 1e6:.0f} MB, {t.seconds:.0f} s" for size, t in zip(sizes, runs[0]))
    return Finding(
        "1 x 1 convolution, largest peak memory against smallest over all sizes", Target(1.05), ratios, shown
    )


def run(scene: Path, model: Path, folder: Path, scale: float = 1.0) -> Timing:
    """Classifies a scene and deletes the class map."""
    output = folder / "memory.tif"
    try:
        return classify_alone(scene, model, output, cores(), scale)
    finally:
        for path in folder.glob("memory.*"):
            path.unlink()


if __name__ == "__main__":
    main(measure, __doc__, sizes="4096,16384,65536", cloud=4096)
