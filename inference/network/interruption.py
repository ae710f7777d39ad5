# SPDX-License-Identifier: GPL-2.0-or-later
"""Lets Cancel reach a network while the thread that would look at it waits for the network."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ..progress import Progress
from ..runtimes import Backend

# Seconds between two looks at Cancel.
PERIOD = 0.2


@contextmanager
def interrupting(backend: Backend, progress: Progress) -> Iterator[None]:
    """Ends the calls of a network as soon as the run is cancelled, while the block runs."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(PERIOD):
            # Again and again, because a call may begin after the last one was ended.
            if progress.cancelled:
                backend.interrupt()

    thread = threading.Thread(target=watch, name="interrupt", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
