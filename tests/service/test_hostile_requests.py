# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests that no well-behaved client sends: hosts, origins, texts, numbers, duplicates, ranges and conditions."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import Client

from classify_pixels.inference.run.esri_values import as_number
from classify_pixels.service import imageserver, jobs
from classify_pixels.service.application import Application
from classify_pixels.service.gpserver import BASE
from classify_pixels.service.jobs import MOST_UNSTARTED, JobStore
from classify_pixels.service.settings import Settings
from tests.unit.rasters import write_raster

from .conftest import TASK_PATH, Stores, errors_of, inputs, refusal_of, status, submit

EXECUTION = "/ogc/processes/classify-pixels/execution"
CONTENT = bytes(range(256)) * 4


def execute(client: Client, **more: Any) -> Any:
    """Sends a job in the words of OGC API - Processes."""
    names = {"inputRaster": "/rasterStores/data/scene.tif", "model": "/rasterStores/data/model.emd"}
    return client.post(EXECUTION, json={"inputs": names, **more})


def finished(client: Client, store: JobStore, stores: Stores | None = None) -> str:
    """Returns a job with a result: some bytes, or the scene."""
    job = submit(client)
    taken = store.take()
    assert taken is not None
    store.folder_of(job).mkdir(parents=True)
    file = store.folder_of(job) / "x.tif"
    if stores is None:
        file.write_bytes(CONTENT)
    else:
        write_raster(file, stores.pixels)
    store.end(job, taken.attempt, jobs.SUCCEEDED, result={"files": ["x.tif"], "classes": []})
    return job


# --- where a request comes from


@pytest.mark.parametrize("host", ["[::1", "[", "localhost:", "localhost:x", "localhost:999999", "a b", "localhost/x"])
def test_a_host_that_is_none_is_refused(host: str, client: Client) -> None:
    assert client.get(f"{BASE}?f=json", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        ("https://maps.example.org", "maps.example.org", True),
        ("https://maps.example.org:8443", "maps.example.org", False),
        ("http://maps.example.org", "maps.example.org", False),
        ("http://localhost:9000", "localhost:9000", True),
        ("http://localhost:3000", "localhost:9000", False),
        ("http://localhost", "localhost:9000", False),
        ("http://[", "localhost", False),
        ("", "localhost", False),
    ],
)
def test_only_pages_of_the_service_itself_change_something(
    origin: str, host: str, allowed: bool, settings: Settings
) -> None:
    """Another port of the same machine is another site."""
    client = Client(Application(replace(settings, address="https://maps.example.org")))
    for path in (f"{TASK_PATH}/submitJob", "/sign-in"):
        answer = client.post(path, data=inputs(token="x"), headers={"Origin": origin, "Host": host})
        assert (answer.status_code != 403) == allowed


def test_a_head_request_changes_nothing(client: Client, store: JobStore) -> None:
    """Programs that preview links send them."""
    job = submit(client)
    assert client.head(f"{TASK_PATH}/submitJob", query_string=inputs()).status_code == 405
    assert client.head(f"{TASK_PATH}/jobs/{job}/cancel").status_code == 405
    assert [each.status for each in store.jobs()] == [jobs.SUBMITTED]


# --- what it holds


@pytest.mark.parametrize(
    "value", ['{"uri": "\\ud800"}', '{"a":' * 2000, "[" * 2000, '{"uri": "/rasterStores/\\udfff/x"}', "a\0b", "\x1b[2J"]
)
def test_no_refused_text_breaks_the_pages_of_the_others(value: str, client: Client) -> None:
    job = submit(client, inputRaster=value, context='{"\\ud800": "\\ud800"}')
    for path in ("jobs", f"jobs/{job}", f"jobs/{job}?f=json", f"jobs/{job}/inputs/context", f"jobs/{job}/inputs/model"):
        assert client.get(f"{TASK_PATH}/{path}").status_code == 200, path


def test_half_a_pair_of_utf_16_is_shown_in_a_page(client: Client) -> None:
    answer = execute(client, inputs={**inputs(), "context": {"x": "\ud800"}})
    job = answer.get_json()["jobID"]
    assert client.get(f"{TASK_PATH}/jobs/{job}").status_code == 200
    assert client.get(f"{TASK_PATH}/jobs/{job}/inputs/context").status_code == 200


