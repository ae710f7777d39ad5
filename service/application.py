# SPDX-License-Identifier: GPL-2.0-or-later
"""The WSGI application: a request in, its route and owner found, an answer out."""

from __future__ import annotations

import fcntl
import logging
import os
import re
import sqlite3
import threading
import time
from collections.abc import Iterable, Mapping
from typing import Any, Callable
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from ..inference.errors import ClassifyPixelsError
from ..inference.new_files import NO_FOLLOW
from ..inference.phrase import printable
from . import gpserver, imageserver, ogc, pages, portal, results
from .errors import STATUSES, StoreUnavailableError, TokenInvalidError, TokenMissingError
from .jobs import BUSY_FRONT, JobStore
from .settings import Settings
from .sign_ins import SignIns
from .web import COOKIE, FORMS, VERSION, Call, as_json, token_of, with_retry

LOG = logging.getLogger("classify_pixels.service")

Endpoint = Callable[..., Response]

TASK = f"{gpserver.BASE}/{gpserver.TASK}"
IMAGES = "/arcgis/rest/services/results/<job_id>/ImageServer"
# Paths whose errors are those that ArcGIS's clients read.
ESRI = ("/arcgis", f"{portal.ROOT}/")
LOCAL = ("127.0.0.1", "localhost", "::1")
MOST_FIELDS = 1000
# A name or number of a host, and a port.
HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(:[0-9]{1,5})?")

BOTH, READ = ("GET", "POST"), ("GET",)
ROUTES: tuple[tuple[str, tuple[str, ...], Endpoint], ...] = (
    (gpserver.BASE, BOTH, gpserver.service),
    (TASK, BOTH, gpserver.task),
    (f"{TASK}/submitJob", BOTH, gpserver.submit_job),
    (f"{TASK}/jobs", BOTH, gpserver.job_list),
    (f"{TASK}/jobs/<job_id>", BOTH, gpserver.job_status),
    (f"{TASK}/jobs/<job_id>/inputs/<name>", BOTH, gpserver.job_input),
    (f"{TASK}/jobs/<job_id>/results/<name>", BOTH, gpserver.job_result),
    (f"{TASK}/jobs/<job_id>/cancel", BOTH, gpserver.cancel_job),
    (IMAGES, BOTH, imageserver.describe),
    (f"{IMAGES}/exportImage", BOTH, imageserver.export_image),
    (f"{IMAGES}/legend", BOTH, imageserver.legend),
    (f"{IMAGES}/rasterAttributeTable", BOTH, imageserver.attribute_table),
    (f"{IMAGES}/thumbnail", READ, imageserver.thumbnail),
    ("/tiles/<job_id>/<int:z>/<int:x>/<int:y>.png", READ, imageserver.map_tile),
    ("/files/<job_id>/<path:name>", READ, results.result_file),
    ("/ogc/", READ, ogc.landing),
    ("/ogc/api", READ, ogc.api),
    ("/ogc/conformance", READ, ogc.conformance),
    ("/ogc/processes", READ, ogc.processes),
    ("/ogc/processes/<process_id>", READ, ogc.process),
    ("/ogc/processes/<process_id>/execution", ("POST",), ogc.execute),
    ("/ogc/jobs", READ, ogc.job_list),
    ("/ogc/jobs/<job_id>", READ, ogc.job_status),
    ("/ogc/jobs/<job_id>", ("DELETE",), ogc.dismiss),
    ("/ogc/jobs/<job_id>/results", READ, ogc.job_results),
)
# Routes that change something: a page of another site must not send a browser to them.
CHANGING = (gpserver.submit_job, gpserver.cancel_job, ogc.execute, ogc.dismiss, *portal.CHANGING)


