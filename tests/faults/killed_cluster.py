# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs on a Dask cluster whose processes are killed at random moments.

python -m tests.faults.killed_cluster SCENE OUTPUT SCHEDULER

is the driver of such a run, which is killed as well.
"""

from __future__ import annotations

import io
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tests.conftest  # noqa: F401  (makes the checkout importable)
from classify_pixels.inference import ClassifyPixelsError, SilentProgress
from classify_pixels.inference.cluster import dask_executor, shipping
from classify_pixels.inference.cluster.settings import ClusterSettings
from classify_pixels.inference.events import Event
from classify_pixels.inference.models import ModelReference
from classify_pixels.inference.notices import Note
from classify_pixels.inference.raster import GdalInput
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from classify_pixels.inference.run.resume import strips_folder
from classify_pixels.inference.tiling import StripSize
from tests.networks import class_definition, pooling_network
from tests.servers.dask_cluster import Cluster

ROOT = Path(__file__).resolve().parents[2]
SIZE = StripSize(64, 256)
KINDS = ("worker", "nanny", "worker and nanny", "scheduler", "driver", "driver at the end")

# Seconds between a strip and its record, so that kills happen there, too; while a result is written; for a run.
SLOW, WRITING, PATIENCE = 0.04, 0.1, 600

# The end of a module, as workers get it.
SLOW_RECORDS = f"""
import time
_write = FolderPlace.write

def _write_slowly(self, name, content):
    time.sleep({SLOW})
    _write(self, name, content)

