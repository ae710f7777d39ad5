# SPDX-License-Identifier: GPL-2.0-or-later
"""Cancel reaches network requests in any thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException, QgsProcessingFeedback

from classify_pixels.inference.errors import RunCancelledError
from classify_pixels.inference.window import Window
from classify_pixels.plugin_support import http
from classify_pixels.plugin_support.http import cancelled_by, current_cancellation, download, get_bytes
from classify_pixels.plugin_support.sources.downloads import CHUNK, over_gdal
from classify_pixels.plugin_support.sources.image_service import ImageService, ImageServiceSource

from ..servers import Answer, Failures, ImageServiceServer, TileServer
from ..servers.tiles import SIZE
from ..unit.rasters import random_pixels, write_raster
from .command import ALGORITHM
from .scenes import Scene
from .web_maps import open_map

pytestmark = pytest.mark.usefixtures("plugin")

# Seconds; without Cancel, requests wait for a minute and end in another error.
SOON = 0.4


def soon_after(begun: Callable[[], Any] = lambda: True) -> Callable[[], bool]:
    """Cancels shortly after something has begun."""
    moments: list[float] = []

    def cancelled() -> bool:
        if not moments and begun():
            moments.append(time.monotonic() + SOON)
        return bool(moments) and time.monotonic() > moments[0]

    return cancelled


@pytest.mark.parametrize("thread", ["main", "other"])
def test_a_server_that_hangs_is_left_at_once(thread: str, tmp_path: Path) -> None:
    def ask() -> None:
        with pytest.raises(RunCancelledError), cancelled_by(soon_after(lambda: server.requests)):
            download(server.url + "/model.dlpk", tmp_path / "model.dlpk", {})

    with Failures([None]) as server:
        if thread == "main":
            ask()
        else:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(ask).result(300)
    assert not list(tmp_path.iterdir())
    assert not current_cancellation()()


def test_a_copy_from_a_store_ends_amid_the_file(tmp_path: Path) -> None:
    place, copied = "/vsimem/cancelled.dlpk", tmp_path / "model.dlpk"
    gdal.FileFromMemBuffer(place, b"x" * (3 * CHUNK))
    try:
        with pytest.raises(RunCancelledError), cancelled_by(lambda: True):
            over_gdal(place, copied)
        assert not list(tmp_path.iterdir())
        over_gdal(place, copied)
    finally:
        gdal.Unlink(place)
    assert copied.stat().st_size == 3 * CHUNK


def test_nobody_waits_for_the_next_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "PAUSES", (3600.0,))
    with (
        Failures([Answer(b"busy", 503)]) as server,
        pytest.raises(RunCancelledError),
        cancelled_by(soon_after(lambda: server.requests)),
    ):
        get_bytes(server.url, {})
    assert len(server.requests) == 1


def test_a_run_is_cancelled_while_its_parameters_are_read(scene: Scene, tmp_path: Path) -> None:
    import processing

    with Failures([None]) as server:
        feedback = QgsProcessingFeedback(False)

        def cancel_soon() -> None:
            while not server.requests:
                time.sleep(0.01)
            time.sleep(SOON)
            feedback.cancel()

        threading.Thread(target=cancel_soon, daemon=True).start()
        with pytest.raises(QgsProcessingException, match="The classification was cancelled; no output was written"):
            processing.run(
                ALGORITHM,
                {
                    "INPUT": {"url": server.url + "/ImageServer"},
                    "MODEL": str(scene.model),
                    "OUTPUT": str(tmp_path / "out.tif"),
                },
                feedback=feedback,
            )
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", ["service", "xyz"])
def test_a_run_is_cancelled_while_its_pixels_are_read(kind: str, tmp_path: Path) -> None:
    def read(source: Any) -> None:
        with pytest.raises(RunCancelledError):
            source.read(Window(0, 0, 50, 40))

    raster = write_raster(tmp_path / "scene.tif", random_pixels(2, 40, 50))
    server: Any = ImageServiceServer(raster) if kind == "service" else TileServer(np.zeros((4, SIZE, SIZE), np.uint8))
    with server:
        hanging = threading.Event()
        with cancelled_by(soon_after(lambda: hanging.is_set() and len(server.requests) > before)):
            if kind == "service":
                source: Any = ImageServiceSource(ImageService(server.service))
                server._failures = [None]
            else:
                source = open_map(server.xyz, Window(0, 0, 300, 200))
                server.failures = [None] * 20
        before = len(server.requests)
        hanging.set()
        # The pixels are read by threads outside of the block above.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(read, source).result(300)
        source.close()
