# SPDX-License-Identifier: GPL-2.0-or-later
"""Web maps and image services on another grid, through Processing: the classes of the file warped by gdalwarp."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException, QgsProcessingFeedback, QgsProject, QgsRasterLayer

from ..networks import class_definition, pointwise_network, pointwise_weights
from ..servers import Answer, ImageServiceServer, PortalServer, TileServer, WmtsServer
from ..servers.tiles import CELL, HALF, SIZE
from ..servers.wmts import Level
from ..unit.rasters import wkt, write_raster
from .command import ALGORITHM, needs_qgis_process, qgis_process, words
from .command import classify as classify_by_command
from .scenes import VALUES, Scene, read_no_data, read_pixels, write_definition

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(plugin: Any, project: QgsProject, tmp_path: Path) -> Run:
    import processing

    def classify(**parameters: Any) -> dict[str, Any]:
        given = {"OUTPUT": str(tmp_path / "out.tif"), **parameters}
        return processing.run(ALGORITHM, given, feedback=QgsProcessingFeedback(False))

    return classify


def warped_classes(raster: Path, bands: int, like: Path, method: str) -> tuple[np.ndarray, np.ndarray]:
    """Returns the classes by numpy of gdalwarp's output on the grid of a result, and the valid pixels."""
    dataset = gdal.Open(str(like))
    x, width, _, y, _, height = dataset.GetGeoTransform()
    bounds = (x, y + height * dataset.RasterYSize, x + width * dataset.RasterXSize, y)
    warped = gdal.Warp(
        "", str(raster), format="MEM", outputBounds=bounds, xRes=width, yRes=-height, resampleAlg=method,
        dstSRS=dataset.GetProjection(), dstAlpha=True, errorThreshold=0, warpOptions=["XSCALE=1", "YSCALE=1"],
    ).ReadAsArray()  # fmt: skip
    matrix, bias = pointwise_weights(bands=bands, channels=len(VALUES), seed=3)
    scores = np.tensordot(matrix, warped[:bands].astype(np.float32), 1) + bias[:, None, None]
    return np.array(VALUES)[scores.argmax(axis=0)], warped[-1] != 0


def assert_is_classified(output: Path, raster: Path, bands: int, method: str, same_cells: bool = True) -> None:
    found, no_data = read_pixels(output), read_no_data(output)
    expected, valid = warped_classes(raster, bands, output, method)
    # gdalwarp rounds to the raster's bytes, and widens its kernel slightly differently for coarser cells.
    assert ((found != no_data) == valid).mean() > 0.99
    both = (found != no_data) & valid
    assert (found[both] == expected[both]).mean() > (0.97 if same_cells else 0.9)
    assert both.sum() > 1000


@pytest.mark.parametrize("method", ["nearest", "bilinear"])
@pytest.mark.parametrize(
    "grid",
    [
        {"TARGET_CRS": "EPSG:32632"},
        {
            "TARGET_CRS": '{"wkid": 4326}',
            "EXTENT": "15.002,15.01,48.745,48.75 [EPSG:4326]",
            "CELL_SIZE": '{"x": 0.0001, "y": 0.00008}',
        },
        {"CELL_SIZE": "7"},
        {"CONTEXT": {"outSR": {"wkid": 32632}, "cellSize": 8}},
    ],
    ids=["crs", "crs and extent", "size", "context"],
)
def test_an_image_service_is_brought_to_another_grid(
    grid: dict[str, Any], method: str, run: Run, scene: Scene, tmp_path: Path
) -> None:
    with ImageServiceServer(scene.raster) as server:
        run(INPUT={"url": server.service}, MODEL=str(scene.model), RESAMPLING=method, **grid)
    assert_is_classified(tmp_path / "out.tif", scene.raster, 2, method)


def test_an_image_service_aligns_with_a_snap_raster(run: Run, scene: Scene, tmp_path: Path) -> None:
    snap = write_raster(tmp_path / "snap.tif", np.zeros((1, 4, 4), np.uint8), transform=(3.0, 10, 0, 4.0, 0, -10))
    with ImageServiceServer(scene.raster) as server:
        run(INPUT={"url": server.service}, MODEL=str(scene.model), SNAP_RASTER=str(snap))
    x, _, _, y, _, _ = gdal.Open(str(tmp_path / "out.tif")).GetGeoTransform()
    assert ((x - 3) % 10, (y - 4) % 10) == (0, 0)
    assert_is_classified(tmp_path / "out.tif", scene.raster, 2, "bilinear")


