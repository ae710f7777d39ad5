# SPDX-License-Identifier: GPL-2.0-or-later
"""HTTP requests with QGIS's proxies, certificates and sign-in, with timeout, retries and Cancel.

QgsBlockingNetworkRequest is no replacement (measured with QGIS 3.22). On status 401 it asks for a password through
the main thread, and hangs if that thread waits for the request, as in qgis_process. It follows redirects to any host
and signs in there with the same authentication configuration. It keeps responses of any length in memory, treats an
empty response as an error, and reports a cancelled request as an empty success. Each request here therefore has a
separate network manager, which asks for no password, and `_fetch` follows the redirects.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Callable
from urllib.parse import urlsplit

from qgis.core import QgsApplication, QgsNetworkAccessManager
from qgis.PyQt.QtCore import QEventLoop, QTimer, QUrl, QUrlQuery
from qgis.PyQt.QtNetwork import QNetworkReply, QNetworkRequest

from ..inference.errors import AddressError, RunCancelledError
from ..inference.new_files import PART, new_token, open_new, write_whole
from ..inference.phrase import Phrase
from ..inference.raster.web.fetch import ERROR_LENGTH, esri_error
from ..inference.redaction import without_secrets
from ..inference.sha256 import file_sha256

# Seconds before each retry.
PAUSES = (0.5, 1.0, 2.0)
TIMEOUT = 60.0
# Seconds between checks for Cancel.
ATTENTION = 0.1
MAX_REDIRECTS = 5
# Most bytes of a response in memory, because a server could send without end.
MOST = 64 * 1024**2
NOT_MODIFIED, PARTIAL = 304, 206
CHUNK = 1024**2
ABSENT = frozenset((404, 410))
SUCCESSES = frozenset((0, 200, 203, PARTIAL))
PASSING = frozenset((408, 429, 500, 502, 503, 504))

Sink = Callable[[bytes], object]
Headers = tuple[tuple[str, str], ...]
IsCancelled = Callable[[], bool]

_current = threading.local()


@contextmanager
def cancelled_by(is_cancelled: IsCancelled) -> Iterator[None]:
    """Ends requests of this thread in the block when `is_cancelled` returns True."""
    before = current_cancellation()
    _current.is_cancelled = is_cancelled
    try:
        yield
    finally:
        _current.is_cancelled = before


def current_cancellation() -> IsCancelled:
    """Returns the cancel check of this thread's requests; sources keep it for their reading threads."""
    return getattr(_current, "is_cancelled", None) or _never


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Access:
    """Sign-in: a QGIS authentication configuration, an ArcGIS token, additional headers, or none."""

    authcfg: str = ""
    token: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def access_to(address: str, access: Access, own: str) -> Access:
    """Returns the sign-in for an address: that for the host of `own`, none for any other host."""
    return access if urlsplit(address).netloc.lower() == urlsplit(own).netloc.lower() else Access()


@dataclass(frozen=True)
class Content:
    """A response, and the sign-in for addresses in it: none if it came from another host."""

    data: bytes
    access: Access


class AbsentError(AddressError):
    """The server reports the address as missing (404, 410)."""


class TooLongError(AddressError):
    """The response has more bytes than it may have."""


class _PassingError(Exception):
    """A temporary failure, worth a retry."""


@dataclass(frozen=True)
class _Answer:
    status: int
    redirect: QUrl
    reason: str | Phrase
    passing: bool
    etag: str
    access: Access = Access()


@dataclass
class _Inflow:
    """Passes on a response as it arrives, and ends the request beyond `most` bytes.

    `restart` is called before the first piece of a whole response if only its rest was requested.
    """

    sink: Sink
    most: int | None
    restart: Callable[[], object] | None = None
    length: int = field(default=0, init=False)

    @property
    def is_too_long(self) -> bool:
        return self.most is not None and self.length > self.most

    def drain(self, reply: QNetworkReply) -> None:
        """Passes on the content of a success; discards that of redirects and errors."""
        if not reply.isOpen() or self.is_too_long:
            return
        piece = bytes(reply.readAll())
        if self.restart and not self.length and _status(reply) != PARTIAL and _status(reply) in SUCCESSES:
            self.restart()
        self.length += len(piece)
        if self.is_too_long:
            # An exception must not leave a Qt slot.
            reply.abort()
        elif _status(reply) in SUCCESSES:
            self.sink(piece)