FolderPlace.write = _write_slowly
"""


@dataclass
class Report:
    """The kills of each kind, finished strips that were made again, and runs that came to their end."""

    kills: Counter[str] = field(default_factory=Counter)
    again: set[str] = field(default_factory=set)
    completed: int = 0


def request_of(scene: Path, output: Path) -> ClassificationRequest:
    """Returns the request of all runs."""
    network = scene.with_name("network.onnx")
    if not network.exists():
        pooling_network(network)
    model = class_definition(network, 2, [4, 5, 6], 64, ClassifyPixels={"Stride": 4, "Halo": 12})
    environment = Environment(cache=scene.with_name("cache"), workers=1)
    return ClassificationRequest(GdalInput(str(scene)), ModelReference(document=model), output, environment=environment)


def kill_at_random(scene: Path, output: Path, kills: int, seed: int = 7) -> Report:
    """Kills processes of runs, the kinds in turn, and lets the last run end."""
    with ExitStack() as stack:
        return _Killer(scene, output, stack, random.Random(seed)).run(kills)


class _Killer:
    def __init__(self, scene: Path, output: Path, stack: ExitStack, moments: random.Random) -> None:
        self._scene, self._output, self._stack, self._moments = scene, output, stack, moments
        self._report, self._seen = Report(), dict[str, int]()
        self._log = scene.with_name("driver.log")
        self._cluster: Cluster | None = None
        self._driver: subprocess.Popen[bytes] | None = None

    def run(self, kills: int) -> Report:
        while self._report.kills.total() < kills:
            kind = KINDS[self._report.kills.total() % len(KINDS)]
            self._start_all()
            if self._waited(self._moments.choice((0, 1, 1, 2)), at_end=kind == "driver at the end"):
                self._kill(kind)
                self._report.kills[kind] += 1
        self._complete()
        return self._report

    def _complete(self) -> None:
        while True:
            self._start_all()
            while self._driver is not None and self._driver.poll() is None:
                self._look()
            if self._driver is not None and self._driver.returncode == 0:
                self._report.completed += 1
                return

    def _start_all(self) -> None:
        """Starts all that is not there, and another run if the last one came to its end."""
        if self._cluster is None:
            folder = self._scene.with_name(f"cluster{self._report.kills.total()}")
            folder.mkdir()
            self._cluster = Cluster(folder, self._stack)
        living = [worker for worker in self._cluster.workers if worker.poll() is None]
        for _ in range(2 - len(living)):
            self._cluster.add_worker(nanny=True)
        if self._driver is not None and self._driver.poll() == 0:
            self._report.completed += 1
            self._output.unlink()
        if self._driver is None or self._driver.poll() is not None:
            command = [sys.executable, "-m", "tests.faults.killed_cluster", str(self._scene), str(self._output)]
            with self._log.open("wb") as log:
                self._driver = subprocess.Popen([*command, self._cluster.address], cwd=ROOT, stdout=log, stderr=log)
            self._stack.callback(self._driver.wait)
            self._stack.callback(self._driver.kill)

    def _waited(self, more: int, at_end: bool) -> bool:
        """Waits for so many more strips, or the writing of the result; returns False if the run ended before."""
        driver, until = self._driver, time.monotonic() + PATIENCE
        assert driver is not None
        self._look()
        wanted = len(self._seen) + more
        while time.monotonic() < until:
            if driver.poll() is not None:
                return False
            log = self._log.read_text(errors="replace")
            if at_end and "Note.WRITING" in log:
                time.sleep(self._moments.uniform(0, 2 * WRITING))
                return driver.poll() is None
            if not at_end and "Note.CLUSTER" in log and len(self._seen) >= wanted:
                time.sleep(self._moments.uniform(0, SLOW))
                return driver.poll() is None
            self._look()
        raise AssertionError(log)

    def _look(self) -> None:
        """Notes finished strips, and those that were made again."""
        time.sleep(0.02)
        found = {}
        for path in strips_folder(self._output).glob("[0-9]*.strip.json"):
            with suppress(OSError):
                found[path.name] = path.stat().st_ino
        self._report.again |= {name for name, file in found.items() if self._seen.get(name, file) != file}
        self._seen = found

    def _kill(self, kind: str) -> None:
        import psutil

        cluster, driver = self._cluster, self._driver
        assert cluster is not None
        assert driver is not None
        if kind.startswith("driver"):
            driver.kill()
            driver.wait()
        elif kind == "scheduler":
            processes = [child for worker in cluster.workers for child in _family(worker)]
            cluster.scheduler.kill()
            driver.wait(PATIENCE)
            for process in processes:
                with suppress(psutil.Error):
                    process.kill()
            self._cluster = None
        else:
            nanny, *children = _family(self._moments.choice([w for w in cluster.workers if w.poll() is None]))
            for process in {"worker": children, "nanny": [nanny]}.get(kind, [nanny, *children]):
                with suppress(psutil.Error):
                    process.send_signal(signal.SIGKILL)
                self._stack.callback(_end, process)
            for process in children:
                self._stack.callback(_end, process)


def _family(nanny: subprocess.Popen[bytes]) -> list[Any]:
    """Returns a nanny and its worker."""
    import psutil

    with suppress(psutil.Error):
        process = psutil.Process(nanny.pid)
        return [process, *process.children(recursive=True)]
    return []


def _end(process: Any) -> None:
    import psutil

    with suppress(psutil.Error):
        process.kill()


@contextmanager
def _slow_workers() -> Iterator[None]:
    archive = shipping.code_archive
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive())) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            added = SLOW_RECORDS if name.endswith("resume/place.py") else ""
            new.writestr(zipfile.ZipInfo(name, shipping.LONG_AGO), old.read(name).decode() + added)
    shipping.code_archive = content.getvalue
    try:
        yield
    finally:
        shipping.code_archive = archive


class _Teller(SilentProgress):
    def emit(self, event: Event) -> None:
        if "fraction" not in vars(event):
            print(event, flush=True)
        if getattr(event, "kind", None) is Note.WRITING:
            time.sleep(WRITING)


def main(scene: Path, output: Path, scheduler: str) -> int:
    """Runs on the workers of a scheduler."""
    dask_executor.ANSWER = 2
    with _slow_workers():
        try:
            dask_executor.classify_on_dask(request_of(scene, output), ClusterSettings(scheduler), _Teller(), SIZE)
        except ClassifyPixelsError as error:
            print(error, flush=True)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
