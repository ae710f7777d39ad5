# SPDX-License-Identifier: GPL-2.0-or-later
"""The files of a finished job, whole and in ranges, as GDAL's /vsicurl/ and browsers ask for them.

https://www.rfc-editor.org/rfc/rfc9110#name-range-requests : one range is honoured; several, and what is no range, are
ignored, which the standard allows.
"""

from __future__ import annotations

import io
import os
import re
from datetime import datetime, timezone
from pathlib import Path
from typing import BinaryIO

from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import wrap_file

from ..inference.phrase import Phrase
from . import jobs
from .errors import ResultMissingError
from .jobs import Job
from .web import Call

TYPES = {".tif": "image/tiff; application=geotiff; profile=cloud-optimized", ".vrt": "application/xml"}
# A first and a last byte, a first one, or a number of last ones.
RANGE = re.compile(r"bytes=([0-9]{1,100})-([0-9]{1,100})?|bytes=-([0-9]{1,100})", re.IGNORECASE)
# For its owner alone; a browser asks each time whether it is still there.
CACHE = "private, no-cache"


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
        raise _missing(job, chosen)
    return path


def result_file(call: Call, job_id: str, name: str) -> Response:
    """Returns a file, or the range of it that the request names."""
    job = call.job(job_id)
    path = result_path(call, job, name)
    try:
        # Opened before it is looked at: it may be removed at any time, and an open file stays readable.
        file = path.open("rb")
    except OSError:
        raise _missing(job, name) from None
    try:
        found = _answer(call.request, file)
    except BaseException:
        file.close()
        raise
    found.headers["Content-Type"] = TYPES.get(path.suffix, "application/octet-stream")
    found.headers["Content-Disposition"] = f"inline; filename={path.name}"
    return found


def _answer(request: Request, file: BinaryIO) -> Response:
    """Returns the whole file, one range of it, or none of it where a condition of the request says so."""
    status = os.fstat(file.fileno())
    size = status.st_size
    found = Response(direct_passthrough=True)
    found.set_etag(f"{status.st_mtime_ns:x}-{size:x}")
    found.last_modified = datetime.fromtimestamp(int(status.st_mtime), timezone.utc)
    found.accept_ranges, found.headers["Cache-Control"] = "bytes", CACHE
    if request.headers.get("If-Match", "").strip() != "*":
        found.make_conditional(request.environ)
    named = _part(request, found, size) if found.status_code == 200 else None
    if named is not None:
        found.status_code = 206
        found.headers["Content-Range"] = f"bytes {named.start}-{named.stop - 1}/{size}"
    part = range(size) if named is None else named
    if found.status_code in (200, 206):
        found.content_length = len(part)
    if request.method == "HEAD" or found.status_code not in (200, 206):
        file.close()
    else:
        # The server itself reads it, while no thread waits for a slow client.
        found.response = wrap_file(request.environ, _Part(file, part))  # type: ignore[arg-type]
    return found


def _part(request: Request, found: Response, size: int) -> range | None:
    """Returns the bytes that a request names, None without a range; raises for one beyond the end."""
    named = RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if named is None or request.method != "GET" or not _is_still(request, found):
        return None
    first, last, count = named.groups()
    if first is None:
        part = range(max(0, size - int(count)), size)
    elif last is not None and int(last) < int(first):
        return None
    else:
        part = range(int(first), min(size, int(last or size) + 1))
    if not part:
        raise RequestedRangeNotSatisfiable(length=size)
    return part


def _is_still(request: Request, found: Response) -> bool:
    """Returns True unless If-Range names another state of the file; a weak tag never names one exactly."""
    given = request.headers.get("If-Range", "").strip()
    return given in ("", found.headers["ETag"], found.headers["Last-Modified"])


def _missing(job: Job, name: str) -> ResultMissingError:
    return ResultMissingError(job=job.id, reason=Phrase("it has no file {file}", {"file": name}))


class _Part(io.RawIOBase):
    """Some bytes of a file as a file of their own."""

    def __init__(self, file: BinaryIO, part: range) -> None:
        self._file, self._part, self._at = file, part, 0

    def readable(self) -> bool:
        """Returns True."""
        return True

    def seekable(self) -> bool:
        """Returns True."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Sets and returns the position within the part."""
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: len(self._part)}[whence]
        return self._at

    def tell(self) -> int:
        """Returns the position within the part."""
        return self._at

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Reads from the position on; returns the number of bytes."""
        self._file.seek(self._part.start + self._at)
        count = self._file.readinto(memoryview(buffer)[: max(0, len(self._part) - self._at)])  # type: ignore[attr-defined]
        self._at += count
        return int(count)

    def close(self) -> None:
        """Closes the file as well."""
        self._file.close()
        super().close()
