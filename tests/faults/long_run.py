# SPDX-License-Identifier: GPL-2.0-or-later
"""A run of several strips, also as a separate process that can be killed.

python -m tests.faults.long_run SCENE MODEL OUTPUT [SECONDS_PER_TILE]
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal

import tests.conftest  # noqa: F401  (makes the checkout importable)
from classify_pixels.inference import ClassifyPixelsError
from classify_pixels.inference.events import Event, Progressed
from tests.networks import class_definition, pooling_network
from tests.unit.rasters import random_pixels, write_raster
from tests.unit.runs import Recorder, classify

ROOT = Path(__file__).resolve().parents[2]
WIDTH, HEIGHT, STRIPS = 300, 4000, 8


def make_scene(folder: Path) -> Path:
    """Writes a scene of eight strips."""
    return write_raster(folder / "scene.tif", random_pixels(2, HEIGHT, WIDTH))


def make_model(folder: Path) -> dict[str, Any]:
    """Writes a network, unless it exists, and returns its definition."""
    network = folder / "network.onnx"
    if not network.exists():
        pooling_network(network)
    return class_definition(network, 2, [4, 5, 6], 64, ClassifyPixels={"Stride": 4, "Halo": 12})


class Slow(Recorder):
    """Waits after each batch, so that a run can be interrupted."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def emit(self, event: Event) -> None:
        if isinstance(event, Progressed):
            time.sleep(self._seconds)
        super().emit(event)
        if not isinstance(event, Progressed):
            print(event, flush=True)


def start(scene: Path, output: Path, seconds: float = 0.0) -> subprocess.Popen[str]:
    """Starts the run in a separate process."""
    command = [sys.executable, "-m", "tests.faults.long_run", str(scene), str(output), str(seconds)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def pixels_of(path: Path) -> np.ndarray:
    """Returns the values of a raster."""
    dataset = gdal.Open(str(path))
    return np.array(dataset.ReadAsArray())


if __name__ == "__main__":
    scene, output, seconds = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    try:
        classify(scene, make_model(scene.parent / "model"), output, progress=Slow(seconds), workers=2)
    except ClassifyPixelsError as error:
        sys.exit(f"{type(error).__name__}: {error}")
