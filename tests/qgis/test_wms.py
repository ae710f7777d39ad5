# SPDX-License-Identifier: GPL-2.0-or-later
"""Maps and tiles of a WMS, which the plugin requests as QGIS does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from qgis.core import Qgis, QgsRasterLayer, QgsRectangle

from classify_pixels.inference.errors import AddressError, LayerReadError
from classify_pixels.inference.raster import Extent as Area
from classify_pixels.inference.raster import GridRequest
from classify_pixels.inference.window import Window
from classify_pixels.plugin_support import http as network
from classify_pixels.plugin_support.sources.capabilities import LARGEST_TILE
from classify_pixels.plugin_support.sources.layers import open_layer
from classify_pixels.plugin_support.sources.server_map import ServerMap, ServerMapSource
from classify_pixels.plugin_support.sources.tiled_map_source import TiledMapSource
from classify_pixels.plugin_support.sources.web_map import service_map, web_map

from ..servers import WmtsServer
from ..servers.tiles import png_of
from ..servers.wms import Extent, WmsServer
from ..servers.wmts import Level

pytestmark = pytest.mark.usefixtures("plugin", "short_pauses")


def noise(width: int, height: int) -> np.ndarray:
    pixels = np.random.default_rng(4).integers(0, 256, (4, height, width), np.uint8)
    pixels[3] = np.where(pixels[3] < 20, 0, 255)
    return pixels


METRES = Extent(noise(500, 300), (1_000_300.0, 6_000_700.0), 10.0)
EXTENTS = {
    "metres": METRES,
    "degrees": Extent(noise(500, 300), (15.0, 48.0), 0.25 / 1024, "EPSG:4326", turned=True),
    "degrees, east first": Extent(noise(500, 300), (15.0, 48.0), 0.25 / 1024, "CRS:84"),
    "north first": Extent(noise(500, 300), (3_500_000.0, 5_600_000.0), 10.0, "EPSG:31467", turned=True),
}


def opened(source: str, extent: Extent = METRES, cell: float | None = None) -> Any:
    layer = QgsRasterLayer(source, "web map", "wms")
    assert layer.isValid(), layer.error().message()
    cell = cell or extent.cell
    return open_layer(layer, GridRequest(extent=Area(extent.bounds), cell_size=(cell, cell)))


def assert_shows(source: Any, extent: Extent, window: Window) -> None:
    """Compares a window of the source, which has the extent's cells, with those."""
    pixels, valid = source.read(window)
    expected = extent.pixels[(slice(None), *window.within(Window(0, 0, 500, 300)))]
    np.testing.assert_array_equal(valid, expected[3] > 0)
    np.testing.assert_array_equal(pixels, np.where(valid, expected[:3], 0))


@pytest.mark.parametrize("version", ["1.1.1", "1.3.0"])
@pytest.mark.parametrize("extent", EXTENTS.values(), ids=EXTENTS.keys())
def test_tiles_are_read_on_their_own_cells(extent: Extent, version: str) -> None:
    with WmsServer(extent, version) as server:
        source = opened(server.tiled(), extent)
        assert isinstance(source, TiledMapSource)
        assert source.grid.window == Window(0, 0, 500, 300)
        assert source.grid.origin == pytest.approx(extent.corner, rel=1e-12)
        assert_shows(source, extent, source.grid.window)
        assert_shows(source, extent, Window(90, 45, 220, 60))
        assert {(query["WIDTH"], query["HEIGHT"]) for query in server.maps} == {("100", "50")}


@pytest.mark.parametrize("version", ["1.1.1", "1.3.0"])
@pytest.mark.parametrize("extent", EXTENTS.values(), ids=EXTENTS.keys())
def test_maps_are_read_on_the_requested_cells(extent: Extent, version: str) -> None:
    with WmsServer(extent, version) as server:
        source = opened(server.source(), extent)
        assert isinstance(source, ServerMapSource)
        assert_shows(source, extent, Window(90, 45, 220, 60))


