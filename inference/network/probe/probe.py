# SPDX-License-Identifier: GPL-2.0-or-later
"""The limits of probing, and its findings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...notices import ProbeFailure
from ...progress import Progress

# After this time a run begins with defaults instead of waiting.
SECONDS = 60.0


@dataclass(frozen=True)
class Probe:
    """The finding on a network.

    Tiles with origins at multiples of `stride` and a halo of `halo` pixels produce the scores of the whole scene, in
    every pixel if `exact` is True. If nothing was found, `failure` is the reason, with the number `limit`. `profile` is
    the mean difference of two tiles' scores by their distance from a tile's edge in pixels, as a share of their range;
    empty if unknown.
    """

    stride: int | None = None
    halo: int | None = None
    exact: bool = False
    profile: tuple[float, ...] = ()
    failure: ProbeFailure | None = None
    limit: float = 0.0

    def seam(self, halo: int) -> float:
        """Returns the mean difference of neighbouring tiles' scores beyond a halo, as a share of their range.

        It is 0 if there is none, or if it is unknown; beyond the longest distance that was measured, the last one.
        """
        if self.exact and self.halo is not None and halo >= self.halo:
            return 0.0
        return max(self.profile[halo:] or self.profile[-1:], default=0.0)


@dataclass(frozen=True)
class Probing:
    """The cache of findings, the progress that may cancel, and the time limit in seconds.

    With `sizes`, the fastest size of tiles is searched for, too. A finding is that of the weights and of all else that
    decides on the scores, such as the values of constant inputs: that is `reading`, as text. `content` is the SHA-256
    of the files that the network was opened from, empty if they are known to be unchanged.
    """

    cache: Path
    progress: Progress
    seconds: float = SECONDS
    sizes: bool = True
    reading: str = ""
    content: str = ""
