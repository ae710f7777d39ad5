# SPDX-License-Identifier: GPL-2.0-or-later
"""GPServer, the protocol of the operation's own document.

https://developers.arcgis.com/rest/services-reference/enterprise/gp-overview/ ; every resource takes GET and POST, and
f=json, pjson or html. Errors have the status 200, because Esri's clients read no others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable

from werkzeug.wrappers import Response

from ..inference.errors import ClassifyPixelsError
from ..inference.phrase import Phrase
from . import jobs, pages
from .errors import (
    STATUSES,
    JobUnknownError,
    ResultMissingError,
    TokenInvalidError,
    TokenMissingError,
)
from .items import ItemStore, output_item
from .jobs import Job
from .submission import ALL_ITEMS, OTHER_OUTPUT, OUTPUT, PARAMETERS, REQUIRED
from .web import FORMS, VERSION, Call, as_json, form_of, submit, with_retry

BASE = "/arcgis/rest/services/System/RasterAnalysisTools/GPServer"
TASK = "ClassifyPixelsUsingDeepLearning"
RESULT = "outRaster"

STATES = {
    jobs.SUBMITTED: "esriJobSubmitted",
    jobs.EXECUTING: "esriJobExecuting",
    jobs.CANCELLING: "esriJobCancelling",
    jobs.SUCCEEDED: "esriJobSucceeded",
    jobs.FAILED: "esriJobFailed",
    jobs.TIMED_OUT: "esriJobTimedOut",
    jobs.CANCELLED: "esriJobCancelled",
}
KINDS = {
    jobs.INFO: "esriJobMessageTypeInformative",
    jobs.WARNING: "esriJobMessageTypeWarning",
    jobs.ERROR: "esriJobMessageTypeError",
}
# Those that Esri's protocol has instead of the HTTP statuses.
CODES: Mapping[type[ClassifyPixelsError], int] = {
    **STATUSES,
    ResultMissingError: 400,
    TokenInvalidError: 498,
    TokenMissingError: 499,
}
# Parameters of a request, not of the operation, without effect on the result.
PASSIVE = frozenset("f token returnMessages returnZ returnM returnTrueCurves returnFeatureCollection".split())


def service(call: Call) -> Response:
    """Describes the service and its task."""
    document = {
        "currentVersion": VERSION,
        "serviceDescription": "Classification of rasters with deep learning models",
        "tasks": [TASK],
        "executionType": "esriExecutionTypeAsynchronous",
        "resultMapServerName": "",
        "maximumRecords": 1000,
        "capabilities": "",
        "schema": "",
    }
    return answer(call, document, lambda: pages.service_page(call, f"{BASE}/{TASK}"))


def task(call: Call) -> Response:
    """Describes the parameters of the task; clients take order and names of their functions from it."""
    document = {
        "name": TASK,
        "displayName": TASK,
        "description": "",
        "category": "",
        "helpUrl": "",
        "executionType": "esriExecutionTypeAsynchronous",
        "parameters": [*map(_parameter, PARAMETERS), _parameter(RESULT, is_output=True)],
    }
    return answer(call, document, lambda: pages.form_page(call, f"{BASE}/{TASK}/submitJob"))


def submit_job(call: Call) -> Response:
    """Adds a job; refused content becomes a failed job, because clients read no error here."""
    inputs = {name: value for name, value in call.values.items() if name not in PASSIVE}
    job = submit(call, inputs, late=True)
    document = {"jobId": job.id, "jobStatus": STATES[job.status]}
    if form_of(call, FORMS) == "html":
        return Response(status=303, headers={"Location": f"{BASE}/{TASK}/jobs/{job.id}"})
    return answer(call, document, lambda: "")


def job_list(call: Call) -> Response:
    """Lists the jobs of the owner, newest first."""
    found = call.store.jobs(call.owner, most=100)
    document = {"jobs": [{"jobId": job.id, "jobStatus": STATES[job.status]} for job in found]}
    return answer(call, document, lambda: pages.jobs_page(call, found, f"{BASE}/{TASK}"))


def job_status(call: Call, job_id: str) -> Response:
    """Returns state, messages, progress and results of a job."""
    job = call.job(job_id)
    return answer(call, status_of(call, job), lambda: pages.job_page(call, job, f"{BASE}/{TASK}"))


def job_input(call: Call, job_id: str, name: str) -> Response:
    """Returns a parameter as it was given."""
    job = call.job(job_id)
    name = PARAMETERS[1] if name == OTHER_OUTPUT else name
    if name not in PARAMETERS:
        raise JobUnknownError(job=f"{job_id}/{name}")
    document = {"paramName": name, "dataType": _type(name), "value": job.inputs.get(name)}
    return answer(call, document, lambda: pages.value_page(name, document["value"]))


def job_result(call: Call, job_id: str, name: str) -> Response:
    """Returns the addresses of the result."""
    job = call.job(job_id)
    if name != RESULT:
        raise JobUnknownError(job=f"{job_id}/{name}")
    document = {"paramName": RESULT, "dataType": "GPString", "value": result_of(call, job)}
    return answer(call, document, lambda: pages.value_page(name, document["value"]))


def cancel_job(call: Call, job_id: str) -> Response:
    """Cancels a job."""
    job = call.store.cancel(job_id, call.owner)
    if form_of(call, FORMS) == "html":
        return Response(status=303, headers={"Location": f"{BASE}/{TASK}/jobs/{job.id}"})
    return answer(call, {"jobId": job.id, "jobStatus": STATES[job.status]}, lambda: "")


def status_of(call: Call, job: Job) -> dict[str, Any]:
    """Returns the description of a job for clients."""
    wants_messages = call.values.get("returnMessages", "true").lower() != "false"
    messages = call.store.messages(job.id) if wants_messages else []
    document: dict[str, Any] = {
        "jobId": job.id,
        "jobStatus": STATES[job.status],
        "inputs": {name: {"paramUrl": f"inputs/{name}"} for name in PARAMETERS if name in job.inputs},
        "messages": [{"type": KINDS[message.kind], "description": message.text} for message in messages],
    }
    if job.status in (jobs.EXECUTING, jobs.CANCELLING):
        percent = int(100 * job.progress)
        document["progress"] = {"type": "default", "message": f"{percent} percent done", "percent": percent}
    if job.status == jobs.SUCCEEDED:
        document["results"] = {RESULT: {"paramUrl": f"results/{RESULT}"}}
    return document


def result_of(call: Call, job: Job) -> dict[str, str]:
    """Returns the result as the document has it; raises a ResultMissingError."""
    if job.status != jobs.SUCCEEDED or not job.result or not job.result["files"]:
        raise ResultMissingError(job=job.id, reason=Phrase("its state is {state}", {"state": STATES[job.status]}))
    return {
        "itemId": _item_of(call, job),
        "url": call.url(f"/arcgis/rest/services/results/{job.id}/ImageServer"),
        "uri": call.url(f"/files/{job.id}/{job.result['files'][0]}"),
    }


def _item_of(call: Call, job: Job) -> str:
    """Returns the item that the job was to fill, if the owner has it; clients expect it in the result."""
    item = output_item(job.inputs.get(OUTPUT)) if call.settings.portal else ""
    return item if item and ItemStore(call.settings.jobs).holds(item, job.owner) else ""


def answer(call: Call, document: Any, page: Callable[[], str]) -> Response:
    """Returns a document in the requested form."""
    form = form_of(call, FORMS)
    if form == "html":
        return pages.as_page(page())
    return as_json(document, pretty=form == "pjson")


def error_answer(call: Call | None, error: ClassifyPixelsError, form: str) -> Response:
    """Returns an error as clients expect it: status 200, and the code within."""
    code = CODES.get(type(error), 400)
    text = str(error) if call is None else call.settings.gate.shown(str(error))
    if form == "html":
        found = pages.as_page(pages.error_page(text, code in (498, 499)), status={498: 401, 499: 401}.get(code, code))
    else:
        found = as_json({"error": {"code": code, "message": text, "details": [text]}}, pretty=form == "pjson")
    return with_retry(found, code)


def _parameter(name: str, is_output: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "dataType": _type(name),
        "displayName": name,
        "description": "",
        "direction": f"esriGPParameterDirection{'Output' if is_output else 'Input'}",
        "defaultValue": None,
        "parameterType": f"esriGPParameterType{'Required' if name in (*REQUIRED, RESULT) else 'Optional'}",
        "category": "",
    }


def _type(name: str) -> str:
    return "GPBoolean" if name == ALL_ITEMS else "GPString"
