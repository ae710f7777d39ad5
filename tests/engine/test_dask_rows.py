# SPDX-License-Identifier: GPL-2.0-or-later
"""Each kind of result on a Dask scheduler, and workers that differ from the machine of the job's beginning."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference import SilentProgress
from classify_pixels.inference.cluster import dask_executor
from classify_pixels.inference.cluster.settings import ClusterSettings
from classify_pixels.inference.cluster.shares import Shares
from classify_pixels.inference.errors import ClassifyPixelsError, JobMismatchError
from classify_pixels.inference.raster import GdalInput, read_collection
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.request import ClassificationRequest
from classify_pixels.inference.run.steps import begin
from classify_pixels.inference.tiling import StripSize
from tests.servers.dask_cluster import Cluster, started
from tests.unit.rasters import write_raster
from tests.unit.runs import names_in

from .test_dask import Listener, check_same, elsewhere, request_, run, sent_with
from .test_steps import FORMS

pytest.importorskip("distributed", reason="the package distributed is not installed")

__all__ = ["request_"]  # a fixture
SILENT = SilentProgress()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with started(tmp_path_factory.mktemp("cluster"), 2) as made:
        yield made


@pytest.mark.parametrize("form", FORMS)
def test_each_kind_of_result_is_that_of_one_machine(
    form: str, request_: ClassificationRequest, cluster: Cluster
) -> None:
    request = FORMS[form](request_)
    classify_pixels(request, SILENT)
    other = replace(request, output=elsewhere(request).output)
    if other.probability_output is not None:
        other = replace(other, probability_output=other.output.with_name(other.probability_output.name))
    run(other, cluster)
    check_same(request)


@pytest.mark.parametrize("strips", ["", "strips"], ids=["beside", "folder"])
@pytest.mark.parametrize("mosaic", [False, True], ids=["raster", "mosaic"])
def test_names_relative_to_the_folder_of_the_driver(
    mosaic: bool, strips: str, request_: ClassificationRequest, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers run in other folders."""
    folder = request_.output.parent.parent
    monkeypatch.chdir(folder)
    inside = np.arange(1100 * 700).reshape(1, 1100, 700) % 251 < 200
    write_raster(Path("mask.tif"), inside.astype(np.uint8), no_data=0)
    raster: Any = read_collection(["scene.tif", "scene.tif"]) if mosaic else GdalInput("scene.tif")
    environment = replace(request_.environment, mask=GdalInput("mask.tif"))
    request = replace(request_, raster=raster, output=Path("once", "map.tif"), environment=environment)
    classify_pixels(request, SILENT)
    run(replace(request, output=Path("cluster", "map.tif")), cluster, strips)
    check_same(request_)
    assert names_in(folder / "strips") == []


def test_the_time_of_a_run_is_that_of_all_its_steps(
    request_: ClassificationRequest, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments: list[float] = []
    for step in ("begin", "finish"):
        original = getattr(dask_executor, step)

        def noted(*given: Any, original: Any = original, **more: Any) -> Any:
            moments.append(time.monotonic())
            return original(*given, **more)

        monkeypatch.setattr(dask_executor, step, noted)
    done = run(request_, cluster)
    assert done.seconds >= moments[1] - moments[0]


# Ends of modules, as they come to workers.
DIFFERENCES = {
    "runtime": (
        "open_network.py",
        "OpenNetwork.device = property(lambda self: 'CPU (ONNX Runtime 0.1)')",
        "Runtime 0.1",
    ),
    "device": ("open_network.py", "OpenNetwork.device = property(lambda self: 'GPU of another kind')", "another kind"),
    "version": ("inference/version.py", "version = lambda: '99.0'", "99.0"),
}


@pytest.mark.parametrize("difference", DIFFERENCES)
def test_a_worker_that_differs_is_named(
    difference: str, request_: ClassificationRequest, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, end, words = DIFFERENCES[difference]
    sent_with(monkeypatch, module, f"\n{end}\n")
    with pytest.raises(JobMismatchError, match=words):
        run(elsewhere(request_), cluster)
    assert names_in(elsewhere(request_).output.parent) == [".map.tif.strips"]
    assert not [*(elsewhere(request_).output.parent / ".map.tif.strips").glob("*.strip.json")]


def test_a_worker_without_runtime_is_named(request_: ClassificationRequest, tmp_path: Path) -> None:
    """The sentence is that of the worker, and the strips of a worker that has the runtime are made later."""
    bare = tmp_path / "bare"
    for name in ("onnxruntime", "openvino"):
        (bare / name).mkdir(parents=True)
        (bare / name / "__init__.py").write_text(f"raise ImportError('this worker has no {name}')", encoding="utf-8")
    (tmp_path / "workers").mkdir()
    with started(tmp_path / "workers", 0) as other:
        other.add_worker(PYTHONPATH=str(bare))
        with pytest.raises(ClassifyPixelsError, match="this worker has no (onnxruntime|openvino)"):
            run(elsewhere(request_), other)
    assert not elsewhere(request_).output.exists()


def test_a_run_goes_on_with_another_worker_when_all_were_lost(request_: ClassificationRequest, tmp_path: Path) -> None:
    """Dask keeps tasks that were meant for a lost worker, if there is no other one at that moment."""
    classify_pixels(request_, SILENT)

    def replace_all(_: Listener) -> None:
        first.kill()
        first.wait()
        until = time.monotonic() + 300
        while "Lost all workers" not in other.log():
            assert time.monotonic() < until
            time.sleep(0.1)
        other.add_worker()

    (tmp_path / "workers").mkdir()
    with started(tmp_path / "workers", 0) as other:
        first = other.add_worker()
        run(elsewhere(request_), other, progress=Listener(0.1, replace_all))
    check_same(request_)


class Client:
    """Stands for Dask's client: it keeps what it is given, and one worker ends the oldest task."""

    status = "running"

    def __init__(self) -> None:
        self.waiting: list[Any] = []
        self.most = 0

    def nthreads(self) -> dict[str, int]:
        return {"a": 1, "b": 1}

    def submit(self, *given: Any, key: str, **_: Any) -> Any:
        future = Future(key)
        self.waiting.append(future)
        self.most = max(self.most, len(self.waiting))
        return future


class Future:
    """A task that ends when it is told to."""

    status = "finished"

    def __init__(self, key: str) -> None:
        self.key = key
        self.told: Any = None

    def add_done_callback(self, told: Any) -> None:
        self.told = told

    def release(self) -> None:
        """Does nothing."""


def test_only_a_few_strips_are_in_the_schedulers_hands(request_: ClassificationRequest, tmp_path: Path) -> None:
    """Their number does not depend on that of all strips."""
    total, client, place = 20_000, Client(), tmp_path / "place"
    job = begin(request_, place, SILENT, StripSize(512, 4096))
    settings = ClusterSettings("tcp://127.0.0.1:1")
    strips = dask_executor._Strips(client, settings, job, place, Shares(total, ()))
    done = 0
    while strips.submit():
        first = client.waiting.pop(0)
        first.told(first)
        done += strips.collect()
    assert done == total
    assert client.most <= max(dask_executor.AT_LEAST, 2 * dask_executor.PER_THREAD)
