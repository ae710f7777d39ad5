# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the engine as the algorithm does, without QGIS, and times it without overviews.

    python -m benchmarks.engine RASTER MODEL OUTPUT [WORKERS] [SCALE]

runs it in a separate process and prints seconds, bytes and the tiles as JSON. Its start and the import of the runtimes,
which other programs import at their start, are not counted.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import benchmarks.package
from classify_pixels.inference import SilentProgress
from classify_pixels.inference.models import read_arguments, read_model_reference
from classify_pixels.inference.network.memory import peak
from classify_pixels.inference.raster import GdalInput
from classify_pixels.inference.raster.write.geotiff import GeoTiffFile
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.request import ClassificationRequest, Environment

STATUS = Path("/proc/self/status")
RUNTIMES = ("onnxruntime", "openvino")


@dataclass(frozen=True)
class Timing:
    """A run: its seconds without overviews and attribute table, theirs, the peak in bytes, and the tiles."""

    seconds: float
    overviews: float
    peak: int
    tile: int
    halo: int
    stride: int


def classify(
    raster: Path, model: Path, output: Path, workers: int = 2, scale: float = 1.0, mixed: bool = False
) -> Timing:
    """Classifies a raster, whose values are multiplied by the scale, and returns the time.

    `mixed` requests mixed precision.
    """
    request = ClassificationRequest(
        GdalInput(str(raster)),
        read_model_reference(model),
        output,
        read_arguments({"mixed_precision": "true"} if mixed else {}),
        Environment(workers=workers, cache=output.parent / "cache"),
        input_scale=(scale,),
    )
    output.unlink(missing_ok=True)
    with _overview_times() as spent:
        started = time.perf_counter()
        result = classify_pixels(request, SilentProgress())
        whole = time.perf_counter() - started
    overviews = sum(spent)
    return Timing(whole - overviews, overviews, peak_memory(), result.tile[0], result.halo, result.stride)


def classify_alone(raster: Path, model: Path, output: Path, workers: int = 2, scale: float = 1.0) -> Timing:
    """Classifies in a separate process, whose start is not counted; raises SubprocessError if it fails."""
    command = [sys.executable, "-m", "benchmarks.engine", *map(str, (raster, model, output, workers, scale))]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=benchmarks.package.ROOT)
    return Timing(**json.loads(done.stdout))


def peak_memory() -> int:
    """Returns the peak memory of this program in bytes.

    getrusage would return the peak of the parent program if that was larger.
    """
    try:
        lines = STATUS.read_text(encoding="ascii").splitlines()
    except OSError:
        return peak() or 0
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


@contextmanager
def _overview_times() -> Iterator[list[float]]:
    """Times the completion of files, a step that the compared programs lack."""
    spent: list[float] = []
    complete = GeoTiffFile.complete

    def timed(self: GeoTiffFile, *arguments: Any) -> None:
        started = time.perf_counter()
        complete(self, *arguments)
        spent.append(time.perf_counter() - started)

    GeoTiffFile.complete = timed  # type: ignore[method-assign]
    try:
        yield spent
    finally:
        GeoTiffFile.complete = complete  # type: ignore[method-assign]


def _main(raster: str, model: str, output: str, workers: str = "2", scale: str = "1") -> None:
    for name in filter(importlib.util.find_spec, RUNTIMES):
        importlib.import_module(name)
    timing = classify(Path(raster).resolve(), Path(model).resolve(), Path(output).resolve(), int(workers), float(scale))
    print(json.dumps(asdict(timing)))


if __name__ == "__main__":
    _main(*sys.argv[1:])
