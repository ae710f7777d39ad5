# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs on a Dask scheduler whose programs have none of our code: the same files as on one machine."""

from __future__ import annotations

import io
import os
import re
import signal
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference import SilentProgress
from classify_pixels.inference.cluster import dask_executor, shipping
from classify_pixels.inference.cluster.settings import ClusterSettings
from classify_pixels.inference.errors import (
    ItemFailuresError,
    JobMismatchError,
    ModelCopyError,
    NetworkMemoryError,
    RunCancelledError,
    SchedulerLostError,
    SchedulerUnreachableError,
)
from classify_pixels.inference.events import Event, Progressed, StripsKept, StripsResumed
from classify_pixels.inference.models import ModelReference, read_arguments
from classify_pixels.inference.notices import Caution, Note
from classify_pixels.inference.raster import Collection, GdalInput
from classify_pixels.inference.raster.write.object_store import write_object
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.items import classify_items
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from classify_pixels.inference.tiling import StripSize
from tests.networks import class_definition, pooling_network
from tests.servers.bucket import bucket_server
from tests.servers.dask_cluster import Cluster, started
from tests.unit.rasters import random_pixels, read_raster, write_raster
from tests.unit.runs import Recorder, names_in

distributed = pytest.importorskip("distributed", reason="the package distributed is not installed")
psutil = pytest.importorskip("psutil", reason="the package psutil is not installed")

SILENT = SilentProgress()
SIZE = StripSize(128, 256)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with started(tmp_path_factory.mktemp("cluster"), 2) as made:
        yield made


@pytest.fixture
def request_(tmp_path: Path) -> ClassificationRequest:
    for name in ("once", "cluster", "strips"):
        (tmp_path / name).mkdir()
    network = pooling_network(tmp_path / "network.onnx")
    model = class_definition(network, 2, [4, 5, 6], 64, ClassifyPixels={"Stride": 4, "Halo": 12})
    scene = write_raster(tmp_path / "scene.tif", random_pixels(2, 1100, 700))
    environment = Environment(cache=tmp_path / "cache", workers=1)
    output = tmp_path / "once" / "map.tif"
    return ClassificationRequest(GdalInput(str(scene)), ModelReference(document=model), output, environment=environment)


def elsewhere(request: ClassificationRequest) -> ClassificationRequest:
    return replace(request, output=request.output.parent.parent / "cluster" / "map.tif")


def check_same(request: ClassificationRequest) -> None:
    once, other = request.output.parent, elsewhere(request).output.parent
    assert names_in(other) == names_in(once)
    for name in names_in(once):
        assert (other / name).read_bytes() == (once / name).read_bytes()


class Listener(SilentProgress):
    """Keeps the events, and acts once a share of the work is done."""

    def __init__(self, share: float = 2.0, act: Callable[[Listener], object] = lambda _: None) -> None:
        self.events: list[Event] = []
        self.cancelled = False
        self._share, self._act = share, act

    def emit(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, Progressed) and event.fraction >= self._share:
            self._share = 2.0
            self._act(self)

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


def run(request: ClassificationRequest, cluster: Cluster, strips: object = "", progress: Any = SILENT) -> Any:
    return dask_executor.classify_on_dask(request, ClusterSettings(cluster.address, str(strips)), progress, SIZE)


@pytest.mark.parametrize("place", ["beside", "folder"])
def test_workers_without_our_code_give_the_same_files(
    place: str, request_: ClassificationRequest, cluster: Cluster, tmp_path: Path
) -> None:
    first, listener = classify_pixels(request_, SILENT), Listener()
    strips = tmp_path / "strips" if place == "folder" else ""
    done = run(elsewhere(request_), cluster, strips, listener)
    check_same(request_)
    assert names_in(tmp_path / "strips") == []
    assert done.classes == first.classes
    fractions = [event.fraction for event in listener.of(Progressed)]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1


def test_a_cancelled_run_goes_on_later(request_: ClassificationRequest, cluster: Cluster) -> None:
    classify_pixels(request_, SILENT)
    listener = Listener(0.2, lambda self: setattr(self, "cancelled", True))
    with pytest.raises(RunCancelledError):
        run(elsewhere(request_), cluster, progress=listener)
    assert not elsewhere(request_).output.exists()
    (kept,) = listener.of(StripsKept)
    again = Listener()
    run(elsewhere(request_), cluster, progress=again)
    (resumed,) = again.of(StripsResumed)
    assert resumed.count >= kept.count > 0
    check_same(request_)


