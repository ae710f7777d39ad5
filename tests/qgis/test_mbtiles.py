# SPDX-License-Identifier: GPL-2.0-or-later
"""Layers of MBTiles files, whose tiles are read pixel by pixel."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.core import QgsProcessingException, QgsProcessingFeedback, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QBuffer, QIODevice
from qgis.PyQt.QtGui import QImage

from classify_pixels.inference.errors import LayerReadError, RasterUnreadableError
from classify_pixels.inference.raster import Extent, GdalInput, GdalSource, GridRequest, open_scene
from classify_pixels.inference.raster.gdal_options import gdal_settings
from classify_pixels.inference.window import Window
from classify_pixels.plugin_support.sources.layer_source import LayerSource
from classify_pixels.plugin_support.sources.layers import layer_of_text, open_layer
from classify_pixels.plugin_support.sources.mbtiles import mbtiles_path

from ..networks import class_definition, pointwise_network, pointwise_weights
from ..servers.tiles import CELL, HALF, SIZE, TILE, ZOOM, level_of, png_of
from ..unit.rasters import wkt
from .command import ALGORITHM
from .scenes import VALUES, read_no_data, read_pixels, write_definition
from .web_maps import request_of, world_grid, world_pixels

pytestmark = pytest.mark.usefixtures("plugin")

Put = Callable[[int, int, int, bytes], None]
LEVELS = (1, 2, 3)


@pytest.fixture(scope="module")
def world() -> np.ndarray:
    return world_pixels()


@pytest.fixture(scope="module")
def whole(world: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world in PNG tiles, rows counted from the south, without the tile 2 of row 1."""
    path = tmp_path_factory.mktemp("tiles") / "my world & more.mbtiles"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        database.execute("CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB)")
        said = {"name": "world", "format": "png", "minzoom": 1, "maxzoom": ZOOM, "bounds": "-180,-85.0511,180,85.0511"}
        database.executemany("INSERT INTO metadata VALUES (?, ?)", said.items())
        for zoom in LEVELS:
            level = level_of(world, zoom)
            for row in range(2**zoom):
                for column in range(2**zoom):
                    tile = level[:, row * TILE : (row + 1) * TILE, column * TILE : (column + 1) * TILE]
                    if (zoom, column, row) != (ZOOM, 2, 1):
                        place = (zoom, column, 2**zoom - 1 - row, png_of(tile).body)
                        database.execute("INSERT INTO tiles VALUES (?, ?, ?, ?)", place)
        database.commit()
    return path


@pytest.fixture
def damaged(whole: Path, tmp_path: Path) -> Callable[[bytes], Path]:
    """Returns a copy of the file in which the tile at the north-west corner of the finest level has this content."""

    def copy(content: bytes) -> Path:
        path = tmp_path / "damaged.mbtiles"
        path.write_bytes(whole.read_bytes())
        with closing(sqlite3.connect(path)) as database:
            place = (content, ZOOM, 0, 2**ZOOM - 1)
            change = "UPDATE tiles SET tile_data=? WHERE zoom_level=? AND tile_column=? AND tile_row=?"
            assert database.execute(change, place).rowcount == 1
            database.commit()
        return path

    return copy


def layer_of(path: Path) -> QgsRasterLayer:
    layer = QgsRasterLayer(f"type=mbtiles&url={path.as_uri().replace('&', '%26')}", "tiles", "wms")
    assert layer.isValid(), layer.error().message()
    return layer


def opened(path: Path, request: GridRequest) -> GdalSource:
    raster = open_layer(layer_of(path), request)
    assert isinstance(raster, GdalInput)
    return GdalSource(raster)


def test_cells_are_those_of_the_tiles_where_the_bounds_are_not(
    whole: Path, damaged: Callable[[bytes], Path], world: np.ndarray
) -> None:
    path = damaged(png_of(world[:, :TILE, :TILE]).body)
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE metadata SET value='-100.03,-40.3,33.41,60.77' WHERE name='bounds'")
        database.commit()
    with closing(opened(path, request_of(Window(900, 900, 9, 9)))) as tiles:
        column, row = (tiles.grid.origin[0] + HALF) / CELL, (HALF - tiles.grid.origin[1]) / CELL
        assert (column, row) == pytest.approx((round(column), round(row)), abs=1e-6)
        colours, visible = expected_level(world, ZOOM)
        part = Window(round(column), round(row), tiles.grid.width, tiles.grid.height)
        rows, columns = part.within(Window(0, 0, SIZE, SIZE))
        pixels, valid = tiles.read(tiles.grid.window)
        np.testing.assert_array_equal(valid, visible[rows, columns])
        np.testing.assert_array_equal(pixels[:, valid], colours[:, rows, columns][:, valid])