def test_the_level_is_that_of_the_cells() -> None:
    with WmsServer(METRES) as server:
        source = opened(server.tiled(), cell=39.0)
        assert source.grid.cell_size == (40.0, 40.0)
        # Rows count from the bottom of a tile set.
        assert source.grid.origin == (1_000_300.0, 5_997_700.0 + 2 * 50 * 40.0)


def test_a_tile_set_is_found_without_its_name() -> None:
    with WmsServer(METRES) as server:
        source = opened(server.source("layers=top:scene%20%26%20more&styles=", "&tileMatrixSet="))
        assert_shows(source, METRES, Window(0, 0, 150, 60))


# --- the same requests as QGIS ----------------------------------------------------------------------------

# The first version of QGIS with filters.
FILTERS = 33000
TIME = "&type=wmst&time=2020-01-02T03:04:05Z/{}&timeDimensionExtent=2020-01-01T00:00:00Z/2021-01-01T00:00:00Z/P1D"
MORE = {
    "plain": "",
    "other address": "&IgnoreGetMapUrl=1",
    "axes ignored": "&IgnoreAxisOrientation=1",
    "axes turned": "&InvertAxisOrientation=1",
    "axes turned only": "&InvertAxisOrientation=1&IgnoreAxisOrientation=1",
    "resolution": "&dpiMode=7",
    "legend": "&contextualWMSLegend=1&featureCount=10",
    "opacities": "&opacities=128",
    "filter": "&filter=scene:%22a%22%20%3D%201",
    "temporal": "&type=wmst&timeDimensionExtent=2020-01-01T00:00:00Z/2021-01-01T00:00:00Z/P1D",
    "one time": TIME.format("2020-01-02T03:04:05Z"),
    "range": TIME.format("2020-03-02T03:04:05.000Z") + "&referenceTime=2020-05-02T00:00:00Z",
    "days": TIME.format("2020-03-02T03:04:05Z") + "&enableTime=false",
    "no time": TIME.format("2020-03-02T03:04:05Z") + "&allowTemporalUpdates=false",
}


def requested_by_qgis(layer: QgsRasterLayer, server: WmsServer, bounds: tuple[float, ...]) -> Any:
    server.requests.clear()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: layer.dataProvider().clone().block(1, QgsRectangle(*bounds), 80, 40)).result(60)
    (found,) = [request for request in server.requests if "BBOX" in request.query]
    return found


SOURCES = {
    "one layer": ("", "layers=top:scene%20%26%20more&styles=natural"),
    "two layers": ("", "layers=top:scene%20%26%20more&layers=names&styles=natural&styles="),
    "tiles": ("&tileMatrixSet=top:scene%20%26%20more-wmsc-1", "layers=top:scene%20%26%20more&styles="),
}


@pytest.mark.parametrize("version", ["1.1.1", "1.3.0"])
@pytest.mark.parametrize("kind", ["png", "jpeg"])
@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
@pytest.mark.parametrize("more", MORE.values(), ids=MORE.keys())
def test_requests_are_those_of_qgis(source: tuple[str, str], more: str, kind: str, version: str) -> None:
    extent, (matrix_set, layers) = EXTENTS["degrees"], source
    with WmsServer(extent, version) as server:
        uri = server.source(layers, matrix_set + more).replace("image/png", f"image/{kind}")
        layer = QgsRasterLayer(uri, "web map", "wms")
        assert layer.isValid(), layer.error().message()
        xmin, _, _, ymax = extent.bounds
        # Within one tile.
        bounds = (xmin + 10 * extent.cell, ymax - 45 * extent.cell, xmin + 90 * extent.cell, ymax - 5 * extent.cell)
        theirs = requested_by_qgis(layer, server, bounds)
        images = web_map(layer)
        server.requests.clear()
        if isinstance(images, ServerMap):
            network.get_bytes(images.address(bounds, 80, 40), {}, images.access)
        else:
            network.get_bytes(images.address(images.levels[1], 0, 0), {}, images.access)
        ours = server.requests[-1]
    boxes = [[float(each) for each in request.query.pop("BBOX").split(",")] for request in (ours, theirs)]
    # QGIS appends to its service's own parameters, ours replace them.
    theirs.query.pop("request", None)
    assert ours.path == theirs.path
    if Qgis.QGIS_VERSION_INT < FILTERS:
        ours.query.pop("FILTER", None)
    names = {*ours.query, *theirs.query}
    both = {name: (ours.query.get(name), theirs.query.get(name)) for name in names}
    assert not {name: pair for name, pair in both.items() if pair[0] != pair[1]}
    assert boxes[0] == pytest.approx(boxes[1], rel=1e-12)


