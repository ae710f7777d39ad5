# SPDX-License-Identifier: GPL-2.0-or-later
"""WMTS layers, whose tiles the plugin fetches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsRasterLayer

from classify_pixels.inference.errors import AddressError, LayerReadError
from classify_pixels.inference.raster import Extent, GridRequest
from classify_pixels.inference.raster.scene.crs import same_crs
from classify_pixels.inference.window import Window
from classify_pixels.plugin_support import http as network
from classify_pixels.plugin_support.qgis_crs import wkt_of
from classify_pixels.plugin_support.sources.capabilities import LARGEST_TILE, capabilities_query
from classify_pixels.plugin_support.sources.layers import open_layer
from classify_pixels.plugin_support.sources.tiled_map_source import TiledMapSource
from classify_pixels.plugin_support.sources.web_map import service_map
from classify_pixels.plugin_support.sources.xml_element import MOST_ELEMENTS, XmlError, read_element, read_root

from ..servers import Answer, Failures, WmtsServer
from ..servers.wmts import Level

pytestmark = pytest.mark.usefixtures("plugin", "short_pauses")

# Metres in a degree on the equator of WGS 84, which has the radius 6378137 m.
DEGREE = 111_319.49079327358
US_FOOT = 1200 / 3937


def noise(width: int, height: int, seed: int = 1) -> np.ndarray:
    pixels = np.random.default_rng(seed).integers(0, 256, (4, height, width), np.uint8)
    pixels[3] = np.where(pixels[3] < 20, 0, 255)
    return pixels


# Two levels that begin at different corners, neither of them the world's, with tiles of different sizes.
FINE = Level("set:0 fine", noise(1000, 700), (1_000_300.0, 6_000_700.0), 10.0, (256, 128))
COARSE = Level("coarse", noise(390, 300, seed=2), (998_000.0, 6_001_000.0), 40.0, (64, 100))
AREA = (1_001_000.0, 5_996_000.0, 1_005_000.0, 5_999_000.0)


def source_of(server: WmtsServer, cell: float, bounds: tuple[float, ...] = AREA, more: str = "") -> Any:
    layer = QgsRasterLayer(server.source + more, "web map", "wms")
    assert layer.isValid(), layer.error().message()
    return open_layer(layer, GridRequest(extent=Extent(bounds), cell_size=(cell, cell)))


def assert_is_level(source: Any, level: Level, part: Window | None = None) -> None:
    """Compares a whole source with a level, or with a part of its tiles, which are transparent beyond its pixels."""
    assert isinstance(source, TiledMapSource)
    columns, rows = level.count
    part = part or Window(0, 0, columns, rows)
    (width, height), (x, y) = level.tile, level.corner
    whole = np.zeros((4, rows * height, columns * width), np.uint8)
    whole[:, : level.pixels.shape[1], : level.pixels.shape[2]] = level.pixels
    expected = whole[:, part.y * height : part.bottom * height, part.x * width : part.right * width]
    assert source.grid.cell_size == pytest.approx((level.cell, level.cell), rel=1e-12)
    corner = (x + part.x * width * level.cell, y - part.y * height * level.cell)
    assert source.grid.origin == pytest.approx(corner, rel=1e-12)
    pixels, valid = source.read(source.grid.window)
    np.testing.assert_array_equal(valid, expected[3] > 0)
    np.testing.assert_array_equal(pixels, np.where(valid, expected[:3], 0))


@pytest.mark.parametrize("queries", [True, False], ids=["queries", "paths"])
@pytest.mark.parametrize(("cell", "level"), [(10.0, FINE), (19.0, FINE), (21.0, COARSE), (3.0, FINE), (200.0, COARSE)])
def test_a_level_is_read_whole(cell: float, level: Level, queries: bool) -> None:
    with WmtsServer((FINE, COARSE), queries) as server:
        assert_is_level(source_of(server, cell), level)
        assert {name for name, _, _ in server.tiles} == {level.name}


def test_windows_are_parts_of_the_level() -> None:
    with WmtsServer((FINE, COARSE)) as server:
        source = source_of(server, 10.0)
        whole, everywhere = source.read(source.grid.window)
        for window in (Window(250, 120, 20, 20), Window(3, 5, 600, 300), Window(-30, 500, 100, 500)):
            pixels, valid = source.read(window)
            inside = window.intersection(source.grid.window)
            target, origin = inside.within(window), inside.within(source.grid.window)
            np.testing.assert_array_equal(pixels[(slice(None), *target)], whole[(slice(None), *origin)])
            np.testing.assert_array_equal(valid[target], everywhere[origin])
            assert valid.sum() == valid[target].sum()


@pytest.mark.parametrize(
    ("crs", "unit", "corner", "turned", "flag"),
    [
        ("EPSG::4326", DEGREE, (15.0, 48.0), True, ""),
        ("EPSG::4326", DEGREE, (15.0, 48.0), False, "&IgnoreAxisOrientation"),
        ("OGC:1.3:CRS84", DEGREE, (15.0, 48.0), False, ""),
        ("EPSG::3857", 1.0, (1_000_000.0, 6_000_000.0), True, "&InvertAxisOrientation"),
        ("EPSG::31467", 1.0, (3_500_000.0, 5_600_000.0), True, ""),
        ("EPSG::2263", US_FOOT, (980_000.0, 200_000.0), False, ""),
    ],
)
def test_units_and_the_order_of_axes_are_those_of_the_crs(
    crs: str, unit: float, corner: tuple[float, float], turned: bool, flag: str
) -> None:
    cell, (x, y) = 10.0 / unit, corner
    level = Level("0", noise(500, 300), corner, cell)
    with WmtsServer((level,), crs=crs, unit=unit, turned=turned) as server:
        source = source_of(server, cell, (x, y - 300 * cell, x + 500 * cell, y), flag)
        known = QgsCoordinateReferenceSystem.fromOgcWmsCrs(f"urn:ogc:def:crs:{crs}")
        assert same_crs(source.grid.crs, wkt_of(known))
        assert_is_level(source, level)


def test_only_tiles_within_the_limits_are_asked_for() -> None:
    level = Level("0", noise(1000, 700), (1_000_300.0, 6_000_700.0), 10.0, (100, 100), limits=(2, 1, 6, 4))
    with WmtsServer((level,)) as server:
        source = source_of(server, 10.0)
        assert source.grid.window == Window(0, 0, 500, 400)
        assert_is_level(source, level, Window(2, 1, 5, 4))
        assert {(column, row) for _, column, row in server.tiles} == {(x, y) for x in range(2, 7) for y in range(1, 5)}


def test_limits_that_cannot_be_are_passed_over() -> None:
    level = Level("0", noise(500, 300), (1_000_300.0, 6_000_700.0), 10.0, limits=(0, 0, 99, 99))
    with WmtsServer((level,)) as server:
        assert_is_level(source_of(server, 10.0), level)


def test_limits_of_thousands_of_digits_are_passed_over() -> None:
    level = Level("0", noise(500, 300), (1_000_300.0, 6_000_700.0), 10.0, limits=(0, 0, 0, 0))
    with WmtsServer((level,)) as server:
        server.edit = ("<MaxTileCol>0", "<MaxTileCol>" + "9" * 5000)
        tiles = service_map(server.source, "web map")
    assert tiles is not None
    assert tiles.levels[0].tiles == Window(0, 0, 2, 2)


def test_only_tiles_that_the_layer_covers_are_asked_for() -> None:
    with WmtsServer((FINE,), corners=("8.99 47.34", "9.02 47.36")) as server:
        source = source_of(server, 10.0)
        pixels, valid = source.read(source.grid.window)
        assert valid.any()
        assert 0 < len(server.tiles) < 10
        # Its corner is still that of a tile.
        assert (np.array(source.grid.origin) - FINE.corner) / 10 % FINE.tile == pytest.approx([0, 0])


@pytest.mark.parametrize(("queries", "time"), [(True, "2023/a"), (False, "2023")])
def test_a_dimension_is_the_layer_s_or_the_default(queries: bool, time: str) -> None:
    with WmtsServer((FINE,), queries) as server:
        assert_is_level(source_of(server, 10.0), FINE)
        server.time = time
        assert_is_level(source_of(server, 10.0, more=f"&tileDimensions=Time%3D{time}"), FINE)


def test_a_tile_that_fails_is_named_and_one_that_is_absent_is_empty() -> None:
    with WmtsServer((FINE,), queries=False) as server:
        source = source_of(server, 10.0)
        server.failures = [Answer(b"<ExceptionReport/>", kind="text/xml")]
        with pytest.raises(AddressError, match=r"fine/0/0.png could not be read: its response is not an image"):
            source.read(Window(0, 0, 9, 9))
        server.failures = [Answer(status=500)] * 4
        with pytest.raises(AddressError, match=r"fine/0/0.png could not be read: it returned 500"):
            source.read(Window(0, 0, 9, 9))
        server.failures = [Answer(status=404)]
        assert not source.read(Window(0, 0, 9, 9))[1].any()


def test_headers_reach_the_service_and_its_tiles() -> None:
    with WmtsServer((FINE,)) as server:
        source_of(server, 10.0, more="&http-header:X-Key=a%26b").read(Window(0, 0, 9, 9))
        ours = [request for request in server.requests if request.headers.get("X-Key") == "a&b"]
        assert {request.path.rpartition("/")[2] for request in ours} >= {"wmts.xml", "queries"}


@pytest.mark.parametrize("foreign", [True, False])
def test_a_service_on_another_host_names_no_place_for_the_sign_in(foreign: bool) -> None:
    """Only the service's own answers may name other hosts of its tiles."""
    more = "&http-header:X-Key=secret&username=user&password=word"
    with WmtsServer((FINE,)) as other:
        address = other.source.partition("url=")[2]
        answer = Answer(status=302, headers={"Location": address}) if foreign else other.capabilities()
        with Failures([answer]) as first:
            tiles = service_map(other.source.replace(other.url, first.url) + more, "web map")
    assert tiles is not None
    assert tiles.address(tiles.levels[0], 0, 0).startswith(other.url)
    assert first.requests[0].headers["X-Key"] == "secret"
    assert (tiles.access == network.Access()) == foreign
    assert all("X-Key" not in request.headers for request in other.requests)