def get_json(url: str, params: Mapping[str, str], access: Access) -> dict[str, Any]:
    """Returns the JSON object at an address; ArcGIS errors sent as a success are raised."""
    return _with_tries(url, lambda: _json_object(url, _read(url, params, access, TIMEOUT, MOST).data))


def get_bytes(
    url: str, params: Mapping[str, str], access: Access = Access(), timeout: float = TIMEOUT, most: int = MOST
) -> bytes:
    """Returns the content of an address; ArcGIS errors sent as a success are raised.

    A response of more than `most` bytes is an AddressError.
    """
    return get_content(url, params, access, timeout, most).data


def get_content(
    url: str, params: Mapping[str, str], access: Access = Access(), timeout: float = TIMEOUT, most: int = MOST
) -> Content:
    """Returns the content of an address like `get_bytes`, with the sign-in for addresses in it."""
    return _with_tries(url, lambda: _read(url, params, access, timeout, most))


def download(
    url: str, target: Path, params: Mapping[str, str], access: Access = Access(), timeout: float = TIMEOUT
) -> None:
    """Saves the content of an address in pieces, so that large files do not fill the memory.

    An existing file, unchanged since its download, is kept if the server confirms its ETag.
    """
    mark = target.with_name(f"{target.name}.etag")
    known = _known_etag(mark, target)
    conditions = (("If-None-Match", known),) if known else ()
    partial = target.with_name(f".{new_token()}{PART}")

    def once() -> _Answer:
        partial.unlink(missing_ok=True)
        with open_new(partial) as file:
            answer = _fetch(url, params, access, timeout, _Inflow(file.write, None), conditions)
        with partial.open("rb") as file:
            _refuse_esri_error(url, file.read(ERROR_LENGTH))
        return answer

    try:
        answer = _with_tries(url, once)
        if answer.status != NOT_MODIFIED:
            digest = file_sha256(partial)
            partial.replace(target)
            write_whole(mark, f"{answer.etag}\n{digest}\n")
    finally:
        partial.unlink(missing_ok=True)


def append_rest(url: str, partial: Path, access: Access, sink: Sink, most: int | None) -> None:
    """Appends the missing rest of an address's content to a file, which survives a failure; `sink` gets the new bytes.

    A server that sends the whole content replaces the file. The caller compares the file with a digest. A response of
    more than `most` bytes is a TooLongError; None is no limit.
    """

    def once() -> None:
        with partial.open("ab") as file:
            start = file.seek(0, 2)

            def take(piece: bytes) -> None:
                file.write(piece)
                sink(piece)

            conditions = (("Range", f"bytes={start}-"),) if start else ()
            _fetch(url, {}, access, TIMEOUT, _Inflow(take, most, lambda: file.truncate(0)), conditions)

    _with_tries(url, once)


def _known_etag(mark: Path, target: Path) -> str:
    """Returns the ETag of a downloaded file, empty if the file has changed since."""
    try:
        etag, digest = mark.read_text(encoding="utf-8").splitlines()
        return etag if digest == file_sha256(target) else ""
    except (OSError, ValueError):
        return ""


def without_query(url: str) -> str:
    """Returns an address for messages, without query and user, which may hold secrets."""
    return without_secrets(url)


def _with_tries(url: str, once: Callable[[], Any]) -> Any:
    for pause in (*PAUSES, None):
        try:
            return once()
        except _PassingError as error:
            if pause is None:
                reason = Phrase("{error} ({count} tries)", {"error": error, "count": len(PAUSES) + 1})
                raise AddressError(address=without_query(url), reason=reason) from error
            wait(pause)
    return None