# --- failures ---------------------------------------------------------------------------------------------


def test_a_single_tile_that_fails_is_no_hole() -> None:
    with WmsServer(METRES) as server:
        source = opened(server.tiled())
        server.broken = {(300, 150)}
        assert_shows(source, METRES, Window(0, 0, 500, 150))
        with pytest.raises(AddressError, match="/maps could not be read: it responded: no such tile"):
            source.read(source.grid.window)


def test_maps_larger_than_the_server_draws_are_cut() -> None:
    with WmsServer(METRES) as server:
        server.largest = 128
        assert_shows(opened(server.source()), METRES, Window(0, 0, 500, 300))
        assert max(int(query["WIDTH"]) for query in server.maps) == 128
    with WmsServer(METRES) as server:
        assert_shows(opened(server.source(more="&maxWidth=90&maxHeight=70")), METRES, Window(0, 0, 500, 300))
        assert max(int(query["WIDTH"]) for query in server.maps) == 70


def test_an_image_of_another_size_is_no_map() -> None:
    with WmsServer(METRES) as server:
        source = opened(server.source())
        server.failures = [png_of(np.full((4, 40, 40), 255, np.uint8))]
        with pytest.raises(AddressError, match="/maps could not .*: its image has 40 x 40 pixels instead of 50 x 30"):
            source.read(Window(0, 0, 50, 30))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("<Layers>top:", "<Layers>other:", "its service has no tile matrix set top:scene & more-wmsc-1"),
        ("<TileSet>", "<TileSet/><TileSet>", "its service has no tile matrix set top:scene & more-wmsc-1"),
        ("<Width>100</Width>", "<Width>wide</Width>", "its tile set is invalid: .*wide"),
        ("<Width>100</Width>", "<Width>0</Width>", "its tile set has impossible sizes"),
        ("<Width>100</Width>", f"<Width>{LARGEST_TILE + 1}</Width>", "its tile set has impossible sizes"),
        ("<Resolutions>40.0 10.0", "<Resolutions>", "its tile set has impossible sizes"),
        ("<Resolutions>40.0 10.0", "<Resolutions>nan", "its tile set has impossible sizes"),
        ("<Resolutions>40.0 10.0", "<Resolutions>-10.0", "its tile set has impossible sizes"),
        ("<Resolutions>40.0 10.0", "<Resolutions>1e-10", "its tile set has impossible sizes"),
        (' maxy="', ' maxy="inf', "its tile set is invalid"),
        (' maxy="', ' maxy="-', "its tile set has impossible sizes"),
        ('xlink:href="http:', 'xlink:href="file:', "its service declares no address of maps"),
    ],
)
def test_capabilities_that_cannot_be_are_named(old: str, new: str, reason: str) -> None:
    """They are changed after QGIS has read them."""
    with WmsServer(METRES) as server:
        layer = QgsRasterLayer(server.tiled(), "web map", "wms")
        server.edit = (old, new, 99)
        with pytest.raises(LayerReadError, match=f"web map returned no pixels: {reason}"):
            web_map(layer)


def test_a_time_of_a_wmts_that_only_qgis_can_choose_is_refused() -> None:
    level = Level("0", METRES.pixels, METRES.corner, METRES.cell)
    temporal = "&type=wmst&timeDimensionExtent=2019/2021/P1Y"
    with WmtsServer((level,)) as server:
        assert service_map(server.source + temporal, "web map") is not None
        with pytest.raises(LayerReadError, match="only QGIS can choose its time"):
            service_map(server.source + temporal + "&time=2020-01-01T00:00:00Z/2020-01-01T00:00:00Z", "web map")
