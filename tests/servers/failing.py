# SPDX-License-Identifier: GPL-2.0-or-later
"""A server whose first answers are failures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .loopback import Answer, LoopbackServer, Request


class Failures(LoopbackServer):
    """Returns these answers in order, then always the last one."""

    def __init__(self, answers: Iterable[Any]) -> None:
        super().__init__()
        self._answers = list(answers)

    def answer(self, request: Request) -> Answer | None:
        """Returns the next answer."""
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
