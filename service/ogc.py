# SPDX-License-Identifier: GPL-2.0-or-later
"""OGC API - Processes Part 1 (1.0): core, process description, JSON, job list, dismiss, OpenAPI 3.0.

https://docs.ogc.org/is/18-062r2/18-062r2.html . Jobs run asynchronously only: a scene takes minutes. There is no
callback, which would make the server send requests to an address that a caller chose.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Response

from ..inference.errors import ClassifyPixelsError
from ..inference.phrase import Phrase
from ..inference.version import version
from . import jobs
from .errors import STATUSES, JobEndedError, JobUnknownError, ParameterRefusedError, ResultMissingError
from .gpserver import result_of
from .jobs import Job
from .submission import (
    ALL_ITEMS,
    ARGUMENTS,
    CONTEXT,
    INPUT,
    MODEL,
    OTHER_OUTPUT,
    OUTPUT,
    REQUIRED,
    check_json,
    read_json,
)
from .web import Call, as_json, as_time, submit, with_retry

BASE = "/ogc"
PROCESS = "classify-pixels"
# Members of a link that change no pixel.
LINK = ("href", "rel", "type", "hreflang", "title")
OUTPUT_NAME = "outputName"
EXCEPTIONS = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0"
CONFORMANCE = "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf"
CLASSES = ("core", "ogc-process-description", "json", "oas30", "job-list", "dismiss")
PROBLEM = "application/problem+json"
GEOTIFF = "image/tiff; application=geotiff"

# The media types of the outputs.
OUTPUTS = {"outRaster": "image/tiff", "classes": "application/json"}

STATES = {
    jobs.SUBMITTED: "accepted",
    jobs.EXECUTING: "running",
    jobs.CANCELLING: "dismissed",
    jobs.SUCCEEDED: "successful",
    jobs.FAILED: "failed",
    jobs.TIMED_OUT: "failed",
    jobs.CANCELLED: "dismissed",
}
KINDS: Mapping[type[ClassifyPixelsError], str] = {
    JobUnknownError: "no-such-job",
    ResultMissingError: "result-not-ready",
}
ERROR_TITLES = {
    400: "Invalid parameter value",
    401: "Not authorized",
    429: "Too many requests",
    503: "Unavailable",
}
REFERENCE = {
    "oneOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {"uri": {"type": "string"}, "url": {"type": "string"}, "href": {"type": "string"}},
        },
    ]
}
INPUTS: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    INPUT: ("Input raster", "A path in a store, a folder, or several paths separated by semicolons", REFERENCE),
    MODEL: ("Model", "A path in a store, or a model definition", REFERENCE),
    OUTPUT_NAME: ("Name", "The name of the result", {"type": "string"}),
    ARGUMENTS: ("Model arguments", "Arguments by name", {"type": "object"}),
    CONTEXT: ("Context", "Extent, outSR, cellSize, snapRaster, mask and further settings", {"type": "object"}),
    ALL_ITEMS: ("Process all raster items", "Classify each raster separately", {"type": "boolean", "default": False}),
}


def landing(call: Call) -> Response:
    """Returns the landing page."""
    links = [
        _link(call, "/", "self", "This document"),
        _link(call, "/api", "service-desc", "The API", "application/vnd.oai.openapi+json;version=3.0"),
        _link(call, "/conformance", "http://www.opengis.net/def/rel/ogc/1.0/conformance", "Conformance"),
        _link(call, "/processes", "http://www.opengis.net/def/rel/ogc/1.0/processes", "Processes"),
        _link(call, "/jobs", "http://www.opengis.net/def/rel/ogc/1.0/job-list", "Jobs"),
    ]
    return as_json({"title": "Classify Pixels", "description": "Classification of rasters", "links": links})


def conformance(call: Call) -> Response:
    """Returns the conformance classes."""
    return as_json({"conformsTo": [f"{CONFORMANCE}/{name}" for name in CLASSES]})


def processes(call: Call) -> Response:
    """Lists the process."""
    links = [_link(call, "/processes", "self", "This document")]
    return as_json({"processes": [_summary(call)], "links": links})


def process(call: Call, process_id: str) -> Response:
    """Describes the process."""
    if process_id != PROCESS:
        return problem(404, "no-such-process", f"The process {process_id} is unknown.")
    return as_json({**_summary(call), "inputs": {name: _input(name) for name in INPUTS}, "outputs": _outputs()})


def execute(call: Call, process_id: str) -> Response:
    """Adds a job; refused content is an error with a sentence."""
    if process_id != PROCESS:
        return problem(404, "no-such-process", f"The process {process_id} is unknown.")
    job = submit(call, _inputs_of(_body(call)), late=False)
    found = as_json(status_of(call, job), status=201)
    found.headers["Location"] = call.url(f"{BASE}/jobs/{job.id}")
    found.headers["Preference-Applied"] = "respond-async"
    return found


def job_list(call: Call) -> Response:
    """Lists the jobs of the owner, newest first, in pages of at most 1000."""
    limit, offset = _whole(call, "limit", 100, 1, 1000), _whole(call, "offset", 0, 0, 10**9)
    wanted = {name for name in call.values.get("status", "").split(",") if name}
    states = [name for name, shown in STATES.items() if shown in wanted]
    if wanted - {*STATES.values()}:
        raise ParameterRefusedError(parameter="status", reason=Phrase("it is not a state of a job"))
    for name in ("datetime", "minDuration", "maxDuration"):
        if call.values.get(name):
            raise ParameterRefusedError(parameter=name, reason=Phrase("jobs are not selected by it"))
    others = [name for name, own in (("processID", PROCESS), ("type", "process")) if call.values.get(name, own) != own]
    found = [] if others else call.store.jobs(call.owner, *states, most=limit + 1, offset=offset)
    links = [_link(call, "/jobs", "self", "This document")]
    if len(found) > limit:
        kept = {name: value for name, value in call.values.items() if name in ("status", "processID", "type")}
        query = urlencode({**kept, "limit": limit, "offset": offset + limit})
        links.append(_link(call, f"/jobs?{query}", "next", "The next page"))
    return as_json({"jobs": [status_of(call, job) for job in found[:limit]], "links": links})


def job_status(call: Call, job_id: str) -> Response:
    """Returns the state of a job."""
    return as_json(status_of(call, call.job(job_id)))


def dismiss(call: Call, job_id: str) -> Response:
    """Cancels a job; removes one that has ended, with its files."""
    job = call.job(job_id)
    # It may end at any time until it is cancelled.
    with suppress(JobEndedError):
        return as_json(status_of(call, call.store.cancel(job.id, call.owner)))
    document = {**status_of(call, job), "status": "dismissed"}
    call.store.remove(job.id)
    call.settings.remove_strips(job.id)
    shutil.rmtree(call.store.folder_of(job.id), ignore_errors=True)
    return as_json(document)


def job_results(call: Call, job_id: str) -> Response:
    """Returns the addresses of the result and the classes."""
    job = call.job(job_id)
    if job.status in (jobs.FAILED, jobs.TIMED_OUT):
        errors = [each.text for each in call.store.messages(job.id) if each.kind == jobs.ERROR]
        return problem(400, "", errors[-1] if errors else "The job failed.", "The job failed")
    if job.status != jobs.SUCCEEDED:
        return problem(404, "result-not-ready", f"The job {job.id} has no result yet.")
    classes = list(job.result["classes"]) if job.result else []
    raster = {"href": result_of(call, job)["uri"], "type": GEOTIFF}
    return as_json({"outRaster": raster, "classes": {"value": classes}})


def api(call: Call) -> Response:
    """Returns the definition of the API."""
    from .openapi import definition

    return as_json(definition(call.url(BASE)), mimetype="application/vnd.oai.openapi+json;version=3.0")


def status_of(call: Call, job: Job) -> dict[str, Any]:
    """Returns statusInfo.yaml of the standard, with the names that its next version adds."""
    links = [_link(call, f"/jobs/{job.id}", "self", "This job")]
    if job.status == jobs.SUCCEEDED:
        rel = "http://www.opengis.net/def/rel/ogc/1.0/results"
        links.append(_link(call, f"/jobs/{job.id}/results", rel, "The result"))
    messages = call.store.messages(job.id, newest=1)
    times = {
        "created": job.submitted, "started": job.started, "finished": job.finished, "updated": job.updated
    }  # fmt: skip
    return {
        "jobID": job.id,
        "id": job.id,
        "processID": PROCESS,
        "type": "process",
        "processingEntityType": "process",
        "status": STATES[job.status],
        "message": messages[-1].text if messages else STATES[job.status],
        "progress": 100 if job.status == jobs.SUCCEEDED else int(100 * job.progress),
        **{name: as_time(at) for name, at in times.items() if at is not None},
        "links": links,
    }


def problem(status: int, kind: str, detail: str, title: str = "") -> Response:
    """Returns an error as RFC 7807 has it."""
    document = {
        "type": f"{EXCEPTIONS}/{kind}" if kind else "about:blank",
        "title": title or kind.replace("-", " ") or "Error",
        "status": status,
        "detail": detail,
    }
    return as_json(document, status=status, mimetype=PROBLEM)


def error_answer(call: Call | None, error: ClassifyPixelsError) -> Response:
    """Returns an error of a request."""
    text = str(error) if call is None else call.settings.gate.shown(str(error))
    status = STATUSES.get(type(error), 400)
    found = problem(status, KINDS.get(type(error), ""), text, ERROR_TITLES.get(status, ""))
    if status == 401:
        found.headers["WWW-Authenticate"] = "Bearer"
    return with_retry(found, status)


def _body(call: Call) -> Mapping[str, Any]:
    document = read_json("body", call.request.get_data(cache=False))
    if document is None:
        raise ParameterRefusedError(parameter="body", reason=Phrase("it is not JSON"))
    check_json("body", document)
    if not isinstance(document, dict) or not isinstance(document.get("inputs", {}), dict):
        raise ParameterRefusedError(parameter="body", reason=Phrase("it is not an object with inputs"))
    if document.get("subscriber"):
        raise ParameterRefusedError(parameter="subscriber", reason=Phrase("the service sends no callbacks"))
    if document.get("response", "document") not in ("document", "raw"):
        raise ParameterRefusedError(parameter="response", reason=Phrase("a result is sent as a document"))
    _check_outputs(document.get("outputs") or {})
    return document


def _check_outputs(outputs: Any) -> None:
    """Raises for outputs of other names, kinds or formats than there are."""
    if not isinstance(outputs, dict):
        raise ParameterRefusedError(parameter="outputs", reason=Phrase("it is not an object"))
    for name, wanted in outputs.items():
        parameter, wanted = f"outputs.{name}", wanted if isinstance(wanted, dict) else {}
        if name not in OUTPUTS:
            raise ParameterRefusedError(parameter=parameter, reason=Phrase("there is no such output"))
        if wanted.get("transmissionMode", "reference") != "reference":
            raise ParameterRefusedError(parameter=parameter, reason=Phrase("a result is sent by reference"))
        form = wanted.get("format")
        kind = form.get("mediaType") if isinstance(form, dict) else None
        if kind is not None and str(kind).partition(";")[0].strip().lower() != OUTPUTS[name]:
            reason = Phrase("it has no other format than {form}", {"form": OUTPUTS[name]})
            raise ParameterRefusedError(parameter=parameter, reason=reason)


def _inputs_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the parameters of the operation; values may be wrapped, and references called href."""
    given = {name: _unwrapped(value) for name, value in document.get("inputs", {}).items()}
    if OUTPUT_NAME in given:
        if OUTPUT in given or OTHER_OUTPUT in given:
            raise ParameterRefusedError(parameter=OUTPUT_NAME, reason=Phrase("it has two different values"))
        given[OUTPUT] = given.pop(OUTPUT_NAME)
    return given