def test_a_worker_that_is_killed_loses_its_strip_only(request_: ClassificationRequest, cluster: Cluster) -> None:
    classify_pixels(request_, SILENT)
    victim = cluster.add_worker()

    def kill(_: Listener) -> None:
        os.kill(victim.pid, signal.SIGKILL)

    listener = Listener(0.3, kill)
    run(elsewhere(request_), cluster, progress=listener)
    assert victim.wait(300) == -signal.SIGKILL
    check_same(request_)


def test_a_model_that_fails_does_so_once_with_its_sentence(
    request_: ClassificationRequest, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What workers fetch is not the model: no strip is tried again."""
    begin, before = dask_executor.begin, cluster.log()

    def poisoned(*values: Any) -> Any:
        job = begin(*values)
        for path in values[1].glob("*.model"):
            path.write_bytes(b"poison")
        return job

    # Workers have copies of the other tests' network.
    pooling_network(Path(request_.model.document["ModelFile"]), seed=11)  # type: ignore[index]
    monkeypatch.setattr(dask_executor, "begin", poisoned)
    with pytest.raises(ModelCopyError, match=r"network\.onnx"):
        run(elsewhere(request_), cluster)
    failed = re.findall(r"Compute Failed\s+Key: +(\S+)", cluster.log()[len(before) :])
    assert len(failed) == len({*failed})
    assert not elsewhere(request_).output.exists()


def test_a_worker_that_would_make_other_strips_is_named(
    request_: ClassificationRequest, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = dask_executor.begin

    def changed(*values: Any) -> Any:
        job = begin(*values)
        time.sleep(1.1)
        write_raster(Path(request_.raster.uri), random_pixels(2, 1100, 700, seed=9))  # type: ignore[union-attr]
        return job

    monkeypatch.setattr(dask_executor, "begin", changed)
    with pytest.raises(JobMismatchError, match="the raster"):
        run(elsewhere(request_), cluster)
    assert not elsewhere(request_).output.exists()


# Ends of modules, as they come to workers.
LITTLE_MEMORY = """
from ..errors import NetworkMemoryError
_opened_before = _opened

def _opened(task):
    make, job = _opened_before(task), job_of(Path(json.loads(task)["place"]))
    if job.prepared.shape.height > {largest}:
        raise NetworkMemoryError(size=job.prepared.shape.height, reason="none left")
    return make
"""
COUNTED = """
_init = OpenNetwork.__init__

def _counted(self, *given):
    import os

    with open({counts!r}, "a") as file:
        file.write(str(os.getpid()) + "\\n")
    _init(self, *given)

OpenNetwork.__init__ = _counted
"""

NOTED = """
_make_strip = make_strip

def make_strip(task, index):
    import os, time

    with open({made!r}, "a") as file:
        file.write(f"{{index}} {{os.getpid()}}\\n")
    # No worker is so quick that it makes all of them.
    while len({{line.split()[1] for line in open({made!r})}}) < 2:
        time.sleep(0.01)
    return _make_strip(task, index)
"""


def sent_with(monkeypatch: pytest.MonkeyPatch, module: str, end: str) -> None:
    """Adds lines to a module of the code that workers get."""
    archive = shipping.code_archive()

    def changed() -> bytes:
        content = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(content, "w") as new:
            for name in old.namelist():
                added = end if name.endswith(module) else ""
                new.writestr(name, old.read(name).decode() + added)
        return content.getvalue()

    monkeypatch.setattr(shipping, "code_archive", changed)


def test_a_worker_without_enough_memory_gets_smaller_tiles(
    request_: ClassificationRequest, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = replace(request_, arguments=read_arguments({"tile_size": "256"}))
    classify_pixels(replace(request, arguments=read_arguments({"tile_size": "128"})), SILENT)
    sent_with(monkeypatch, "dask_worker.py", LITTLE_MEMORY.format(largest=128))
    recorder = Recorder()
    done = run(elsewhere(request), cluster, progress=recorder)
    assert done.tile == (128, 128)
    assert recorder.said(Caution.SMALLER_TILES) == [{"size": 128}]
    check_same(request)


def test_a_worker_with_too_little_memory_for_any_tile_is_named(
    request_: ClassificationRequest, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_with(monkeypatch, "dask_worker.py", LITTLE_MEMORY.format(largest=8))
    with pytest.raises(NetworkMemoryError, match="none left"):
        run(elsewhere(request_), cluster)
    assert not elsewhere(request_).output.exists()


def test_rasters_of_a_collection_share_client_and_networks(
    request_: ClassificationRequest, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rasters = []
    for number, (height, width) in enumerate([(300, 200), (500, 260), (120, 400)]):
        path = write_raster(tmp_path / f"{number}.tif", random_pixels(2, height, width, seed=number))
        rasters.append(GdalInput(str(path)))
    collection, counts = Collection(tuple(rasters), "rasters"), tmp_path / "opened"
    once, output, recorder = tmp_path / "once" / "maps", tmp_path / "cluster" / "maps", Recorder()
    classify_items(collection, replace(request_, output=once), SILENT)
    sent_with(monkeypatch, "kept_network.py", COUNTED.format(counts=str(counts)))
    given, settings = replace(request_, output=output), ClusterSettings(cluster.address)
    with dask_executor.items_on_dask(settings, output, recorder) as classify:
        classify_items(collection, given, recorder, classify)
    assert len(recorder.said(Note.CLUSTER)) == 1
    opened = counts.read_text().split()
    assert len(opened) == len({*opened}) <= 2
    assert names_in(output) == names_in(once)
    for name in names_in(output):
        if name.endswith(".tif"):
            np.testing.assert_array_equal(read_raster(output / name), read_raster(once / name))
    # An equal run later keeps all results.
    again = Recorder()
    with dask_executor.items_on_dask(settings, output, again) as classify:
        classify_items(collection, given, again, classify)
    assert len(again.said(Note.KEPT_RESULT)) == len(rasters)


def test_workers_make_neighbouring_strips(
    request_: ClassificationRequest, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks of the raster at the border of two strips are in the cache of the worker that has made the first one."""
    made = tmp_path / "made"
    sent_with(monkeypatch, "dask_worker.py", NOTED.format(made=str(made)))
    run(elsewhere(request_), cluster)
    makers = dict(line.split() for line in made.read_text().splitlines())
    assert sorted(map(int, makers)) == [*range(len(makers))]
    order = [makers[str(index)] for index in range(len(makers))]
    assert len({*order}) == 2
    assert sum(one != other for one, other in zip(order, order[1:])) <= len(order) // 3


def test_a_run_waits_for_the_first_worker(request_: ClassificationRequest, tmp_path: Path) -> None:
    """A cluster that grows with its tasks sees some before it has a worker."""
    classify_pixels(request_, SILENT)

    class Joining(Listener):
        is_seen = False

        def emit(self, event: Event) -> None:
            super().emit(event)
            if isinstance(event, Progressed) and not self.is_seen:
                self.is_seen = True
                Thread(target=seen).start()

    tasks = []

    def seen() -> None:
        with distributed.Client(other.address, set_as_default=False) as client:
            while not (found := client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks))):
                time.sleep(0.05)
        tasks.append(found)
        other.add_worker()

    with started(tmp_path / "strips", 0) as other:
        run(elsewhere(request_), other, progress=Joining())
    assert tasks[0] > 0
    check_same(request_)