class Application:
    """The service as a WSGI callable; any number of threads and processes may run it."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._store = settings, JobStore(settings.jobs, BUSY_FRONT)
        routes = (*ROUTES, *self._own_routes(), *(portal.ROUTES if settings.portal else ()))
        rules = [Rule(path, methods=methods, endpoint=endpoint) for path, methods, endpoint in routes]
        self._map = Map(rules, strict_slashes=False, redirect_defaults=False, merge_slashes=False)
        self._hosts = {*LOCAL, (urlsplit(settings.address).hostname or "").lower()}
        self._origin = _origin_of(settings.address)
        self._sign_ins = SignIns(settings)
        self._requests: dict[int, int] = {}
        self._counting = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answers a request."""
        started, request = time.monotonic(), Request(environ)
        request.max_content_length = request.max_form_memory_size = self._settings.limits.body
        response = self._answered(request)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Content-Security-Policy"] = pages.POLICY
        # With no-referrer, browsers send our own forms with "Origin: null", as a page of another site would.
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers.setdefault("Cache-Control", "no-store")
        with self._counting:
            self._requests[response.status_code] = self._requests.get(response.status_code, 0) + 1
        # Neither query nor headers, which may hold a token.
        path, seconds = printable(request.path), time.monotonic() - started
        LOG.info("%s %s %s %.3f s", request.method, path, response.status_code, seconds)
        return response(environ, start_response)

    def _own_routes(self) -> tuple[tuple[str, tuple[str, ...], Endpoint], ...]:
        return (
            ("/", READ, self._front),
            ("/sign-in", BOTH, self._sign_in),
            ("/health", READ, self._health),
            ("/metrics", READ, self._metrics),
            ("/arcgis/rest/info", BOTH, self._info),
        )

    def _answered(self, request: Request) -> Response:
        call: Call | None = None
        try:
            host = self._checked_host(request)
            _check_fields(request)
            endpoint, values = self._map.bind("").match(request.path, request.method)
            if endpoint in CHANGING or endpoint == self._sign_in:
                self._check_origin(request, host)
            owner = "" if endpoint.__name__ in OPEN else self._owner_of(request, token_of(request))
            call = Call(self._settings, self._store, request, owner)
            found: Response = endpoint(call, **values)
            return found
        except ClassifyPixelsError as error:
            return _error(request, call, error)
        except HTTPException as error:
            return _http_error(request, error)
        except sqlite3.Error as error:
            LOG.error("The database of the jobs: %s", error)
            return _error(request, call, StoreUnavailableError(reason=error))

    def _checked_host(self, request: Request) -> str:
        """Returns the host that a request names; refuses one that is not this service."""
        found = HOST.fullmatch(request.environ.get("HTTP_HOST", ""))
        host = found[1].strip("[]").lower() if found else ""
        if host not in self._hosts:
            raise _Misdirected
        return host

    def _check_origin(self, request: Request, host: str) -> None:
        """Refuses requests that a page of another site, or of another port, has sent a browser to.

        A proxy may drop the port of the Host header, so that it says nothing of the origin of public pages.
        """
        if request.method == "HEAD":
            raise MethodNotAllowed(["GET", "POST"])
        origin = request.headers.get("Origin", self._origin).lower()
        own = (self._origin, *([f"http://{request.environ['HTTP_HOST']}".lower()] if host in LOCAL else []))
        if origin not in own or request.headers.get("Sec-Fetch-Site", "none") in ("cross-site", "same-site"):
            raise _CrossSite

    def _owner_of(self, request: Request, token: str) -> str:
        return self._sign_ins.owner_of(token, request.remote_addr or "")

    def _front(self, call: Call) -> Response:
        return Response(status=303, headers={"Location": gpserver.BASE})

    def _info(self, call: Call) -> Response:
        return as_json({"currentVersion": VERSION, "authInfo": {"isTokenBasedSecurity": False}})

    def _sign_in(self, call: Call) -> Response:
        """Keeps a token in a cookie, for the pages alone."""
        if call.request.method == "GET":
            return pages.as_page(pages.sign_in_page())
        token = call.request.form.get("token", "")
        try:
            self._owner_of(call.request, token)
        except (TokenInvalidError, TokenMissingError) as error:
            return pages.as_page(pages.sign_in_page(str(error)), status=401)
        found = Response(status=303, headers={"Location": f"{TASK}/jobs"})
        secure = self._settings.address.startswith("https:")
        found.set_cookie(COOKIE, token, httponly=True, samesite="Strict", secure=secure)
        return found

    def _health(self, call: Call) -> Response:
        try:
            counts, fault = self._store.counts(), "" if self._dispatcher_works() else "no dispatcher"
        except sqlite3.Error:
            counts, fault = {}, "no database"
        return as_json({"status": fault or "ok", "jobs": counts}, status=503 if fault else 200)

    def _metrics(self, call: Call) -> Response:
        """Returns https://prometheus.io/docs/instrumenting/exposition_formats/ ."""
        counts, tokens = self._store.counts(), self._sign_ins
        jobs = {f'state="{state}"': counts.get(state, 0) for state in gpserver.STATES}
        requests = {f'status="{status}"': count for status, count in sorted(self._requests.items())}
        refused = {'reason="wrong"': tokens.wrong, 'reason="limit"': tokens.exceeded}
        text = (
            _metric("jobs", "gauge", "Jobs by state.", jobs)
            + _metric("dispatcher", "gauge", "1 while a dispatcher works.", {"": int(self._dispatcher_works())})
            + _metric("requests_total", "counter", "Answers of this process by status.", requests)
            + _metric("tokens_refused_total", "counter", "Tokens that this process refused.", refused)
        )
        return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")

    def _dispatcher_works(self) -> bool:
        """Returns True while a dispatcher holds its lock."""
        try:
            file = os.open(self._settings.jobs / "dispatcher.lock", os.O_RDWR | NO_FOLLOW)
        except OSError:
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(file)
        return False


