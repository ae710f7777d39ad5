# SPDX-License-Identifier: GPL-2.0-or-later
"""How a backend is to be opened."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class BackendOptions:
    """What a backend needs to know beside the weights.

    `gpu` is the number of the GPU, where one is used. `bands` and `layout` come from the model definition
    where there is one; `threads` are those of one call; `runtimes` is the user's folder of runtime libraries.
    """

    processor: str = "AUTO"
    gpu: int = 0
    threads: int = 1
    bands: int | None = None
    layout: str | None = None
    runtimes: Path | None = None
