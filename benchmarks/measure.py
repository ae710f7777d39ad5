# SPDX-License-Identifier: GPL-2.0-or-later
"""Times two ways of doing the same thing in turns, and compares them."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

REPETITIONS = int(os.environ.get("REPETITIONS", "5"))

Timed = Callable[[], float]


class NotMeasuredError(Exception):
    """A measurement lacks a prerequisite, named in the text."""


@dataclass(frozen=True)
class Target:
    """The upper or lower limit of a ratio."""

    limit: float
    at_most: bool = True

    def __str__(self) -> str:
        return f"{'at most' if self.at_most else 'at least'} {self.limit:g}"

    def met_by(self, ratio: float) -> bool:
        """Returns True if a ratio is within the limit."""
        return ratio <= self.limit if self.at_most else ratio >= self.limit


@dataclass(frozen=True)
class Finding:
    """A measurement, a ratio per repetition; without one, the note has the reason."""

    subject: str
    target: Target
    ratios: tuple[float, ...] = ()
    note: str = ""

    @property
    def median(self) -> float:
        """The median of the ratios."""
        return statistics.median(self.ratios)

    def row(self) -> str:
        """Returns the line of a Markdown table."""
        return f"| {self.subject} | {self._figures()} | {self.target} | {self._verdict()} | {self.note} |"

    def _figures(self) -> str:
        if not self.ratios:
            return "not measured"
        count = len(self.ratios)
        spread = f" ({min(self.ratios):.3f} to {max(self.ratios):.3f} in {count} repetitions)" if count > 1 else ""
        return f"{self.median:.3f}{spread}"

    def _verdict(self) -> str:
        return "" if not self.ratios else "kept" if self.target.met_by(self.median) else "missed"


HEADER = "| what | ratio | target | | notes |\n|---|---|---|---|---|"


def compare(subject: str, ours: Timed, theirs: Timed, target: Target, inverse: bool = False) -> Finding:
    """Runs both in turns and returns their ratios, ours / theirs, or theirs / ours where it is `inverse`.

    Ratios are taken within a repetition, because the speed of a shared machine changes from minute to
    minute, and every other repetition begins with theirs.
    """
    pairs = [_pair(ours, theirs, turned=bool(number % 2)) for number in range(REPETITIONS)]
    ratios = tuple(their / our if inverse else our / their for our, their in pairs)
    our, their = (statistics.median(column) for column in zip(*pairs))
    return Finding(subject, target, ratios, f"{our:.2f} s against {their:.2f} s")


def _pair(ours: Timed, theirs: Timed, turned: bool) -> tuple[float, float]:
    if turned:
        their = theirs()
        return ours(), their
    return ours(), theirs()


def seconds(step: Callable[[], object]) -> float:
    """Returns the duration of a step."""
    started = time.perf_counter()
    step()
    return time.perf_counter() - started


def command_seconds(command: list[str]) -> float:
    """Returns the duration of a command, its start included."""
    return seconds(lambda: subprocess.run(command, check=True, capture_output=True))


def cores() -> int:
    """Returns the number of cores available to this process."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
