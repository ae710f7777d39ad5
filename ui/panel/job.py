# SPDX-License-Identifier: GPL-2.0-or-later
"""A job of the panel: request, state and messages."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import Enum
from typing import Any

from ...inference.redaction import without_secrets

VERSION = 1
# Messages kept of a job: the first ones describe the run, the last ones its end.
FIRST_MESSAGES, LAST_MESSAGES = 100, 100


class JobState(Enum):
    """State of a job, named as in the operation; an interrupted job was under way at the end of QGIS."""

    SUBMITTED = "esriJobSubmitted"
    EXECUTING = "esriJobExecuting"
    CANCELLING = "esriJobCancelling"
    SUCCEEDED = "esriJobSucceeded"
    FAILED = "esriJobFailed"
    CANCELLED = "esriJobCancelled"
    INTERRUPTED = "interrupted"

    @property
    def over(self) -> bool:
        """True for final states."""
        return self not in (JobState.SUBMITTED, JobState.EXECUTING, JobState.CANCELLING)


@dataclass(frozen=True)
class JobMessage:
    """A sentence of a job's log; `kind` is info, warning or error."""

    text: str
    kind: str = "info"


@dataclass(frozen=True)
class JobRequest:
    """The input of a job, in texts and numbers only, for files and any thread.

    `source` and `provider` are those of the layer with the id `layer` and the name `raster`. `extent` has Esri's form,
    with spatial reference; None for the whole layer. `cell_size` is in units of the layer's CRS, only for a layer
    without native cells. `no_data` are the user's NoData ranges, by band. `is_whole` is False if the source lacks the
    query or sign-in of its address, which files do not keep. `settings` are texts of further parameters, by name.
    """

    source: str
    provider: str
    raster: str
    model: str
    output: str
    layer: str = ""
    extent: Mapping[str, Any] | None = None
    cell_size: float | None = None
    no_data: Mapping[int, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    is_whole: bool = True
    settings: Mapping[str, str] = field(default_factory=dict)

    def without_secrets(self) -> JobRequest:
        """Returns the request for a file, without secrets."""
        source = self.source and without_secrets(self.source)
        return self if source == self.source else replace(self, source=source, is_whole=False)


@dataclass(frozen=True)
class Job:
    """One run; `progress` is 0 to 1, times are in seconds, `created` since 1970.

    `left` and the progress message `text` are only known during the run.
    """

    request: JobRequest
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    created: float = field(default_factory=time.time)
    state: JobState = JobState.SUBMITTED
    progress: float = 0.0
    seconds: float = 0.0
    left: float | None = None
    text: str = ""
    messages: tuple[JobMessage, ...] = ()

    @property
    def warning(self) -> str:
        """The first warning of the run, empty for none."""
        return next((message.text for message in self.messages if message.kind == "warning"), "")

    @property
    def is_warned(self) -> bool:
        """True for a finished run whose map may be wrong."""
        return self.state is JobState.SUCCEEDED and bool(self.warning)

    def told(self, message: JobMessage) -> Job:
        """Returns the job with one more message."""
        return replace(self, messages=shortened((*self.messages, message)))

    def again(self) -> Job:
        """Returns the job reset for another run of the same request."""
        return replace(self, state=JobState.SUBMITTED, progress=0.0, seconds=0.0, left=None, text="", messages=())


def shortened(messages: tuple[JobMessage, ...]) -> tuple[JobMessage, ...]:
    """Returns the messages, without the middle ones if there are too many; of these, the first warning stays."""
    if len(messages) <= FIRST_MESSAGES + LAST_MESSAGES:
        return messages
    middle = messages[FIRST_MESSAGES:-LAST_MESSAGES]
    warnings = tuple(message for message in middle if message.kind == "warning")[:1]
    return messages[:FIRST_MESSAGES] + warnings + messages[-LAST_MESSAGES:]


def write_job(job: Job) -> str:
    """Returns a job as JSON, without the secrets of its raster's address."""
    kept = replace(job, request=job.request.without_secrets(), left=None, text="")
    document = {**asdict(kept), "version": VERSION, "state": job.state.value}
    return json.dumps(document, ensure_ascii=False, indent=1)


def read_job(text: str) -> Job:
    """Returns the job of a JSON text; raises a ValueError if it is invalid."""
    try:
        document = json.loads(text)
        return Job(
            request=_request(document["request"]),
            id=_text(document["id"]),
            created=float(document["created"]),
            state=JobState(document["state"]),
            progress=float(document["progress"]),
            seconds=float(document["seconds"]),
            messages=tuple(JobMessage(_text(m["text"]), _text(m["kind"])) for m in document["messages"]),
        )
    except (AttributeError, KeyError, RecursionError, TypeError) as error:
        raise ValueError(f"it is no job ({error})") from error


def _request(document: Mapping[str, Any]) -> JobRequest:
    extent, cell_size = document["extent"], document["cell_size"]
    ranges = document["no_data"].items()
    return JobRequest(
        **{name: _text(document[name]) for name in ("source", "provider", "raster", "model", "output", "layer")},
        extent=None if extent is None else dict(extent),
        cell_size=None if cell_size is None else float(cell_size),
        no_data={int(band): tuple((float(low), float(high)) for low, high in pairs) for band, pairs in ranges},
        # Earlier versions saved complete sources.
        is_whole=document.get("is_whole", True) is True,
        # Earlier versions had none.
        settings={_text(name): _text(value) for name, value in document.get("settings", {}).items()},
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