# --- capabilities -----------------------------------------------------------------------------------------


TINY = "<ScaleDenominator>5e-324</ScaleDenominator><ScaleDenominator>"


@contextmanager
def edited(old: str, new: str, queries: bool = True) -> Iterator[WmtsServer]:
    """A server whose capabilities are changed after QGIS has read them."""
    with WmtsServer((FINE,), queries) as server:
        server.edit = (old, new)
        yield server


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("top:scene", "another", "its service has no layer top:scene & more"),
        ("<ows:Identifier>set<", "<ows:Identifier>sett<", "its service has no tile matrix set set"),
        ("EPSG::3857", "EPSG::99", "the CRS urn:ogc:def:crs:EPSG::99 of its tile matrix set is unknown"),
        ("<TileWidth>256", "<TileWidth>wide", "its tile matrix set:0 fine is invalid: .*wide"),
        ("<TileWidth>256", f"<TileWidth>{LARGEST_TILE + 1}", "its tile matrix set:0 fine has impossible sizes"),
        ("<MatrixWidth>4", "<MatrixWidth>0", "its tile matrix set:0 fine has impossible sizes"),
        ("<TopLeftCorner>", "<TopLeftCorner>nan ", "its tile matrix set:0 fine is invalid"),
        ("<ScaleDenominator>", "<ScaleDenominator>-", "its tile matrix set:0 fine has impossible sizes"),
        ("<ScaleDenominator>", "<ScaleDenominator>1e999<!-- -->", "its tile matrix set:0 fine is invalid"),
        ("<ScaleDenominator>", TINY, "its tile matrix set:0 fine has impossible sizes"),
        ("<TopLeftCorner>", "<TopLeftCorner>nan nan</TopLeftCorner><TopLeftCorner>", "its .* impossible sizes"),
        ("<MatrixWidth>", "<MatrixWidth>" + "9" * 5000, "its tile matrix set:0 fine (is invalid|has impossible)"),
    ],
)
def test_what_is_missing_or_impossible_is_named(old: str, new: str, reason: str) -> None:
    with edited(old, new) as server, pytest.raises(LayerReadError, match=f"web map returned no pixels: {reason}"):
        service_map(server.source, "web map")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('format="image/png"', 'format="image/gif"', "its service declares no tile address for image/png"),
        ('template="http', 'template="file', "its service declares no tile address for image/png"),
    ],
)
def test_a_service_without_tiles_of_the_format_is_named(old: str, new: str, reason: str) -> None:
    with edited(old, new, queries=False) as server, pytest.raises(LayerReadError, match=reason):
        service_map(server.source, "web map")


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><Capabilities ', "it declares entities"),
        ("<Capabilities ><", "it is not valid XML"),
    ],
)
def test_xml_that_is_dangerous_or_broken_is_named(new: str, reason: str) -> None:
    with edited("<Capabilities ", new) as server, pytest.raises(AddressError, match=f"wmts.xml could .*: {reason}"):
        assert service_map(server.source, "web map") is not None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<o:ExceptionReport xmlns:o='o'><o:ExceptionText>no\n key</o:ExceptionText></o:ExceptionReport>",
         "it responded: no key"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "its response is not a capabilities document"),
        (b"\x00\x01", "its response is not a capabilities document"),
        (b"", "its response is not a capabilities document"),
    ],
)  # fmt: skip
def test_what_is_no_capabilities_is_named(body: bytes, reason: str) -> None:
    with WmtsServer((FINE,)) as server, Failures([Answer(body)]) as failing:
        source = server.source.replace(server.url, failing.url)
        with pytest.raises(AddressError, match=f"wmts.xml could not be read: {reason}"):
            service_map(source, "web map")