@pytest.fixture(scope="module")
def world() -> np.ndarray:
    """A smooth picture of the world, because a web map is not read at every zoom."""
    rows, columns = np.mgrid[0:SIZE, 0:SIZE]
    waves = [np.sin(columns / (9 + band)) + np.cos(rows / (7 + band)) for band in range(3)]
    pixels = np.stack([*(60 * wave + 128 for wave in waves), np.full((SIZE, SIZE), 255.0)]).astype(np.uint8)
    pixels[3, 600:620, 1030:1050] = 0
    return pixels


@pytest.fixture
def server(world: np.ndarray) -> Iterator[TileServer]:
    with TileServer(world) as server:
        yield server


@pytest.fixture
def wmts(world: np.ndarray) -> Iterator[WmtsServer]:
    # The coarser level differs: reading it returns wrong classes.
    corner, other = (-HALF, HALF), 255 - world[:, ::2, ::2]
    levels = (Level("fine", world, corner, CELL), Level("coarse", other, corner, 2 * CELL))
    with WmtsServer(levels) as server:
        yield server


@pytest.fixture
def picture(world: np.ndarray, tmp_path: Path) -> Path:
    """The world of the server as a file."""
    return write_raster(tmp_path / "world.tif", world, alpha=4, transform=(-HALF, CELL, 0, HALF, 0, -CELL), epsg=3857)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    network = pointwise_network(tmp_path / "network.onnx", bands=3, channels=len(VALUES), seed=3)
    return write_definition(tmp_path / "model.emd", class_definition(network, bands=3, values=VALUES, tile=64))


@pytest.mark.parametrize("method", ["nearest", "bilinear"])
@pytest.mark.parametrize(("kind", "provider"), [("xyz", "wms"), ("wms", "wms"), ("map_service", "arcgismapserver")])
def test_a_web_map_is_brought_to_another_crs(
    kind: str, provider: str, method: str, server: TileServer, picture: Path, model: Path, run: Run, tmp_path: Path
) -> None:
    layer = QgsRasterLayer(getattr(server, kind), "web map", provider)
    assert layer.isValid()
    # The approximate size of the web map's cells on the ground.
    size = CELL * 0.57
    run(
        INPUT=layer, MODEL=str(model), RESAMPLING=method, TARGET_CRS="EPSG:32633", CELL_SIZE=str(size),
        EXTENT="1,29,45,60 [EPSG:4326]",
    )  # fmt: skip
    assert gdal.Open(str(tmp_path / "out.tif")).GetGeoTransform()[1] == pytest.approx(size)
    assert wkt(32633)[:30] == gdal.Open(str(tmp_path / "out.tif")).GetProjection()[:30]
    # QGIS draws a map on cells slightly different from the server's; tiles are fetched unchanged.
    assert_is_classified(tmp_path / "out.tif", picture, 3, method, same_cells=kind == "xyz")


@pytest.mark.parametrize("method", ["nearest", "bilinear"])
def test_a_wmts_is_brought_to_another_crs(
    method: str, wmts: WmtsServer, picture: Path, model: Path, run: Run, tmp_path: Path
) -> None:
    run(
        INPUT=QgsRasterLayer(wmts.source, "web map", "wms"), MODEL=str(model), RESAMPLING=method,
        TARGET_CRS="EPSG:32633", CELL_SIZE=str(CELL * 0.57), EXTENT="1,29,45,60 [EPSG:4326]",
    )  # fmt: skip
    assert_is_classified(tmp_path / "out.tif", picture, 3, method)
    assert {name for name, _, _ in wmts.tiles} == {"fine"}


def test_a_web_map_in_another_crs_needs_cells_and_an_extent(server: TileServer, model: Path, run: Run) -> None:
    for given in ({"CELL_SIZE": "1000"}, {"EXTENT": "1,29,45,60 [EPSG:4326]"}):
        with pytest.raises(QgsProcessingException, match="web map has no cell size. Set Cell size and"):
            run(INPUT=QgsRasterLayer(server.xyz, "web map", "wms"), MODEL=str(model), TARGET_CRS="EPSG:32633", **given)