@pytest.mark.parametrize(
    "text",
    [
        '{"cellSize": NaN}', '{"x": [1e999]}', '{"x": -Infinity}', '{"cellSize": 1' + "0" * 400 + "}",
        '{"cellSize": 1, "cellSize": 2}', '{"extent": {"xmin": 1, "xmin": 2}}', '{"x": [' + "1," * 100_000 + "1]}",
    ],
)  # fmt: skip
def test_numbers_without_end_and_keys_twice_are_refused(text: str, client: Client, store: JobStore) -> None:
    for name in ("context", "modelArguments"):
        job = submit(client, **{name: text})
        assert name in errors_of(client, job)[0]
    body = f'{{"inputs": {{"inputRaster": "x", "model": "x", "context": {text}}}}}'
    assert client.post(EXECUTION, data=body, content_type="application/json").status_code == 400
    assert store.take() is None


def test_a_whole_number_beyond_floating_point_is_none() -> None:
    assert str(as_number(10**400)) == "nan"


@pytest.mark.parametrize("gpu", ["9" * 5000, "²", "١", "-1", "1.0"])
def test_the_number_of_a_gpu_is_short_and_plain(gpu: str, client: Client) -> None:
    job = submit(client, context=json.dumps({"gpuId": gpu}))
    assert status(client, job)["jobStatus"] == "esriJobFailed"


def test_a_parameter_has_one_value(client: Client, store: JobStore) -> None:
    """Of two values, one would be ignored."""
    sent = {**inputs(), "f": "json"}
    other = json.dumps({"uri": "/rasterStores/data/other.tif"})
    answers = [
        client.post(f"{TASK_PATH}/submitJob", query_string={"inputRaster": other}, data=sent),
        client.post(f"{TASK_PATH}/submitJob", data={**sent, "inputRaster": [sent["inputRaster"], other]}),
        client.post(
            f"{TASK_PATH}/submitJob", data={**sent, "outputClassifiedRaster": "a", "outputClassifedRaster": "b"}
        ),
        client.get(f"{BASE}?f=json&f=html"),
    ]
    assert all("two different values" in refusal_of(answer) for answer in answers)
    assert execute(client, inputs={**inputs(), "outputName": "a", "outputClassifiedRaster": "b"}).status_code == 400
    assert client.get("/ogc/jobs?limit=5&limit=6").status_code == 400
    assert store.jobs() == []
    same = client.post(f"{TASK_PATH}/submitJob", query_string=sent, data=sent)
    assert same.get_json()["jobId"]


