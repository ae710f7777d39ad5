# SPDX-License-Identifier: GPL-2.0-or-later
"""A bucket on an S3 server of this machine."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from osgeo import gdal

from tests.servers.ports import reserved_port, wait_for_port

BUCKET = "strips"


@contextmanager
def bucket_server(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Gives GDAL's prefix of an empty bucket and the options that reach it, which are set in this process, too."""
    if importlib.util.find_spec("moto") is None or importlib.util.find_spec("flask") is None:
        pytest.skip("moto[server] is not installed")
    with reserved_port() as port, _server(folder, port):
        options = {
            "AWS_S3_ENDPOINT": f"127.0.0.1:{port}",
            "AWS_HTTPS": "NO",
            "AWS_VIRTUAL_HOSTING": "FALSE",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",  # pragma: allowlist secret
        }
        try:
            for name, value in options.items():
                gdal.SetConfigOption(name, value)
            gdal.VSICurlClearCache()
            gdal.Mkdir(f"/vsis3/{BUCKET}", 0o755)
            yield f"/vsis3/{BUCKET}", options
        finally:
            for name in options:
                gdal.SetConfigOption(name, None)
            gdal.VSICurlClearCache()


@contextmanager
def _server(folder: Path, port: int) -> Iterator[None]:
    with (folder / "log").open("wb") as log:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env={**os.environ})
    try:
        wait_for_port(port, server)
        yield
    finally:
        server.kill()
        server.wait()
