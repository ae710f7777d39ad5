# SPDX-License-Identifier: GPL-2.0-or-later
"""Whole jobs in their own processes: the classes by numpy, the context, kills and Cancel."""

from __future__ import annotations

import json
import os
import signal
import time
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, ogr, osr
from werkzeug.test import Client

from classify_pixels.inference.run.resume.folder_lock import strips_folder
from classify_pixels.inference.run.resume.place import FolderPlace
from classify_pixels.inference.run.resume.strip_store import SharedStrips
from classify_pixels.service import jobs
from classify_pixels.service.dispatcher import Dispatcher
from classify_pixels.service.job_program import ATTENTION
from classify_pixels.service.jobs import Job
from classify_pixels.service.os_processes import start_of
from tests.held_strips import HeldStrips
from tests.unit.rasters import TRANSFORM, random_pixels, read_raster, write_raster

from .conftest import (
    LONG,
    SIZE,
    TASK_PATH,
    Stores,
    errors_of,
    finished_strips,
    killed_amid,
    resumed,
    run_until_held,
    status,
    submit,
    wait_until,
    work_off,
)


def result(client: Client, dispatcher: Dispatcher, **more: Any) -> tuple[Job, np.ndarray]:
    job_id = submit(client, **more)
    work_off(dispatcher)
    job = dispatcher.store.read(job_id)
    assert job.status == jobs.SUCCEEDED, dispatcher.store.messages(job_id)
    assert job.result is not None
    return job, read_raster(dispatcher.store.folder_of(job_id) / job.result["files"][0])


def test_a_job_classifies_the_scene(client: Client, dispatcher: Dispatcher, stores: Stores) -> None:
    job, classes = result(client, dispatcher, outputClassifiedRaster='{"serviceProperties": {"name": "olinda"}}')
    expected = stores.expected()
    assert np.array_equal(np.squeeze(classes), expected)
    assert job.result is not None
    assert job.result["files"] == ["olinda.tif"]
    counts = {each["value"]: each["pixels"] for each in job.result["classes"]}
    assert counts == {value: int((expected == value).sum()) for value in counts}
    answer = status(client, job.id)
    assert answer["jobStatus"] == "esriJobSucceeded"
    assert "progress" not in answer
    texts = json.dumps(answer)
    assert str(stores.folder) not in texts
    assert "jobs/files" not in texts
    found = client.get(f"{TASK_PATH}/jobs/{job.id}/results/outRaster?f=json").get_json()
    assert found["value"]["uri"] == f"http://localhost/files/{job.id}/olinda.tif"


@pytest.mark.parametrize("form", ["one", "mosaic", "each"])
def test_a_result_names_no_folder_of_the_server(
    form: str, client: Client, dispatcher: Dispatcher, stores: Stores
) -> None:
    if form != "one":
        folder = stores.folder / "scenes"
        folder.mkdir()
        for number, name in enumerate(("a", "b")):
            pixels = random_pixels(3, 40, 40, number)
            write_raster(folder / f"{name}.tif", pixels, transform=(TRANSFORM[0] + 400 * number, *TRANSFORM[1:]))
    raster = "scene.tif" if form == "one" else "scenes"
    more = {"inputRaster": f"/rasterStores/data/{raster}", "processAllRasterItems": str(form == "each").lower()}
    job, _ = result(client, dispatcher, **more)
    assert job.result is not None
    for file in job.result["files"]:
        content = client.get(f"/files/{job.id}/{file}").data
        assert str(stores.folder.parent).encode() not in content
    name = gdal.Open(str(dispatcher.store.folder_of(job.id) / job.result["files"][-1])).GetMetadataItem("INPUT")
    assert name == {"one": "/rasterStores/data/scene.tif", "mosaic": "a and 1 more", "each": "b"}[form]


def test_the_context_selects_cells(client: Client, dispatcher: Dispatcher, stores: Stores) -> None:
    left, top = TRANSFORM[0] + 20 * 10, TRANSFORM[3] - 30 * 10
    extent = {"xmin": left, "ymax": top, "xmax": left + 400, "ymin": top - 300, "spatialReference": {"wkid": 32633}}
    expected = stores.expected()[30:60, 20:60]
    for key in ("extent", "processExtent"):
        _, classes = result(client, dispatcher, context=json.dumps({key: extent, "outSR": {"wkid": 32633}}))
        assert np.array_equal(np.squeeze(classes), expected)


