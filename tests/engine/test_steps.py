# SPDX-License-Identifier: GPL-2.0-or-later
"""Begin, work and finish in any processes give the files of one run, byte for byte."""

from __future__ import annotations

import json
import os
import pickle
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from osgeo import gdal, ogr

from classify_pixels.inference import SilentProgress
from classify_pixels.inference.errors import (
    InputNotPortableError,
    JobFileError,
    JobMismatchError,
    ModelCopyError,
    OutputBusyError,
    StripChangedError,
    StripPlaceError,
    StripsMissingError,
)
from classify_pixels.inference.models import ModelReference, read_arguments
from classify_pixels.inference.network import Machine, open_network, prepared_model
from classify_pixels.inference.raster import GdalInput, GdalSource, PolygonMask, read_collection
from classify_pixels.inference.run import steps
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.job_file import ENUMS, KNOWN, decoded, encoded
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from classify_pixels.inference.run.resume import locked_output
from classify_pixels.inference.run.steps import begin, finish, job_of, opened_work, work
from classify_pixels.inference.tiling import StripSize
from tests.networks import class_definition, pooling_network
from tests.sealed_files import read_sealed, write_sealed
from tests.unit.rasters import random_pixels, write_raster
from tests.unit.runs import names_in

ROOT = Path(__file__).resolve().parents[2]
SILENT = SilentProgress()
HEIGHT, WIDTH = 1100, 700
SIZE = StripSize(128, 256)


@pytest.fixture
def request_(tmp_path: Path) -> ClassificationRequest:
    (tmp_path / "once").mkdir()
    network = pooling_network(tmp_path / "network.onnx")
    model = class_definition(network, 2, [4, 5, 6], 64, ClassifyPixels={"Stride": 4, "Halo": 12})
    scene = write_raster(tmp_path / "scene.tif", random_pixels(2, HEIGHT, WIDTH))
    environment = Environment(cache=tmp_path / "cache", workers=2)
    output = tmp_path / "once" / "map.tif"
    return ClassificationRequest(GdalInput(str(scene)), ModelReference(document=model), output, environment=environment)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(workers=1, cache=tmp_path / "cache of another machine")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "place"


def elsewhere(request: ClassificationRequest) -> ClassificationRequest:
    """Returns the same request for files of the same names in another folder."""
    folder = request.output.parent.parent / "steps"
    folder.mkdir(exist_ok=True)
    scores = request.probability_output
    return replace(request, output=folder / request.output.name, probability_output=scores and folder / scores.name)


def check_same(request: ClassificationRequest) -> None:
    """Compares all files of both folders."""
    once, stepped = request.output.parent, elsewhere(request).output.parent
    assert names_in(stepped) == names_in(once)
    for name in names_in(once):
        assert (stepped / name).read_bytes() == (once / name).read_bytes()


# Another process, which knows nothing but the files that it is given.
WORKER = """
import sys
from pathlib import Path
import tests.conftest
from classify_pixels.inference import SilentProgress
from classify_pixels.inference.network import Machine
from classify_pixels.inference.run.steps import job_of, work
place, cache, part, parts = sys.argv[1:]
job = job_of(Path(place))
work(job, Path(place), Machine(cache=Path(cache)), SilentProgress(), range(int(part), len(job.strips), int(parts)))
"""


@pytest.mark.parametrize("parts", [1, 2, 7])
def test_any_number_of_parts_in_any_order_gives_the_same_files(
    parts: int, request_: ClassificationRequest, machine: Machine, place: Path
) -> None:
    first = classify_pixels(request_, SILENT)
    job = begin(elsewhere(request_), place, SILENT, SIZE)
    count = len(job.strips)
    assert count > 20
    for part in reversed(range(parts)):
        work(job, place, machine, SILENT, range(part, count, parts))
    done = finish(job, place, SILENT)
    check_same(request_)
    assert names_in(place) == []
    for name in ("classes", "no_data", "device", "tile", "halo", "stride", "tiles"):
        assert getattr(done, name) == getattr(first, name)


