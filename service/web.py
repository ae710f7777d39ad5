# SPDX-License-Identifier: GPL-2.0-or-later
"""Common to all protocols: a call, its owner and parameters, and its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote, quote_plus

from werkzeug.wrappers import Request, Response

from ..inference.errors import ClassifyPixelsError
from ..inference.phrase import Phrase
from ..inference.redaction import HIDDEN
from .errors import ParameterRefusedError
from .given_tokens import without_given_tokens
from .jobs import Job, JobStore
from .settings import SHORTEST_TOKEN, Settings
from .submission import DEFAULT_NAME, check_names, read_submission

COOKIE = "classify_pixels_token"
RETRY_AFTER = 30
TRY_LATER = (429, 503)
# The version of ArcGIS's REST API, and the forms of its answers, the first by default.
VERSION = 10.91
FORMS = ("html", "json", "pjson")


@dataclass(frozen=True)
class Call:
    """A request of an owner."""

    settings: Settings
    store: JobStore
    request: Request
    owner: str

    @property
    def values(self) -> dict[str, str]:
        """The parameters of query and form; raises a ParameterRefusedError for one with two different values."""
        found = {name: values for name, values in self.request.values.lists() if values}
        for name, values in found.items():
            # Clients append their token to addresses that may have one.
            if len({*values}) > 1 and name != "token":
                raise ParameterRefusedError(parameter=name, reason=Phrase("it has two different values"))
        return {name: values[0] for name, values in found.items()}

    def url(self, path: str) -> str:
        """Returns the public address of a path; never that in the Host header, which a caller chooses."""
        return self.settings.address.rstrip("/") + path

    def job(self, job_id: str) -> Job:
        """Returns a job of the owner; raises a JobUnknownError."""
        return self.store.read(job_id, self.owner)


def token_of(request: Request) -> str:
    """Returns the token in a header, a parameter or the cookie of the pages, empty if there is none."""
    for header in ("X-Esri-Authorization", "Authorization"):
        kind, _, token = request.headers.get(header, "").partition(" ")
        if kind.lower() == "bearer" and token.strip():
            return token.strip()
    given = request.values.get("token") if request.mimetype != "application/json" else request.args.get("token")
    return given or request.cookies.get(COOKIE, "")


def submit(call: Call, inputs: Mapping[str, Any], late: bool) -> Job:
    """Adds a job; refused content raises, or becomes a failed job where clients read no error of a submission.

    Raises the errors of missing and unknown parameters, and those of a full queue.
    """
    given, refusal, name = without_given_tokens(check_names(_without_token(call, inputs))), "", DEFAULT_NAME
    try:
        name = read_submission(given, call.settings.gate, bool(call.settings.limits.gpus)).name
    except ClassifyPixelsError as error:
        if not late:
            raise
        refusal = call.settings.gate.shown(str(error))
    most, own = call.settings.limits.waiting, call.settings.most_own
    return call.store.submit(call.owner, given, name, most, refusal, own)


def _without_token(call: Call, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Returns parameters without the caller's token, which ArcGIS's clients append to the addresses of layers.

    Parameters are stored and shown, and their addresses lead to other hosts.
    """
    token = token_of(call.request) if call.settings.owners else ""
    if len(token) < SHORTEST_TOKEN:
        return dict(inputs)
    text = json.dumps(dict(inputs))
    for form in {token, quote(token, safe=""), quote_plus(token)}:
        # As it stands in JSON, and in JSON within a text of JSON.
        once = json.dumps(form)[1:-1]
        text = text.replace(json.dumps(once)[1:-1], HIDDEN).replace(once, HIDDEN)
    found: dict[str, Any] = json.loads(text)
    return found


def form_of(call: Call, forms: Sequence[str]) -> str:
    """Returns the form of an answer, the first of these by default; raises a ParameterRefusedError for any other."""
    form = call.values.get("f") or forms[0]
    if form not in forms:
        raise ParameterRefusedError(parameter="f", reason=Phrase("its values are {names}", {"names": ", ".join(forms)}))
    return form


def as_json(document: Any, status: int = 200, pretty: bool = False, mimetype: str = "application/json") -> Response:
    """Returns a JSON answer, indented on request."""
    text = json.dumps(document, indent=2 if pretty else None, ensure_ascii=False)
    return Response(text.encode("utf-8", "replace"), status=status, content_type=mimetype)


def with_retry(found: Response, status: int) -> Response:
    """Returns an answer with the time after which to try again, if its status says so."""
    if status in TRY_LATER:
        found.headers["Retry-After"] = str(RETRY_AFTER)
    return found


def as_time(seconds: float | None) -> str | None:
    """Returns seconds since 1970 as RFC 3339 in UTC."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