def test_a_mask_of_polygons_and_one_of_a_raster(client: Client, dispatcher: Dispatcher, stores: Stores) -> None:
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32633)
    left, top = TRANSFORM[0], TRANSFORM[3]
    polygons = ogr.GetDriverByName("GPKG").CreateDataSource(str(stores.folder / "mask.gpkg"))
    layer = polygons.CreateLayer("mask", reference, ogr.wkbPolygon)
    feature = ogr.Feature(layer.GetLayerDefn())
    corners = [(left, top), (left + 480, top), (left + 480, top - 960), (left, top - 960), (left, top)]
    shown = ", ".join(f"{x} {y}" for x, y in corners)
    feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON (({shown}))"))
    layer.CreateFeature(feature)
    polygons = layer = feature = None
    raster = np.zeros((1, SIZE, SIZE), np.uint8)
    raster[:, :, :48] = 1
    write_raster(stores.folder / "mask.tif", raster, no_data=0)
    for name in ("mask.gpkg", "mask.tif"):
        context = {"mask": {"uri": f"/fileShares/data/{name}"}}
        _, classes = result(client, dispatcher, context=json.dumps(context))
        classes = np.squeeze(classes)
        assert np.array_equal(classes[:, :48], stores.expected()[:, :48])
        assert len(np.unique(classes[:, 48:])) == 1
        assert classes[0, 95] not in (1, 2, 3, 4)


def test_snap_raster_and_cell_size_of_a_raster(client: Client, dispatcher: Dispatcher, stores: Stores) -> None:
    moved = (TRANSFORM[0] + 5, 20.0, 0.0, TRANSFORM[3] - 5, 0.0, -20.0)
    write_raster(stores.folder / "pattern.tif", random_pixels(1, 8, 8), transform=moved)
    pattern = {"uri": "/rasterStores/data/pattern.tif"}
    context = {"snapRaster": pattern, "cellSize": pattern, "resamplingMethod": "nearest"}
    job, _ = result(client, dispatcher, context=json.dumps(context))
    assert job.result is not None
    found = gdal.Open(str(dispatcher.store.folder_of(job.id) / job.result["files"][0])).GetGeoTransform()
    assert (found[1], found[5]) == (20, -20)
    assert (found[0] - moved[0]) % 20 == 0
    assert (found[3] - moved[3]) % 20 == 0


def test_each_raster_of_a_folder_separately(client: Client, dispatcher: Dispatcher, stores: Stores) -> None:
    folder = stores.folder / "scenes"
    folder.mkdir()
    scenes = {name: random_pixels(3, 40, 40, seed) for seed, name in enumerate(("a", "b"), start=1)}
    for number, (name, pixels) in enumerate(scenes.items()):
        write_raster(folder / f"{name}.tif", pixels, transform=(TRANSFORM[0] + 400 * number, *TRANSFORM[1:]))
    job, _ = result(client, dispatcher, inputRaster="/rasterStores/data/scenes", processAllRasterItems="true")
    assert job.result is not None
    for name, pixels in scenes.items():
        (file,) = [each for each in job.result["files"] if each.endswith(f"/{name}.tif")]
        assert np.array_equal(
            np.squeeze(read_raster(dispatcher.store.folder_of(job.id) / file)), stores.expected(pixels)
        )
        assert client.get(f"/files/{job.id}/{file}").status_code == 200
    assert sum(each["pixels"] for each in job.result["classes"]) == 2 * 40 * 40


@pytest.mark.parametrize(
    "more",
    [
        {"modelArguments": '{"padding": -5}'},
        {"modelArguments": '{"no_such_argument": 5}'},
        {"context": '{"renderingRule": {"rasterFunction": "NDVI"}}'},
        {"context": '{"cellsize": 30}'},
        {"context": '{"outSR": {"wkid": 1}}'},
        {"inputRaster": "/rasterStores/data/none.tif"},
        {"outputClassifiedRaster": "../../etc/passwd"},
    ],
)
def test_refused_content_is_a_failed_job_with_a_sentence(
    more: dict[str, str], client: Client, dispatcher: Dispatcher, stores: Stores
) -> None:
    job = submit(client, **more)
    work_off(dispatcher)
    assert status(client, job)["jobStatus"] == "esriJobFailed"
    (error,) = errors_of(client, job)
    assert error.endswith(".")
    assert str(stores.folder.parent) not in error