FORMS: dict[str, Callable[[ClassificationRequest], ClassificationRequest]] = {
    "scores": lambda request: replace(request, arguments=read_arguments({"return_probability_raster": "true"})),
    "both": lambda request: replace(request, probability_output=request.output.with_name("scores.tif")),
    "turned": lambda request: replace(request, arguments=read_arguments({"test_time_augmentation": "true"})),
    "warped": lambda request: replace(request, environment=replace(request.environment, crs="EPSG:4326")),
    "cells": lambda request: replace(request, environment=replace(request.environment, cell_size=(25.0, 25.0))),
    "mask": lambda request: replace(request, environment=replace(request.environment, mask=polygon(request))),
    "mosaic": lambda request: replace(request, raster=halves(request)),
}


def polygon(request: ClassificationRequest) -> PolygonMask:
    left, width, _, top, _, height = gdal.Open(request.raster.uri).GetGeoTransform()
    corners = [(10, 10), (600, 90), (300, 1000), (10, 10)]
    ring = ",".join(f"{left + x * width} {top + y * height}" for x, y in corners)
    return PolygonMask((bytes(ogr.CreateGeometryFromWkt(f"POLYGON(({ring}))").ExportToWkb()),))


def halves(request: ClassificationRequest) -> Any:
    scene, folder = gdal.Open(request.raster.uri), request.output.parent.parent
    names = [str(folder / name) for name in ("left.tif", "right.tif")]
    gdal.Translate(names[0], scene, srcWin=[0, 0, 400, HEIGHT])
    gdal.Translate(names[1], scene, srcWin=[350, 0, 350, HEIGHT])
    return read_collection(names)


@pytest.mark.parametrize("form", FORMS)
def test_each_kind_of_result_is_the_same(
    form: str, request_: ClassificationRequest, machine: Machine, place: Path
) -> None:
    request = FORMS[form](request_)
    classify_pixels(request, SILENT)
    job = begin(elsewhere(request), place, SILENT, StripSize(300, 300))
    for copy in (pickle.loads(pickle.dumps(job)), job_of(place)):
        assert repr(copy) == repr(job)
        assert copy == job
    work(copy, place, machine, SILENT)
    finish(copy, place, SILENT)
    check_same(request)


def test_other_processes_work_without_what_the_first_one_has_open(
    request_: ClassificationRequest, machine: Machine, place: Path
) -> None:
    classify_pixels(request_, SILENT)
    job = begin(elsewhere(request_), place, SILENT, SIZE)
    given = [str(path) for path in (place, machine.cache)]
    command = [sys.executable, "-c", WORKER, *given]
    started = [subprocess.Popen([*command, str(part), "2"], cwd=ROOT) for part in range(2)]
    assert [process.wait(600) for process in started] == [0, 0]
    finish(job, place, SILENT)
    check_same(request_)


def test_the_model_travels_with_the_strips(
    request_: ClassificationRequest, machine: Machine, place: Path, tmp_path: Path
) -> None:
    classify_pixels(request_, SILENT)
    begin(elsewhere(request_), place, SILENT, SIZE)
    weights = tmp_path / "network.onnx"
    pooling_network(weights, seed=3)
    work(job_of(place), place, machine, SILENT, range(3))
    weights.unlink()
    work(job_of(place), place, machine, SILENT)
    finish(job_of(place), place, SILENT)
    check_same(request_)


HOSTILE: list[Any] = [
    {"value": "Popen", "fields": {}},
    {"value": "StripJob", "fields": {"request": 1}},
    {"value": "GdalInput", "fields": {"uri": "x", "other": 1}},
    {"member": "Auto", "name": "__class__"},
    {"path": 5},
    {"bytes": "%"},
    {"tuple": [[]]},
    {"mapping": [[{"list": []}, 1]]},
    {"call": ["os.system", "true"]},
    {},
    [1],
    "text",
    None,
]


