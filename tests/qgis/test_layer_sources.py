# SPDX-License-Identifier: GPL-2.0-or-later
"""Layers of providers that GDAL does not read by name."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.core import QgsRasterDataProvider, QgsRasterLayer, QgsRasterRange

from classify_pixels.inference import SilentProgress
from classify_pixels.inference.errors import LayerGridError, LayerReadError
from classify_pixels.inference.grid import Grid
from classify_pixels.inference.models import GivenArguments, read_model_reference
from classify_pixels.inference.raster import Channel, GdalInput, GdalSource, GridRequest, open_scene
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from classify_pixels.inference.window import Window
from classify_pixels.plugin_support.sources.image_service import ImageService, ImageServiceSource
from classify_pixels.plugin_support.sources.layer_source import LayerSource, bounds_of
from classify_pixels.plugin_support.sources.layers import layer_of_text, open_layer
from classify_pixels.plugin_support.sources.server_map import ServerMap, ServerMapSource
from classify_pixels.plugin_support.sources.web_map import web_map

from ..servers import Answer, ImageServiceServer, TileServer, WcsServer
from ..servers.tiles import CELL
from ..unit.rasters import TRANSFORM, write_raster
from .scenes import Scene, read_pixels
from .web_maps import assert_shows, request_of, world_grid, world_pixels

pytestmark = pytest.mark.usefixtures("plugin", "short_pauses")


@pytest.fixture(scope="module")
def world() -> np.ndarray:
    return world_pixels()


@pytest.fixture
def server(world: np.ndarray) -> Iterator[TileServer]:
    with TileServer(world) as server:
        yield server


def source_of(uri: str, provider: str, window: Window, timeout: float = 20.0) -> ServerMapSource:
    layer = QgsRasterLayer(uri, "web map", provider)
    assert layer.isValid()
    images = web_map(layer)
    assert isinstance(images, ServerMap)
    return ServerMapSource(images, world_grid(window), bounds_of(layer.extent()), "web map", timeout)


@pytest.mark.parametrize(("uri", "provider"), [("wms", "wms"), ("map_service", "arcgismapserver")])
def test_a_web_map_gives_its_colours_and_its_alpha(uri: str, provider: str, server: Any, world: np.ndarray) -> None:
    start = Window(450, 500, 400, 300)
    source = source_of(getattr(server, uri), provider, start)
    assert [band.name for band in source.bands] == ["Red", "Green", "Blue"]
    assert_shows(source, world, start, Window(0, 0, 400, 300))
    assert_shows(source, world, start, Window(61, 3, 5, 7))
    assert not source.read(Window(50, 100, 60, 100))[1].any()
    source.close()


def test_a_window_is_zero_beyond_the_grid(server: TileServer, world: np.ndarray) -> None:
    start = Window(10, 20, 50, 40)
    pixels, valid = source_of(server.wms, "wms", start).read(Window(-5, -6, 70, 60))
    expected = np.zeros((3, 60, 70), np.float32)
    expected[:, 6:46, 5:55] = world[:3, 20:60, 10:60]
    np.testing.assert_array_equal(pixels, expected)
    assert valid.sum() == valid[6:46, 5:55].sum() == 50 * 40


def test_a_grid_that_reaches_beyond_the_layer_is_empty_there(server: TileServer, world: np.ndarray) -> None:
    source = source_of(server.wms, "wms", Window(-20, -10, 60, 50))
    pixels, valid = source.read(source.grid.window)
    assert valid.sum() == valid[10:, 20:].sum() == 40 * 40
    np.testing.assert_array_equal(pixels[:, 10:, 20:], world[:3, :40, :40])


def test_blocks_meet_without_a_seam(server: TileServer, world: np.ndarray) -> None:
    start = Window(100, 80, 1500, 1100)
    assert_shows(source_of(server.wms, "wms", start), world, start, Window(0, 0, 1500, 1100))


def test_bands_are_chosen_and_scaled(server: TileServer, world: np.ndarray) -> None:
    source = source_of(server.wms, "wms", Window(0, 0, 300, 300))
    source.select([Channel(3, 0.5, 1.0), Channel(1)])
    pixels, _ = source.read(Window(2, 3, 40, 30))
    np.testing.assert_array_equal(pixels[0], world[2, 3:33, 2:42] * np.float32(0.5) + 1)
    np.testing.assert_array_equal(pixels[1], world[0, 3:33, 2:42])


def test_threads_read_what_one_thread_reads(server: TileServer) -> None:
    source = source_of(server.wms, "wms", Window(0, 0, 1000, 1000))
    windows = [Window(x, y, 170, 130) for y in range(0, 900, 210) for x in range(-30, 900, 240)]
    alone = [source.read(window) for window in windows]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(source.read, windows))
    for one, other in zip(alone, together):
        np.testing.assert_array_equal(one[0], other[0])
        np.testing.assert_array_equal(one[1], other[1])
    source.close()


def test_cell_size_and_extent_make_the_grid_of_a_web_map(server: TileServer, world: np.ndarray) -> None:
    start = Window(300, 200, 90, 70)
    source = open_layer(QgsRasterLayer(server.wms, "web map", "wms"), request_of(start))
    scene = open_scene(source, request_of(start), "nearest")
    assert scene.area == start
    pixels, _ = scene.source.read(scene.area)
    np.testing.assert_array_equal(pixels, world[:3, 200:270, 300:390])
    for request in (GridRequest(), request_of(start, None), GridRequest(cell_size=(CELL, CELL))):
        with pytest.raises(LayerGridError):
            open_layer(QgsRasterLayer(server.wms, "web map", "wms"), request)


def test_a_text_as_processing_writes_it_becomes_a_layer(server: TileServer, world: np.ndarray) -> None:
    layer = layer_of_text("wms://" + server.wms)
    assert layer is not None
    start = Window(300, 200, 9, 7)
    assert_shows(open_layer(layer, request_of(start)), world, Window(0, 0, 9, 7), start)
    for text in ("scene.tif", "/vsis3/bucket/scene.tif", "https://example.org/a.tif", "gdal://a.tif", "C:/a.tif"):
        assert layer_of_text(text) is None


def test_a_layer_that_is_not_valid_is_named() -> None:
    layer = layer_of_text("wms://url=http://127.0.0.1:9/wms&layers=a&styles=&format=image/png&crs=EPSG:3857")
    assert layer is not None
    with pytest.raises(LayerReadError, match="wms returned no pixels"):
        open_layer(layer, GridRequest())


def test_a_layer_with_cells_keeps_them_or_takes_the_asked_ones(numbers: Path) -> None:
    layer = QgsRasterLayer(str(numbers), "numbers")
    assert open_layer(layer, GridRequest()).grid.cell_size == pytest.approx((10, 10))
    coarse = open_layer(layer, GridRequest(cell_size=(20.0, 35.0))).grid
    assert coarse.cell_size == (20.0, 35.0)
    assert (coarse.width, coarse.height) == (45, 20)
    snap = Grid(5, 5, (500_003.0, 10.0, 0.0, 5_200_004.0, 0.0, -10.0), coarse.crs)
    snapped = open_layer(layer, GridRequest(cell_size=(10.0, 10.0), snap=snap)).grid
    assert snapped.origin == (499_993.0, 5_200_004.0)


def test_an_image_service_layer_is_read_raw(tmp_path: Path) -> None:
    pixels = np.random.default_rng(2).normal(size=(4, 40, 50)).astype(np.float32)
    raster = write_raster(tmp_path / "scene.tif", pixels)
    with ImageServiceServer(raster) as service:
        source = f"crs='EPSG:32633' format='PNG32' layer='0' url='{service.service}'"
        found = open_layer(QgsRasterLayer(source, "service", "arcgismapserver"), GridRequest())
        assert isinstance(found, ImageServiceSource)
        np.testing.assert_array_equal(found.read(found.grid.window)[0], pixels)


def classified(raster: Any, scene: Scene, output: Path) -> np.ndarray:
    environment = Environment(workers=2, cache=output.parent / "cache")
    request = ClassificationRequest(
        raster, read_model_reference(str(scene.model)), output, GivenArguments(), environment
    )
    classify_pixels(request, SilentProgress())
    return read_pixels(output)


def test_a_layer_and_an_image_service_give_the_class_map_of_the_file(scene: Scene, tmp_path: Path) -> None:
    expected = classified(GdalInput(str(scene.raster)), scene, tmp_path / "file.tif")
    layer = LayerSource(QgsRasterLayer(str(scene.raster), "scene"))
    np.testing.assert_array_equal(classified(layer, scene, tmp_path / "layer.tif"), expected)
    with ImageServiceServer(scene.raster) as server:
        service = ImageServiceSource(ImageService(server.service))
        np.testing.assert_array_equal(classified(service, scene, tmp_path / "service.tif"), expected)


def test_a_layer_without_cells_needs_a_grid(server: TileServer) -> None:
    layer = QgsRasterLayer(server.wms, "web map", "wms")
    with pytest.raises(LayerGridError, match="web map has no cell size. Set Cell size and Extent"):
        LayerSource(layer)


@pytest.fixture
def numbers(tmp_path: Path) -> Path:
    pixels = np.random.default_rng(8).normal(size=(2, 70, 90)).astype(np.float32)
    pixels[:, 10:20, 30:50] = -99
    pixels[0, 40:45, 5:25] = -99
    return write_raster(tmp_path / "numbers.tif", pixels, no_data=-99.0)


def virtual_layer(raster: Path) -> QgsRasterLayer:
    """A layer that QGIS computes during reading: the first band of a raster plus 1."""
    base = QgsRasterLayer(str(raster), "numbers")
    source = QgsRasterDataProvider.VirtualRasterInputLayers()
    source.name, source.provider, source.uri = "numbers", "gdal", str(raster)
    parameters = QgsRasterDataProvider.VirtualRasterParameters()
    parameters.crs, parameters.extent = base.crs(), base.extent()
    parameters.width, parameters.height = base.width(), base.height()
    parameters.formula = '"numbers@1" + 1'
    parameters.rInputLayers = [source]
    return QgsRasterLayer(QgsRasterDataProvider.encodeVirtualRasterProviderUri(parameters), "sum", "virtualraster")


def test_numbers_keep_their_values_and_their_grid(numbers: Path) -> None:
    layer = virtual_layer(numbers)
    assert layer.isValid()
    source, base = LayerSource(layer), GdalSource(GdalInput(str(numbers)))
    del layer
    assert source.grid.transform == pytest.approx(TRANSFORM)
    base.select([Channel(1, 1.0, 1.0)])
    for window in (source.grid.window, Window(7, 9, 31, 22), Window(-4, 60, 20, 20)):
        (found, valid), (wanted, counts) = source.read(window), base.read(window)
        np.testing.assert_array_equal(valid, counts)
        np.testing.assert_allclose(found, wanted, rtol=1e-6)


def test_no_data_of_provider_and_user_is_honoured(numbers: Path) -> None:
    """Read through QGIS's own provider of GDAL files, with known pixels."""
    layer = QgsRasterLayer(str(numbers), "numbers")
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(0.5, 1.0)])
    layer.dataProvider().setUserNoDataValue(2, [QgsRasterRange(-9.0, 0.0)])
    ranges = {1: ((0.5, 1.0),), 2: ((-9.0, 0.0),)}
    source, base = LayerSource(layer), GdalSource(GdalInput(str(numbers), ranges))
    for window in (source.grid.window, Window(25, 5, 30, 20)):
        for found, wanted in zip(source.read(window), base.read(window)):
            np.testing.assert_array_equal(found, wanted)
    assert [len(layer.dataProvider().userNoDataValues(band)) for band in (1, 2)] == [1, 1]


