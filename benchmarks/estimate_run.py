# SPDX-License-Identifier: GPL-2.0-or-later
"""Classifies a scene and prints the memory that was announced before the tiles, and the memory that was taken, as JSON.

    python -m benchmarks.estimate_run RASTER MODEL OUTPUT CACHE WORKERS RUNTIME SCALE

is run in a separate process, as memory that an earlier run has left would be used again. Linux only.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import benchmarks.package  # noqa: F401  (makes the package importable)
from classify_pixels.inference import SilentProgress
from classify_pixels.inference.events import Event, Noted
from classify_pixels.inference.models import read_arguments, read_model_reference
from classify_pixels.inference.network.memory import Growth, peak
from classify_pixels.inference.notices import Note
from classify_pixels.inference.raster import GdalInput
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.request import ClassificationRequest, Environment


@dataclass(frozen=True)
class Memory:
    """Bytes: what was `told` before the tiles, and the `growth` of the process from then to the end of the run.

    Before that the open network had grown the process by `opened`, and its opening by `opening` at most.
    """

    told: int
    growth: int
    opened: int
    opening: int


class _Watch(SilentProgress):
    """Measures the growth of the process from the announcement on."""

    def __init__(self) -> None:
        self.before = Growth()
        self.before.__enter__()
        self.told = 0
        self.after: Growth | None = None
        self._peak = 0

    def emit(self, event: Event) -> None:
        if isinstance(event, Noted) and event.kind is Note.MEMORY and self.after is None:
            self.before.__exit__()
            self.told, self._peak = int(str(event.values["needed"])) * 2**20, peak() or 0
            self.after = Growth()
            self.after.__enter__()

    def memory(self) -> Memory:
        """Returns what was found, after the run."""
        if self.after is None:
            raise SystemExit("the run did not report its memory")
        self.after.__exit__()
        # The system's own peak is exact, unless that of the opening was higher.
        exact, start = peak() or 0, self.after.before
        growth = max(self.after.bytes, exact - start if exact > self._peak else 0)
        return Memory(self.told, growth, start - self.before.before, self.before.bytes)


def _main(raster: str, model: str, output: str, cache: str, workers: str, runtime: str, scale: str) -> None:
    request = ClassificationRequest(
        GdalInput(raster),
        read_model_reference(Path(model)),
        Path(output),
        read_arguments({"runtime": runtime}),
        Environment(workers=int(workers), cache=Path(cache)),
        input_scale=(float(scale),),
    )
    watch = _Watch()
    classify_pixels(request, watch)
    print(json.dumps(asdict(watch.memory())))


if __name__ == "__main__":
    _main(*sys.argv[1:])