@pytest.mark.parametrize("document", HOSTILE, ids=str)
def test_a_job_holds_known_values_only(document: Any, request_: ClassificationRequest, place: Path) -> None:
    begin(request_, place, SILENT, SIZE)
    write_sealed(place / "job.json", {"job": document})
    with pytest.raises(JobFileError, match="place"):
        job_of(place)


def test_a_job_that_was_damaged_or_is_absent_is_named(request_: ClassificationRequest, place: Path) -> None:
    begin(request_, place, SILENT, SIZE)
    path = place / "job.json"
    path.write_bytes(path.read_bytes().replace(b"scene.tif", b"other.tif"))
    with pytest.raises(JobFileError):
        job_of(place)
    path.unlink()
    with pytest.raises(JobFileError):
        job_of(place)


def kinds_in(annotation: Any, module: str) -> Iterator[type[Any]]:
    """Yields the frozen values and members that an annotation names, also in the unions that it names."""
    for name in re.findall(r"[A-Z]\w+", str(annotation)):
        value = getattr(sys.modules[module], name, None)
        if isinstance(value, type) and (is_dataclass(value) or issubclass(value, Enum)):
            yield value
        yield from (each for each in get_args(value) if is_dataclass(each))


def test_all_that_a_job_may_hold_travels() -> None:
    reached = {
        kind for known in KNOWN.values() for field in fields(known) for kind in kinds_in(field.type, known.__module__)
    }
    # What a phrase says is one of the texts of its catalogues.
    assert {kind.__name__ for kind in reached} - {*KNOWN, *ENUMS} == {"Text"}


def test_values_of_other_kinds_do_not_travel() -> None:
    for value in (object(), Machine(), gdal, np.float32(1), {"a": {1, 2}}):
        with pytest.raises(TypeError):
            encoded(value)
    texts = ("ä", b"\0", Path("/a/ä"), [(), [{}]], frozenset("ab"), {(1,): "b"})
    values = (1, 2.5, -0.0, float("inf"), None, True, *texts)
    assert repr(decoded(json.loads(json.dumps(encoded(values))))) == repr(values)


@pytest.mark.parametrize("name", ["../above", "/etc/absent", "a/../../b", "", "C:x", "a\\b"])
def test_files_of_a_model_stay_in_the_cache(
    name: str, request_: ClassificationRequest, machine: Machine, place: Path
) -> None:
    job = begin(request_, place, SILENT, SIZE)
    hostile = replace(job, model_files=((name, job.model_files[0][1]),))
    with pytest.raises(ModelCopyError):
        work(hostile, place, machine, SILENT, [0])


def test_workers_killed_at_any_moment_leave_whole_strips(
    request_: ClassificationRequest, machine: Machine, place: Path
) -> None:
    """Two programs make the same strips at the same time, and are killed again and again."""
    classify_pixels(request_, SILENT)
    begin(elsewhere(request_), place, SILENT, SIZE)
    command = [sys.executable, "-c", WORKER, str(place), str(machine.cache)]
    moments, finished = random.Random(4), 0
    for _ in range(4):
        pair = [subprocess.Popen([*command, "0", "1"], cwd=ROOT) for _ in range(2)]
        wanted = finished + moments.choice((1, 2, 3))
        while len(list(place.glob("*.strip.json"))) < wanted:
            assert any(process.poll() is None for process in pair)
            time.sleep(0.002)
        time.sleep(moments.random() / 50)
        for process in pair:
            process.kill()
            process.wait()
        finished = len(list(place.glob("*.strip.json")))
        assert finished >= wanted
    work(job_of(place), place, machine, SILENT)
    finish(job_of(place), place, SILENT)
    check_same(request_)
    assert names_in(place) == []


def test_what_is_worked_twice_changes_nothing(request_: ClassificationRequest, machine: Machine, place: Path) -> None:
    classify_pixels(request_, SILENT)
    job = begin(elsewhere(request_), place, SILENT, SIZE)
    work(job, place, machine, SILENT)
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    for path in [*place.glob("00000[0-4].strip.json"), *place.glob("00000[6-7].classes.tif")]:
        path.unlink()
    work(job, place, machine, SILENT, [*range(9), *range(9)])
    work(job, place, machine, SILENT)
    assert {path.name: path.read_bytes() for path in place.iterdir()} == before
    finish(job, place, SILENT)
    check_same(request_)