@pytest.mark.parametrize(
    "failure",
    [
        Answer(b"no", 403),
        Answer(b"no", 500),
        Answer(
            b"<ServiceExceptionReport><ServiceException>no</ServiceException></ServiceExceptionReport>", kind="text/xml"
        ),
        Answer(b"<html/>", kind="text/html"),
        Answer(b"", kind="image/tiff"),
        Answer(b"II*\0damaged", kind="image/tiff"),
    ],
)
def test_a_coverage_that_fails_is_named_and_has_no_zeros(failure: Answer, tmp_path: Path) -> None:
    """A provider that returns zeros for a failed request."""
    pixels = np.random.default_rng(6).normal(size=(100, 100)).astype(np.float32)
    pixels[:20, :20] = 0
    with WcsServer(pixels, tmp_path) as server, ThreadPoolExecutor(1) as pool:
        source = open_layer(QgsRasterLayer(server.source, "coverage", "wcs"), GridRequest())
        assert isinstance(source, LayerSource)
        for window in (Window(10, 20, 30, 40), Window(0, 0, 20, 20)):
            found, valid = pool.submit(source.read, window).result(60)
            np.testing.assert_array_equal(found[0], pixels[window.within(source.grid.window)])
            assert valid.all()
        server.failure = failure
        with pytest.raises(LayerReadError, match="coverage returned no pixels: the response of its server"):
            pool.submit(source.read, Window(50, 50, 20, 20)).result(60)


