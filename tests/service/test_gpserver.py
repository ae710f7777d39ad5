# SPDX-License-Identifier: GPL-2.0-or-later
"""GPServer: each resource as clients of the operation's document ask for it, and the pages of the same addresses."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from osgeo import gdal
from werkzeug.test import Client

from classify_pixels.service import jobs
from classify_pixels.service.application import Application
from classify_pixels.service.gpserver import BASE, TASK
from classify_pixels.service.jobs import Job, JobStore
from classify_pixels.service.settings import Settings
from tests.unit.rasters import read_raster, write_raster

from .conftest import TASK_PATH, Stores, inputs, only_job, refusal_of, status, submit, with_limits

NAMES = ["inputRaster", "outputClassifiedRaster", "model", "modelArguments", "processAllRasterItems", "context"]
CLASSES = [
    {"value": 1, "name": "Water", "color": [0, 0, 255], "pixels": 6, "area": 600.0},
    {"value": 2, "name": "<b>Wood</b>", "color": [0, 99, 0], "pixels": 4, "area": None},
]


@pytest.fixture
def finished(store: JobStore, stores: Stores) -> Job:
    """A job that has ended with a result, without a process."""
    job = store.submit("anyone", inputs(), "map", 100)
    taken = store.take()
    assert taken is not None
    folder = store.folder_of(job.id)
    folder.mkdir(parents=True)
    path = write_raster(folder / "map.tif", stores.expected()[None].astype("uint8"), no_data=255)
    dataset = gdal.Open(str(path), gdal.GA_Update)
    table = gdal.ColorTable()
    for value, color in ((1, (0, 0, 255)), (2, (0, 99, 0)), (3, (9, 9, 9)), (4, (200, 0, 0)), (255, (0, 0, 0, 0))):
        table.SetColorEntry(value, color)
    dataset.GetRasterBand(1).SetColorTable(table)
    dataset = None
    store.end(job.id, taken.attempt, jobs.SUCCEEDED, result={"files": ["map.tif"], "classes": CLASSES})
    return store.read(job.id)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("form", ["json", "pjson"])
def test_service_and_task_are_described(method: str, form: str, client: Client) -> None:
    ask = getattr(client, method)
    values = {"query_string" if method == "get" else "data": {"f": form}}
    service = ask(BASE, **values).get_json()
    assert (service["tasks"], service["executionType"]) == ([TASK], "esriExecutionTypeAsynchronous")
    task = ask(TASK_PATH, **values).get_json()
    found = {each["name"]: each for each in task["parameters"]}
    assert [*found] == [*NAMES, "outRaster"]
    assert {name for name in NAMES if found[name]["parameterType"].endswith("Required")} == {"inputRaster", "model"}
    assert found["processAllRasterItems"]["dataType"] == "GPBoolean"
    assert found["outRaster"]["direction"] == "esriGPParameterDirectionOutput"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_job_is_submitted_by_both_methods(method: str, client: Client, store: JobStore) -> None:
    # The genuine client sends absent values as empty texts, and both spellings of the output.
    sent = {
        **inputs(modelArguments="", context="", processAllRasterItems="false", outputClassifedRaster="x"),
        "f": "json",
    }
    answer = getattr(client, method)(f"{TASK_PATH}/submitJob", **{"query_string" if method == "get" else "data": sent})
    job = only_job(store)
    assert answer.get_json() == {"jobId": job.id, "jobStatus": "esriJobSubmitted"}
    assert re.fullmatch(r"j[0-9a-f]{32}", job.id)
    assert job.name == "x"
    assert status(client, job.id)["inputs"]["model"] == {"paramUrl": "inputs/model"}
    found = client.get(f"{TASK_PATH}/jobs/{job.id}/inputs/inputRaster?f=json").get_json()
    assert found == {"paramName": "inputRaster", "dataType": "GPString", "value": sent["inputRaster"]}


def test_errors_have_the_status_200_and_a_code_within(client: Client, store: JobStore) -> None:
    unknown = client.get(f"{TASK_PATH}/jobs/j{'0' * 32}?f=json")
    missing = client.post(f"{TASK_PATH}/submitJob", data={"f": "json", "inputRaster": "x"})
    strange = client.post(f"{TASK_PATH}/submitJob", data={**inputs(modle="x"), "f": "json"})
    early = client.get(f"{TASK_PATH}/jobs/{submit(client)}/results/outRaster?f=json")
    form = client.get(f"{BASE}?f=kmz")
    answers = {"unknown": unknown, "missing": missing, "strange": strange, "early": early, "form": form}
    assert {answer.status_code for answer in answers.values()} == {200}
    codes = {name: answer.get_json()["error"]["code"] for name, answer in answers.items()}
    assert codes == {"unknown": 404, "missing": 400, "strange": 400, "early": 400, "form": 400}
    assert all(refusal_of(answer) for answer in answers.values())
    assert len(store.jobs()) == 1


def test_a_full_queue_says_when_to_try_again(settings: Settings) -> None:
    client = Client(Application(with_limits(settings, waiting=1)))
    submit(client)
    answer = client.post(f"{TASK_PATH}/submitJob", data={**inputs(), "f": "json"})
    assert answer.get_json()["error"]["code"] == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_progress_while_it_runs_and_the_result_at_the_end(client: Client, store: JobStore, finished: Job) -> None:
    job = submit(client)
    taken = store.take()
    assert taken is not None
    store.advance(job, taken.attempt, 0.265)
    assert status(client, job)["progress"] == {"type": "default", "message": "26 percent done", "percent": 26}
    assert "results" not in status(client, job)
    assert status(client, finished.id)["results"] == {"outRaster": {"paramUrl": "results/outRaster"}}
    answer = client.get(f"{TASK_PATH}/jobs/{finished.id}/results/outRaster?f=json").get_json()
    assert answer["value"] == {
        "itemId": "",
        "url": f"http://localhost/arcgis/rest/services/results/{finished.id}/ImageServer",
        "uri": f"http://localhost/files/{finished.id}/map.tif",
    }


def test_the_pages_need_no_script_and_show_the_result(client: Client, finished: Job) -> None:
    pages = {
        name: client.get(path).get_data(as_text=True)
        for name, path in {
            "service": BASE, "form": TASK_PATH, "jobs": f"{TASK_PATH}/jobs", "job": f"{TASK_PATH}/jobs/{finished.id}",
        }.items()
    }  # fmt: skip
    assert all(page.startswith("<!DOCTYPE html>") and "<script" not in page for page in pages.values())
    assert all(f'name="{name}"' in pages["form"] for name in NAMES)
    assert f"/files/{finished.id}/map.tif" in pages["job"]
    assert "Water" in pages["job"]
    assert "<b>Wood</b>" not in pages["job"]
    assert "unknown" in pages["job"]


def test_the_form_leads_to_the_page_of_its_job(client: Client, store: JobStore) -> None:
    answer = client.post(f"{TASK_PATH}/submitJob", data={**inputs(), "f": "html"})
    job = only_job(store)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{TASK_PATH}/jobs/{job.id}")
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert 'http-equiv="refresh"' in page
    assert "Cancel" in page
    client.post(f"{TASK_PATH}/jobs/{job.id}/cancel", data={"f": "html"})
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert 'http-equiv="refresh"' not in page


# --- files and the image service


def test_a_file_is_read_whole_in_ranges_and_by_its_head(client: Client, store: JobStore, finished: Job) -> None:
    path, data = f"/files/{finished.id}/map.tif", (store.folder_of(finished.id) / "map.tif").read_bytes()
    head = client.head(path)
    assert (head.status_code, head.headers["Content-Length"], head.data) == (200, str(len(data)), b"")
    assert head.headers["Accept-Ranges"] == "bytes"
    assert client.get(path).data == data
    part = client.get(path, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, data[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(data)}"
    assert client.get(path, headers={"Range": f"bytes={len(data)}-"}).status_code == 416
    assert client.get(path, headers={"If-None-Match": head.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    "name", ["other.tif", "../jobs.sqlite", "..%2fjobs.sqlite", "%2e%2e/%2e%2e/jobs.sqlite", "fetched"]
)
def test_only_files_of_the_result_are_served(name: str, client: Client, store: JobStore, finished: Job) -> None:
    (store.folder_of(finished.id) / "other.tif").write_bytes(b"x")
    assert client.get(f"/files/{finished.id}/{name}").status_code == 404


def service(job: Job) -> str:
    return f"/arcgis/rest/services/results/{job.id}/ImageServer"


@pytest.mark.usefixtures("gdal_mode")
def test_exported_pixels_are_those_of_the_file(client: Client, finished: Job, stores: Stores, tmp_path: Any) -> None:
    info = client.get(f"{service(finished)}?f=json").get_json()
    box = info["extent"]
    assert (info["pixelType"], info["noDataValue"], info["bandCount"]) == ("U8", 255, 1)
    whole = {"bbox": f"{box['xmin']},{box['ymin']},{box['xmax']},{box['ymax']}", "bboxSR": "32633", "imageSR": "32633"}
    answer = client.get(f"{service(finished)}/exportImage", query_string={**whole, "size": "96,96", "f": "image"})
    (tmp_path / "whole.tif").write_bytes(answer.data)
    assert (np.squeeze(read_raster(tmp_path / "whole.tif")) == stores.expected()).all()
    # Half the cells in each direction are cells of the file, not means of classes.
    answer = client.get(f"{service(finished)}/exportImage", query_string={**whole, "size": "48,48"})
    (tmp_path / "half.tif").write_bytes(answer.data)
    half, cells = np.squeeze(read_raster(tmp_path / "half.tif")), stores.expected()
    blocks = cells.reshape(48, 2, 48, 2).swapaxes(1, 2).reshape(48, 48, 4)
    assert (half[:, :, None] == blocks).any(axis=2).all()
    # Outside of the file there is no data.
    beside = {**whole, "bbox": f"{box['xmax']},{box['ymin']},{box['xmax'] + 960},{box['ymax']}", "size": "96,96"}
    (tmp_path / "beside.tif").write_bytes(client.get(f"{service(finished)}/exportImage", query_string=beside).data)
    assert (np.squeeze(read_raster(tmp_path / "beside.tif")) == 255).all()


@pytest.mark.parametrize(
    "more",
    [
        {"bbox": "1,2,3"}, {"bbox": "nan,0,1,1"}, {"bbox": "1,1,0,0"}, {"size": "0,5"}, {"size": "99999,99999"},
        {"format": "jpg"}, {"renderingRule": "{}x"}, {"interpolation": "RSP_BilinearInterpolation"}, {"bandIds": "3"},
        {"bboxSR": "/etc/hostname"}, {"bboxSR": "4326", "imageSR": "3857"}, {"mosaicRule": "{}y"},
    ],
)  # fmt: skip
def test_what_an_export_cannot_honour_is_refused(more: dict[str, str], client: Client, finished: Job) -> None:
    values = {"bbox": "500000,5199040,500960,5200000", "size": "10,10", "f": "image", **more}
    answer = client.get(f"{service(finished)}/exportImage", query_string=values)
    assert answer.get_json()["error"]["code"] == 400


@pytest.mark.usefixtures("gdal_mode")
def test_legend_table_and_pictures(client: Client, finished: Job) -> None:
    legend = client.get(f"{service(finished)}/legend?f=json").get_json()["layers"][0]["legend"]
    assert [each["label"] for each in legend] == ["Water", "<b>Wood</b>"]
    rows = client.get(f"{service(finished)}/rasterAttributeTable?f=json").get_json()["features"]
    assert [row["attributes"]["Count"] for row in rows] == [6, 4]
    for path in (f"{service(finished)}/thumbnail", f"/tiles/{finished.id}/0/0/0.png"):
        answer = client.get(path)
        assert answer.content_type == "image/png"
        assert answer.data.startswith(b"\x89PNG")


def test_refused_content_of_a_submission_is_read_in_the_job(client: Client) -> None:
    job = submit(client, model=json.dumps({"uri": "/etc/passwd"}))
    answer = status(client, job)
    assert answer["jobStatus"] == "esriJobFailed"
    assert [each["type"] for each in answer["messages"]] == ["esriJobMessageTypeError"]