def expected_level(world: np.ndarray, zoom: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns the colours of a level and its visible pixels, by numpy."""
    level = level_of(world, zoom).copy()
    if zoom == ZOOM:
        level[3, TILE : 2 * TILE, 2 * TILE : 3 * TILE] = 0
    return np.where(level[3] > 0, level[:3], 0), level[3] > 0


@pytest.mark.parametrize(
    ("factor", "zoom"), [(None, 3), (1.0, 3), (0.01, 3), (1.3, 3), (1.5, 2), (2.0, 2), (4.0, 1), (60.0, 1)]
)
def test_the_level_nearest_to_the_cells_is_read_pixel_by_pixel(
    factor: float | None, zoom: int, whole: Path, world: np.ndarray
) -> None:
    size = (CELL * factor, CELL * factor) if factor else None
    extent = Extent(world_grid(Window(0, 0, 9, 9)).bounds)
    with closing(opened(whole, GridRequest(extent=extent, cell_size=size))) as tiles:
        colours, visible = expected_level(world, zoom)
        assert (tiles.grid.height, tiles.grid.width) == visible.shape
        assert tiles.grid.cell_size == pytest.approx((CELL * 2 ** (ZOOM - zoom),) * 2)
        assert tiles.grid.origin == pytest.approx((-HALF, HALF), abs=1e-6)
        assert [(band.name, band.in_picture) for band in tiles.bands] == [
            ("Red", True), ("Green", True), ("Blue", True),
        ]  # fmt: skip
        pixels, valid = tiles.read(tiles.grid.window)
        np.testing.assert_array_equal(valid, visible)
        np.testing.assert_array_equal(pixels[:, valid], colours[:, valid])
        assert any(file.endswith("my world & more.mbtiles") for file in tiles.files)


def test_cells_in_degrees_choose_the_level_of_their_size(whole: Path) -> None:
    degrees = 360 / SIZE * 2
    with closing(opened(whole, GridRequest(cell_size=(degrees, degrees), crs=wkt(4326)))) as tiles:
        assert tiles.grid.cell_size[0] == pytest.approx(2 * CELL)


def test_an_extent_is_a_crop(whole: Path, world: np.ndarray) -> None:
    part = Window(450, 200, 200, 120)
    request = request_of(part)
    scene = open_scene(open_layer(layer_of(whole), request), request, "nearest")
    pixels, valid = scene.source.read(scene.area)
    colours, visible = expected_level(world, ZOOM)
    rows, columns = part.within(Window(0, 0, SIZE, SIZE))
    np.testing.assert_array_equal(valid, visible[rows, columns])
    np.testing.assert_array_equal(pixels[:, valid], colours[:, rows, columns][:, valid])


def jpeg() -> bytes:
    image = QImage(TILE, TILE, QImage.Format.Format_RGB32)
    noise = np.random.default_rng(5).integers(0, 2**24, (TILE, TILE))
    for row in range(TILE):
        for column in range(TILE):
            image.setPixel(column, row, int(noise[row, column]))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPG")
    return bytes(buffer.data())


def png() -> bytes:
    return png_of(np.random.default_rng(1).integers(0, 256, (4, TILE, TILE), np.uint8)).body


@pytest.mark.parametrize(
    "content",
    [lambda: png()[:40_000], lambda: png()[:90_000] + b"damaged" + png()[90_007:], lambda: jpeg()[:20_000],
     lambda: b"<html>", lambda: b"<svg xmlns='http://www.w3.org/2000/svg' width='256' height='256'/>", lambda: b""],
    ids=["cut png", "damaged png", "cut jpeg", "text", "svg", "empty"],
)  # fmt: skip
def test_a_damaged_tile_is_an_error_and_no_hole(
    content: Callable[[], bytes], damaged: Callable[[bytes], Path], whole: Path
) -> None:
    request = request_of(Window(0, 0, 300, 200))
    with gdal_settings(1), closing(opened(damaged(content()), request)) as tiles:  # noqa: SIM117
        with pytest.raises(RasterUnreadableError, match="tiles"):
            tiles.read(Window(0, 0, 300, 200))
    with closing(opened(whole, request)) as tiles:
        assert tiles.read(Window(0, 0, 300, 200))[1].all()


def test_a_whole_jpeg_is_a_tile(damaged: Callable[[bytes], Path]) -> None:
    with closing(opened(damaged(jpeg()), request_of(Window(0, 0, 9, 9)))) as tiles:
        assert tiles.read(Window(0, 0, TILE, TILE))[1].all()


def test_a_file_that_is_gone_is_named(damaged: Callable[[bytes], Path]) -> None:
    path = damaged(png())
    layer = layer_of(path)
    path.unlink()
    with pytest.raises(LayerReadError, match="tiles returned no pixels"):
        open_layer(layer, request_of(Window(0, 0, 9, 9)))


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("type=mbtiles&url=file:///data/a%20b.mbtiles", "/data/a b.mbtiles"),
        ("type=mbtiles&url=/data/a.mbtiles", "/data/a.mbtiles"),
        ("type=mbtiles&url=/data/a.mbtiles&interpretation=terrariumterrain", ""),
        ("type=xyz&url=https://tiles.example/{z}/{x}/{y}.png", ""),
        ("crs=EPSG:3857&layers=mbtiles&url=https://tiles.example/wms", ""),
    ],
)
def test_the_file_of_a_layer(source: str, path: str) -> None:
    assert mbtiles_path(source) == path


def test_heights_in_colours_are_read_by_qgis(whole: Path) -> None:
    layer = QgsRasterLayer(layer_of(whole).source() + "&interpretation=terrariumterrain", "heights", "wms")
    assert isinstance(open_layer(layer, request_of(Window(0, 0, 9, 9))), LayerSource)


# --- through Processing -----------------------------------------------------------------------------------


@pytest.fixture
def model(tmp_path: Path) -> Path:
    network = pointwise_network(tmp_path / "network.onnx", bands=3, channels=len(VALUES), seed=3)
    return write_definition(tmp_path / "model.emd", class_definition(network, bands=3, values=VALUES, tile=64))


def run(layer: Any, model: Path, output: Path, **more: Any) -> None:
    import processing

    given = {"INPUT": layer, "MODEL": str(model), "OUTPUT": str(output), **more}
    processing.run(ALGORITHM, given, feedback=QgsProcessingFeedback(False))


@pytest.mark.parametrize("as_text", [True, False])
def test_a_layer_of_tiles_is_classified(
    as_text: bool, whole: Path, world: np.ndarray, model: Path, project: QgsProject, tmp_path: Path
) -> None:
    layer: Any = layer_of(whole)
    if as_text:
        assert layer_of_text("wms://" + layer.source()) is not None
        layer = "wms://" + layer.source()
    run(layer, model, tmp_path / "out.tif", CELL_SIZE=str(4 * CELL))
    colours, visible = expected_level(world, ZOOM - 2)
    matrix, bias = pointwise_weights(bands=3, channels=len(VALUES), seed=3)
    scores = np.tensordot(matrix, colours.astype(np.float32), 1) + bias[:, None, None]
    found, no_data = read_pixels(tmp_path / "out.tif"), read_no_data(tmp_path / "out.tif")
    np.testing.assert_array_equal(found != no_data, visible)
    assert (found == np.array(VALUES)[scores.argmax(axis=0)])[visible].mean() > 0.999


def test_a_run_over_a_damaged_tile_leaves_no_output(
    damaged: Callable[[bytes], Path], model: Path, project: QgsProject, tmp_path: Path
) -> None:
    with pytest.raises(QgsProcessingException):
        run(layer_of(damaged(png()[:40_000])), model, tmp_path / "out.tif")
    assert not (tmp_path / "out.tif").exists()
