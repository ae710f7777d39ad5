# SPDX-License-Identifier: GPL-2.0-or-later
"""Clients that send or read slowly, or not at all, keep no other client from its answer."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from typing import Any

import pytest

pytest.importorskip("waitress", reason="the server of the front is waitress")

from classify_pixels.service import front, jobs
from classify_pixels.service.application import Application
from classify_pixels.service.jobs import JobStore
from classify_pixels.service.settings import Settings
from tests.servers.ports import reserved_port

from .conftest import PATIENCE

# More than the server and both sockets hold in between.
SIZE = 40 * 1024**2
MANY = 3 * front.THREADS


@contextmanager
def serving(settings: Settings, proxy: str = "") -> Iterator[int]:
    """Yields the port of a front on this machine, which believes a proxy at this address."""
    with served(settings, proxy) as server:
        yield int(server.effective_port)


@contextmanager
def served(settings: Settings, proxy: str = "") -> Iterator[Any]:
    """Yields a front on this machine."""
    with reserved_port() as port:
        server = front.server_of(Application(settings), "127.0.0.1", port, settings.limits.body, proxy)
    ending = threading.Event()

    def run() -> None:
        while not ending.is_set():
            server.asyncore.loop(timeout=0.05, map=server._map, use_poll=True, count=1)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield server
    finally:
        ending.set()
        thread.join()
        server.task_dispatcher.shutdown(cancel_pending=True, timeout=10)
        for each in list(server._map.values()):
            each.close()


def client_of(port: int, stack: ExitStack) -> socket.socket:
    """Returns a connection whose system holds little for it."""
    found = stack.enter_context(socket.socket())
    found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    found.settimeout(PATIENCE)
    found.connect(("127.0.0.1", port))
    return found


def is_answered(port: int) -> bool:
    """Returns True if a client that is not slow gets an answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/ogc/", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def request(path: str, *more: str) -> bytes:
    """Returns a request as it is sent."""
    return "\r\n".join((f"GET {path} HTTP/1.1", "Host: localhost", *more, "", "")).encode()


def is_closed(client: socket.socket) -> bool:
    """Waits until the server closes a connection; returns False if it does not."""
    try:
        while client.recv(65536):
            pass
    except ConnectionError:
        return True
    except OSError:
        return False
    return True


@pytest.fixture
def large_file(settings: Settings) -> str:
    store = JobStore(settings.jobs)
    job = store.submit("anyone", {}, "x", 10).id
    taken = store.take()
    assert taken is not None
    store.folder_of(job).mkdir(parents=True)
    (store.folder_of(job) / "x.tif").write_bytes(os.urandom(SIZE))
    store.end(job, taken.attempt, jobs.SUCCEEDED, result={"files": ["x.tif"], "classes": []})
    return f"/files/{job}/x.tif"


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.parametrize("headers", [(), ("Range: bytes=1-",)])
def test_clients_that_do_not_read_a_file_keep_no_thread(
    headers: tuple[str, ...], count: int, settings: Settings, large_file: str
) -> None:
    with serving(settings) as port, ExitStack() as stack:
        slow = [client_of(port, stack) for _ in range(MANY)]
        for each in slow:
            each.sendall(request(large_file, *headers) * count)
        for each in slow:
            # Its answer has begun.
            assert each.recv(1)
        assert is_answered(port)


def test_a_client_that_stops_reading_loses_its_connection(
    settings: Settings, large_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "SLOWEST_CLIENT", 0.5)
    with served(settings) as server, ExitStack() as stack:
        slow = client_of(int(server.effective_port), stack)
        slow.sendall(request(large_file))
        assert slow.recv(1)
        deadline = time.monotonic() + PATIENCE
        while server.active_channels:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        length = 1
        try:
            while part := slow.recv(1024**2):
                length += len(part)
        except ConnectionError:
            pass
        assert length < SIZE
        assert is_answered(int(server.effective_port))


def test_a_range_has_its_bytes_through_the_server(settings: Settings, large_file: str) -> None:
    content = (settings.jobs / large_file[1:]).read_bytes()
    with serving(settings) as port:
        for first, last in ((0, 0), (5, 5_000_000), (SIZE - 3, SIZE + 5)):
            connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            connection.request("GET", large_file, headers={"Host": "localhost", "Range": f"bytes={first}-{last}"})
            answer = connection.getresponse()
            assert (answer.status, answer.read()) == (206, content[first : last + 1])
            connection.close()


@pytest.mark.parametrize(
    "begin",
    [b"GET /ogc/ HTTP/1.1\r\nX: ", b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\n"],
)
def test_a_request_that_does_not_end_is_closed_though_bytes_come(
    begin: bytes, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "SLOWEST_REQUEST", 1.0)
    with serving(settings) as port, ExitStack() as stack:
        slow = client_of(port, stack)
        slow.sendall(begin)
        deadline = time.monotonic() + PATIENCE
        try:
            while time.monotonic() < deadline:
                slow.sendall(b"a")
                time.sleep(0.1)
        except ConnectionError:
            return
        raise AssertionError("the connection stays open")


def test_more_half_open_connections_than_there_are_keep_nobody_out(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "CONNECTIONS", 20)
    monkeypatch.setattr(front, "IN_A_HURRY", 2.0)
    with serving(settings) as port, ExitStack() as stack:
        slow = [client_of(port, stack) for _ in range(60)]
        for each in slow:
            each.sendall(b"GET /ogc/ HTTP/1.1\r\n")
        assert is_answered(port)
        assert all(is_closed(each) for each in slow[:40])


def test_requests_sent_at_once_are_answered_one_by_one(settings: Settings) -> None:
    """The second answer would wait in the memory of the server for a client that does not read."""
    with serving(settings) as port, ExitStack() as stack:
        client = client_of(port, stack)
        client.sendall(request("/ogc/conformance") * 50)
        found = b""
        while part := client.recv(65536):
            found += part
        assert found.count(b"HTTP/1.1 200") < 3
        assert is_answered(port)
