# SPDX-License-Identifier: GPL-2.0-or-later
"""A bucket on an S3 server of this machine."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from osgeo import gdal

BUCKET = "strips"


@contextmanager
def bucket_server(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Gives GDAL's prefix of an empty bucket and the options that reach it, which are set in this process, too."""
    if importlib.util.find_spec("moto") is None or importlib.util.find_spec("flask") is None:
        pytest.skip("moto[server] is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {
        "AWS_S3_ENDPOINT": f"127.0.0.1:{port}",
        "AWS_HTTPS": "NO",
        "AWS_VIRTUAL_HOSTING": "FALSE",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",  # pragma: allowlist secret
    }
    with (folder / "log").open("wb") as log:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env={**os.environ})
    try:
        _wait(port)
        for name, value in options.items():
            gdal.SetConfigOption(name, value)
        gdal.VSICurlClearCache()
        gdal.Mkdir(f"/vsis3/{BUCKET}", 0o755)
        yield f"/vsis3/{BUCKET}", options
    finally:
        for name in options:
            gdal.SetConfigOption(name, None)
        gdal.VSICurlClearCache()
        server.kill()
        server.wait()


def _wait(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the S3 server of the test does not start")