def test_a_web_map_of_a_text_aligns_with_a_snap_raster(
    server: TileServer, picture: Path, model: Path, run: Run, tmp_path: Path
) -> None:
    snap = write_raster(tmp_path / "snap.tif", np.zeros((1, 4, 4), np.uint8), transform=(3.0, 12000, 0, 4.0, 0, -12000))
    extent = {"xmin": 1, "ymin": 45, "xmax": 29, "ymax": 60, "spatialReference": {"wkid": 4326}}
    run(
        INPUT="wms://" + server.xyz, MODEL=str(model), SNAP_RASTER=str(snap), EXTENT=json.dumps(extent),
        TARGET_CRS="EPSG:32633", RESAMPLING="nearest",
        CELL_SIZE="12000",
    )  # fmt: skip
    x, width, _, y, _, _ = gdal.Open(str(tmp_path / "out.tif")).GetGeoTransform()
    assert width == 12000
    assert ((x - 3) / 12000) % 1 == pytest.approx(0, abs=1e-6)
    assert ((y - 4) / 12000) % 1 == pytest.approx(0, abs=1e-6)


# --- the command line -------------------------------------------------------------------------------------


@needs_qgis_process
@pytest.mark.parametrize("form", ["url", "service", "item"])
def test_an_image_service_on_the_command_line(form: str, scene: Scene, tmp_path: Path) -> None:
    grid = {"TARGET_CRS": "EPSG:32632", "CELL_SIZE": "9", "RESAMPLING": "nearest"}
    with ImageServiceServer(scene.raster) as server, PortalServer() as portal:
        portal.items["abc"] = {"type": "Image Service", "url": server.service}
        forms = {
            "url": {"url": server.service},
            "service": {"serviceProperties": {"serviceUrl": server.service}},
            "item": {"itemId": "abc"},
        }
        given = {"INPUT": json.dumps(forms[form]), "MODEL": scene.model, "OUTPUT": "out.tif", **grid}
        done = qgis_process(
            "run", ALGORITHM, "--", *words(given), folder=tmp_path, CLASSIFY_PIXELS_PORTAL=portal.portal
        )
    done.assert_done()
    assert_is_classified(tmp_path / "out.tif", scene.raster, 2, "nearest")


@needs_qgis_process
def test_a_web_map_on_the_command_line(server: TileServer, picture: Path, model: Path, tmp_path: Path) -> None:
    classify_by_command(
        tmp_path, INPUT="wms://" + server.xyz, MODEL=model, EXTENT="1,29,45,60 [EPSG:4326]", CELL_SIZE=CELL,
        RESAMPLING="nearest", OUTPUT="out.tif",
    ).assert_done()  # fmt: skip
    assert_is_classified(tmp_path / "out.tif", picture, 3, "nearest")


@needs_qgis_process
@pytest.mark.parametrize("size", [CELL, CELL * 0.8])
def test_a_wmts_on_the_command_line(size: float, wmts: WmtsServer, picture: Path, model: Path, tmp_path: Path) -> None:
    classify_by_command(
        tmp_path, INPUT="wms://" + wmts.source, MODEL=model, EXTENT="1,29,45,60 [EPSG:4326]", CELL_SIZE=size,
        RESAMPLING="nearest", OUTPUT="out.tif",
    ).assert_done()  # fmt: skip
    assert_is_classified(tmp_path / "out.tif", picture, 3, "nearest")


@needs_qgis_process
def test_a_tile_that_fails_ends_the_command(wmts: WmtsServer, model: Path, tmp_path: Path) -> None:
    wmts.failures = [Answer(status=404), *[Answer(b"no", 403)] * 50]
    done = classify_by_command(
        tmp_path, INPUT="wms://" + wmts.source, MODEL=model, EXTENT="1,29,45,60 [EPSG:4326]", CELL_SIZE=CELL,
        OUTPUT="out.tif",
    )  # fmt: skip
    assert done.code == 1
    assert "/queries could not be read: it returned 403" in done.stderr
    assert not (tmp_path / "out.tif").exists()
