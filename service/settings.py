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

from ..inference.cluster.settings import ClusterSettings
from ..inference.phrase import Phrase
from .errors import SettingsError, TokenInvalidError, TokenMissingError
from .gate import Gate

# The owner of all jobs of a service without tokens.
ANYONE = "anyone"
SHORTEST_TOKEN = 16
# With the hyphen that sha256sum prints after the hash.
TOKEN_LINE = re.compile(r"(\S+)\s+([0-9A-Fa-f]{64})(\s+-)?")


@dataclass(frozen=True)
class Limits:
    """Bytes of a body, waiting jobs, seconds of a job, days of a result, bytes of a fetched file, slots.

    With `gpus`, each of them is a slot instead.
    """

    body: int = 4 * 1024**2
    waiting: int = 100
    seconds: float = 24 * 3600.0
    days: float = 30.0
    fetched: int = 4 * 1024**3
    slots: int = 1
    gpus: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """The gate, the folder of the jobs, the public address, the owners by the SHA-256 of their tokens, the limits.

    `cluster` computes the strips of all jobs, if there is one.
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

    Relative folders are those beside the file. Raises a SettingsError.
    """
    document = _json(file)
    known = {"stores", "hosts"}
    stores = document.get("stores", {}) if set(document) <= known else document
    hosts = document.get("hosts", []) if set(document) <= known else []
    if not isinstance(stores, dict) or not all(isinstance(folder, str) and folder for folder in stores.values()):
        raise SettingsError(file=file, reason=Phrase("stores are not an object of names and folders"))
    if not isinstance(hosts, list) or not all(isinstance(host, str) for host in hosts):
        raise SettingsError(file=file, reason=Phrase("hosts are not a list of names"))
    folders = {name: (file.parent / folder).resolve() for name, folder in stores.items()}
    for name, folder in folders.items():
        if not folder.is_dir() or folder == Path(folder.anchor):
            raise SettingsError(file=file, reason=Phrase("the store {name} is not a folder", {"name": name}))
    return Gate(folders, frozenset(host.lower() for host in hosts))


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
    try:
        is_local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_local = False
    if not is_local and not owners:
        reason = Phrase("a service without tokens listens to 127.0.0.1 only; add --tokens FILE")
        raise SettingsError(file=host, reason=reason)


def _json(file: Path) -> dict[str, Any]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise SettingsError(file=file, reason=error) from error
    if not isinstance(document, dict):
        raise SettingsError(file=file, reason=Phrase("it is not a JSON object"))
    return document