# Endpoints without a token: they show numbers alone, or ask for one.
OPEN = ("_health", "_metrics", "_sign_in", "_info", "_front", *portal.OPEN)


def _metric(name: str, kind: str, help_text: str, values: Mapping[str, int]) -> str:
    """Returns a metric with its values by label."""
    name = f"classify_pixels_{name}"
    lines = [f"{name}{{{label}}} {value}" if label else f"{name} {value}" for label, value in values.items()]
    return "\n".join((f"# HELP {name} {help_text}", f"# TYPE {name} {kind}", *lines, ""))


def _check_fields(request: Request) -> None:
    """Refuses a form of more fields than any page or client sends, whose reading takes seconds."""
    is_form = request.mimetype == "application/x-www-form-urlencoded"
    if is_form and request.get_data().count(b"&") > MOST_FIELDS:
        raise RequestEntityTooLarge


def _origin_of(address: str) -> str:
    """Returns scheme, host and port of an address as a browser writes them, without the usual port."""
    parts = urlsplit(address.lower())
    return f"{parts.scheme}://{parts.netloc.removesuffix({'http': ':80', 'https': ':443'}.get(parts.scheme, ':'))}"


class _Misdirected(HTTPException):
    code, description = 421, "This is not the address of the service."


class _CrossSite(HTTPException):
    code, description = 403, "A page of another site sent this request."


def _error(request: Request, call: Call | None, error: ClassifyPixelsError) -> Response:
    """Returns an error in the words of the protocol of the path."""
    if request.path.startswith("/ogc"):
        return ogc.error_answer(call, error)
    if request.path.startswith(f"{portal.ROOT}/"):
        return gpserver.error_answer(call, error, "json")
    if request.path.startswith("/arcgis"):
        form = request.values.get("f") or "html"
        return gpserver.error_answer(call, error, form if form in FORMS else "json")
    text = str(error) if call is None else call.settings.gate.shown(str(error))
    status = STATUSES.get(type(error), 400)
    return with_retry(pages.as_page(pages.error_page(text, status == 401), status=status), status)


def _http_error(request: Request, error: HTTPException) -> Response:
    code, text = error.code or 500, error.description or ""
    headers = [(name, value) for name, value in error.get_headers() if name in ("Allow", "Content-Range")]
    if request.path.startswith("/ogc"):
        kind = "no-such-process" if isinstance(error, NotFound) else ""
        found = ogc.problem(code, kind if request.path.startswith("/ogc/processes/") else "", text, error.name)
    elif request.path.startswith(ESRI) and not isinstance(error, (_Misdirected, _CrossSite, MethodNotAllowed)):
        found = as_json({"error": {"code": code, "message": text, "details": []}}, status=200 if code == 404 else code)
    else:
        found = pages.as_page(pages.error_page(text), status=code)
    found.headers.extend(headers)
    return found