def test_workers_neither_try_nor_probe_the_network(
    request_: ClassificationRequest, machine: Machine, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = begin(elsewhere(request_), place, SILENT, SIZE)
    opened = []
    open_backend = open_network.open_backend

    def refuse(*_: object) -> None:
        raise AssertionError("the network is tried")

    def counted(*values: Any) -> Any:
        opened.append(values)
        return open_backend(*values)

    monkeypatch.setattr(open_network, "prepare_model", refuse)
    monkeypatch.setattr(prepared_model, "try_network", refuse)
    monkeypatch.setattr(open_network, "open_backend", counted)
    with opened_work(job, place, machine, SILENT) as make:
        make([3])
        make([4, 5])
    assert len(opened) == 1
    assert [path.name[:6] for path in sorted(place.glob("*.strip.json"))] == ["000003", "000004", "000005"]
    # Neither a folder nor a file of a worker stands beside the output.
    assert names_in(job.request.output.parent) == []


def test_missing_strips_are_named_and_the_others_stay(
    request_: ClassificationRequest, machine: Machine, place: Path
) -> None:
    classify_pixels(request_, SILENT)
    job = begin(elsewhere(request_), place, SILENT, SIZE)
    count = len(job.strips)
    with pytest.raises(StripsMissingError) as caught:
        finish(job, place, SILENT)
    assert caught.value.values["count"] == caught.value.values["total"] == count
    work(job, place, machine, SILENT, [index for index in range(count) if index not in (2, 5)])
    with pytest.raises(StripsMissingError, match="2 of .* are missing: 2, 5") as caught:
        finish(job, place, SILENT)
    assert names_in(job.request.output.parent) == []
    work(job, place, machine, SILENT, [2, 5])
    finish(job, place, SILENT)
    check_same(request_)


def test_a_damaged_strip_is_missing(request_: ClassificationRequest, machine: Machine, place: Path) -> None:
    job = begin(request_, place, SILENT, SIZE)
    work(job, place, machine, SILENT)
    path = place / "000004.classes.tif"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises((StripsMissingError, StripChangedError), match="4"):
        finish(job, place, SILENT)
    assert not request_.output.exists()


def test_the_same_request_begun_again_goes_on(request_: ClassificationRequest, machine: Machine, place: Path) -> None:
    classify_pixels(request_, SILENT)
    job = begin(elsewhere(request_), place, SILENT, SIZE)
    work(job, place, machine, SILENT, range(7))
    again = begin(elsewhere(request_), place, SILENT)
    assert again.manifest == job.manifest
    assert len(list(place.glob("*.strip.json"))) == 7
    work(again, place, machine, SILENT)
    finish(again, place, SILENT)
    check_same(request_)


def test_sizes_that_are_asked_for_are_not_cut_down(request_: ClassificationRequest, place: Path) -> None:
    """Usual strips have at most 64 MiB, as 4096 x 4096 cells of four bytes."""
    usual = begin(request_, place, SILENT)
    asked = begin(request_, place, SILENT, StripSize(16384, 16384))
    assert usual.manifest.strip == StripSize(512, 4096)
    assert asked.manifest.strip == StripSize(16384, 16384)
    assert len(asked.strips) == 1
    document, _ = read_sealed(place / "manifest.json")
    assert document == asked.manifest.document()
    assert document["request_key"]
    assert document["version"]


def test_what_belongs_to_the_machine_does_not_travel(
    request_: ClassificationRequest, place: Path, tmp_path: Path
) -> None:
    own = Machine(workers=7, cache=tmp_path / "mine", runtimes=tmp_path / "runtimes", allowed_functions=frozenset("a"))
    job = begin(replace(request_, environment=request_.environment.on(own)), place, SILENT)
    content = pickle.dumps(job)
    assert str(tmp_path / "mine").encode() not in content
    assert str(tmp_path / "runtimes").encode() not in content
    assert job.request.environment == request_.environment.on(Machine())


def test_without_a_place_the_strips_lie_beside_the_output(request_: ClassificationRequest, machine: Machine) -> None:
    classify_pixels(request_, SILENT)
    job = begin(elsewhere(request_), None, SILENT)
    work(job, None, machine, SILENT)
    assert names_in(job.request.output.parent) == [".map.tif.strips"]
    finish(job, None, SILENT)
    check_same(request_)


@pytest.mark.parametrize("step", ["begin", "finish"])
def test_begin_and_finish_keep_away_from_an_output_in_use(
    step: str, request_: ClassificationRequest, machine: Machine, place: Path
) -> None:
    job = begin(request_, place, SILENT)
    work(job, place, machine, SILENT)
    with locked_output(request_.output), pytest.raises(OutputBusyError):
        begin(request_, place, SILENT) if step == "begin" else finish(job, place, SILENT)


class InMemory(GdalSource):
    """A raster that only this process has open."""


@pytest.mark.parametrize("kind", ["object", "memory", "vrt", "mask", "item"])
def test_what_other_processes_cannot_open_is_refused(kind: str, request_: ClassificationRequest, place: Path) -> None:
    given = request_.raster
    assert isinstance(given, GdalInput)
    if kind == "memory":
        gdal.Translate("/vsimem/scene.tif", given.uri)
        request_ = replace(request_, raster=GdalInput("/vsimem/scene.tif"))
    elif kind == "vrt":
        gdal.Translate("/vsimem/inner_scene.tif", given.uri)
        gdal.BuildVRT(str(place.with_name("scene.vrt")), ["/vsimem/inner_scene.tif"])
        request_ = replace(request_, raster=GdalInput(str(place.with_name("scene.vrt"))))
    elif kind == "mask":
        request_ = replace(request_, environment=replace(request_.environment, mask=InMemory(given)))
    elif kind == "item":
        collection = halves(request_)
        request_ = replace(request_, raster=replace(collection, items=(collection.items[0], InMemory(given))))
    else:
        request_ = replace(request_, raster=InMemory(given))
    with pytest.raises(InputNotPortableError, match=r"scene\.tif"):
        begin(request_, place, SILENT)
    assert not place.exists()


@pytest.mark.parametrize("change", ["raster", "weights", "version", "device", "place", "absent"])
def test_strips_that_would_not_fit_are_not_made(
    change: str, request_: ClassificationRequest, machine: Machine, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = begin(request_, place, SILENT, SIZE)
    expected: type[Exception] = JobMismatchError
    if change == "raster":
        scene = Path(job.request.raster.uri)  # type: ignore[union-attr]
        times = scene.stat()
        # Places compare times to the second.
        time.sleep(1.1)
        write_raster(scene, random_pixels(2, HEIGHT, WIDTH, seed=5))
        os.utime(scene, ns=(times.st_atime_ns, times.st_mtime_ns))
    elif change == "weights":
        copy = place / f"{job.model_files[0][1]}.model"
        copy.write_bytes(pooling_network(place / "other.onnx", seed=3).read_bytes())
        expected = ModelCopyError
    elif change == "version":
        monkeypatch.setattr(steps, "version", lambda: "99.0")
    elif change == "device":
        monkeypatch.setattr(open_network.OpenNetwork, "device", "a GPU of another kind")
    elif change == "place":
        begin(replace(request_, arguments=read_arguments({"padding": "8"})), place, SILENT, SIZE)
        expected = StripPlaceError
    else:
        place, expected = place.with_name("absent"), StripPlaceError
    with pytest.raises(expected):
        work(job, place, machine, SILENT, [0])
    assert not list(place.glob("*.strip.json"))
    if expected is StripPlaceError:
        with pytest.raises(StripPlaceError):
            finish(job, place, SILENT)
