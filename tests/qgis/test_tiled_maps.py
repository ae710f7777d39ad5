# SPDX-License-Identifier: GPL-2.0-or-later
"""XYZ layers, whose tiles the plugin fetches, and rules of all tiled maps."""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.core import QgsApplication, QgsAuthMethodConfig, QgsRasterLayer
from qgis.PyQt.QtCore import QBuffer, QIODevice
from qgis.PyQt.QtGui import QImage

from classify_pixels.inference.errors import (
    AddressError,
    ExtentMissesRasterError,
    LayerGridError,
    LayerLevelError,
    RunCancelledError,
)
from classify_pixels.inference.raster import Channel, GridRequest, open_scene
from classify_pixels.inference.raster.scene.crs import same_crs
from classify_pixels.inference.raster.web import WebInput
from classify_pixels.inference.window import Window
from classify_pixels.plugin_support import http as network
from classify_pixels.plugin_support.http import cancelled_by
from classify_pixels.plugin_support.sources.layers import layer_of_text, open_layer
from classify_pixels.plugin_support.sources.tiled_map import xyz_tiles
from classify_pixels.plugin_support.sources.tiled_map_source import AT_ONCE, TileCache, TiledMapSource

from ..servers import Answer, Failures, TileServer
from ..servers.tiles import CELL, SIZE, TILE, level_of, part_of, png_of
from .web_maps import assert_shows, open_map, request_of, world_grid, world_pixels

pytestmark = pytest.mark.usefixtures("plugin", "short_pauses")

WORLD = Window(0, 0, SIZE, SIZE)


@pytest.fixture(scope="module")
def world() -> np.ndarray:
    return world_pixels()


@pytest.fixture
def server(world: np.ndarray) -> Iterator[TileServer]:
    with TileServer(world) as server:
        yield server


def tiles_asked(server: TileServer) -> Counter[str]:
    return Counter(request.path for request in server.requests if "/xyz/" in request.path)


# --- pixels -----------------------------------------------------------------------------------------------


def test_any_window_is_the_world_s(server: TileServer, world: np.ndarray) -> None:
    source = open_map(server.xyz, Window(450, 500, 400, 300))
    assert isinstance(source, TiledMapSource)
    assert source.grid.window == WORLD
    assert source.grid.transform == world_grid(WORLD).transform
    assert same_crs(source.grid.crs, world_grid(WORLD).crs)
    assert [band.name for band in source.bands] == ["Red", "Green", "Blue"]
    chance = random.Random(7)
    for _ in range(12):
        x, y = chance.randrange(SIZE - 9), chance.randrange(SIZE - 9)
        size = chance.randrange(1, 700), chance.randrange(1, 500)
        assert_shows(source, world, WORLD, Window(x, y, min(size[0], SIZE - x), min(size[1], SIZE - y)))
    assert not source.read(Window(500, 600, 60, 100))[1].any()
    source.close()


def test_a_window_is_zero_beyond_the_map(server: TileServer, world: np.ndarray) -> None:
    source = open_map(server.xyz, Window(0, 0, 90, 70))
    pixels, valid = source.read(Window(-20, -10, 60, 50))
    assert valid.sum() == valid[10:, 20:].sum() == 40 * 40
    np.testing.assert_array_equal(pixels[:, 10:, 20:], world[:3, :40, :40])
    assert not pixels[:, :10].any()
    assert not source.read(Window(-90, -90, 60, 50))[1].any()
    assert not source.read(Window(SIZE - 2, SIZE, 60, 50))[1].any()


def test_bands_are_chosen_and_scaled(server: TileServer, world: np.ndarray) -> None:
    source = open_map(server.xyz, Window(480, 580, 90, 70))
    source.select([Channel(3, 0.5, 1.0), Channel(1)])
    pixels, valid = source.read(Window(490, 590, 40, 30))
    expected = np.stack([world[2] * np.float32(0.5) + 1, world[0]])[:, 590:620, 490:530]
    np.testing.assert_array_equal(valid, world[3, 590:620, 490:530] > 0)
    np.testing.assert_array_equal(pixels, np.where(valid, expected, 0))


