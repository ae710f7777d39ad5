# SPDX-License-Identifier: GPL-2.0-or-later
"""The machine that a worker runs on, as its own environment describes it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ..network import Machine
from ..network.settings import HOME_CACHE

CACHE, RUNTIMES = "CLASSIFY_PIXELS_CACHE", "CLASSIFY_PIXELS_RUNTIMES"
TORCH_PYTHON, ALLOWED_FUNCTIONS = "CLASSIFY_PIXELS_TORCH_PYTHON", "CLASSIFY_PIXELS_ALLOWED_FUNCTIONS"


def machine_here(workers: int = 1, environment: Mapping[str, str] = os.environ) -> Machine:
    """Returns the machine that the environment variables describe; `workers` is the number of tiles in work at once."""
    named = {name: environment.get(name, "").strip() for name in (CACHE, RUNTIMES, TORCH_PYTHON)}
    allowed = (text.strip().lower() for text in environment.get(ALLOWED_FUNCTIONS, "").split(","))
    return Machine(
        workers=workers,
        cache=Path(named[CACHE] or HOME_CACHE),
        runtimes=Path(named[RUNTIMES]) if named[RUNTIMES] else None,
        torch_python=Path(named[TORCH_PYTHON]) if named[TORCH_PYTHON] else None,
        allowed_functions=frozenset(filter(None, allowed)),
    )
