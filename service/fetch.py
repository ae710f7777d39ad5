# SPDX-License-Identifier: GPL-2.0-or-later
"""Files on named hosts and of a portal, copied into the folder of a job before GDAL sees them."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from ..inference.errors import AddressError, PortalItemError
from ..inference.new_files import PART, new_token, open_new
from ..inference.phrase import Phrase
from ..inference.raster.web.fetch import Header
from ..inference.raster.web.hosts import target_of
from ..plugin_support.sources.service_rules import is_image_service
from .errors import FetchError
from .gate import Address, Gate, Portal, PortalItem

SECONDS = 60.0
MOST_REDIRECTS = 5
CHUNK = 1024**2
REDIRECTS = (301, 302, 303, 307, 308)

# Bytes of the description of an item.
LONGEST_DESCRIPTION = 1024**2
# A portal refuses a token with these codes.
TOKEN_CODES = (401, 403, 498, 499)
PACKAGE = "Deep Learning Package"
SIGN_IN_HEADER = "X-Esri-Authorization"


def fetch(parameter: str, address: Address, folder: Path, gate: Gate, most: int) -> Path:
    """Copies a file of limited size into a folder; returns its path.

    Each redirect passes the gate. Raises a ReferenceRefusedError or a FetchError.
    """
    with _opened(parameter, address.url, gate) as (url, answer):
        return _save(url, answer, folder, unquote(urlsplit(url).path), most)


def fetch_item(parameter: str, item: PortalItem, folder: Path, gate: Gate, most: int) -> Path:
    """Copies the file of an item of the portal, as `fetch`; raises a PortalItemError for an item without a file."""
    address, token, document = _read_item(parameter, item, gate)
    kind, name = str(document["type"]), str(document.get("name") or "")
    if document.get("url"):
        reason = Phrase("it is a {kind}, which cannot be read here; export it to a file", {"kind": kind[:80]})
        raise PortalItemError(item=item.id, reason=reason)
    with _opened(parameter, f"{address}/data", gate.for_items(), token) as (url, answer):
        return _save(url, answer, folder, name or f"{item.id}{'.dlpk' if kind == PACKAGE else ''}", most)


def service_of_item(parameter: str, item: PortalItem, gate: Gate) -> str:
    """Returns the address of an item that is an image service, empty for any other item."""
    _, _, document = _read_item(parameter, item, gate)
    found = document.get("url")
    return found if isinstance(found, str) and is_image_service(found) else ""


def header_for(url: str, portal: Portal | None) -> Header | None:
    """Returns the header with the portal's token for an address of its own scheme, host and port."""
    if portal is None or not portal.token or _origin(url) != _origin(portal.url):
        return None
    return SIGN_IN_HEADER, f"Bearer {portal.token}"


def _read_item(parameter: str, item: PortalItem, gate: Gate) -> tuple[str, str, Mapping[str, Any]]:
    """Returns the address of an item, the token that opens it, and its description."""
    if gate.portal is None:
        raise PortalItemError(item=item.id, reason=Phrase("the service has no portal to read items from"))
    address, token = gate.portal.address_of(item), gate.portal.token
    with _opened(parameter, f"{address}?f=json", gate.for_items(), token) as (url, answer):
        return address, token, _description(url, answer, item)


def _description(url: str, answer: http.client.HTTPResponse, item: PortalItem) -> Mapping[str, Any]:
    """Returns the description of an item; texts of the portal's errors are not passed on, because they may echo."""
    try:
        # A longer one is cut, and is no JSON then.
        document = json.loads(answer.read(LONGEST_DESCRIPTION))
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise FetchError(address=url, reason=Phrase("it is not a description of an item"))
    error = document.get("error")
    if isinstance(error, dict) and error.get("code") in TOKEN_CODES:
        raise PortalItemError(item=item.id, reason=Phrase("the portal does not let the service read it"))
    if error or not document.get("type"):
        reason = Phrase("the portal has no such item, or does not let the service read it")
        raise PortalItemError(item=item.id, reason=reason)
    return document


@contextmanager
def _opened(parameter: str, first: str, gate: Gate, token: str = "") -> Iterator[tuple[str, http.client.HTTPResponse]]:
    """Yields the last address of a chain of redirects and its answer; a token is sent to the first origin only."""
    url = first
    for _ in range(MOST_REDIRECTS + 1):
        gate.check_address(parameter, url)
        headers = {"Host": urlsplit(url).netloc, "Accept-Encoding": "identity"}
        if token and _origin(url) == _origin(first):
            headers[SIGN_IN_HEADER] = f"Bearer {token}"
        try:
            with closing(_connection(url, gate)) as connection:
                connection.request("GET", target_of(url), headers=headers)
                answer = connection.getresponse()
                if answer.status == http.client.OK:
                    yield url, answer
                    return
                if answer.status not in REDIRECTS:
                    raise FetchError(address=url, reason=Phrase("it returned {status}", {"status": answer.status}))
                url = urljoin(url, answer.getheader("Location") or "")
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise FetchError(address=url, reason=error) from error
    raise FetchError(address=first, reason=Phrase("it redirects too often"))


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def _connection(url: str, gate: Gate) -> http.client.HTTPConnection:
    """Returns a connection to an address that was checked."""
    try:
        return gate.allowed.connection(url, SECONDS)
    except AddressError as error:
        raise FetchError(address=url, reason=error.values["reason"]) from error


def _save(url: str, answer: http.client.HTTPResponse, folder: Path, named: str, most: int) -> Path:
    """Writes an answer into a folder, under the last part of a name that others chose."""
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", named.rpartition("/")[2]).lstrip(".") or "file"
    folder.mkdir(parents=True, exist_ok=True)
    target, part, length = folder / name[-100:], folder / f".{new_token()}{PART}", 0
    try:
        with open_new(part) as file:
            while chunk := answer.read(CHUNK):
                length += len(chunk)
                if length > most:
                    raise FetchError(address=url, reason=Phrase("it is larger than {size} MB", {"size": most // CHUNK}))
                file.write(chunk)
        declared = answer.getheader("Content-Length")
        if declared is not None and declared != str(length):
            raise FetchError(address=url, reason=Phrase("it ended early"))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target
