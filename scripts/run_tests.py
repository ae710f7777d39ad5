# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs all tests, each folder in a process of its own and two of them at once, and ends with one summary.

Progress appears while they run; the report of each folder follows as a whole when all have ended. All output is also
in build/tests. The exit status is 0 only if every folder passed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOGS = ROOT / "build" / "tests"
# Those that take longest come first, so that both processes end at about the same time.
FOLDERS = ("qgis", "engine", "service", "faults", "processes", "unit", "reference")
AT_ONCE = 2
HEADING = re.compile(r"=+ (?!test session starts)\S.* =+$")
SUMMARY = re.compile(r"=+ (.* in [\d.]+s.*) =+$")
COUNT = re.compile(r"(\d+) (passed|failed|error|skipped)")


class Part:
    """The tests of a folder: shows their progress line by line and keeps their report."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.report: list[str] = []
        self._process: subprocess.Popen[str] | None = None

    def run(self) -> int:
        """Runs the tests; returns the exit status. The output is copied into a file."""
        # Two processes share the cores: waiting OpenMP threads must not keep one busy.
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "OMP_WAIT_POLICY": "PASSIVE"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pytest", f"tests/{self.name}"],
            cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace",
        )  # fmt: skip
        with (LOGS / f"{self.name}.log").open("w", encoding="utf-8") as copy:
            for line in self._process.stdout or ():
                copy.write(line)
                copy.flush()
                if self.report or HEADING.match(line.rstrip()):
                    self.report.append(line)
                else:
                    print(line, end="", flush=True)
        return self._process.wait()

    def end(self) -> None:
        """Ends the process if it runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    @property
    def summary(self) -> str:
        """Returns pytest's summary, absent if the process died."""
        found = [match.group(1) for line in self.report if (match := SUMMARY.match(line.rstrip()))]
        return found[-1] if found else "ended without a summary"


def main() -> int:
    """Runs the tests; returns the exit status."""
    LOGS.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    parts = [Part(folder) for folder in FOLDERS]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            statuses = list(pool.map(Part.run, parts))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for part in parts:
                part.end()
            raise
    for part in parts:
        print(f"\n== tests/{part.name}\n{''.join(part.report)}", end="")
    print("\n== Summary")
    total: Counter[str] = Counter()
    for part, status in zip(parts, statuses):
        print(f"tests/{part.name}: {part.summary}; exit status {status}")
        total.update({outcome: int(number) for number, outcome in COUNT.findall(part.summary)})
    counts = ", ".join(f"{total[outcome]} {outcome}" for outcome in ("passed", "failed", "error", "skipped"))
    print(f"{'FAILED' if any(statuses) else 'PASSED'}: {counts}, in {time.monotonic() - started:.0f} s")
    return int(any(statuses))


if __name__ == "__main__":
    sys.exit(main())
