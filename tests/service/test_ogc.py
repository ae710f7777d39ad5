# SPDX-License-Identifier: GPL-2.0-or-later
"""OGC API - Processes 1.0: its resources, and its answers against the standard's own schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from classify_pixels.service import jobs
from classify_pixels.service.gpserver import BASE as GPSERVER
from classify_pixels.service.jobs import JobStore

from .conftest import only_job

PROCESS = "/ogc/processes/classify-pixels"
INPUTS = {"inputRaster": "/rasterStores/data/scene.tif", "model": {"href": "/fileShares/data/model.emd"}}


def execute(client: Client, document: Any) -> Any:
    return client.post(f"{PROCESS}/execution", json=document)


def end(store: JobStore, status: str = jobs.SUCCEEDED, error: str = "") -> None:
    taken = store.take()
    assert taken is not None
    classes = [{"value": 1, "name": "a", "color": [1, 2, 3], "pixels": 4, "area": 5.0}]
    store.end(taken.id, taken.attempt, status, error, {"files": ["x.tif"], "classes": classes} if not error else None)


def test_a_job_from_execution_to_its_removal(client: Client, store: JobStore) -> None:
    created = execute(client, {"inputs": {**INPUTS, "outputName": "x", "context": {"outSR": 32633}}})
    job = only_job(store)
    assert created.status_code == 201
    assert created.headers["Location"] == f"http://localhost/ogc/jobs/{job.id}"
    assert (created.get_json()["status"], created.get_json()["jobID"]) == ("accepted", job.id)
    assert job.inputs["context"] == {"outSR": 32633}
    path = f"/ogc/jobs/{job.id}"
    early = client.get(f"{path}/results")
    assert (early.status_code, early.get_json()["type"].rpartition("/")[2]) == (404, "result-not-ready")
    end(store)
    assert client.get(path).get_json()["status"] == "successful"
    result = client.get(f"{path}/results").get_json()
    assert result["outRaster"]["href"] == f"http://localhost/files/{job.id}/x.tif"
    assert client.delete(path).get_json()["status"] == "dismissed"
    gone = client.get(path)
    assert (gone.status_code, gone.content_type) == (404, "application/problem+json")
    assert gone.get_json()["type"].endswith("/ogcapi-processes-1/1.0/no-such-job")


def test_a_waiting_job_is_dismissed(client: Client, store: JobStore) -> None:
    execute(client, {"inputs": INPUTS})
    job = only_job(store)
    assert client.delete(f"/ogc/jobs/{job.id}").get_json()["status"] == "dismissed"
    assert store.read(job.id).status == jobs.CANCELLED


def test_a_failed_job_shows_its_sentence(client: Client, store: JobStore) -> None:
    execute(client, {"inputs": INPUTS})
    end(store, jobs.FAILED, "It was too dark.")
    answer = client.get(f"/ogc/jobs/{only_job(store).id}/results")
    assert (answer.status_code, answer.get_json()["detail"]) == (400, "It was too dark.")


@pytest.mark.parametrize(
    "document",
    [
        [], {"inputs": []}, {"inputs": {}}, {"inputs": {**INPUTS, "inputRaster": "/etc/hostname"}},
        {"inputs": {**INPUTS, "outputName": "../x"}}, {"inputs": {**INPUTS, "nonsense": 1}},
        {"inputs": INPUTS, "subscriber": {"successUri": "http://127.0.0.1/"}},
        {"inputs": INPUTS, "outputs": {"outRaster": {"transmissionMode": "value"}}},
        {"inputs": {**INPUTS, "context": {"renderingRule": {"rasterFunction": "x"}}}},
    ],
)  # fmt: skip
def test_refused_content_is_an_error_with_a_sentence(document: Any, client: Client, store: JobStore) -> None:
    answer = execute(client, document)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert answer.get_json()["detail"]
    assert store.jobs() == []


def test_an_unknown_process(client: Client) -> None:
    for answer in (client.get("/ogc/processes/none"), client.post("/ogc/processes/none/execution", json={})):
        assert (answer.status_code, answer.get_json()["type"].rpartition("/")[2]) == (404, "no-such-process")


def test_the_job_list_has_pages_and_states(client: Client, store: JobStore) -> None:
    for _ in range(3):
        execute(client, {"inputs": INPUTS})
    end(store)
    first = client.get("/ogc/jobs?limit=2").get_json()
    assert len(first["jobs"]) == 2
    assert [link["rel"] for link in first["links"]] == ["self", "next"]
    assert len(client.get("/ogc/jobs?status=successful").get_json()["jobs"]) == 1
    assert client.get("/ogc/jobs?limit=-1").status_code == 400


def test_jobs_of_both_protocols_are_the_same(client: Client, store: JobStore) -> None:
    execute(client, {"inputs": INPUTS})
    answer = client.get(f"{GPSERVER}/ClassifyPixelsUsingDeepLearning/jobs/{only_job(store).id}?f=json")
    assert answer.get_json()["jobStatus"] == "esriJobSubmitted"


# --- the standard's own schemas


def schema_of(folder: Path, name: str) -> Any:
    """Returns a validator of a schema of the standard; its schemas are those of OpenAPI 3.0."""
    yaml = pytest.importorskip("yaml")
    validators = pytest.importorskip("openapi_schema_validator")
    referencing = pytest.importorskip("referencing")
    kinds = pytest.importorskip("referencing.jsonschema")

    def retrieve(uri: str) -> Any:
        content = yaml.safe_load((folder / uri.rpartition("/")[2]).read_text(encoding="utf-8"))
        return referencing.Resource(contents=content, specification=kinds.DRAFT4)

    registry = referencing.Registry(retrieve=retrieve)
    return validators.OAS30Validator({"$ref": f"file:///schemas/{name}.yaml"}, registry=registry)


def test_answers_validate_against_the_schemas_of_the_standard(
    client: Client, store: JobStore, reference_data: Path
) -> None:
    folder = reference_data / "ogcapi-processes-1.0" / "schemas"
    if not folder.is_dir():
        pytest.skip("the schemas of the standard are not on this machine")
    # A bare text matches two alternatives of the standard's schema of an input, of which only one may match.
    body = {"inputs": {**INPUTS, "inputRaster": {"href": "/rasterStores/data/scene.tif"}}}
    created = execute(client, body).get_json()
    job = f"/ogc/jobs/{created['jobID']}"
    end(store)
    answers = {
        "landingPage": client.get("/ogc/").get_json(),
        "confClasses": client.get("/ogc/conformance").get_json(),
        "processList": client.get("/ogc/processes").get_json(),
        "process": client.get(PROCESS).get_json(),
        "jobList": client.get("/ogc/jobs").get_json(),
        "statusInfo": client.get(job).get_json(),
        "exception": client.get("/ogc/jobs/none").get_json(),
        "execute": body,
    }
    found = {
        name: [error.message for error in schema_of(folder, name).iter_errors(answer)]
        for name, answer in answers.items()
    }
    assert {name: errors for name, errors in found.items() if errors} == {}
    assert list(schema_of(folder, "statusInfo").iter_errors({"status": "nonsense"})), "the schemas find nothing"


def test_the_definition_of_the_api_is_openapi(client: Client) -> None:
    spec = pytest.importorskip("openapi_spec_validator")
    answer = client.get("/ogc/api")
    assert answer.content_type == "application/vnd.oai.openapi+json;version=3.0"
    document = json.loads(answer.data)
    # The schemas of the standard are named by their addresses, which are not fetched here.
    without = json.loads(json.dumps(document), object_hook=lambda d: {"type": "object"} if "$ref" in d else d)
    spec.validate(without)


def test_owslib_drives_it(stores: Any, settings: Any, live_address: str) -> None:
    processes = pytest.importorskip("owslib.ogcapi.processes")
    api = processes.Processes(f"{live_address}/ogc")
    found = api.processes()
    # Newer versions return the list itself.
    found = found["processes"] if isinstance(found, dict) else found
    assert [each["id"] for each in found] == ["classify-pixels"]
    describe = api.process_description if hasattr(api, "process_description") else api.process
    description = describe("classify-pixels")
    assert {"inputRaster", "model"} <= set(description["inputs"])