def wait(seconds: float) -> None:
    """Waits in an event loop, ended by Cancel, because this may be the main thread."""
    _run_loop(seconds)
    _stop_if_cancelled()


def _run_loop(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    with _watched(loop.quit):
        loop.exec()


@contextmanager
def _watched(stop: Callable[[], object]) -> Iterator[None]:
    """Calls `stop` if the user cancels in the block."""
    is_cancelled = current_cancellation()
    timer = QTimer()
    timer.timeout.connect(lambda: is_cancelled() and stop())
    timer.start(int(ATTENTION * 1000))
    try:
        yield
    finally:
        timer.stop()


def _stop_if_cancelled() -> None:
    """Raises a RunCancelledError; its traceback must hold no Qt object, which could be deleted in another thread."""
    if current_cancellation()():
        raise RunCancelledError


def _read(url: str, params: Mapping[str, str], access: Access, timeout: float, most: int) -> Content:
    pieces: list[bytes] = []
    answer = _fetch(url, params, access, timeout, _Inflow(pieces.append, most))
    content = b"".join(pieces)
    _refuse_esri_error(url, content)
    return Content(content, answer.access)


def _fetch(
    url: str, params: Mapping[str, str], access: Access, timeout: float, inflow: _Inflow, conditions: Headers = ()
) -> _Answer:
    """Follows redirects, because Qt would send the sign-in to other hosts; they get the conditions alone."""
    address = _address(url, params, access.token)
    for _ in range(MAX_REDIRECTS + 1):
        answer = _exchange(_request(address, access, timeout, conditions), access.authcfg, timeout, inflow)
        _stop_if_cancelled()
        if answer.passing:
            raise _PassingError(answer.reason)
        if answer.status in ABSENT:
            raise AbsentError(address=without_query(url), reason=answer.reason)
        if inflow.is_too_long and answer.status < 400:
            raise TooLongError(address=without_query(url), reason=answer.reason)
        if answer.reason:
            raise AddressError(address=without_query(url), reason=answer.reason)
        if answer.redirect.isEmpty():
            return replace(answer, access=access)
        target = address.resolved(answer.redirect)
        if target.scheme() not in ("https", address.scheme()):
            raise AddressError(address=without_query(url), reason=Phrase("it redirects to an insecure protocol"))
        access = access if target.authority() == address.authority() else Access()
        address = target
    raise AddressError(address=without_query(url), reason=Phrase("it redirects too often"))


def _exchange(request: QNetworkRequest, authcfg: str, timeout: float, inflow: _Inflow) -> _Answer:
    # The loop comes first: it sets up the timers of a thread not started by Qt.
    loop = QEventLoop()
    manager = _manager()
    reply = manager.get(request)
    _leave_unwatched(reply)
    if authcfg:
        QgsApplication.authManager().updateNetworkReply(reply, authcfg)
    reply.readyRead.connect(lambda: inflow.drain(reply))
    reply.finished.connect(loop.quit)
    with _watched(reply.abort):
        if not reply.isFinished():
            loop.exec()
    inflow.drain(reply)
    answer = _answer(reply, timeout)
    reply.close()
    return _without_end(answer, inflow.most) if inflow.is_too_long else answer


def _leave_unwatched(reply: QNetworkReply) -> None:
    """Disconnects PyQt from the deletion of a reply, of which it would hear later in the main thread.

    By then, a reply of another thread may have the same address and would be confused with the deleted one.
    """
    # PyQt has no connection if a reply reuses the address of an earlier one.
    with suppress(TypeError):
        reply.destroyed.disconnect()


def _without_end(answer: _Answer, most: int | None) -> _Answer:
    """Returns the answer for a response that was too long; a status of the server takes precedence as the reason."""
    if answer.status >= 400 or most is None:
        return answer
    reason = Phrase("its response is larger than {size} MB", {"size": most // 1024**2})
    return replace(answer, reason=reason, passing=False)


def _manager() -> QgsNetworkAccessManager:
    manager = QgsNetworkAccessManager()
    main = QgsNetworkAccessManager.instance()
    manager.setFallbackProxyAndExcludes(main.fallbackProxy(), main.excludeList(), main.noProxyList())
    return manager


def _request(address: QUrl, access: Access, timeout: float, conditions: Headers) -> QNetworkRequest:
    request = QNetworkRequest(address)
    request.setTransferTimeout(int(timeout * 1000))
    policy = QNetworkRequest.RedirectPolicy.ManualRedirectPolicy
    request.setAttribute(QNetworkRequest.Attribute.RedirectPolicyAttribute, policy)
    for name, value in (*conditions, *access.headers):
        request.setRawHeader(name.encode(), value.encode())
    if access.authcfg and not sign_in(request, access.authcfg):
        reason = Phrase("the authentication configuration {authcfg} cannot be used", {"authcfg": access.authcfg})
        raise AddressError(address=without_query(address.toString()), reason=reason)
    return request


def sign_in(request: QNetworkRequest, authcfg: str) -> bool:
    """Adds the sign-in; returns False if QGIS does not know or cannot decrypt the configuration."""
    manager = QgsApplication.authManager()
    done, _ = manager.updateNetworkRequest(request, authcfg)
    return bool(done) and bool(manager.configAuthMethodKey(authcfg))


def _address(url: str, params: Mapping[str, str], token: str) -> QUrl:
    address = QUrl(url)
    if not address.isValid() or address.scheme() not in ("http", "https") or not address.host():
        raise AddressError(address=without_query(url) or url, reason=Phrase("it is not an HTTP address"))
    query = QUrlQuery(address)
    if token:
        query.removeQueryItem("token")
    for name, value in {**params, **({"token": token} if token else {})}.items():
        query.addQueryItem(name, bytes(QUrl.toPercentEncoding(value)).decode())
    address.setQuery(query)
    return address


def _answer(reply: QNetworkReply, timeout: float) -> _Answer:
    status, error = _status(reply), reply.error()
    redirect = reply.attribute(QNetworkRequest.Attribute.RedirectionTargetAttribute)
    reason: str = ""
    passing = False
    if status >= 400:
        phrase = reply.attribute(QNetworkRequest.Attribute.HttpReasonPhraseAttribute) or ""
        reason, passing = f"it returned {status} {phrase}".strip(), status in PASSING
    elif error in (QNetworkReply.NetworkError.OperationCanceledError, QNetworkReply.NetworkError.TimeoutError):
        reason, passing = f"it did not respond within {timeout:g} seconds", True
    elif error != QNetworkReply.NetworkError.NoError:
        reason, passing = reply.errorString(), _may_pass(error)
    etag = bytes(reply.rawHeader(b"ETag")).decode("latin-1")
    return _Answer(status, redirect if isinstance(redirect, QUrl) else QUrl(), reason, passing, etag)


def _may_pass(error: QNetworkReply.NetworkError) -> bool:
    kinds = QNetworkReply.NetworkError
    return error in (
        kinds.RemoteHostClosedError, kinds.ConnectionRefusedError, kinds.TemporaryNetworkFailureError,
        kinds.NetworkSessionFailedError, kinds.UnknownNetworkError,
    )  # fmt: skip


def _status(reply: QNetworkReply) -> int:
    return int(reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute) or 0)


def _json_object(url: str, content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise AddressError(address=without_query(url), reason=Phrase("its response is not JSON")) from error
    if not isinstance(document, dict):
        raise AddressError(address=without_query(url), reason=Phrase("its response is not a JSON object"))
    return document


def _refuse_esri_error(url: str, content: bytes) -> None:
    """Raises for {"error": {"code", "message", "details"}}, which ArcGIS sends with status 200."""
    error = esri_error(content)
    if error is None:
        return
    text, passing = error
    if passing:
        raise _PassingError(text)
    raise AddressError(address=without_query(url), reason=text)
