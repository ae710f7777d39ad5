# SPDX-License-Identifier: GPL-2.0-or-later
"""The hosts that addresses of others may lead to, redirects and name look-ups included."""

from __future__ import annotations

import http.client
import ipaddress
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ...errors import AddressError
from ...phrase import Phrase
from ...redaction import without_secrets

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class AllowedHosts:
    """Hosts, as host or host:port; the names in `private`, without ports, may lead into a private network.

    A frozen value, which travels to other processes with the raster that is read from these hosts.
    """

    hosts: tuple[str, ...]
    private: tuple[str, ...] = ()

    def check(self, url: str) -> None:
        """Raises an AddressError for an address on any other host."""
        try:
            is_known = "@" not in urlsplit(url).netloc and host_of(url) in self.hosts
        except (KeyError, ValueError):
            is_known = False
        if not is_known:
            raise AddressError(address=without_secrets(url), reason=Phrase("the service reads nothing from this host"))

    def connection(self, url: str, seconds: float) -> http.client.HTTPConnection:
        """Returns a connection to the host of a checked address; raises an OSError if its name is unknown.

        It leads to the number that was checked, so that a second look-up of the name cannot change it.
        """
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        try:
            number = str(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0])
        except UnicodeError as error:
            raise OSError(str(error)) from error
        # An administrator who names a private host by its number means it; a name must not turn out to be one.
        if host != number and not may_be_at(host, number, self.private):
            raise AddressError(address=without_secrets(url), reason=Phrase("its host is in a private network"))
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(host, port, timeout=seconds)
        # http.client has no public way to connect to another address than that of the name, which TLS still checks.
        connect: Any = connection
        connect._create_connection = lambda *_: socket.create_connection((number, port), seconds)
        return connection


def host_of(url: str) -> str:
    """Returns the host of an address as settings name it: with its port, if it is not the usual one."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port not in (None, PORTS[parts.scheme]) else str(parts.hostname)


def may_be_at(host: str, number: str, private: tuple[str, ...] | frozenset[str]) -> bool:
    """Returns True if the name of a host may lead to this IP address; never to this machine or its link."""
    address = ipaddress.ip_address(number.partition("%")[0])
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast:
        return False
    return host in private or address.is_global


def target_of(url: str) -> str:
    """Returns path and query of an address, as a request names them."""
    parts = urlsplit(url)
    return f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
