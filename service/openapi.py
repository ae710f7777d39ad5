# SPDX-License-Identifier: GPL-2.0-or-later
"""The definition of the OGC API as OpenAPI 3.0, with the standard's own schemas by their addresses."""

from __future__ import annotations

from typing import Any

from ..inference.version import version

# Selections of jobs.
TEXTS = ("status", "processID", "type")
SCHEMAS = "http://schemas.opengis.net/ogcapi/processes/part1/1.0/openapi/schemas"


def definition(address: str) -> dict[str, Any]:
    """Returns the definition of a service at an address."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Classify Pixels",
            "version": version(),
            "description": "Classification of rasters with deep learning models",
            "license": {"name": "GPL-2.0-or-later", "url": "https://spdx.org/licenses/GPL-2.0-or-later.html"},
        },
        "servers": [{"url": address}],
        "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
        "paths": {
            "/": {"get": _operation("getLandingPage", "The landing page", "landingPage")},
            "/conformance": {"get": _operation("getConformance", "The conformance classes", "confClasses")},
            "/api": {"get": _operation("getApi", "This definition", "")},
            "/processes": {"get": _operation("getProcesses", "The processes", "processList")},
            "/processes/{processId}": {
                "parameters": [_path_parameter("processId")],
                "get": _operation("getProcess", "A process", "process", missing="no-such-process"),
            },
            "/processes/{processId}/execution": {
                "parameters": [_path_parameter("processId")],
                "post": _execution(),
            },
            "/jobs": {
                "get": {
                    **_operation("getJobs", "The jobs, newest first", "jobList"),
                    "parameters": [
                        _query("limit", 1),
                        _query("offset", 0),
                        *map(_text, TEXTS),
                    ],
                }
            },
            "/jobs/{jobId}": {
                "parameters": [_path_parameter("jobId")],
                "get": _operation("getStatus", "The state of a job", "statusInfo", missing="no-such-job"),
                "delete": _operation("dismiss", "Cancel or remove a job", "statusInfo", missing="no-such-job"),
            },
            "/jobs/{jobId}/results": {
                "parameters": [_path_parameter("jobId")],
                "get": _operation("getResult", "The result of a job", "results", missing="result-not-ready"),
            },
        },
    }


def _operation(name: str, summary: str, schema: str, missing: str = "") -> dict[str, Any]:
    responses: dict[str, Any] = {"200": _answer(summary, schema), "default": _answer("An error", "exception", True)}
    if missing:
        responses["404"] = _answer(missing, "exception", True)
    return {"operationId": name, "summary": summary, "responses": responses}


def _execution() -> dict[str, Any]:
    created = {
        **_answer("The job that was created", "statusInfo"),
        "headers": {"Location": {"description": "The address of the job", "schema": {"type": "string"}}},
    }
    content = {"application/json": {"schema": {"$ref": f"{SCHEMAS}/execute.yaml"}}}
    return {
        "operationId": "execute",
        "summary": "Add a job",
        "requestBody": {"required": True, "content": content},
        "responses": {
            "201": created,
            "404": _answer("no-such-process", "exception", True),
            "default": _answer("An error", "exception", True),
        },
    }


def _answer(description: str, schema: str, is_problem: bool = False) -> dict[str, Any]:
    kind = "application/problem+json" if is_problem else "application/json"
    found = {"$ref": f"{SCHEMAS}/{schema}.yaml"} if schema else {"type": "object"}
    return {"description": description, "content": {kind: {"schema": found}}}


def _path_parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _query(name: str, least: int) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": {"type": "integer", "minimum": least}}


def _text(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}