@pytest.mark.parametrize(
    ("factor", "zoom"), [(1.0, 3), (0.01, 3), (1.3, 3), (1.5, 2), (2.0, 2), (4.0, 1), (8.1, 0), (60.0, 0)]
)
def test_the_level_is_that_of_the_nearest_cells(
    factor: float, zoom: int, server: TileServer, world: np.ndarray
) -> None:
    source = open_map(server.xyz_levels, Window(300, 200, 900, 700), CELL * factor)
    level = level_of(world, zoom)
    assert source.grid.cell_size[0] == pytest.approx(CELL * 2 ** (3 - zoom))
    assert (source.grid.height, source.grid.width) == level.shape[1:]
    assert_shows(source, level, WORLD, Window(9, 3, 200, 240))


def test_cells_and_extent_are_made_of_the_level(server: TileServer, world: np.ndarray) -> None:
    start = Window(300, 200, 90, 70)
    scene = open_scene(open_map(server.xyz, start), request_of(start), "nearest")
    assert scene.area == start
    assert_shows(scene.source, world, WORLD, start)
    # Half the size: each cell four times, as "nearest" promises.
    request = request_of(start, CELL / 2)
    scene = open_scene(open_map(server.xyz, start, CELL / 2), request, "nearest")
    pixels, _ = scene.source.read(scene.area)
    np.testing.assert_array_equal(pixels, world[:3, 200:270, 300:390].repeat(2, 1).repeat(2, 2))


@pytest.mark.parametrize("size", [1, 2])
def test_a_picture_of_another_size_is_brought_to_the_declared_one(size: int) -> None:
    """Flat pictures, so that any resampling returns the same."""
    image = np.full((4, TILE * size, TILE * size), 255, np.uint8)
    image[:3] = np.array([10, 120, 250])[:, None, None]
    with Failures([png_of(image)]) as server:
        uri = f"type=xyz&zmin=3&zmax=3&tilePixelRatio=2&url={server.url}/%7Bz%7D/%7Bx%7D/%7By%7D.png"
        source = open_map(uri, Window(0, 0, 90, 70), CELL / 2)
        assert source.grid.width == 2 * SIZE
        pixels, valid = source.read(Window(500, 500, 60, 50))
    assert valid.all()
    assert [set(plane.flat) for plane in pixels] == [{10.0}, {120.0}, {250.0}]


# --- requests ---------------------------------------------------------------------------------------------


def test_each_tile_is_fetched_once(server: TileServer, world: np.ndarray) -> None:
    source = open_map(server.xyz, Window(0, 0, 90, 70))
    server.requests.clear()
    windows = [Window(x, y, 300, 280) for y in range(0, 900, 130) for x in range(0, 900, 170)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(source.read, windows))
    for window, (pixels, _) in zip(windows, found):
        rows, columns = window.within(WORLD)
        np.testing.assert_array_equal(pixels, np.where(world[3, rows, columns] > 0, world[:3, rows, columns], 0))
    asked = tiles_asked(server)
    assert set(asked.values()) == {1}
    assert len(asked) == 5 * 5


def test_tiles_are_fetched_side_by_side(server: TileServer) -> None:
    source = open_map(server.xyz, Window(0, 0, 90, 70))
    together, most, changed = 0, 0, threading.Condition()
    answer = server.answer

    def slow(request: Any) -> Any:
        nonlocal together, most
        with changed:
            together += 1
            most = max(most, together)
            changed.notify_all()
            # No tile comes before another one is asked for.
            assert changed.wait_for(lambda: most >= 2, timeout=300)
        time.sleep(0.1)
        with changed:
            together -= 1
        return answer(request)

    server.answer = slow  # type: ignore[method-assign]
    source.read(Window(0, 0, 1024, 768))
    assert most <= AT_ONCE


