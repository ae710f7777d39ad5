# SPDX-License-Identifier: GPL-2.0-or-later
"""The files of a finished job, whole and in ranges, as GDAL's /vsicurl/ and browsers ask for them."""

from __future__ import annotations

from pathlib import Path

from werkzeug.utils import send_file
from werkzeug.wrappers import Response

from ..inference.phrase import Phrase
from . import jobs
from .errors import ResultMissingError
from .jobs import Job
from .web import Call

TYPES = {".tif": "image/tiff; application=geotiff; profile=cloud-optimized", ".vrt": "application/xml"}


def result_path(call: Call, job: Job, name: str = "") -> Path:
    """Returns a file of a result, by default the first; raises a ResultMissingError.

    Only names that the job itself wrote into the store are known.
    """
    files = job.result["files"] if job.status == jobs.SUCCEEDED and job.result else []
    chosen = name or next(iter(files), "")
    path = call.store.folder_of(job.id) / chosen
    folder = call.store.folder_of(job.id).resolve()
    # A link in the folder of a job would show any file of the server.
    if chosen not in files or not path.is_file() or folder not in path.resolve().parents:
        raise ResultMissingError(job=job.id, reason=Phrase("it has no file {file}", {"file": chosen}))
    return path


def result_file(call: Call, job_id: str, name: str) -> Response:
    """Returns a file, or the range of it that the request names."""
    path = result_path(call, call.job(job_id), name)
    found = send_file(
        path, call.request.environ, mimetype=TYPES.get(path.suffix, "application/octet-stream"), conditional=True,
        etag=True, max_age=0,
    )  # fmt: skip
    found.headers["Accept-Ranges"] = "bytes"
    return found
