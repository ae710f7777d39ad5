# SPDX-License-Identifier: GPL-2.0-or-later
"""Addresses of rasters whose hosts are restricted: redirects, private networks, sign-in."""

from __future__ import annotations

import socket

import pytest

from classify_pixels.inference.errors import AddressError
from classify_pixels.inference.raster.web import AllowedHosts, fetch
from classify_pixels.inference.run.job_file import decoded, encoded

from ..servers.loopback import Answer, LoopbackServer, Request


class Redirecting(LoopbackServer):
    """Redirects to a target, if it has one."""

    target = ""

    def answer(self, _: Request) -> Answer:
        """Answers with the target or a text."""
        return Answer(status=302, headers={"Location": self.target}) if self.target else Answer(b"content")


def hosts_of(*servers: LoopbackServer) -> AllowedHosts:
    return AllowedHosts(tuple(server.url.partition("//")[2] for server in servers))


def test_redirects_lead_to_allowed_hosts_only_and_carry_no_header() -> None:
    header = ("Authorization", "Bearer abc")
    with Redirecting() as first, Redirecting() as second:
        first.target = f"{second.url}/file"
        with pytest.raises(AddressError):
            fetch.fetched(f"{first.url}/a", {}, 100, allowed=hosts_of(first), header=header)
        assert second.requests == []
        found = fetch.fetched(f"{first.url}/a", {"x": "1"}, 100, allowed=hosts_of(first, second), header=header)
        assert found == b"content"
        assert first.requests[-1].query == {"x": "1"}
        assert first.requests[-1].headers["Authorization"] == "Bearer abc"
        assert "Authorization" not in second.requests[-1].headers


def test_a_name_that_leads_to_this_machine_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = AllowedHosts(("maps.example.org",), ("maps.example.org",))
    for number in ("127.0.0.1", "169.254.169.254", "::1"):
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, 80))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, found=found, **__: found)
        with pytest.raises(AddressError):
            fetch.fetched("http://maps.example.org/a", {}, 100, allowed=allowed)


def test_a_response_that_ends_early_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "PAUSES", ())

    class Short(LoopbackServer):
        def answer(self, _: Request) -> Answer:
            return Answer(b"half", headers={"Content-Length": "8", "Connection": "close"})

    with Short() as server, pytest.raises(AddressError):
        fetch.fetched(server.url, {}, 100, allowed=hosts_of(server))


def test_the_hosts_travel_with_a_job() -> None:
    allowed = AllowedHosts(("a", "b:81"), ("a",))
    assert decoded(encoded(allowed)) == allowed
