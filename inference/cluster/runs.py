# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs of neighbouring strips, one for each worker, so that blocks of the raster at their borders are decoded once."""

from __future__ import annotations

from collections.abc import Iterable


class Runs:
    """The strips that no worker has yet; each worker takes the next one of its run.

    A worker without a run begins one that is left, or the second half of another's longest: so the run of a lost worker
    is taken over, and all end at the same time.
    """

    def __init__(self, total: int, finished: Iterable[int]) -> None:
        ends = [-1, *sorted({index for index in finished if 0 <= index < total}), total]
        self._left = [range(last + 1, end) for last, end in zip(ends, ends[1:]) if end > last + 1]
        self._of: dict[str, range] = {}

    def take(self, worker: str) -> int | None:
        """Returns the next strip of a worker, None if no strip is left."""
        run = self._of.get(worker) or self._begun()
        if not run:
            return None
        self._of[worker] = run[1:]
        return run[0]

    def _begun(self) -> range:
        """Returns a run that is left, the longest first, or a half of another's."""
        if self._left:
            return self._left.pop(self._left.index(max(self._left, key=len)))
        owner = max(self._of, key=lambda worker: len(self._of[worker]), default=None)
        if owner is None:
            return range(0)
        run = self._of[owner]
        half = len(run) // 2
        self._of[owner] = run[:half]
        return run[half:]
