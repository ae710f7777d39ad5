# SPDX-License-Identifier: GPL-2.0-or-later
"""Images of web maps that fail, which QGIS may draw as holes: each is named, and none is a hole."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from qgis.core import Qgis, QgsRasterLayer

from classify_pixels.inference.errors import AddressError, RunCancelledError
from classify_pixels.inference.window import Window
from classify_pixels.plugin_support import http as network
from classify_pixels.plugin_support.sources.layers import open_layer
from classify_pixels.plugin_support.sources.tiled_map_source import HeightsSource

from ..servers import Answer, TileServer
from ..servers.tiles import CELL, HALF
from .web_maps import assert_shows, request_of, world_pixels

pytestmark = pytest.mark.usefixtures("plugin", "short_pauses")

EXCEPTION = b"""<?xml version="1.0"?>
<ServiceExceptionReport version="1.1.1"><ServiceException code="LayerNotDefined">No scene &amp; no map.
</ServiceException></ServiceExceptionReport>"""
LEFT, TOP = -HALF, HALF
# With the transparent hole of the world.
START = Window(450, 500, 200, 250)


@dataclass(frozen=True)
class Kind:
    """A property of the server, QGIS's provider, and the path of an image."""

    uri: str
    provider: str
    path: str
    may_lack_tiles: bool = False


KINDS = {
    "WMS": Kind("wms", "wms", "/wms"),
    "WMS-C": Kind("wms_c", "wms", "/wmsc"),
    "map service": Kind("map_service", "arcgismapserver", "/MapServer/export"),
    "map service's tiles": Kind("map_tiles", "arcgismapserver", "/tile/3/./.", may_lack_tiles=True),
    "XYZ": Kind("xyz", "wms", "png", may_lack_tiles=True),
}
of_all_kinds = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())


@pytest.fixture(scope="module")
def world() -> np.ndarray:
    return world_pixels()


@pytest.fixture
def server(world: np.ndarray) -> Iterator[TileServer]:
    with TileServer(world) as server:
        yield server


def opened(kind: Kind, server: TileServer, more: str = "") -> Any:
    layer = QgsRasterLayer(getattr(server, kind.uri) + more, "web map", kind.provider)
    assert layer.isValid(), layer.error().message()
    return open_layer(layer, request_of(START))


def read_part(source: Any) -> Any:
    """Reads a small part of START."""
    x, y = START.x - round((source.grid.origin[0] - LEFT) / CELL), START.y - round((TOP - source.grid.origin[1]) / CELL)
    return source.read(Window(x, y, 20, 10))


@of_all_kinds
def test_what_the_server_shows_is_shown_and_the_transparent_part_is_empty(
    kind: Kind, server: TileServer, world: np.ndarray
) -> None:
    source = opened(kind, server)
    column, row = round((source.grid.origin[0] - LEFT) / CELL), round((TOP - source.grid.origin[1]) / CELL)
    inside = Window(START.x - column, START.y - row, START.width, START.height)
    assert_shows(source, world, Window(column, row, 0, 0), inside)


@of_all_kinds
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(b"no", 401), "it returned 401"),
        (Answer(b"no", 403), "it returned 403"),
        (Answer(b"no", 429), r"it returned 429 .*\(4 tries\)"),
        (Answer(b"no", 500), r"it returned 500 .*\(4 tries\)"),
        (Answer(b"no", 503), r"it returned 503 .*\(4 tries\)"),
        (Answer(EXCEPTION, kind="text/xml"), "it responded: No scene & no map."),
        (Answer(EXCEPTION, kind="image/png"), "it responded: No scene & no map."),
        (Answer(EXCEPTION, kind="application/vnd.ogc.se_xml"), "it responded: No scene & no map."),
        (Answer(b"<html>Sign in</html>", kind="text/html"), "its response is not an image"),
        (Answer(b"<svg xmlns='http://www.w3.org/2000/svg'/>", kind="image/svg+xml"), "its response is not an image"),
        (Answer(b'{"error": {"code": 498, "message": "Invalid token"}}', kind="application/json"), "Invalid token"),
        (Answer(b"\x89PNG\r\n\x1a\n", kind="image/png"), "its response is"),
        (Answer(status=302, headers={"Location": "ftp://127.0.0.1/a.png"}), "it redirects to an insecure protocol"),
        (Answer(status=302, headers={"Location": "?again"}), "it redirects too often"),
    ],
)
def test_a_failed_image_is_named_and_no_hole(kind: Kind, answer: Answer, reason: str, server: TileServer) -> None:
    source = opened(kind, server)
    server.failures = [answer] * 100
    with pytest.raises(AddressError, match=f"{kind.path} could not be read: .*{reason}"):
        read_part(source)