def test_a_tree_of_xml_is_read_by_its_local_names() -> None:
    root = read_element(b'<a:r xmlns:a="u" a:k="v &amp; w"> x<s>1</s><t><s>2</s></t> y<s> 3 </s></a:r>')
    assert (root.name, root.attributes["k"], root.text) == ("r", "v & w", "x y")
    assert [element.text for element in root.all("s")] == ["1", "3"]
    assert (root.text_of("t", "s"), root.text_of("t", "u")) == ("2", "")
    for content in (b"", b"no", b"<a><b></a>", b"<a/><b/>"):
        with pytest.raises(XmlError, match="it is not valid XML"):
            read_element(content)
    roots = (b"<!DOCTYPE a><w:a xmlns:w='u'>", b"\xef\xbb\xbf<a/>", b"x")
    assert [read_root(content) for content in roots] == ["a", "a", ""]


@pytest.mark.parametrize("depth", [100_000])
def test_deep_xml_does_not_break_the_reader(depth: int) -> None:
    assert read_element(b"<a>" * depth + b"</a>" * depth).name == "a"


def test_a_flood_of_elements_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("classify_pixels.plugin_support.sources.xml_element.MOST_ELEMENTS", 1000)
    assert MOST_ELEMENTS > 100_000
    assert len(read_element(b"<a>" + b"<b/>" * 999 + b"</a>").children) == 999
    with pytest.raises(XmlError, match="it has more than 1000 elements"):
        read_element(b"<a>" + b"<b/>" * 1000 + b"</a>")


def test_entities_that_grow_are_never_read() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>'
    with pytest.raises(XmlError, match="entities"):
        read_element(bomb)


@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("https://h.example/1.0.0/WMTSCapabilities.xml", {}),
        ("https://h.example/wmts?service=WMTS&request=GetCapabilities", {}),
        ("https://h.example/wmts?SERVICE=WMTS", {"REQUEST": "GetCapabilities"}),
        ("https://h.example/caps.xml", {"SERVICE": "WMS", "REQUEST": "GetCapabilities"}),
    ],
)
def test_capabilities_are_asked_for_as_qgis_asks(address: str, query: dict[str, str]) -> None:
    assert capabilities_query(address) == query


def test_signing_in_to_a_less_safe_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with WmtsServer((FINE,)) as server:
        content = network.get_bytes(server.source.partition("url=")[2], {})

    def answered(_address: str, _query: object, access: network.Access) -> network.Content:
        return network.Content(content, access)

    monkeypatch.setattr("classify_pixels.plugin_support.sources.capabilities.get_content", answered)
    source = server.source.replace("url=http:", "url=https:")
    assert service_map(source, "web map") is not None
    with pytest.raises(LayerReadError, match="less secure"):
        service_map(source + "&authcfg=abc1234", "web map")