def test_a_lost_scheduler_is_named_and_the_run_goes_on_with_another(
    request_: ClassificationRequest, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    classify_pixels(request_, SILENT)
    (tmp_path / "other").mkdir()
    with started(tmp_path / "other", 1) as other, monkeypatch.context() as patched:

        def kill(_: Listener) -> None:
            patched.setattr(dask_executor, "ANSWER", 2)
            other.scheduler.kill()

        listener = Listener(0.2, kill)
        with pytest.raises(SchedulerLostError):
            run(elsewhere(request_), other, progress=listener)
    again = Listener()
    run(elsewhere(request_), cluster, progress=again)
    assert again.of(StripsResumed)
    check_same(request_)


@pytest.mark.parametrize("call", ["submit", "cancel"])
def test_a_client_that_gives_up_in_the_middle_of_a_call_is_named(
    call: str, request_: ClassificationRequest, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = getattr(distributed.Client, call)

    def closed_before(client: Any, *words: Any, **more: Any) -> Any:
        client.close(timeout=20)
        return original(client, *words, **more)

    monkeypatch.setattr(distributed.Client, call, closed_before)
    listener = Listener(0.2, lambda self: setattr(self, "cancelled", True))
    with pytest.raises(SchedulerLostError if call == "submit" else RunCancelledError):
        run(elsewhere(request_), cluster, progress=listener)
    assert not elsewhere(request_).output.exists()


def test_a_scheduler_that_does_not_answer_is_named(
    request_: ClassificationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_executor, "ANSWER", 1)
    with pytest.raises(SchedulerUnreachableError, match="127.0.0.1:9"):
        dask_executor.classify_on_dask(request_, ClusterSettings("tcp://127.0.0.1:9"), SILENT)
    assert names_in(request_.output.parent) == []


def test_scene_and_strips_in_a_bucket_with_nannies_and_workers_killed(
    request_: ClassificationRequest, tmp_path: Path
) -> None:
    """Workers have their own credentials; the address of the store comes with the task."""
    secrets = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    (tmp_path / "workers").mkdir()
    with bucket_server(tmp_path) as (bucket, options), ExitStack() as stack:
        name = f"{bucket}/scene.tif"
        write_object(name, Path(request_.raster.uri).read_bytes())  # type: ignore[union-attr]
        request = replace(request_, raster=GdalInput(name))
        classify_pixels(request, SILENT)
        cluster = Cluster(tmp_path / "workers", stack)
        own = {secret: options[secret] for secret in secrets}
        nanny = cluster.add_worker(nanny=True, **own)

        def kill(_: Listener) -> None:
            cluster.add_worker(**own)
            children = [child.pid for child in psutil.Process(nanny.pid).children(recursive=True)]
            for process in (nanny.pid, *children):
                os.kill(process, signal.SIGKILL)

        run(elsewhere(request), cluster, f"{bucket}/strips", Listener(0.3, kill))
        check_same(request)


def test_a_scheduler_that_dies_while_the_files_are_made_changes_nothing(
    request_: ClassificationRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    classify_pixels(request_, SILENT)
    finish = dask_executor.finish
    with started(tmp_path / "strips", 1) as other:

        def without_scheduler(*given: Any, **more: Any) -> Any:
            other.scheduler.kill()
            other.scheduler.wait()
            return finish(*given, **more)

        monkeypatch.setattr(dask_executor, "finish", without_scheduler)
        run(elsewhere(request_), other)
    check_same(request_)


def test_a_scheduler_that_dies_between_two_rasters_is_named_and_the_first_result_stays(
    request_: ClassificationRequest, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rasters = []
    for number in range(2):
        path = write_raster(tmp_path / f"{number}.tif", random_pixels(2, 300, 200, seed=number))
        rasters.append(GdalInput(str(path)))
    collection, once, output = Collection(tuple(rasters), "rasters"), tmp_path / "once" / "maps", tmp_path / "maps"
    classify_items(collection, replace(request_, output=once), SILENT)
    finish, given = dask_executor.finish, replace(request_, output=output)
    with started(tmp_path / "strips", 1) as other:

        def without_scheduler(*words: Any, **more: Any) -> Any:
            patched.setattr(dask_executor, "ANSWER", 2)
            other.scheduler.kill()
            return finish(*words, **more)

        def classify_all() -> None:
            with dask_executor.items_on_dask(ClusterSettings(other.address), output, SILENT) as classify:
                classify_items(collection, given, SILENT, classify)

        with monkeypatch.context() as patched:
            patched.setattr(dask_executor, "finish", without_scheduler)
            with pytest.raises((SchedulerLostError, ItemFailuresError)):
                classify_all()
    np.testing.assert_array_equal(read_raster(output / "0.tif"), read_raster(once / "0.tif"))
    assert not (output / "1.tif").exists()
    with dask_executor.items_on_dask(ClusterSettings(cluster.address), output, SILENT) as classify:
        classify_items(collection, given, SILENT, classify)
    np.testing.assert_array_equal(read_raster(output / "1.tif"), read_raster(once / "1.tif"))
