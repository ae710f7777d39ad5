# SPDX-License-Identifier: GPL-2.0-or-later
"""The time of each stage of a run, in all threads, on the processors of this machine.

    python -m benchmarks.stages RASTER MODEL [SCALE] [WORKERS]

Stages run at the same time, so that their seconds add up to more than those of the run: its share of the capacity
(seconds of the run x workers) shows where the time goes.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from benchmarks.engine import Timing, classify
from benchmarks.measure import cores
from classify_pixels.inference.network.classifying import TileClassifier
from classify_pixels.inference.network.open_network import OpenNetwork
from classify_pixels.inference.network.runner import NetworkRunner
from classify_pixels.inference.raster.read.source import GdalSource
from classify_pixels.inference.run.outputs import Outputs
from classify_pixels.inference.tiling.merge import CropMerger

# The methods that make up each stage.
STAGES: dict[str, tuple[type[Any], str]] = {
    "open and try the network": (OpenNetwork, "__init__"),
    "decode": (GdalSource, "read_bands"),
    "normalise": (NetworkRunner, "_pixels"),
    "network": (NetworkRunner, "_run"),
    "argmax": (TileClassifier, "_decide"),
    "merge": (CropMerger, "add"),
    "strips": (Outputs, "write"),
    "file": (Outputs, "_fill"),
}


@contextmanager
def timed_stages() -> Iterator[dict[str, float]]:
    """Yields the seconds of each stage while a run is under way."""
    spent: dict[str, float] = defaultdict(float)
    lock = Lock()
    with ExitStack() as undone:
        for name, (owner, method) in STAGES.items():
            plain = getattr(owner, method)
            setattr(owner, method, _timed(plain, name, spent, lock))
            undone.callback(setattr, owner, method, plain)
        yield spent


def _timed(plain: Callable[..., Any], name: str, spent: dict[str, float], lock: Lock) -> Callable[..., Any]:
    def timed(*arguments: Any, **named: Any) -> Any:
        started = time.perf_counter()
        try:
            return plain(*arguments, **named)
        finally:
            with lock:
                spent[name] += time.perf_counter() - started

    return timed


def profile(
    raster: Path, model: Path, output: Path, scale: float = 1.0, workers: int = 2
) -> tuple[Timing, dict[str, float]]:
    """Returns the time of a run without overviews, and the seconds of its stages."""
    with timed_stages() as spent:
        timing = classify(raster, model, output, workers, scale)
    return timing, dict(spent)


def row(title: str, timing: Timing, spent: dict[str, float], workers: int) -> str:
    """Returns the shares of a run as a line of a Markdown table."""
    capacity = timing.seconds * workers
    shares = " | ".join(f"{100 * spent.get(name, 0.0) / capacity:.0f} %" for name in STAGES)
    return f"| {title} | {timing.seconds:.1f} s | {shares} |"


def header() -> str:
    """Returns the head of the table."""
    return f"| run | time | {' | '.join(STAGES)} |\n|{'---|' * (len(STAGES) + 2)}"


def _main(raster: str, model: str, scale: str = "1", workers: str = "") -> None:
    count = int(workers or cores())
    print(header())
    with TemporaryDirectory() as folder:
        output = Path(folder) / "classes.tif"
        timed = profile(Path(raster).resolve(), Path(model).resolve(), output, float(scale), count)
    print(row(Path(model).stem, *timed, count))


if __name__ == "__main__":
    _main(*sys.argv[1:])