@of_all_kinds
@pytest.mark.parametrize("answer", [Answer(status=404), Answer(b"", kind="image/png")], ids=["missing", "empty"])
def test_only_services_of_tiles_may_lack_one(kind: Kind, answer: Answer, server: TileServer) -> None:
    source = opened(kind, server)
    server.failures = [answer] * 100
    if kind.may_lack_tiles:
        assert not read_part(source)[1].any()
    else:
        with pytest.raises(AddressError, match=f"{kind.path} could not be read: (it returned 404|.* is not an image)"):
            read_part(source)


@of_all_kinds
def test_a_failure_that_passes_is_no_hole(kind: Kind, server: TileServer) -> None:
    source = opened(kind, server)
    server.failures = [Answer(b"busy", 503)] * 2
    assert read_part(source)[1].all()


@of_all_kinds
def test_cancel_ends_a_request_that_hangs(kind: Kind, server: TileServer) -> None:
    cancelled = threading.Event()
    with network.cancelled_by(cancelled.is_set):
        source = opened(kind, server)
    server.failures = [None] * 100
    server.requests.clear()
    threading.Thread(target=lambda: wait_for_request(server, cancelled), daemon=True).start()
    with pytest.raises(RunCancelledError):
        read_part(source)


def wait_for_request(server: TileServer, cancelled: threading.Event) -> None:
    while not server.requests:
        cancelled.wait(0.01)
    cancelled.set()


@pytest.mark.parametrize("kind", [KINDS["WMS"], KINDS["WMS-C"]], ids=["WMS", "WMS-C"])
def test_neither_sign_in_nor_query_is_in_the_message(kind: Kind, server: TileServer) -> None:
    secret = "%3Fkey%3Dsecret1&username=user&password=secret2&http-header:X-Key=secret3"
    source = opened(kind, server, secret)
    server.requests.clear()
    server.failures = [Answer(b"no", 403)] * 100
    with pytest.raises(AddressError) as caught:
        read_part(source)
    assert "secret" not in str(caught.value)
    assert {request.headers.get("X-Key") for request in server.requests} == {"secret3"}
    assert all(request.headers["Authorization"].startswith("Basic ") for request in server.requests)


@pytest.mark.parametrize("kind", [KINDS["map service"], KINDS["map service's tiles"]], ids=["maps", "tiles"])
def test_headers_reach_a_map_service(kind: Kind, server: TileServer) -> None:
    newer = Qgis.QGIS_VERSION_INT >= 32400
    source = opened(kind, server, " http-header:X-Key='a b'" if newer else " referer='a b'")
    server.requests.clear()
    read_part(source)
    assert {request.headers.get("X-Key" if newer else "Referer") for request in server.requests} == {"a b"}


@pytest.mark.parametrize(
    ("encoding", "start", "weights"),
    [("terrariumterrain", -32768, (256, 1, 1 / 256)), ("maptilerterrain", -10000, (6553.6, 25.6, 0.1))],
)
def test_heights_in_colours_are_those_of_their_encoding(
    encoding: str, start: float, weights: tuple[float, ...], server: TileServer, world: np.ndarray
) -> None:
    """https://github.com/tilezen/joerd/blob/master/docs/formats.md, https://docs.mapbox.com/data/tilesets/reference/"""
    source = opened(KINDS["XYZ"], server, f"&interpretation={encoding}")
    if not isinstance(source, HeightsSource):
        pytest.skip("this QGIS shows the colours")
    (pixels,), valid = source.read(source.grid.window)
    column, row = round((source.grid.origin[0] - LEFT) / CELL), round((TOP - source.grid.origin[1]) / CELL)
    shown = world[:, row : row + valid.shape[0], column : column + valid.shape[1]].astype(np.float64)
    np.testing.assert_array_equal(valid, shown[3] > 0)
    expected = start + sum(weight * plane for weight, plane in zip(weights, shown))
    np.testing.assert_allclose(pixels[valid], expected[valid], rtol=1e-6)
    server.failures = [Answer(b"no", 500)] * 100
    with pytest.raises(AddressError, match="it returned 500"):
        opened(KINDS["XYZ"], server, f"&interpretation={encoding}")
