# SPDX-License-Identifier: GPL-2.0-or-later
"""Files on named hosts, copied into the folder of a job before GDAL sees them."""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from ..inference.new_files import PART, new_token, open_new
from ..inference.phrase import Phrase
from .errors import FetchError
from .gate import Address, Gate

SECONDS = 60.0
MOST_REDIRECTS = 5
CHUNK = 1024**2
REDIRECTS = (301, 302, 303, 307, 308)


def fetch(parameter: str, address: Address, folder: Path, gate: Gate, most: int) -> Path:
    """Copies a file of at most so many bytes into a folder; returns its path.

    Each redirect passes the gate. Raises a ReferenceRefusedError or a FetchError.
    """
    url = address.url
    for _ in range(MOST_REDIRECTS + 1):
        gate.check_address(parameter, url)
        found = _get(url, folder, gate, most)
        if isinstance(found, Path):
            return found
        url = urljoin(url, found)
    raise FetchError(address=address.url, reason=Phrase("it redirects too often"))


def _get(url: str, folder: Path, gate: Gate, most: int) -> Path | str:
    """Returns the copied file, or the address of a redirect."""
    parts = urlsplit(url)
    connection = _connection(url, gate)
    target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    with closing(connection):
        try:
            connection.request("GET", target, headers={"Host": parts.netloc, "Accept-Encoding": "identity"})
            answer = connection.getresponse()
            if answer.status in REDIRECTS:
                return answer.getheader("Location") or ""
            if answer.status != http.client.OK:
                raise FetchError(address=url, reason=Phrase("it returned {status}", {"status": answer.status}))
            return _save(url, answer, folder, most)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise FetchError(address=url, reason=error) from error


def _connection(url: str, gate: Gate) -> http.client.HTTPConnection:
    """Returns a connection to an address that was checked, so that a second look-up of the name cannot change it."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or {"http": 80, "https": 443}[parts.scheme]
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(address=url, reason=error) from error
    number = str(found[0][4][0])
    # An administrator who names a private host by its number means it; a name must not turn out to be one.
    if host != number and not ipaddress.ip_address(number.partition("%")[0]).is_global:
        raise FetchError(address=url, reason=Phrase("its host is in a private network"))
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(host, port, timeout=SECONDS)
    connection._create_connection = lambda *_: socket.create_connection((number, port), SECONDS)  # type: ignore[attr-defined]
    return connection


def _save(url: str, answer: http.client.HTTPResponse, folder: Path, most: int) -> Path:
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", unquote(urlsplit(url).path).rpartition("/")[2]).lstrip(".") or "file"
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