def test_a_model_that_names_files_outside_is_refused(client: Client, dispatcher: Dispatcher, stores: Stores) -> None:
    (stores.outside / "network.onnx").write_bytes((stores.folder / "network.onnx").read_bytes())
    definition = json.loads((stores.folder / "model.emd").read_text())
    for number, name in enumerate(("../outside/network.onnx", str(stores.outside / "network.onnx"))):
        (stores.folder / f"bad{number}.emd").write_text(json.dumps({**definition, "ModelFile": name}))
        job = submit(client, model=f"/fileShares/data/bad{number}.emd")
        work_off(dispatcher)
        assert status(client, job)["jobStatus"] == "esriJobFailed"


def test_a_killed_process_goes_on_from_its_strips(
    client: Client, dispatcher: Dispatcher, stores: Stores, held: HeldStrips
) -> None:
    """The file has the bytes of an undisturbed job."""
    write_raster(stores.folder / "scene.tif", pixels := random_pixels(*LONG), options=["TILED=YES"])
    job, undisturbed = (submit(client) for _ in range(2))
    killed = killed_amid(dispatcher, job, held)
    work_off(dispatcher)
    ended = dispatcher.store.read(job)
    assert (ended.status, ended.ends, ended.attempt, ended.crashes) == (jobs.SUCCEEDED, 1, 2, 1)
    assert resumed(dispatcher.store, job) == len(killed)
    file = dispatcher.store.folder_of(job) / "classified.tif"
    assert file.read_bytes() == (dispatcher.store.folder_of(undisturbed) / "classified.tif").read_bytes()
    assert np.array_equal(np.squeeze(read_raster(file)), stores.expected(pixels))
    assert not finished_strips(dispatcher.store, job)


def test_a_process_that_is_told_to_stop_has_not_crashed(
    client: Client, dispatcher: Dispatcher, stores: Stores, held: HeldStrips
) -> None:
    """A service manager sends SIGTERM to all processes at once, whichever ends first."""
    write_raster(stores.folder / "scene.tif", random_pixels(*LONG), options=["TILED=YES"])
    job, store = submit(client), dispatcher.store
    pid = run_until_held(dispatcher, job, held)
    os.kill(pid, signal.SIGTERM)
    held.let_go()
    wait_until(lambda: not start_of(pid))
    work_off(dispatcher)
    ended = store.read(job)
    assert (ended.status, ended.attempt, ended.crashes) == (jobs.SUCCEEDED, 2, 0)
    assert resumed(store, job) >= 2


def test_finished_strips_are_not_computed_again(
    client: Client, dispatcher: Dispatcher, stores: Stores, held: HeldStrips
) -> None:
    """Other classes, written into the finished strips of a killed process, come out in the result."""
    write_raster(stores.folder / "scene.tif", pixels := random_pixels(*LONG), options=["TILED=YES"])
    job = submit(client)
    killed_amid(dispatcher, job, held)
    output = dispatcher.store.folder_of(job) / "classified.tif"
    strips = SharedStrips(FolderPlace(strips_folder(output)), output)
    strips.resume()
    expected = stores.expected(pixels)
    for index, record in dict(strips.finished).items():
        window, (layer,) = record.window, record.digests
        changed = np.full((1, window.height, window.width), 4, np.uint8)
        strips.write(index, window, {layer: (changed, gdal.GDT_Byte)}, record.counts)
        expected[window.y : window.y + window.height, window.x : window.x + window.width] = 4
    assert not np.array_equal(expected, stores.expected(pixels))
    work_off(dispatcher)
    assert dispatcher.store.read(job).status == jobs.SUCCEEDED
    assert np.array_equal(np.squeeze(read_raster(output)), expected)


def test_a_running_job_is_cancelled_from_elsewhere(
    client: Client, dispatcher: Dispatcher, stores: Stores, held: HeldStrips
) -> None:
    write_raster(stores.folder / "scene.tif", random_pixels(*LONG), options=["TILED=YES"])
    job = submit(client)
    run_until_held(dispatcher, job, held)
    assert (
        client.post(f"{TASK_PATH}/jobs/{job}/cancel", data={"f": "json"}).get_json()["jobStatus"] == "esriJobCancelling"
    )
    # The job looks for Cancel no more often.
    time.sleep(ATTENTION)
    held.let_go()
    work_off(dispatcher)
    assert status(client, job)["jobStatus"] == "esriJobCancelled"
    assert not (dispatcher.store.folder_of(job) / "classified.tif").exists()
    again = client.post(f"{TASK_PATH}/jobs/{job}/cancel", data={"f": "json"})
    assert again.status_code == 200
    assert again.get_json()["error"]["code"] == 400
