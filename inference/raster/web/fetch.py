# SPDX-License-Identifier: GPL-2.0-or-later
"""Content of HTTP addresses for processes without QGIS, with the proxies and the sign-in of the environment."""

from __future__ import annotations

import http.client
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from ...errors import AddressError, SignInMissingError, SignInSettingError
from ...phrase import Phrase
from ...redaction import without_secrets
from .hosts import AllowedHosts, target_of

# A JSON object: for each server, as https://HOST or https://HOST:PORT, the header of its sign-in, NAME: VALUE.
SIGN_IN = "CLASSIFY_PIXELS_SIGN_IN"

# Seconds before each retry, and until a server must respond.
PAUSES = (0.5, 1.0, 2.0)
TIMEOUT = 60.0
AGENT = {"User-Agent": "ClassifyPixels"}
MOST_REDIRECTS = 5
REDIRECTS = frozenset((301, 302, 303, 307, 308))
ABSENT = frozenset((404, 410))
SUCCESSES = frozenset((200, 203))
PASSING = frozenset((408, 429, 500, 502, 503, 504))
# Longest error response of ArcGIS.
ERROR_LENGTH = 65536
WEB = ("http", "https")
# Most seconds of one response, and the bytes that are read at once.
LONGEST = 600.0
CHUNK = 1024**2

Header = tuple[str, str]


class _PassingError(Exception):
    """A temporary failure, worth a retry."""


def fetched(
    address: str,
    parameters: Mapping[str, str],
    most: int,
    signed_in: bool = False,
    allowed: AllowedHosts | None = None,
    header: Header | None = None,
) -> bytes | None:
    """Returns the content of an address, None if the server reports it as missing (404, 410).

    A response of more than `most` bytes, a failure after several tries, and an error of ArcGIS sent as a success are an
    AddressError, and so is a host or redirect that is not `allowed`. The sign-in of the environment, or else the given
    header, goes to its own server alone; with neither of them, a server that needs one (`signed_in`) is a
    SignInMissingError.
    """
    # Without it, a server may report what it hides as missing.
    if signed_in and header is None and sign_in_of(address) is None:
        raise SignInMissingError(server="://".join(_server(address)), variable=SIGN_IN)
    url = f"{address}{'&' if '?' in address else '?'}{urlencode(parameters)}" if parameters else address
    for pause in (*PAUSES, None):
        try:
            return _read(url, most, signed_in, allowed, header)
        except _PassingError as error:
            if pause is None:
                reason = Phrase("{error} ({count} tries)", {"error": error, "count": len(PAUSES) + 1})
                raise AddressError(address=without_secrets(address), reason=reason) from error
            time.sleep(pause)
    raise AssertionError("the last try returns or raises")


def sign_in_of(address: str) -> tuple[str, str] | None:
    """Returns name and value of the header for the server of an address, None if the environment has none."""
    text = os.environ.get(SIGN_IN, "").strip()
    try:
        known = json.loads(text) if text else {}
        headers = {_server(server): header.partition(":") for server, header in known.items()}
    except (ValueError, AttributeError, RecursionError) as error:
        raise SignInSettingError(variable=SIGN_IN, reason=Phrase("it is not a JSON object of text values")) from error
    name, _, value = headers.get(_server(address), ("", "", ""))
    if "\n" in name + value or "\r" in name + value or bool(name.strip()) != bool(value.strip()):
        raise SignInSettingError(variable=SIGN_IN, reason=Phrase("it is not a JSON object of text values"))
    return (name.strip(), value.strip()) if name else None


