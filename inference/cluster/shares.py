# SPDX-License-Identifier: GPL-2.0-or-later
"""A share of neighbouring strips for each worker, so that blocks of the raster at their borders are decoded once."""

from __future__ import annotations

from collections.abc import Iterable


class Shares:
    """The strips that no worker has yet, by index; each worker takes the next one of its share.

    A worker without a share gets a free one, otherwise the second half of the longest share of another worker: so the
    share of a lost worker is taken over, and all workers end at about the same time.
    """

    def __init__(self, total: int, finished: Iterable[int]) -> None:
        ends = [-1, *sorted({index for index in finished if 0 <= index < total}), total]
        self._free = [range(last + 1, end) for last, end in zip(ends, ends[1:]) if end > last + 1]
        self._of: dict[str, range] = {}

    def take(self, worker: str) -> int | None:
        """Returns the next strip of a worker, None if no strip is left."""
        share = self._of.get(worker) or self._new_share()
        if not share:
            return None
        self._of[worker] = share[1:]
        return share[0]

    def _new_share(self) -> range:
        """Returns a free share, the longest first, or a half of another worker's."""
        if self._free:
            return self._free.pop(self._free.index(max(self._free, key=len)))
        owner = max(self._of, key=lambda worker: len(self._of[worker]), default=None)
        if owner is None:
            return range(0)
        share = self._of[owner]
        half = len(share) // 2
        self._of[owner] = share[:half]
        return share[half:]
