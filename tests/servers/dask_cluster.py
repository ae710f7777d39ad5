# SPDX-License-Identifier: GPL-2.0-or-later
"""A Dask scheduler and workers on this machine, programs of their own that have none of our code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path


class Cluster:
    """A scheduler and workers, programs of their own that know no path of ours."""

    def __init__(self, folder: Path, stack: ExitStack, *security: str) -> None:
        self._folder, self._stack, self._security = folder, stack, security
        self.scheduler = self._start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self.address = self._said(r"Scheduler at: +(t(?:cp|ls)://\S+)")
        self.workers: list[subprocess.Popen[bytes]] = []

    def add_worker(self, nanny: bool = False, **environment: str) -> subprocess.Popen[bytes]:
        options = (
            "--nthreads",
            "1",
            "--no-dashboard",
            "--no-nanny",
            "--local-directory",
            str(self._folder / "scratch"),
        )
        if nanny:
            options = tuple(option for option in options if option != "--no-nanny")
        worker = self._start("dask_worker", self.address, *options, **environment)
        self.workers.append(worker)
        return worker

    def log(self) -> str:
        return (self._folder / "log").read_text(errors="replace")

    def _start(self, program: str, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{program}", *arguments, *self._security]
        given = {**os.environ, "CLASSIFY_PIXELS_CACHE": str(self._folder / "cache"), **environment}
        with (self._folder / "log").open("ab") as log:
            process = subprocess.Popen(command, cwd=self._folder, stdout=log, stderr=log, env=given)
        self._stack.callback(process.wait)
        self._stack.callback(process.kill)
        return process

    def _said(self, pattern: str) -> str:
        for _ in range(3000):
            found = re.search(pattern, self.log())
            if found:
                return found[1]
            time.sleep(0.1)
        raise AssertionError(self.log())


@contextmanager
def started(folder: Path, workers: int) -> Iterator[Cluster]:
    with ExitStack() as stack:
        cluster = Cluster(folder, stack)
        for _ in range(workers):
            cluster.add_worker()
        yield cluster