def test_requests_of_many_threads_are_not_mixed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the main thread draws windows, where PyQt is notified of finished threads."""
    failures: list[Any] = []
    monkeypatch.setattr(sys, "excepthook", lambda *error: failures.append(error))
    with Failures([Answer(b"x" * 50_000)]) as server, ThreadPoolExecutor(AT_ONCE) as pool:
        asked = [pool.submit(network.get_bytes, server.url, {}) for _ in range(900)]
        while not all(each.done() for each in asked):
            QgsApplication.processEvents()
    assert {len(each.result()) for each in asked} == {50_000}
    assert failures == []


def test_headers_and_names_reach_the_server(server: TileServer) -> None:
    more = "referer=https://me.example/a%3Fb&http-header:X-Key=a%26b&username=us%20er&password=p%26s%3D1"
    source = open_map(server.xyz + "&" + more, Window(0, 0, 90, 70))
    server.requests.clear()
    source.read(Window(0, 0, 9, 9))
    headers = {name.lower(): value for name, value in server.requests[0].headers.items()}
    assert headers["referer"] == "https://me.example/a?b"
    assert headers["x-key"] == "a&b"
    assert headers["authorization"] == "Basic dXMgZXI6cCZzPTE="


def test_an_authentication_configuration_signs_in(server: TileServer) -> None:
    manager = QgsApplication.authManager()
    if not manager.setMasterPassword("password of the test", True):
        pytest.skip("QGIS's authentication database is not usable here")
    configuration = QgsAuthMethodConfig("Basic")
    configuration.setName("tiles")
    configuration.setConfig("username", "user")
    configuration.setConfig("password", "word")
    manager.storeAuthenticationConfig(configuration)
    source = open_map(f"{server.xyz}&authcfg={configuration.id()}", Window(0, 0, 90, 70))
    server.requests.clear()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(source.read, Window(0, 0, 9, 9)).result(60)
    assert server.requests[0].headers["Authorization"] == "Basic dXNlcjp3b3Jk"


def test_headers_stay_with_their_host(server: TileServer) -> None:
    access = network.Access(headers=(("X-Key", "secret"),))
    target = server.xyz.partition("url=")[2].partition("%7B")[0] + "3/0/0.png"
    with Failures([Answer(status=302, headers={"Location": target})]) as first:
        network.get_bytes(first.url, {}, access)
    assert first.requests[0].headers["X-Key"] == "secret"
    assert "X-Key" not in server.requests[-1].headers


@pytest.mark.parametrize(
    ("status", "reason"), [(200, "larger than 1 MB"), (302, "larger than 1 MB"), (404, "it returned 404")]
)
def test_an_answer_without_end_is_given_up(status: int, reason: str) -> None:
    with Failures([Answer(b"x" * 2**16, status, headers={"Location": "/other"}, endless=True)]) as server:
        with pytest.raises(AddressError, match=reason):
            network.get_bytes(server.url, {}, most=2**20)
        assert len(server.requests) == 1


@pytest.mark.parametrize(("cell", "level"), [(1e-300, "5"), (5e-324, "5"), (1e300, "1")])
def test_a_level_is_found_for_any_cell(cell: float, level: str) -> None:
    tiles = xyz_tiles("type=xyz&zmin=1&zmax=5&url=https://tiles.example/{z}/{x}/{y}.png")
    assert tiles is not None
    assert tiles.level_for(cell).name == level


@pytest.mark.parametrize(
    ("placeholders", "address"),
    [("{z}/{x}/{y}", "3/5/2"), ("{z}/{x}/{-y}", "3/5/5"), ("{q}", "121"), ("{Z}/{other}/{usage}", "3/{other}/")],
)
def test_the_address_of_a_tile(placeholders: str, address: str) -> None:
    tiles = xyz_tiles(f"type=xyz&zmin=1&zmax=5&authcfg=abc&url=https://tiles.example/{placeholders}.png?k%3D1")
    assert tiles is not None
    assert tiles.address(tiles.levels[2], 5, 2) == f"https://tiles.example/{address}.png?k=1"
    assert tiles.access.authcfg == "abc"
    assert [int(tiles.level_for(cell).name) for cell in (CELL, CELL * 100, CELL / 100)] == [3, 1, 5]


@pytest.mark.parametrize(
    "source",
    [
        "crs=EPSG:3857&layers=scene&url=https://tiles.example/wms",
        "type=xyz&url=ftp://tiles.example/{z}/{x}/{y}.png",
        "type=mbtiles&url=/tiles.mbtiles",
    ],
)
def test_what_is_no_tile_of_a_web_server_is_not_read_as_one(source: str) -> None:
    assert xyz_tiles(source) is None


@pytest.mark.parametrize(
    ("zooms", "levels"),
    [("&zmin=-1&zmax=2", range(3)), ("&zmax=" + "9" * 5000, range(1)), ("&zmin=no&zmax=1", range(2))],
)
def test_zooms_that_are_no_numbers_are_0(zooms: str, levels: range) -> None:
    tiles = xyz_tiles(f"type=xyz{zooms}&url=https://tiles.example/{{z}}/{{x}}/{{y}}.png")
    assert tiles is not None
    assert [level.name for level in tiles.levels] == list(map(str, levels))


def test_a_text_as_processing_writes_it_becomes_a_tiled_map(server: TileServer) -> None:
    layer = layer_of_text("wms://" + server.xyz)
    assert layer is not None
    assert isinstance(open_layer(layer, request_of(Window(300, 200, 9, 7))), TiledMapSource)


def test_tiles_of_a_folder_are_read_and_a_damaged_one_is_named(world: np.ndarray, tmp_path: Path) -> None:
    folder = tmp_path / "own tiles" / "3" / "4"
    folder.mkdir(parents=True)
    for row in (2, 3):
        (folder / f"{row}.png").write_bytes(png_of(part_of(world, 4 * TILE, row * TILE, TILE, TILE)).body)
    address = f"{tmp_path.as_uri()}/own%2520tiles/%7Bz%7D/%7Bx%7D/%7By%7D.png"
    source = open_map(f"type=xyz&zmin=3&zmax=3&url={address}", Window(4 * TILE, TILE, TILE, 3 * TILE))
    assert not isinstance(source.described, WebInput)
    assert not source.read(Window(4 * TILE, 0, TILE, 2 * TILE))[1].any()
    assert_shows(source, world, Window(0, 0, 0, 0), Window(4 * TILE, 2 * TILE, TILE, 2 * TILE))
    (folder / "4.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(AddressError, match="/4/4.png could not be read: its response is"):
        source.read(Window(4 * TILE, 4 * TILE, 9, 9))
    (tmp_path / "own tiles").rename(tmp_path / "moved")
    with pytest.raises(AddressError, match="/5/4.png could not be read: No such file"):
        source.read(Window(5 * TILE, 4 * TILE, 9, 9))


# --- failures ---------------------------------------------------------------------------------------------


def test_a_grid_needs_cells_and_an_extent(server: TileServer) -> None:
    start = Window(300, 200, 90, 70)
    for request in (GridRequest(), request_of(start, None), GridRequest(cell_size=(CELL, CELL))):
        with pytest.raises(LayerGridError, match="web map has no cell size. Set Cell size and Extent"):
            open_layer(QgsRasterLayer(server.xyz, "web map", "wms"), request)
    assert not server.requests


def test_cells_far_coarser_than_all_levels_are_refused(server: TileServer) -> None:
    with pytest.raises(LayerLevelError, match="web map has no level for cells of 1.56543e[+]06; .* cells of 19567.9"):
        open_map(server.xyz, Window(0, 0, 900, 900), CELL * 80)


def test_an_extent_beyond_the_map_is_named_before_the_run(server: TileServer) -> None:
    with pytest.raises(ExtentMissesRasterError, match="web map"):
        open_map(server.xyz, Window(SIZE + 50, 0, 90, 70))


def test_a_map_that_wants_a_password_is_named_before_the_run(server: TileServer) -> None:
    server.failures = [Answer(status=401, headers={"WWW-Authenticate": 'Basic realm="x"'})] * 4
    with pytest.raises(AddressError, match="/xyz/3/2/1.png could not be read: it returned 401"):
        open_map(server.xyz, Window(500, 200, 300, 200))


@pytest.mark.parametrize("answer", [Answer(status=404), Answer(status=410), Answer(status=204), Answer()])
def test_a_tile_that_does_not_exist_is_not_valid(answer: Answer, server: TileServer, world: np.ndarray) -> None:
    source = open_map(server.xyz, Window(400, 200, 200, 200))
    server.failures = [answer]
    assert not source.read(Window(TILE, TILE, 2, 2))[1].any()
    pixels, valid = source.read(Window(200, 200, 600, 400))
    rows, columns = np.mgrid[200:600, 200:800]
    there = ((columns // TILE != 1) | (rows // TILE != 1)) & (world[3, 200:600, 200:800] > 0)
    np.testing.assert_array_equal(valid, there)
    np.testing.assert_array_equal(pixels, np.where(there, world[:3, 200:600, 200:800], 0))


def jpeg() -> bytes:
    image = QImage(TILE, TILE, QImage.Format.Format_RGB32)
    image.fill(0x123456)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPG")
    return bytes(buffer.data())


def png() -> bytes:
    noise = np.random.default_rng(1).integers(0, 256, (4, TILE, TILE), np.uint8)
    return png_of(noise).body


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"><rect width="9" height="9"/></svg>'
OTHER, DAMAGED = "its response is not an image", "its response is a damaged image"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda: Answer(b"no", 403), "it returned 403"),
        (lambda: Answer(b"no", 500), "it returned 500 .*4 tries"),
        (lambda: Answer(b"<?xml version='1.0'?><ExceptionReport/>", kind="image/png"), OTHER),
        (lambda: Answer(b"<html>Sign in</html>", kind="text/html"), OTHER),
        (lambda: Answer(SVG, kind="image/svg+xml"), OTHER),
        (lambda: Answer(png()[:40_000]), DAMAGED),
        (lambda: Answer(png()[:90_000] + b"damaged" + png()[90_007:]), DAMAGED),
        (lambda: Answer(jpeg()[:-30]), DAMAGED),
        (lambda: png_of(np.zeros((4, 4097, 4097), np.uint8)), "its image of 4097 x 4097 pixels is too large"),
        (lambda: Answer(jpeg()[:100]), "its response is an image without a size"),
        (lambda: Answer(b"x" * 2**16, endless=True), "its response is larger than 32 MB"),
    ],
    ids=["403", "500", "xml", "html", "svg", "cut png", "damaged png", "cut jpeg", "huge", "without size", "endless"],
)
def test_a_tile_that_fails_is_named_and_no_hole(
    answer: Callable[[], Answer], reason: str, server: TileServer, world: np.ndarray
) -> None:
    source = open_map(server.xyz, Window(0, 0, 300, 200))
    server.failures = [answer()] * 4
    with pytest.raises(AddressError, match=rf"/xyz/3/0/0.png could not be read: {reason}"):
        source.read(Window(0, 0, 50, 50))
    # Nothing of the failure is kept.
    server.failures = []
    assert_shows(source, world, WORLD, Window(0, 0, 50, 50))


def test_a_whole_jpeg_is_a_picture() -> None:
    with Failures([Answer(jpeg(), kind="image/jpeg")]) as server:
        uri = f"type=xyz&zmin=3&zmax=3&url={server.url}/%7Bz%7D/%7Bx%7D/%7By%7D.jpg"
        pixels, valid = open_map(uri, Window(0, 0, 9, 9)).read(Window(0, 0, 300, 20))
    assert valid.all()
    np.testing.assert_allclose(pixels[:, 5, 5], [0x12, 0x34, 0x56], atol=3)


def test_a_map_that_fails_for_a_while_is_read_after_all(server: TileServer, world: np.ndarray) -> None:
    source = open_map(server.xyz, Window(300, 300, 100, 100))
    server.failures = [Answer(b"busy", 503)] * 2
    assert_shows(source, world, WORLD, Window(300, 300, 100, 100))


def test_a_map_that_hangs_is_left_and_named(server: TileServer) -> None:
    tiles = xyz_tiles(server.xyz)
    assert tiles is not None
    source = TiledMapSource(tiles, tiles.levels[0], "", "web map", timeout=0.3)
    server.failures = [None] * 20
    with pytest.raises(AddressError, match="did not respond within 0.3 seconds"):
        source.read(Window(0, 0, 50, 50))


def test_cancel_ends_all_requests_at_once(server: TileServer) -> None:
    with cancelled_by(lambda: bool(server.failures) and len(server.requests) >= before + AT_ONCE):
        source = open_map(server.xyz, Window(0, 0, 300, 200))
    before = len(server.requests)
    server.failures = [None] * 64
    # A request without Cancel waits for a minute, and ends in another error.
    with pytest.raises(RunCancelledError):
        source.read(Window(0, 0, SIZE, SIZE))
    assert len(server.requests) <= before + AT_ONCE + 1


def test_nothing_waits_for_a_source_that_was_closed(server: TileServer, world: np.ndarray) -> None:
    source = open_map(server.xyz, Window(0, 0, 300, 200))
    server.failures = [None] * 64
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(source.read, WORLD)
        while len(server.requests) < AT_ONCE:
            time.sleep(0.01)
        source.close()
        with pytest.raises(RunCancelledError):
            reading.result(300)
    server.failures = []
    assert_shows(source, world, WORLD, Window(0, 0, 50, 50))


# --- the cache --------------------------------------------------------------------------------------------


def test_the_cache_keeps_what_was_asked_for_last() -> None:
    fetched: list[tuple[int, int]] = []

    def fetch(column: int, row: int) -> int:
        fetched.append((column, row))
        return column * 100 + row

    cache = TileCache(fetch, most=3)
    wanted = [(x, 1) for x in range(5)]
    assert list(cache.get(wanted)) == [x * 100 + 1 for x in range(5)]
    assert sorted(fetched) == wanted
    fetched.clear()
    assert list(cache.get([(4, 1), (2, 1), (3, 1)])) == [401, 201, 301]
    assert fetched == []
    list(cache.get([(0, 1), (2, 1), (4, 1)]))
    assert sorted(fetched) == [(0, 1), (4, 1)]
    cache.close()
    assert list(cache.get([(2, 1)])) == [201]
    assert len(fetched) == 3


def test_a_tile_on_its_way_is_not_fetched_again() -> None:
    started, may_end, calls, asked = threading.Event(), threading.Event(), [], threading.Barrier(4)

    def fetch(column: int, row: int) -> int:
        calls.append((column, row))
        started.set()
        may_end.wait(300)
        return 5

    def get() -> list[int]:
        asked.wait(300)
        return list(cache.get([(1, 1)]))

    cache = TileCache(fetch, most=3)
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(get) for _ in range(3)]
        asked.wait(300)
        started.wait(300)
        time.sleep(0.1)
        may_end.set()
        assert [each.result(300) for each in waiting] == [[5]] * 3
    assert calls == [(1, 1)]
