# SPDX-License-Identifier: GPL-2.0-or-later
"""A network that fixes its tiles (ukis-csmask, 256 pixels) against each runtime alone with the same tiles.

python -m benchmarks.fixed_tiles [FOLDER] [--size 2048]
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.bare import BareNetwork, BareOpenVino, Threading, best_threading
from benchmarks.command import main
from benchmarks.engine import Timing, classify
from benchmarks.measure import Finding, Target, compare, cores
from benchmarks.models import cloud_model, opened
from benchmarks.scenes import REFLECTANCE, make_scene
from classify_pixels.inference.models import Model, normalize
from classify_pixels.inference.raster import Channel, GdalInput, GdalSource
from classify_pixels.inference.tiling import TileShape, plan_tiles

BANDS = 6


def measure(folder: Path, size: int = 2048) -> Iterator[Finding]:
    """Compares both; the tiles of ONNX Runtime are in memory, read and normalised."""
    scene = make_scene(folder / f"scene{size}x{BANDS}.tif", size, BANDS)
    package = cloud_model()
    model = opened(package, folder)

    def run() -> Timing:
        return classify(scene, package, folder / "clouds.tif", cores(), REFLECTANCE)

    tiles = read_tiles(scene, model, run())
    threading = best_threading(model.weights, tiles[:16])
    whole: list[float] = []
    calls: list[float] = []

    def ours() -> float:
        whole.append(run().seconds)
        return whole[-1]

    def theirs() -> float:
        network = BareNetwork(model.weights, threading)
        calls.append(network.run(tiles))
        return network.opening + calls[-1]

    subject = f"ukis-csmask on {size} x {size} pixels, time against ONNX Runtime with the same {len(tiles)} tiles"
    found = compare(subject, ours, theirs, Target(1.0))
    strict = median(our / their for our, their in zip(whole, calls))
    opening = f"opening the network counts on both sides, {strict:.3f} where only on ours"
    yield replace(found, note=f"{found.note}; {opening}; {threading}")
    if importlib.util.find_spec("openvino"):
        subject = f"ukis-csmask on {size} x {size} pixels, time against OpenVINO with the same {len(tiles)} tiles"
        fast = BareOpenVino(model.weights, Threading(cores(), 1), tiles[0].shape)
        yield compare(subject, lambda: run().seconds, lambda: fast.run(tiles), Target(1.08))


def read_tiles(scene: Path, model: Model, timing: Timing) -> list[np.ndarray]:
    """Returns the tiles (1, bands, height, width) of a run as the network gets them."""
    assert model.definition is not None
    assert model.definition.normalization is not None
    with closing(GdalSource(GdalInput(str(scene)))) as source:
        source.select([Channel(band, REFLECTANCE) for band in range(1, BANDS + 1)])
        shape = TileShape(timing.tile, timing.tile, timing.stride, timing.halo, fixed=True)
        plan = plan_tiles(source.grid.window, source.grid.window, shape)
        pixels = (source.read(tile.read)[0][np.newaxis] for tile in plan)
        return [normalize(tile, model.definition.normalization) for tile in pixels]


if __name__ == "__main__":
    main(measure, __doc__, size=2048)
