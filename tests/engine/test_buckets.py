# SPDX-License-Identifier: GPL-2.0-or-later
"""Strips, jobs and models in a bucket: the same files as on one machine; failures are tried again, then named."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from osgeo import gdal

from classify_pixels.inference import SilentProgress
from classify_pixels.inference.errors import JobFileError, ObjectStoreError, StripPlaceError, StripsMissingError
from classify_pixels.inference.models import ModelReference
from classify_pixels.inference.network import Machine
from classify_pixels.inference.raster import GdalInput
from classify_pixels.inference.raster.gdal_options import thread_options
from classify_pixels.inference.raster.write import object_store
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from classify_pixels.inference.run.resume.place import BucketPlace
from classify_pixels.inference.run.steps import begin, finish, job_of, work
from classify_pixels.inference.tiling import StripSize
from tests.networks import class_definition, pooling_network
from tests.servers.bucket import bucket_server
from tests.unit.rasters import random_pixels, write_raster
from tests.unit.runs import names_in

SILENT = SilentProgress()
SIZE = StripSize(128, 256)


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with bucket_server(tmp_path_factory.mktemp("bucket")) as (prefix, _):
        yield prefix


@pytest.fixture
def request_(tmp_path: Path) -> ClassificationRequest:
    for name in ("once", "steps"):
        (tmp_path / name).mkdir()
    network = pooling_network(tmp_path / "network.onnx")
    model = class_definition(network, 2, [4, 5, 6], 64, ClassifyPixels={"Stride": 4, "Halo": 12})
    scene = write_raster(tmp_path / "scene.tif", random_pixels(2, 500, 300))
    environment = Environment(cache=tmp_path / "cache", workers=1)
    output = tmp_path / "once" / "map.tif"
    return ClassificationRequest(GdalInput(str(scene)), ModelReference(document=model), output, environment=environment)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(workers=1, cache=tmp_path / "cache of another machine")


@pytest.fixture
def place(bucket: str, tmp_path: Path) -> Path:
    return Path(bucket, tmp_path.name, "strips")


def objects(place: Path) -> list[str]:
    gdal.VSICurlClearCache()
    return sorted(gdal.ReadDir(f"{place.as_posix()}/") or ())


@pytest.mark.usefixtures("gdal_mode")
def test_scene_model_and_strips_in_a_bucket(request_: ClassificationRequest, machine: Machine, place: Path) -> None:
    name = f"{place.parent.as_posix()}/scene.tif"
    object_store.write_object(name, Path(request_.raster.uri).read_bytes())  # type: ignore[union-attr]
    request = replace(request_, raster=GdalInput(name))
    classify_pixels(request, SILENT)
    output = request.output.parent.parent / "steps" / "map.tif"
    begin(replace(request, output=output), place, SILENT, SIZE)
    (request.output.parent.parent / "network.onnx").unlink()
    job = job_of(place)
    count = len(job.strips)
    assert count > 4
    work(job, place, machine, SILENT, range(1, count, 2))
    with pytest.raises(StripsMissingError, match=rf"{(count + 1) // 2} of {count}"):
        finish(job, place, SILENT)
    work(job, place, machine, SILENT, range(0, count, 2))
    assert len([each for each in objects(place) if each.endswith(".strip.json")]) == count
    finish(job, place, SILENT)
    assert objects(place) == []
    for each in names_in(request.output.parent):
        assert (output.parent / each).read_bytes() == (request.output.parent / each).read_bytes()


def test_a_record_without_its_file_is_a_missing_strip(
    request_: ClassificationRequest, machine: Machine, place: Path
) -> None:
    job = begin(request_, place, SILENT, SIZE)
    work(job, place, machine, SILENT)
    gdal.Unlink(f"{place.as_posix()}/000002.classes.tif")
    with pytest.raises(StripsMissingError, match=": 2"):
        finish(job, place, SILENT)
    work(job, place, machine, SILENT, [2])
    finish(job, place, SILENT)
    assert request_.output.exists()


def test_an_empty_prefix_holds_no_job(request_: ClassificationRequest, machine: Machine, place: Path) -> None:
    with pytest.raises(JobFileError):
        job_of(place)
    job = begin(request_, place, SILENT, SIZE)
    with pytest.raises(StripPlaceError):
        work(job, place.with_name("absent"), machine, SILENT)


@pytest.mark.parametrize("failures", [1, 3, 4])
def test_what_fails_is_tried_again_and_then_named(failures: int, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three pauses lie between four tries."""
    pauses, close = [], gdal.VSIFCloseL
    left = [failures]

    def failing(file: Any) -> int:
        result = close(file)
        if left[0]:
            left[0] -= 1
            return -1
        return int(result)

    monkeypatch.setattr(object_store.time, "sleep", pauses.append)
    monkeypatch.setattr(object_store.gdal, "VSIFCloseL", failing)
    name = f"{place.as_posix()}/object"
    if failures < 4:
        object_store.write_object(name, b"content")
        assert object_store.read_object(name) == b"content"
    else:
        with pytest.raises(ObjectStoreError, match="object"):
            object_store.write_object(name, b"content")
    assert pauses == [*object_store.PAUSES][: min(failures, 3)]


