# SPDX-License-Identifier: GPL-2.0-or-later
"""The engine against ONNX Runtime and OpenVINO alone, with networks of any tile size.

    python -m benchmarks.both_runtimes [FOLDER] [--data DATA] [--only NAME]

ONNX Runtime alone computes every pixel once, without halo, with the size and threading that are best for it. OpenVINO
alone gets the engine's own tiles, with their halo. Both get them from memory and discard their scores. Networks other
than the sample's are read from DATA, a folder of reference models; without it they are left out.
"""

from __future__ import annotations

import importlib.util
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.bare import BareNetwork, BareOpenVino, Threading, cut
from benchmarks.command import main
from benchmarks.engine import Timing, classify
from benchmarks.measure import REPETITIONS, Finding, Target, compare, cores
from benchmarks.models import SAMPLE, opened
from benchmarks.package import ROOT
from benchmarks.scenes import BYTES, REFLECTANCE, make_scene, read_scene
from benchmarks.stages import header, profile, row
from classify_pixels.inference.tiling import TileShape, plan_tiles
from classify_pixels.inference.window import Window

DATA = ROOT.parent / "shared" / "data"

# The part of a scene, in pixels a side, on which the best way of ONNX Runtime is sought.
PART, SIZES = 1024, (256, 512, 1024)


@dataclass(frozen=True)
class Case:
    """A network, its scene, the factor of the scene's values, and the target against ONNX Runtime."""

    name: str
    model: Path
    size: int
    bands: int
    scale: float
    limit: float


def cases(data: Path) -> list[Case]:
    """Returns the networks that are at hand."""
    models = data / "models"
    known = [
        Case("landsat7_landcover", SAMPLE, 4096, 6, BYTES, 0.95),
        Case("cloud3", models / "cloud3_small_unet" / "cloud3_small_unet.onnx", 4096, 6, REFLECTANCE, 1.05),
        Case("dynamicworld", models / "dynamicworld" / "dynamicworld.emd", 2048, 9, 1.0, 0.30),
    ]
    return [case for case in known if case.model.is_file()]


def measure(folder: Path, data: Path = DATA, only: str = "") -> Iterator[Finding]:
    """Compares all, and prints where the time of the engine goes."""
    shares = []
    for case in cases(data):
        if only in ("", case.name):
            if case.model == SAMPLE:
                yield in_mixed_precision(folder, case)
            yield from compared(folder, case)
            scene = make_scene(folder / f"scene{case.size}x{case.bands}.tif", case.size, case.bands)
            shares.append(
                row(case.name, *profile(scene, case.model, folder / "both.tif", case.scale, cores()), cores())
            )
    print("\n".join(["", header(), *shares, ""]), flush=True)


def compared(folder: Path, case: Case) -> Iterator[Finding]:
    """Yields the ratios of a network, all taken in turns."""
    scene = make_scene(folder / f"scene{case.size}x{case.bands}.tif", case.size, case.bands)
    weights, pixels = opened(case.model, folder).weights, read_scene(scene, case.scale)
    side, threading = best_way(weights, pixels[:, :PART, :PART])
    whole, usual = cut(pixels, side), BareNetwork(weights, threading)
    usual.run(whole[: threading.calls])

    def ours() -> Timing:
        return classify(scene, case.model, folder / "both.tif", cores(), case.scale)

    timing = ours()
    same = own_tiles(pixels, timing)
    found = importlib.util.find_spec("openvino")
    other = BareOpenVino(weights, Threading(cores(), 1), same[0].shape) if found else None
    times = [(ours().seconds, usual.run(whole), other.run(same) if other else 0.0) for _ in range(REPETITIONS)]
    our, theirs, fast = (statistics.median(column) for column in zip(*times))
    how = f"tiles of {timing.tile} with halo {timing.halo}"
    subject = f"{case.name} on {case.size} x {case.size} pixels, time against"
    note = f"{our:.2f} s against {theirs:.2f} s; ours {how}, theirs of {side}, {threading}"
    ratios = tuple(mine / their for mine, their, _ in times)
    yield Finding(f"{subject} ONNX Runtime alone with every pixel once", Target(case.limit), ratios, note)
    if other is not None:
        ratios, note = tuple(mine / their for mine, _, their in times), f"{our:.2f} s against {fast:.2f} s, {how}"
        yield Finding(f"{subject} OpenVINO alone with the same tiles", Target(1.08), ratios, note)


def in_mixed_precision(folder: Path, case: Case) -> Finding:
    """Compares a run in mixed precision with one in single precision, each of a known model."""
    scene = make_scene(folder / f"scene{case.size}x{case.bands}.tif", case.size, case.bands)

    def run(mixed: bool) -> float:
        return classify(scene, case.model, folder / "both.tif", cores(), case.scale, mixed).seconds

    run(True), run(False)
    subject = f"{case.name} on {case.size} x {case.size} pixels, time in mixed precision against single precision"
    return compare(subject, lambda: run(True), lambda: run(False), Target(0.65))


def best_way(weights: Path, pixels: np.ndarray) -> tuple[int, Threading]:
    """Returns the size of tiles and the threading with which ONNX Runtime is fastest."""
    ways = [(size, way) for size in SIZES for way in sorted({(1, cores()), (cores(), 1)})]

    def time(way: tuple[int, tuple[int, int]]) -> float:
        network, tiles = BareNetwork(weights, Threading(*way[1])), cut(pixels, way[0])
        return min(network.run(tiles * (2 if len(tiles) == 1 else 1)) / (2 if len(tiles) == 1 else 1) for _ in (0, 1))

    size, threading = min(ways, key=time)
    return size, Threading(*threading)


def own_tiles(pixels: np.ndarray, timing: Timing) -> list[np.ndarray]:
    """Returns the tiles (1, bands, height, width) of the engine's run."""
    scene = Window(0, 0, pixels.shape[2], pixels.shape[1])
    shape = TileShape(timing.tile, timing.tile, timing.stride, timing.halo, fixed=False, exact=True)
    windows = (tile.read.within(scene) for tile in plan_tiles(scene, scene, shape))
    return [np.ascontiguousarray(pixels[np.newaxis, :, rows, columns]) for rows, columns in windows]


if __name__ == "__main__":
    main(measure, __doc__, data=DATA, only="")
