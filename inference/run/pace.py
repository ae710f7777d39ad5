# SPDX-License-Identifier: GPL-2.0-or-later
"""The pace and memory of a model's earlier runs on this machine, for estimates before the next one."""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ..models import GivenArguments
from ..network import NetworkSettings
from ..new_files import write_whole

# A shorter run is mostly start-up, and says little about a long one.
SHORTEST = 0.5

MOST_BYTES = 10_000


@dataclass(frozen=True)
class Pace:
    """Pixels per second while tiles are computed, and the bytes that the run needed beyond those of the process."""

    pixels_per_second: float
    memory: int


def read_pace(files: Sequence[str], settings: NetworkSettings, arguments: GivenArguments) -> Pace | None:
    """Returns the pace of the last run of a model with these files and settings, None if there is none."""
    file = _place(files, settings, arguments)
    try:
        document = json.loads(file.read_text(encoding="utf-8")[:MOST_BYTES])
        pace = Pace(float(document["pixels_per_second"]), int(document["memory"]))
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
    return pace if 0 < pace.pixels_per_second < math.inf and pace.memory >= 0 else None


def write_pace(
    files: Sequence[str], settings: NetworkSettings, arguments: GivenArguments, pixels: int, seconds: float, memory: int
) -> None:
    """Stores the pace of a run, unless it was too short; a failure to write is ignored."""
    if seconds < SHORTEST or not pixels:
        return
    file = _place(files, settings, arguments)
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, json.dumps(asdict(Pace(pixels / seconds, memory))))


def _place(files: Sequence[str], settings: NetworkSettings, arguments: GivenArguments) -> Path:
    """Returns the file of a pace, named by the model's files, their sizes and times, and the settings."""
    states = [[file, os.stat(file).st_size, os.stat(file).st_mtime_ns] for file in files if os.path.isfile(file)]
    key = [states, settings.processor, settings.gpu, settings.workers, arguments.texts]
    name = hashlib.sha256(json.dumps(key).encode()).hexdigest()
    return settings.cache / "paces" / f"{name}.json"