def test_a_store_that_does_not_answer_is_no_empty_store(
    request_: ClassificationRequest, machine: Machine, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = begin(request_, place, SILENT, SIZE)
    monkeypatch.setattr(object_store.time, "sleep", lambda _: None)
    before = gdal.GetConfigOption("AWS_S3_ENDPOINT")
    gdal.SetConfigOption("AWS_S3_ENDPOINT", "127.0.0.1:9")
    monkeypatch.setitem(object_store.HTTP_OPTIONS, "GDAL_HTTP_MAX_RETRY", "0")
    try:
        for step in (lambda: work(job, place, machine, SILENT), lambda: job_of(place)):
            with pytest.raises(ObjectStoreError):
                step()
    finally:
        gdal.SetConfigOption("AWS_S3_ENDPOINT", before)


def test_no_secret_is_among_the_options_that_travel(bucket: str) -> None:
    address = object_store.store_address()
    assert address["AWS_VIRTUAL_HOSTING"] == "FALSE"
    assert not [name for name in address if "KEY" in name or "SECRET" in name or "TOKEN" in name]


class BusyStore(BaseHTTPRequestHandler):
    """Answers every request with the status of its server."""

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b"<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>"
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_PUT = do_POST = do_DELETE = do_GET

    def log_message(self, *_: Any) -> None:
        """Writes nothing."""


@contextmanager
def busy_store(status: int) -> Iterator[None]:
    """Puts a store that answers with this status in the place of that of the test."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BusyStore)
    server.status = status  # type: ignore[attr-defined]
    thread, before = threading.Thread(target=server.serve_forever), gdal.GetConfigOption("AWS_S3_ENDPOINT")
    thread.start()
    gdal.SetConfigOption("AWS_S3_ENDPOINT", f"127.0.0.1:{server.server_port}")
    gdal.VSICurlClearCache()
    try:
        yield
    finally:
        gdal.SetConfigOption("AWS_S3_ENDPOINT", before)
        gdal.VSICurlClearCache()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_store_that_refuses_or_is_busy_in_the_middle_loses_nothing(
    status: int, request_: ClassificationRequest, machine: Machine, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = begin(request_, place, SILENT, SIZE)
    work(job, place, machine, SILENT, [0, 1])
    before = objects(place)
    monkeypatch.setattr(object_store.time, "sleep", lambda _: None)
    # Rasters read in this thread have left GDAL's options with pauses of seconds between its retries.
    monkeypatch.setitem(object_store.HTTP_OPTIONS, "GDAL_HTTP_MAX_RETRY", "0")
    with busy_store(status), thread_options({"GDAL_HTTP_MAX_RETRY": "0"}):
        for step in (
            lambda: begin(request_, place, SILENT, SIZE),
            lambda: work(job, place, machine, SILENT),
            lambda: finish(job, place, SILENT),
            lambda: job_of(place),
        ):
            with pytest.raises(ObjectStoreError):
                step()
    assert objects(place) == before
    work(job, place, machine, SILENT)
    finish(job, place, SILENT)
    assert request_.output.exists()


def test_a_list_that_the_store_cut_short_is_no_lack_of_strips(
    request_: ClassificationRequest, machine: Machine, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = begin(request_, place, SILENT, SIZE)
    work(job, place, machine, SILENT)
    with monkeypatch.context() as patched:
        patched.setattr(BucketPlace, "names", lambda _: [])
        with pytest.raises(ObjectStoreError, match="incomplete"):
            finish(job, place, SILENT)
    finish(job, place, SILENT)
