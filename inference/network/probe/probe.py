# SPDX-License-Identifier: GPL-2.0-or-later
"""What probing is allowed to take, and what it found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...notices import ProbeFailure
from ...progress import Progress

# Beyond this a run should rather begin with what is usual than be kept waiting.
SECONDS = 60.0


@dataclass(frozen=True)
class Probe:
    """What was found out about a network.

    Tiles that begin on multiples of `stride` and reach `halo` pixels beyond what is kept of them give what the whole
    scene would give. That is so in every pixel where `exact` is true; else `tolerance` is what neighbouring tiles'
    scores differ by on average at that halo, as a share of their range. Where nothing was found, `failure` says why,
    with the number `limit`. `tried` counts the pixels of the largest call that it took now, 0 where it was known from
    an earlier run.
    """

    stride: int | None = None
    halo: int | None = None
    exact: bool = False
    tolerance: float = 0.0
    failure: ProbeFailure | None = None
    limit: float = 0.0
    tried: int = 0


@dataclass(frozen=True)
class Probing:
    """Where findings are kept, who is told and may cancel, and how many seconds it may take."""

    cache: Path
    progress: Progress
    seconds: float = SECONDS
