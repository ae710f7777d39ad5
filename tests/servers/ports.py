# SPDX-License-Identifier: GPL-2.0-or-later
"""Ports of this machine for servers that choose none themselves."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PATIENCE = 300.0


@contextmanager
def reserved_port() -> Iterator[int]:
    """Yields a port of 127.0.0.1 that the system gives to no other program until the block ends.

    Only a server that reuses addresses (SO_REUSEADDR) can listen on it meanwhile; without one, connections are refused.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield int(holder.getsockname()[1])


def wait_for_port(port: int, server: subprocess.Popen[Any]) -> None:
    """Waits until a server listens; raises an AssertionError if it ends before."""
    deadline = time.monotonic() + PATIENCE
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert server.poll() is None, f"the server of the test ended with {server.returncode}"
        assert time.monotonic() < deadline, "the server of the test does not start"
        time.sleep(0.05)
