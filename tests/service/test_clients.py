# SPDX-License-Identifier: GPL-2.0-or-later
"""Clients of others drive the service to the end: the ArcGIS API for Python, and owslib.

Each is run by the Python that a variable names, because its packages differ from those of the service:
CLASSIFY_PIXELS_ARCGIS_PYTHON with `arcgis`, CLASSIFY_PIXELS_OWSLIB_PYTHON with `owslib`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classify_pixels.service import jobs
from classify_pixels.service.jobs import Job, JobStore
from classify_pixels.service.settings import Settings, hash_of
from tests.unit.rasters import read_raster

from .conftest import Stores, job_command
from .live import python_with, run_client, running

TOKEN = "token-of-anna-0123456789"

COMMON = """
import json, sys
from arcgis.gis import GIS
from arcgis.geoprocessing import import_toolbox
address, token = sys.argv[1:]
raster, model = {"uri": "/rasterStores/data/scene.tif"}, {"uri": "/fileShares/data/model.emd"}
signed_in = GIS(address + "/portal", token=token, verify_cert=False) if token else None
toolbox = import_toolbox(address + "/arcgis/rest/services/System/RasterAnalysisTools/GPServer", gis=signed_in)
"""
TOOLBOX = f"""{COMMON}
import inspect
run = toolbox.classify_pixels_using_deep_learning
parameters = [*inspect.signature(run).parameters]
result = run(raster, model=model, output_classified_raster={{"serviceProperties": {{"name": "olinda"}}}})
refused = ""
try:
    run({{"uri": "/etc/hostname"}}, model=model)
except Exception as error:
    refused = str(error)
future = run(raster, model=model, future=True)
later = future.result()
print(json.dumps({{"parameters": parameters, "result": result, "refused": refused, "later": later,
                   "status": future.status, "messages": future.messages}}))
"""
CANCEL = f"""{COMMON}
future = toolbox.classify_pixels_using_deep_learning(raster, model=model, future=True)
print(json.dumps({{"cancelled": future.cancel(), "status": future.status}}), flush=True)
import os
os._exit(0)
"""
LEARN = f"""{COMMON}
from arcgis.learn import classify_pixels
item = classify_pixels(raster, model, output_name="olinda", gis=signed_in)
layer = item.layers[0]
extent = dict(layer.extent)
box = ",".join(str(extent[name]) for name in ("xmin", "ymin", "xmax", "ymax"))
saved = layer.export_image(bbox=box, size=[96, 96], f="image", export_format="tiff", save_folder=sys.path[0] or ".",
                           save_file="exported.tif")
refused = ""
try:
    classify_pixels({{"uri": "/etc/hostname"}}, model, output_name="refused", gis=signed_in)
except Exception as error:
    refused = str(error)
again = ""
try:
    classify_pixels(item, model, output_name="again", gis=signed_in)
except Exception as error:
    again = str(error)
print(json.dumps({{"type": type(item).__name__, "id": item.id, "title": item.title, "url": item.url, "saved": saved,
                   "legend": len(layer.legend()["layers"][0]["legend"]), "refused": refused, "again": again,
                   "deleted": bool(item.delete())}}))
"""
OGC = """
import json, sys, time
from owslib.ogcapi.processes import Processes
service = Processes(sys.argv[1] + "/ogc/")
names = [each["id"] for each in service.processes()]
described = service.process(names[0])
inputs = {"inputRaster": "/rasterStores/data/scene.tif", "model": {"href": "/fileShares/data/model.emd"}}
job = service.execute(names[0], {**inputs, "outputName": "olinda"}, async_=True)
while job["status"] in ("accepted", "running"):
    time.sleep(0.2)
    job = service._request(path="jobs/" + job["jobID"])