def test_a_form_of_a_million_fields_is_not_read(client: Client) -> None:
    for path in (f"{TASK_PATH}/submitJob", "/sign-in"):
        answer = client.post(path, data=b"a&" * 10**6, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 413


@pytest.mark.parametrize(
    "more",
    [
        {"outputs": [1]}, {"outputs": "x"}, {"outputs": {"other": {}}},
        {"outputs": {"outRaster": {"transmissionMode": "value"}}},
        {"outputs": {"outRaster": {"format": {"mediaType": "image/png"}}}},
        {"response": "xml"}, {"response": {}}, {"subscriber": {"successUri": "http://x"}},
    ],
)  # fmt: skip
def test_what_an_execution_cannot_honour_is_refused(more: dict[str, Any], client: Client, store: JobStore) -> None:
    assert execute(client, **more).status_code == 400
    assert store.jobs() == []


def test_what_an_execution_can_honour_is_taken(client: Client) -> None:
    wanted = {
        "outRaster": {"transmissionMode": "reference", "format": {"mediaType": "image/tiff; application=geotiff"}}
    }
    assert execute(client, outputs=wanted, response="document").status_code == 201


@pytest.mark.parametrize(
    "query", ["status=failed,x", "datetime=2020-01-01/..", "minDuration=5", "maxDuration=5", "limit=0", "offset=-1"]
)
def test_a_selection_of_jobs_that_is_not_made_is_refused(query: str, client: Client) -> None:
    assert client.get(f"/ogc/jobs?{query}").status_code == 400


def test_the_next_page_has_the_same_selection(client: Client) -> None:
    for _ in range(3):
        submit(client, inputRaster="x")
    answer = client.get("/ogc/jobs?status=failed&limit=2&token=secret").get_json()
    (next_page,) = [link["href"] for link in answer["links"] if link["rel"] == "next"]
    assert next_page == "http://localhost/ogc/jobs?status=failed&limit=2&offset=2"


def test_jobs_of_another_process_are_none(client: Client) -> None:
    submit(client)
    for query, count in (("processID=classify-pixels&type=process", 1), ("processID=x", 0), ("type=x", 0)):
        assert len(client.get(f"/ogc/jobs?{query}").get_json()["jobs"]) == count


@pytest.mark.parametrize("form", ["JSON", "xml", "json\0", "kmz"])
def test_a_form_of_an_answer_that_there_is_not_is_refused(
    form: str, client: Client, store: JobStore, stores: Stores
) -> None:
    images = f"/arcgis/rest/services/results/{finished(client, store, stores)}/ImageServer"
    for path in (
        BASE,
        TASK_PATH,
        images,
        f"{images}/legend",
        f"{images}/rasterAttributeTable",
        f"{images}/exportImage",
    ):
        answer = client.get(path, query_string={"f": form, "bbox": "0,0,1,1"})
        assert refusal_of(answer).startswith("f: "), path


@pytest.mark.parametrize(
    "more",
    [
        {"bbox": "-inf,0,inf,1"}, {"bbox": "nan,0,1,1"}, {"bbox": "1,1,0,0"}, {"size": "4101,1"}, {"size": "1e3,1"},
        {"size": "9" * 5000 + ",1"}, {"format": "png\0"}, {"format": "pngx"}, {"bboxSR": "/etc/passwd"},
        {"bboxSR": "9" * 5000}, {"bboxSR": json.dumps({"wkt": "PROJCS[" * 1000})}, {"bboxSR": "http://127.0.0.1:1/"},
    ],
)  # fmt: skip
def test_absurd_exports_are_refused(more: dict[str, str], client: Client, store: JobStore, stores: Stores) -> None:
    images = f"/arcgis/rest/services/results/{finished(client, store, stores)}/ImageServer"
    answer = client.get(f"{images}/exportImage", query_string={"bbox": "0,0,1,1", "f": "json", **more})
    assert refusal_of(answer)


def test_a_picture_has_a_limit_of_bytes(
    client: Client, store: JobStore, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A result of scores has a band for each class."""
    images = f"/arcgis/rest/services/results/{finished(client, store, stores)}/ImageServer"
    cells = stores.pixels.dtype.itemsize * len(stores.pixels) * 100
    monkeypatch.setattr(imageserver, "MOST_BYTES", cells)
    query = {"bbox": "0,0,1,1", "f": "json"}
    assert client.get(f"{images}/exportImage", query_string={**query, "size": "10,10"}).get_json()["href"]
    assert refusal_of(client.get(f"{images}/exportImage", query_string={**query, "size": "10,11"}))


@pytest.mark.parametrize("tile", ["25/0/0", "1/2/0", "0/0/1", "1000000/0/0", "24/99999999999999999999/0"])
def test_tiles_that_there_are_not(tile: str, client: Client, store: JobStore, stores: Stores) -> None:
    assert client.get(f"/tiles/{finished(client, store, stores)}/{tile}.png").status_code == 400


def test_refused_jobs_do_not_fill_the_disk(client: Client, store: JobStore) -> None:
    waiting = submit(client)
    for number in range(MOST_UNSTARTED + 5):
        store.submit("anyone", {"n": number}, "x", 1, refusal="no")
    store.submit("another", {}, "x", 5, refusal="no")
    found = [job.inputs["n"] for job in store.jobs("anyone", jobs.FAILED)]
    assert sorted(found) == list(range(5, MOST_UNSTARTED + 5))
    assert store.read(waiting).status == jobs.SUBMITTED
    assert len(store.jobs("another")) == 1


def test_a_list_of_jobs_with_long_parameters_stays_short(client: Client, store: JobStore) -> None:
    job = submit(client, context=json.dumps({"x": "y" * 1_000_000}))
    assert store.jobs()[0].inputs == {}
    assert len(store.read(job).inputs["context"]) > 1_000_000
    assert client.get(f"{TASK_PATH}/jobs").status_code == 200


# --- ranges and conditions; RFC 9110


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ("bytes=0-0", range(1)), ("bytes=10-19", range(10, 20)), ("bytes=1000-", range(1000, 1024)),
        ("bytes=0-", range(1024)), ("bytes=-24", range(1000, 1024)), ("bytes=-5000", range(1024)),
        ("bytes=0-99999999999999999999", range(1024)), ("bytes=0-1, 5-6", None), ("bytes=0-9,5-20", None),
        ("bytes=5-2", None), ("items=0-1", None), ("bytes=a-b", None), ("bytes=--1", None), ("bytes=\u0661-2", None),
        ("bytes=", None), ("", None),
    ],
)  # fmt: skip
def test_one_range_is_sent_and_what_is_none_is_ignored(
    given: str, part: range | None, client: Client, store: JobStore
) -> None:
    path = f"/files/{finished(client, store)}/x.tif"
    # As the bytes of a header come from a network.
    headers = {"Range": given.encode().decode("latin-1")}
    answer = client.get(path, headers=headers)
    expected = CONTENT if part is None else CONTENT[part.start : part.stop]
    assert (answer.status_code, answer.data) == (200 if part is None else 206, expected)
    assert answer.headers["Content-Length"] == str(len(expected))
    assert answer.headers["Content-Type"].startswith("image/tiff; application=geotiff")
    if part is not None:
        assert answer.headers["Content-Range"] == f"bytes {part.start}-{part.stop - 1}/1024"
    head = client.head(path, headers=headers)
    assert (head.status_code, head.headers["Content-Length"], head.data) == (200, "1024", b"")


@pytest.mark.parametrize("given", ["bytes=1024-", "bytes=5000-6000", "bytes=-0", "bytes=99999999999999999999-"])
def test_a_range_beyond_the_end_says_where_the_end_is(given: str, client: Client, store: JobStore) -> None:
    answer = client.get(f"/files/{finished(client, store)}/x.tif", headers={"Range": given})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, "bytes */1024")


def test_conditions_come_before_ranges(client: Client, store: JobStore) -> None:
    path = f"/files/{finished(client, store)}/x.tif"
    first = client.get(path)
    tag, time = first.headers["ETag"], first.headers["Last-Modified"]
    assert first.headers["Cache-Control"] == "private, no-cache"
    some = {"Range": "bytes=0-9"}
    for headers, code in (
        ({**some, "If-Range": tag}, 206), ({**some, "If-Range": time}, 206), ({**some, "If-Range": '"x"'}, 200),
        ({**some, "If-Range": f"W/{tag}"}, 200), ({**some, "If-Range": "Thu, 01 Jan 1970 00:00:00 GMT"}, 200),
        ({**some, "If-None-Match": tag}, 304), ({"If-None-Match": f'"a", W/{tag}'}, 304), ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"' * 5000}, 200), ({"If-Match": '"x"'}, 412), ({"If-Match": tag}, 200),
        ({"If-Match": "*"}, 200), ({"If-Modified-Since": time}, 304), ({"If-Modified-Since": "x" * 5000}, 200),
    ):  # fmt: skip
        assert client.get(path, headers=headers).status_code == code, headers


def test_a_file_that_is_removed_while_it_is_read_is_read_to_its_end(client: Client, store: JobStore) -> None:
    job = finished(client, store)
    answer = client.get(f"/files/{job}/x.tif", buffered=False)
    parts = iter(answer.response)
    assert client.delete(f"/ogc/jobs/{job}").status_code == 200
    assert not store.folder_of(job).exists()
    assert b"".join(parts) == CONTENT
    assert client.get(f"/files/{job}/x.tif").status_code == 404
