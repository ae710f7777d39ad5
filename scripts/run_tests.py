# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs all tests in two processes at once, which take about the same time, and ends with one summary.

The tests of the service need no QGIS; they run before those that do because the others take longer.

Progress appears while they run; the report of each part follows as a whole when both have ended. All output is also
in build/tests. The exit status is 0 only if both parts passed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).resolve().parents[1]
LOGS = ROOT / "build" / "tests"
PARTS = {
    "without QGIS": (
        "tests/unit",
        "tests/engine",
        "tests/processes",
        "tests/faults",
        "tests/reference",
    ),
    "with QGIS": ("tests/service", "tests/qgis"),
}
HEADING = re.compile(r"=+ (?!test session starts)\S.* =+$")
SUMMARY = re.compile(r"=+ (.* in [\d.]+s.*) =+$")
COUNT = re.compile(r"(\d+) (passed|failed|error|skipped)")


class Part:
    """A process of pytest: shows its progress line by line and keeps its report."""

    def __init__(self, name: str, folders: Iterable[str]) -> None:
        self.name = name
        self.report: list[str] = []
        # Two processes share the cores: waiting OpenMP threads must not keep one busy.
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "OMP_WAIT_POLICY": "PASSIVE"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *folders],
            cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace",
        )  # fmt: skip
        self._reader = Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        """Copies the output into a file; the part after the progress is kept for the end."""
        log = LOGS / (self.name.replace(" ", "_") + ".log")
        with log.open("w", encoding="utf-8") as copy:
            for line in self._process.stdout or ():
                copy.write(line)
                copy.flush()
                if self.report or HEADING.match(line.rstrip()):
                    self.report.append(line)
                else:
                    print(line, end="", flush=True)

    def end(self) -> None:
        """Ends the process if it still runs."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait()

    def finish(self) -> int:
        """Waits for the end; returns the exit status."""
        status = self._process.wait()
        self._reader.join()
        return status

    @property
    def summary(self) -> str:
        """Returns pytest's summary, absent if the process died."""
        found = [match.group(1) for line in self.report if (match := SUMMARY.match(line.rstrip()))]
        return found[-1] if found else "ended without a summary"


def main() -> int:
    """Runs the tests; returns the exit status."""
    LOGS.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with ExitStack() as stack:
        parts = [Part(name, folders) for name, folders in PARTS.items()]
        for part in parts:
            stack.callback(part.end)
        statuses = [part.finish() for part in parts]
    for part in parts:
        print(f"\n== The tests {part.name}\n{''.join(part.report)}", end="")
    print("\n== Summary")
    total: Counter[str] = Counter()
    for part, status in zip(parts, statuses):
        print(f"{part.name}: {part.summary}; exit status {status}")
        total.update({outcome: int(number) for number, outcome in COUNT.findall(part.summary)})
    counts = ", ".join(f"{total[outcome]} {outcome}" for outcome in ("passed", "failed", "error", "skipped"))
    print(f"{'FAILED' if any(statuses) else 'PASSED'}: {counts}, in {time.monotonic() - started:.0f} s")
    return int(any(statuses))


if __name__ == "__main__":
    sys.exit(main())
