# SPDX-License-Identifier: GPL-2.0-or-later
"""A network that takes tiles of any size against ONNX Runtime with every pixel once, without halo.

    python -m benchmarks.large_tiles [FOLDER] [--size 4096] [--model MODEL.onnx]

The model is an .onnx or .emd for six bands of reflectance, by default the sample's small U-Net.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.bare import BareNetwork, Threading, cut
from benchmarks.command import main
from benchmarks.engine import classify
from benchmarks.measure import Finding, Target, compare, cores
from benchmarks.models import SAMPLE, opened
from benchmarks.reference import FAR, class_map, differing
from benchmarks.scenes import BYTES, REFLECTANCE, make_scene, read_classes, read_scene

BANDS = 6
TILES = (512, 1024, 2048)


def measure(folder: Path, size: int = 4096, model: Path | None = None) -> Iterator[Finding]:
    """Compares both, and the class map with that of a far larger halo."""
    model, scale = (model.resolve(), REFLECTANCE) if model else (SAMPLE, BYTES)
    weights = opened(model, folder).weights
    scene = make_scene(folder / f"scene{size}x{BANDS}.tif", size, BANDS)
    pixels = read_scene(scene, scale)
    output = folder / "large_tiles.tif"
    timing = classify(scene, model, output, cores(), scale)
    side, threading = best_way(weights, pixels)
    tiles, network = cut(pixels, side), BareNetwork(weights, threading)
    subject = f"{weights.stem} on {size} x {size} pixels, time against ONNX Runtime with every pixel once"
    found = compare(
        subject,
        lambda: classify(scene, model, output, cores(), scale).seconds,
        lambda: network.run(tiles),
        Target(1.25),
    )
    different = differing(read_classes(output), class_map(weights, pixels))
    ways = f"ours tiles of {timing.tile} with halo {timing.halo}, theirs of {side}, {threading}"
    yield replace(found, note=f"{found.note}; {ways}; {different} pixels differ from a run with halo {FAR}")


def best_way(weights: Path, pixels: np.ndarray) -> tuple[int, Threading]:
    """Returns the size of tiles and the threading with which ONNX Runtime is fastest."""
    sizes = [size for size in TILES if size <= pixels.shape[1]] or [pixels.shape[1]]
    ways = [(size, way) for size in sizes for way in {Threading(1, cores()), Threading(cores(), 1)}]
    return min(ways, key=lambda way: BareNetwork(weights, way[1]).run(cut(pixels, way[0])))


if __name__ == "__main__":
    main(measure, __doc__, size=4096, model=None)
