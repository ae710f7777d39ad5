# SPDX-License-Identifier: GPL-2.0-or-later
"""The events of a run as lines of text."""

from __future__ import annotations

import sys
from typing import TextIO

from ..events import Event, Progressed
from ..progress import Progress


class ConsoleProgress(Progress):
    """Writes sentences and every tenth percent as lines."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        self._stream = stream
        self._told = 0

    def emit(self, event: Event) -> None:
        """Writes the sentences of an event."""
        if isinstance(event, Progressed):
            tenth = int(10 * event.fraction)
            if tenth > self._told:
                self._told = tenth
                self._write(f"{10 * tenth} %")
            return
        for phrase in event.phrases:
            self._write(str(phrase))

    def _write(self, line: str) -> None:
        self._stream.write(f"{line}\n")
        self._stream.flush()
