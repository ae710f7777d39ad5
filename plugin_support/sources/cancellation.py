# SPDX-License-Identifier: GPL-2.0-or-later
"""How Cancel reaches requests that are made far from the run that the user sees."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Callable

IsCancelled = Callable[[], bool]

_current = threading.local()


@contextmanager
def cancelled_by(is_cancelled: IsCancelled) -> Iterator[None]:
    """Has the requests that this thread makes in the block end once this says so."""
    before = current_cancellation()
    _current.is_cancelled = is_cancelled
    try:
        yield
    finally:
        _current.is_cancelled = before


def current_cancellation() -> IsCancelled:
    """Returns what tells this thread's requests to end; sources keep it for the threads that read them."""
    return getattr(_current, "is_cancelled", None) or _never


def _never() -> bool:
    return False
