# SPDX-License-Identifier: GPL-2.0-or-later
"""The settings of a service, which all its processes read from the same files."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..inference.cluster.settings import ClusterSettings
from ..inference.phrase import Phrase
from .errors import SettingsError, TokenInvalidError, TokenMissingError
from .gate import FORBIDDEN, Gate, Portal

# The owner of all jobs of a service without tokens.
ANYONE = "anyone"
# Shorter tokens may occur in a text by chance.
SHORTEST_TOKEN = 16
# With the hyphen that sha256sum prints after the hash.
TOKEN_LINE = re.compile(r"(\S+)\s+([0-9A-Fa-f]{64})(\s+-)?")


@dataclass(frozen=True)
class Limits:
    """Bytes of a body, waiting jobs, those of one owner, seconds of a job, days of a result, bytes of a file, slots.

    With `gpus`, each of them is a slot instead.
    """

    body: int = 4 * 1024**2
    waiting: int = 100
    waiting_each: int = 25
    seconds: float = 24 * 3600.0
    days: float = 30.0
    fetched: int = 4 * 1024**3
    slots: int = 1
    gpus: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """The gate, the folder of the jobs, the public address, the owners by the SHA-256 of their tokens, the limits.

    `portal` adds the answers of a portal. `cluster` computes the strips of all jobs, if there is one.
    """

    gate: Gate
    jobs: Path
    address: str
    owners: Mapping[str, str] = field(default_factory=dict, repr=False)
    limits: Limits = Limits()
    portal: bool = False
    cluster: ClusterSettings | None = None

    def cluster_of(self, job: str) -> ClusterSettings | None:
        """Returns the cluster with a place of its own for the strips of a job."""
        if self.cluster is None or not self.cluster.strips:
            return self.cluster
        return replace(self.cluster, strips=str(Path(self.cluster.strips) / job))

    def remove_strips(self, job: str) -> None:
        """Removes what a job has left in the shared folder for strips."""
        cluster = self.cluster_of(job)
        if cluster is not None and cluster.strips:
            shutil.rmtree(cluster.strips, ignore_errors=True)

    @property
    def most_own(self) -> int:
        """The waiting jobs that one owner may have; without tokens, all callers are one owner."""
        return self.limits.waiting_each if self.owners else self.limits.waiting

    def owner_of(self, token: str) -> str:
        """Returns the owner of a token; raises a TokenMissingError or a TokenInvalidError.

        All hashes are compared in constant time, so that the time of an answer shows nothing of them.
        """
        if not self.owners:
            return ANYONE
        if not token:
            raise TokenMissingError
        given = hash_of(token)
        found = [owner for known, owner in self.owners.items() if hmac.compare_digest(known, given)]
        if not found:
            raise TokenInvalidError
        return found[0]


def hash_of(token: str) -> str:
    """Returns the SHA-256 of a token in hexadecimal digits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def read_stores(file: Path) -> Gate:
    """Reads {"stores": {"NAME": "folder"}, "hosts": ["data.example.org"]}, or the stores alone.

    Further keys are "privateHosts", a list of names as well, and "portal". Relative folders are those beside the file.
    Raises a SettingsError.
    """
    document = _json(file)
    is_whole = set(document) <= {"stores", "hosts", "privateHosts", "portal"}
    stores = document.get("stores", {}) if is_whole else document
    if not isinstance(stores, dict) or not all(isinstance(folder, str) and folder for folder in stores.values()):
        raise SettingsError(file=file, reason=Phrase("stores are not an object of names and folders"))
    folders = {name: (file.parent / folder).resolve() for name, folder in stores.items()}
    for name, folder in folders.items():
        if not folder.is_dir() or folder == Path(folder.anchor):
            raise SettingsError(file=file, reason=Phrase("the store {name} is not a folder", {"name": name}))
    if not is_whole:
        return Gate(folders)
    portal = _portal(document["portal"], file) if "portal" in document else None
    return Gate(folders, _hosts(document, "hosts", file), portal, _hosts(document, "privateHosts", file))


def _hosts(document: Mapping[str, Any], key: str, file: Path) -> frozenset[str]:
    hosts = document.get(key, [])
    if not isinstance(hosts, list) or not all(isinstance(host, str) for host in hosts):
        raise SettingsError(file=file, reason=Phrase("{key} are not a list of names", {"key": key}))
    return frozenset(host.lower() for host in hosts)


def _portal(given: object, file: Path) -> Portal:
    """Reads {"url": "https://maps.example.org/portal", "tokenFile": "portal-token"}, the token file being optional."""
    values = given if isinstance(given, dict) else {}
    url, token_file = values.get("url"), values.get("tokenFile", "")
    if not isinstance(url, str) or not isinstance(token_file, str) or not set(values) <= {"url", "tokenFile"}:
        raise SettingsError(file=file, reason=Phrase("the portal is not an object of url and tokenFile"))
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address or "@" in parts.netloc or parts.query or parts.fragment or FORBIDDEN.search(url) or " " in url:
        raise SettingsError(file=file, reason=Phrase("the url of the portal is not an address without a query"))
    if token_file and parts.scheme != "https" and not _is_loopback(parts.hostname or ""):
        raise SettingsError(file=file, reason=Phrase("the token of the portal is sent to an https address only"))
    return Portal(url.rstrip("/"), _token(file.parent / token_file) if token_file else "")


def _token(file: Path) -> str:
    """Returns the token in a file; no error shows the content."""
    try:
        token = file.read_text(encoding="ascii").strip()
    except ValueError:
        token = ""
    except OSError as error:
        raise SettingsError(file=file, reason=error) from error
    if not token or not all(33 <= ord(sign) <= 126 for sign in token):
        raise SettingsError(file=file, reason=Phrase("it does not hold one token"))
    return token


def read_tokens(file: Path) -> dict[str, str]:
    """Reads lines of an owner and the SHA-256 of a token; returns owners by hash. Raises a SettingsError."""
    owners: dict[str, str] = {}
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise SettingsError(file=file, reason=error) from error
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        found = TOKEN_LINE.fullmatch(line.strip())
        if found is None:
            reason = Phrase("line {number} is not an owner and a SHA-256", {"number": number})
            raise SettingsError(file=file, reason=reason)
        owners[found[2].lower()] = found[1]
    if not owners:
        raise SettingsError(file=file, reason=Phrase("it holds no token"))
    return owners


def check_host(host: str, owners: Mapping[str, str]) -> None:
    """Raises a SettingsError for an address that others reach, if the service has no tokens."""
    if not _is_loopback(host) and not owners:
        reason = Phrase("a service without tokens listens to 127.0.0.1 only; add --tokens FILE")
        raise SettingsError(file=host, reason=reason)


def check_portal(address: str) -> None:
    """Raises a SettingsError for a public address at which ArcGIS's clients find no portal."""
    if not address.startswith("https://"):
        reason = Phrase("ArcGIS's clients reach a portal by https only; add --address https://HOST, or omit --portal")
        raise SettingsError(file=address, reason=reason)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _json(file: Path) -> dict[str, Any]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise SettingsError(file=file, reason=error) from error
    if not isinstance(document, dict):
        raise SettingsError(file=file, reason=Phrase("it is not a JSON object"))
    return document