results = service._request(path="jobs/" + job["jobID"] + "/results")
print(json.dumps({"names": names, "inputs": [*described["inputs"]], "job": job, "results": results}))
"""


def only_result(settings: Settings, number: int = -1) -> tuple[Job, np.ndarray]:
    """Returns a job, by default the oldest, and the classes in its file."""
    store = JobStore(settings.jobs)
    job = store.jobs()[number]
    assert job.status == jobs.SUCCEEDED, store.messages(job.id)
    assert job.result is not None
    return job, np.squeeze(read_raster(store.folder_of(job.id) / job.result["files"][0]))


@pytest.fixture
def arcgis() -> str:
    return python_with("CLASSIFY_PIXELS_ARCGIS_PYTHON", "arcgis")


@pytest.fixture
def secured(settings: Settings) -> Settings:
    """A service with a token, and with the answers of a portal."""
    return replace(settings, owners={hash_of(TOKEN): "anna"}, portal=True)


@pytest.fixture
def portal(secured: Settings, stores: Stores, tmp_path: Path) -> Iterator[str]:
    with running(secured, job_command(stores, secured), tmp_path) as address:
        yield address


def check_toolbox(found: dict[str, object], address: str, settings: Settings, stores: Stores) -> None:
    job, classes = only_result(settings)
    assert np.array_equal(classes, stores.expected())
    assert found["result"] == {
        "itemId": "",
        "url": f"{address}/arcgis/rest/services/results/{job.id}/ImageServer",
        "uri": f"{address}/files/{job.id}/olinda.tif",
    }
    assert str(found["parameters"]).startswith("['input_raster', 'output_classified_raster', 'model', ")
    assert "/etc/hostname is refused" in str(found["refused"])
    assert found["status"] == "esriJobSucceeded"
    assert found["messages"]
    assert isinstance(found["later"], dict)


def test_a_toolbox_of_arcgis_runs_the_operation(arcgis: str, settings: Settings, stores: Stores) -> None:
    with running(settings, job_command(stores, settings)) as address:
        check_toolbox(run_client(arcgis, TOOLBOX, address, ""), address, settings, stores)


def test_a_toolbox_of_arcgis_signs_in_with_a_token(arcgis: str, portal: str, secured: Settings, stores: Stores) -> None:
    check_toolbox(run_client(arcgis, TOOLBOX, portal, TOKEN), portal, secured, stores)


def test_arcgis_cancels_a_job(arcgis: str, settings: Settings, stores: Stores) -> None:
    with running(settings, job_command(stores, settings)) as address:
        found = run_client(arcgis, CANCEL, address, "")
    assert found["cancelled"] is True
    assert JobStore(settings.jobs).jobs()[0].status in (jobs.CANCELLED, jobs.CANCELLING)


def test_arcgis_learn_returns_the_item_of_its_result(
    arcgis: str, portal: str, secured: Settings, stores: Stores, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    python_with("CLASSIFY_PIXELS_ARCGIS_PYTHON", "arcgis.learn")
    monkeypatch.chdir(tmp_path)
    found = run_client(arcgis, LEARN, portal, TOKEN)
    job, classes = only_result(secured)
    assert np.array_equal(classes, stores.expected())
    assert (found["type"], found["title"], job.name) == ("Item", "olinda", "olinda")
    assert found["url"] == f"{portal}/arcgis/rest/services/results/{job.id}/ImageServer"
    assert np.array_equal(np.squeeze(read_raster(Path(found["saved"]))), stores.expected())
    assert found["legend"] == 4
    assert "/etc/hostname is refused" in found["refused"]
    # An image service is read from the named hosts only, and this one is none of them.
    assert "nothing from this host" in found["again"]
    assert found["deleted"] is True
    # The client appends its token to the address of a layer.
    for file in secured.jobs.glob("jobs.sqlite*"):
        assert TOKEN.encode() not in file.read_bytes()


def test_owslib_executes_the_process(settings: Settings, stores: Stores) -> None:
    python = python_with("CLASSIFY_PIXELS_OWSLIB_PYTHON", "owslib")
    with running(settings, job_command(stores, settings)) as address:
        found = run_client(python, OGC, address)
    job, classes = only_result(settings)
    assert np.array_equal(classes, stores.expected())
    assert (found["names"], found["job"]["status"]) == (["classify-pixels"], "successful")
    assert {"inputRaster", "model", "context"} <= set(found["inputs"])
    assert found["results"]["outRaster"]["href"] == f"{address}/files/{job.id}/olinda.tif"
    counts = {each["value"]: each["pixels"] for each in found["results"]["classes"]["value"]}
    assert counts == {value: int((stores.expected() == value).sum()) for value in counts}
