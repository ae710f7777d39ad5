# SPDX-License-Identifier: GPL-2.0-or-later
"""A service on a port of this machine, whose jobs run while a client in a process of its own drives it."""

from __future__ import annotations

import json
import os
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from classify_pixels.service.application import Application
from classify_pixels.service.dispatcher import Dispatcher
from classify_pixels.service.settings import Settings
from tests.servers.ports import reserved_port

from .conftest import PATIENCE


class LateHandshake(ssl.SSLContext):
    """Lets each connection agree on TLS in its own thread: a waiting one keeps out no other."""

    def wrap_socket(self, *values: Any, **options: Any) -> ssl.SSLSocket:
        """Returns a socket that has not agreed yet."""
        return super().wrap_socket(*values, **{**options, "do_handshake_on_connect": False})


@contextmanager
def running(settings: Settings, command: Sequence[str], folder: Path | None = None) -> Iterator[str]:
    """Yields the address of a service; with a folder it speaks TLS, whose certificate is made there."""
    with reserved_port() as port:
        address = f"{'https' if folder else 'http'}://localhost:{port}"
        application = Application(replace(settings, address=address))
        server = make_server("127.0.0.1", port, application, threaded=True, ssl_context=folder and _context(folder))
    dispatcher, ending = Dispatcher(settings, command), threading.Event()

    def dispatch() -> None:
        while not ending.wait(0.05):
            dispatcher.step()

    threads = [threading.Thread(target=server.serve_forever), threading.Thread(target=dispatch)]
    for thread in threads:
        thread.start()
    try:
        yield address
    finally:
        ending.set()
        server.shutdown()
        for thread in threads:
            thread.join()
        server.server_close()
        dispatcher.close()


def _context(folder: Path) -> ssl.SSLContext:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    context = LateHandshake(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def python_with(variable: str, module: str) -> str:
    """Returns the Python that an environment variable names; skips the test if it has no such module."""
    python = os.environ.get(variable)
    if not python:
        pytest.skip(f"{variable} names no Python with {module}")
    done = subprocess.run([python, "-c", f"import {module}"], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"{python} cannot import {module}: {done.stderr.strip().splitlines()[-1]}")
    return python


def run_client(python: str, script: str, *values: str) -> dict[str, Any]:
    """Runs a script with a client; returns the JSON object that it prints last."""
    done = subprocess.run(
        [python, "-W", "ignore", "-c", script, *values], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))