@pytest.mark.parametrize("kind", ["uint8", "uint16", "int16", "uint32", "int32", "float32", "float64"])
def test_numbers_of_every_type_are_read(kind: str, tmp_path: Path) -> None:
    pixels = (np.random.default_rng(1).random((2, 40, 50)) * 250).astype(kind)
    raster = write_raster(tmp_path / "scene.tif", pixels)
    source = LayerSource(QgsRasterLayer(str(raster), "scene"))
    np.testing.assert_array_equal(source.read(source.grid.window)[0], pixels.astype(np.float32))


def test_no_data_that_is_only_a_bitmap_is_honoured(tmp_path: Path) -> None:
    from qgis.core import Qgis, QgsRasterBlock

    from classify_pixels.plugin_support.sources.layer_pixels import block_validity, block_values

    block = QgsRasterBlock(Qgis.DataType.Byte, 5, 4)
    block.setData(b"\x09" * 20)
    block.setIsNoData(2, 3)
    values = block_values(block)
    expected = np.ones((4, 5), bool)
    expected[2, 3] = False
    np.testing.assert_array_equal(block_validity(block, values, ()), expected)


@pytest.mark.parametrize("premultiplied", [False, True])
def test_half_transparent_colours_are_those_of_the_image(premultiplied: bool) -> None:
    from qgis.core import Qgis, QgsRasterBlock

    from classify_pixels.plugin_support.sources.layer_pixels import block_colours

    kind = Qgis.DataType.ARGB32_Premultiplied if premultiplied else Qgis.DataType.ARGB32
    block = QgsRasterBlock(kind, 2, 1)
    colour = (100, 50, 20) if premultiplied else (200, 100, 40)
    word = np.array([0x80000000 | colour[0] << 16 | colour[1] << 8 | colour[2], 0], np.uint32)
    block.setData(word.tobytes())
    colours, visible = block_colours(block)
    np.testing.assert_allclose(colours[:, 0, 0].astype(int), (200, 100, 40), atol=1)
    assert visible.tolist() == [[True, False]]


def test_blocks_cover_a_window_once() -> None:
    covered = np.zeros((25, 33), int)
    for block in Window(2, 3, 31, 22).blocks(8):
        rows, columns = block.within(Window(0, 0, 33, 25))
        covered[rows, columns] += 1
        assert max(block.width, block.height) <= 8
    assert covered[3:, 2:].min() == covered.max() == 1
    assert covered[:3].max() == covered[:, :2].max() == 0
    assert Window(4, 4, 0, 3).blocks(8) == []