def _unwrapped(value: Any) -> Any:
    if isinstance(value, list):
        return [_unwrapped(each) for each in value]
    if isinstance(value, dict) and "href" in value:
        text = str(value["href"])
        others = {key: each for key, each in value.items() if key not in LINK}
        return {**others, "url" if text.lower().startswith(("http://", "https://")) else "uri": text}
    if (
        isinstance(value, dict)
        and "value" in value
        and set(value) <= {"value", "mediaType", "encoding", "schema", "format"}
    ):
        return value["value"]
    return value


def _summary(call: Call) -> dict[str, Any]:
    return {
        "id": PROCESS,
        "title": "Classify pixels using deep learning",
        "description": "Runs a segmentation model over a raster and writes a class map.",
        "version": version(),
        "jobControlOptions": ["async-execute", "dismiss"],
        "outputTransmission": ["reference"],
        "links": [_link(call, f"/processes/{PROCESS}", "self", "The process")],
    }


def _input(name: str) -> dict[str, Any]:
    title, description, schema = INPUTS[name]
    least = int(name in REQUIRED)
    return {"title": title, "description": description, "minOccurs": least, "maxOccurs": 1, "schema": dict(schema)}


def _outputs() -> dict[str, Any]:
    raster = {"type": "string", "contentMediaType": GEOTIFF, "contentEncoding": "binary"}
    row = {"type": "object", "properties": {"value": {"type": "integer"}, "name": {"type": "string"}}}
    return {
        "outRaster": {"title": "Class map", "schema": raster},
        "classes": {
            "title": "Classes with pixels and areas (square metres)",
            "schema": {"type": "array", "items": row},
        },
    }


def _link(call: Call, path: str, rel: str, title: str, kind: str = "application/json") -> dict[str, str]:
    return {"href": call.url(f"{BASE}{path}"), "rel": rel, "type": kind, "title": title}


def _whole(call: Call, name: str, default: int, least: int, most: int) -> int:
    text = call.values.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) < 12 and least <= int(text)):
        reason = Phrase("it is not a whole number from {least}", {"least": least})
        raise ParameterRefusedError(parameter=name, reason=reason)
    return min(int(text), most)
