# SPDX-License-Identifier: GPL-2.0-or-later
"""The loop of reading, classifying and writing against the network alone on data in the device's memory.

    python -m benchmarks.gpu [FOLDER] [--size 8192] [--tile 512] [--batch 4] [--width 32] [--network NETWORK]

Pixels come from memory and classes go to memory: no GDAL is needed, only numpy and PyTorch or ONNX Runtime. Without a
network (TorchScript or ONNX, of any tile size or of this one) it is a U-Net of that width, or, without PyTorch, that of
the sample. Without CUDA everything runs on the CPU, as a check.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

import benchmarks.rooms  # noqa: F401  (before the rooms)
from benchmarks.command import main
from benchmarks.measure import Finding, Target, compare, cores, seconds
from benchmarks.package import ROOT
from benchmarks.resident import ResidentNetwork
from benchmarks.unet import save_unet
from classify_pixels.inference.models import ModelClass
from classify_pixels.inference.network.classifying import TileClassifier
from classify_pixels.inference.network.decision import LargestScore
from classify_pixels.inference.network.runner import NetworkRunner
from classify_pixels.inference.progress import SilentProgress
from classify_pixels.inference.runtimes import Backend, BackendOptions, open_backend
from classify_pixels.inference.tiling import (
    CropMerger,
    Strip,
    Threads,
    Tile,
    TileShape,
    cut_strips,
    plan_tiles,
    round_up,
    run,
)
from classify_pixels.inference.window import Window

SAMPLE = ROOT / "resources" / "sample" / "landsat7_landcover.onnx"
BANDS, CLASSES, STRIDE, HALO, NO_DATA = 6, 5, 16, 32, 255

# One batch is computed while another one is transferred.
GPU_WORKERS = 2


@dataclass
class MemoryScene:
    """Pixels (bands, height, width), all valid, and their classes."""

    pixels: np.ndarray
    classes: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.window = Window(0, 0, self.pixels.shape[2], self.pixels.shape[1])
        self.classes = np.full(self.pixels.shape[1:], NO_DATA, np.uint8)

    def read(self, _: Strip, tile: Tile) -> tuple[np.ndarray, np.ndarray]:
        """Returns the window of a tile, which is always inside."""
        window = tile.read
        rows, columns = window.within(self.window)
        return self.pixels[:, rows, columns].copy(), np.ones((window.height, window.width), np.bool_)

    def write(self, strip: Strip, values: np.ndarray) -> None:
        """Takes the classes of a strip."""
        rows, columns = strip.window.within(self.window)
        self.classes[rows, columns] = values[0]


def measure(
    folder: Path, size: int = 8192, tile: int = 512, batch: int = 4, width: int = 32, network: Path | None = None
) -> Iterator[Finding]:
    """Compares the tiles a second of both, with the same precision."""
    weights = network or _default_network(folder, width)
    # On a multiple of the stride no tile extends beyond the scene.
    side = round_up(max(size, tile), STRIDE)
    pixels = np.random.default_rng(0).random((BANDS, side, side), np.float32)
    scene = MemoryScene(pixels)
    plan = plan_tiles(scene.window, scene.window, TileShape(tile, tile, STRIDE, HALO, fixed=True))
    with closing(open_backend(weights, BackendOptions(bands=BANDS, threads=1))) as backend:
        on_cpu = backend.device.startswith("CPU")
        first = pixels[np.newaxis, :, :tile, :tile].repeat(batch, axis=0)
        workers = cores() if on_cpu else GPU_WORKERS
        classifier = _classifier(backend, batch, tile)
        resident = ResidentNetwork(weights, first, workers if on_cpu else 1)
        strips = cut_strips(plan, cell_bytes=4, blended=False)

        def ours() -> float:
            with Threads(workers) as threads:
                return seconds(lambda: run(strips, scene, classifier, CropMerger(), scene, SilentProgress(), threads))

        def theirs() -> float:
            calls = -(-len(plan) // batch)
            return resident.run(calls) * len(plan) / (calls * batch)

        subject = f"{weights.stem}, throughput of the loop against the network on resident data"
        found = compare(subject, ours, theirs, Target(0.9, at_most=False), inverse=True)
        assert scene.classes.max() < NO_DATA
        back = "classes" if classifier.runner.decides else "scores"
        how = f"{len(plan)} tiles of {tile}, {batch} at once, {back} come back"
        yield replace(found, note=f"{found.note}; {how}; {backend.device}{', no GPU found' if on_cpu else ''}")


def _classifier(backend: Backend, batch: int, tile: int) -> TileClassifier:
    trial = backend.run(np.zeros((batch, BANDS, tile, tile), np.float32))
    classes = tuple(ModelClass(number, f"class {number}", (0, 0, 0)) for number in range(trial.shape[1]))
    network = NetworkRunner(backend, None, batch, fixed_batch=backend.input.batch is not None)
    return TileClassifier(network, LargestScore(classes), np.uint8, NO_DATA)


def _default_network(folder: Path, width: int) -> Path:
    if importlib.util.find_spec("torch") is None:
        return SAMPLE
    return save_unet(folder / f"unet{width}.pt", BANDS, CLASSES, width)


if __name__ == "__main__":
    main(measure, __doc__, size=8192, tile=512, batch=4, width=32, network=None)