def has_secret(address: str) -> bool:
    """Returns True for an address with a user, a password, or a query with names of secrets, and for an invalid one."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return True
    query = "&".join(part for part in (parts.query, parts.fragment) if part)
    return "@" in parts.netloc or (bool(query) and without_secrets(query) != query)


def esri_error(content: bytes) -> tuple[str, bool] | None:
    """Returns the message of {"error": {"code", "message", "details"}}, which ArcGIS sends with status 200.

    Also returns True if the error may be temporary. None for any other content.
    """
    if len(content) > ERROR_LENGTH or content.lstrip()[:1] != b"{":
        return None
    try:
        error: Any = json.loads(content).get("error")
    except (ValueError, RecursionError):
        return None
    if not isinstance(error, dict):
        return None
    details = [str(part) for part in error.get("details") or [] if part]
    text = " ".join([f"{error.get('message') or 'error'} ({error.get('code')})", *details])
    return text, error.get("code") in PASSING


def _read(url: str, most: int, signed_in: bool, allowed: AllowedHosts | None, given: Header | None) -> bytes | None:
    start = url
    for _ in range(MOST_REDIRECTS + 1):
        if _server(url)[0] not in WEB:
            raise AddressError(address=without_secrets(url), reason=Phrase("it is not an HTTP address"))
        # Another server gets no sign-in, whatever redirects to it.
        header = ((sign_in_of(url) if signed_in else None) or given) if _server(url) == _server(start) else None
        status, target, content = _exchange(url, most, header, allowed)
        if status in REDIRECTS and target:
            following = _joined(url, target)
            if _server(following)[0] not in ("https", _server(url)[0]):
                reason = Phrase("it redirects to an insecure protocol")
                raise AddressError(address=without_secrets(start), reason=reason)
            url = following
            continue
        return _content(start, status, content, most)
    raise AddressError(address=without_secrets(start), reason=Phrase("it redirects too often"))


def _content(url: str, status: int, content: bytes, most: int) -> bytes | None:
    if status in ABSENT:
        return None
    if status in PASSING:
        raise _PassingError(f"it returned {status}")
    if status not in SUCCESSES:
        raise AddressError(address=without_secrets(url), reason=Phrase("it returned {status}", {"status": status}))
    if len(content) > most:
        reason = Phrase("its response is larger than {size} MB", {"size": most // 1024**2})
        raise AddressError(address=without_secrets(url), reason=reason)
    error = esri_error(content)
    if error is not None and error[1]:
        raise _PassingError(error[0])
    if error is not None:
        raise AddressError(address=without_secrets(url), reason=error[0])
    return content


def _exchange(url: str, most: int, header: Header | None, allowed: AllowedHosts | None) -> tuple[int, str, bytes]:
    """Returns the status, the target of a redirect and the content of one response, whatever its status."""
    try:
        with _opened(url, header, allowed) as response:
            content = b"" if response.status in REDIRECTS else _whole(url, response, most)
            return response.status, response.headers.get("Location") or "", content
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise _PassingError(str(reason) or type(error).__name__) from error
    except ValueError as error:
        raise AddressError(address=without_secrets(url), reason=Phrase("it is not an HTTP address")) from error


@contextmanager
def _opened(url: str, header: Header | None, allowed: AllowedHosts | None) -> Iterator[Any]:
    """Yields a response; a restriction to hosts uses no proxy, which would look up their names itself."""
    if allowed is not None:
        allowed.check(url)
        with closing(allowed.connection(url, TIMEOUT)) as connection:
            connection.request("GET", target_of(url), headers={**AGENT, **dict([header] if header else [])})
            yield connection.getresponse()
        return
    opener = urllib.request.OpenerDirector()
    # No handler of files, data or FTP; and none that follows redirects, or makes exceptions of statuses.
    for handler in (urllib.request.ProxyHandler(), urllib.request.HTTPHandler(), urllib.request.HTTPSHandler()):
        opener.add_handler(handler)
    request = urllib.request.Request(url, headers=AGENT)
    if header is not None:
        request.add_unredirected_header(*header)
    with opener.open(request, timeout=TIMEOUT) as response:
        yield response


def _whole(url: str, response: Any, most: int) -> bytes:
    """Returns the content of a response, up to one byte more than `most`."""
    end, parts, length = time.monotonic() + LONGEST, [], 0
    while length <= most and (part := response.read1(min(CHUNK, most + 1 - length))):
        parts.append(part)
        length += len(part)
        if time.monotonic() > end:
            reason = Phrase("its response takes longer than {seconds} seconds", {"seconds": round(LONGEST)})
            raise AddressError(address=without_secrets(url), reason=reason)
    declared = response.headers.get("Content-Length")
    if length <= most and declared is not None and declared.strip() != str(length):
        raise _PassingError(str(Phrase("it ended early")))
    return b"".join(parts)


def _joined(url: str, target: str) -> str:
    try:
        return urljoin(url, target)
    except ValueError:
        return ""


def _server(address: str) -> tuple[str, str]:
    """Returns scheme and server of an address, empty for an invalid one."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return parts.scheme.lower(), parts.netloc.lower()
