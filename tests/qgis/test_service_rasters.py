# SPDX-License-Identifier: GPL-2.0-or-later
"""Image services that are mosaics: each raster of their catalog classified by itself, as from its own file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, osr
from qgis.core import QgsProcessingException

from classify_pixels.inference.errors import AddressError, ImageServiceError, ReferenceKeyError
from classify_pixels.inference.raster import Collection
from classify_pixels.plugin_support.http import Access
from classify_pixels.plugin_support.sources.image_service import ImageService, ImageServiceSource
from classify_pixels.plugin_support.sources.service_rasters import rasters_of_service

from ..servers import ImageServiceServer
from .command import classify, classify_plainly, needs_qgis_process
from .scenes import CELL, ORIGIN, Scene, read_pixels, write_raster

pytestmark = pytest.mark.usefixtures("short_pauses")

Run = Callable[..., dict[str, Any]]
X, Y = ORIGIN
NAMES = ("east", "north", "west")


def placed(path: Path, transform: tuple[float, ...], epsg: int = 32633) -> Path:
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.SetGeoTransform(transform)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(epsg)
    dataset.SetProjection(reference.ExportToWkt())
    return path


@pytest.fixture
def items(tmp_path: Path) -> list[Path]:
    """Three rasters with holes that overlap: one on the service's cells, one on finer ones, one in another CRS."""
    places = {
        "east": ((X + 600, CELL, 0, Y - 200, 0, -CELL), 32633),
        "north": ((X + 303, CELL / 2, 0, Y - 1, 0, -CELL / 2), 32633),
        "west": ((X - 440_000, 7, 0, Y + 12_000, 0, -7), 32632),
    }
    folder = tmp_path / "items"
    folder.mkdir()
    paths = []
    for number, (name, place) in enumerate(places.items()):
        pixels = np.random.default_rng(number).integers(1, 200, (2, 50, 70), np.uint8)
        pixels[:, 20:25, 30:45] = 0
        paths.append(placed(write_raster(folder / f"{name}.tif", pixels, no_data=0), *place))
    return paths


@pytest.fixture
def mosaic(items: list[Path], tmp_path: Path) -> Path:
    """The service as a whole: the rasters on the cells of the first one."""
    path = tmp_path / "mosaic.tif"
    gdal.Warp(str(path), [str(item) for item in items[:2]], xRes=CELL, yRes=CELL, targetAlignedPixels=True)
    return path


@pytest.fixture
def server(mosaic: Path, items: list[Path]) -> Iterator[ImageServiceServer]:
    """A service of all of them, with catalog pages of two rows."""
    with ImageServiceServer(mosaic, items=items, page=2) as running:
        yield running


def assert_maps(folder: Path, items: list[Path], run_scene: Run, alone: Path, names: tuple[str, ...] = NAMES) -> None:
    """Checks that a folder contains the maps of these rasters, each equal to that of its own file."""
    assert sorted(path.stem for path in folder.glob("*.tif")) == sorted(names)
    for item in items:
        if item.stem in names:
            run_scene(INPUT=str(item), OUTPUT=str(alone))
            one, other = gdal.Open(str(folder / item.name)), gdal.Open(str(alone))
            np.testing.assert_array_equal(one.ReadAsArray(), other.ReadAsArray())
            assert one.GetGeoTransform() == other.GetGeoTransform()
            assert osr.SpatialReference(one.GetProjection()).IsSame(osr.SpatialReference(other.GetProjection()))


def test_each_raster_has_the_map_that_its_file_has(
    server: ImageServiceServer, items: list[Path], run_scene: Run, tmp_path: Path
) -> None:
    run_scene(INPUT={"url": server.service}, PROCESS_ALL_RASTER_ITEMS=True)
    assert_maps(tmp_path / "out", items, run_scene, tmp_path / "alone.tif")
    pages = [request.query for request in server.requests if request.path.endswith("/query")]
    assert [page.get("resultOffset") for page in pages] == [None, "2"]
    locks = {json.loads(query["mosaicRule"])["mosaicMethod"] for query in server.exports}
    assert locks == {"esriMosaicLockRaster"}


def test_without_it_the_service_is_one_raster(
    server: ImageServiceServer, mosaic: Path, run_scene: Run, tmp_path: Path
) -> None:
    run_scene(INPUT={"url": server.service})
    run_scene(INPUT=str(mosaic), OUTPUT=str(tmp_path / "alone.tif"))
    np.testing.assert_array_equal(read_pixels(tmp_path / "out.tif"), read_pixels(tmp_path / "alone.tif"))
    assert not any(request.path.endswith("/query") for request in server.requests)


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        ({"mosaicMethod": "esriMosaicLockRaster", "lockRasterIds": [3, 1]}, ("east", "west")),
        ({"mosaicMethod": "esriMosaicNorthwest", "fids": [2]}, ("north",)),
        ({"where": "Name = 'north'", "ascending": True}, ("north",)),
        ({"mosaicMethod": "esriMosaicNorthwest"}, NAMES),
    ],
    ids=["lock", "numbers", "where", "order"],
)
@pytest.mark.parametrize("form", ["key", "query"])
def test_a_mosaic_rule_chooses_among_the_rasters(
    rule: dict[str, Any],
    names: tuple[str, ...],
    form: str,
    server: ImageServiceServer,
    items: list[Path],
    run_scene: Run,
    tmp_path: Path,
) -> None:
    text = json.dumps(rule)
    as_key = {"url": server.service, "mosaicRule": rule}
    run_scene(
        INPUT=as_key if form == "key" else {"url": f"{server.service}?mosaicRule={text}"}, PROCESS_ALL_RASTER_ITEMS=True
    )
    assert_maps(tmp_path / "out", items, run_scene, tmp_path / "alone.tif", names)


def test_a_raster_function_holds_for_every_raster(server: ImageServiceServer, scene: Scene) -> None:
    service = ImageService(server.service, rules=(("renderingRule", '{"rasterFunction": "Difference"}'),))
    catalog = rasters_of_service(ImageServiceSource(service))
    assert catalog is not None
    for item, number in zip(catalog.items, (1, 2, 3)):
        source = item.open()  # type: ignore[union-attr]
        pixels, _ = source.read(source.grid.window)
        first, second = gdal.Open(str(server._items[number])).ReadAsArray().astype(np.float32)
        np.testing.assert_array_equal(pixels, [first - second])


def test_a_sign_in_holds_for_the_catalog_and_its_rasters(
    mosaic: Path, items: list[Path], run_scene: Run, tmp_path: Path
) -> None:
    with ImageServiceServer(mosaic, items=items, token="secret") as server:
        run_scene(INPUT={"url": server.service, "serviceToken": "secret"}, PROCESS_ALL_RASTER_ITEMS=True)
        assert {request.query.get("token") for request in server.requests} == {"secret"}
        with pytest.raises(QgsProcessingException, match="Invalid token") as error:
            run_scene(INPUT={"url": server.service, "serviceToken": "wrong one"}, PROCESS_ALL_RASTER_ITEMS=True)
    assert "wrong one" not in str(error.value)
    assert_maps(tmp_path / "out", items, run_scene, tmp_path / "alone.tif")


@needs_qgis_process
def test_each_raster_has_its_map_on_the_command_line(
    server: ImageServiceServer, items: list[Path], run_scene: Run, scene: Scene, tmp_path: Path
) -> None:
    given = {"INPUT": json.dumps({"url": server.service}), "MODEL": scene.model, "PROCESS_ALL_RASTER_ITEMS": "true"}
    classify(tmp_path, OUTPUT="maps.tif", **given).assert_done()
    assert_maps(tmp_path / "maps", items, run_scene, tmp_path / "alone.tif")


@needs_qgis_process
def test_a_raster_that_fails_is_named_and_the_others_are_made(
    server: ImageServiceServer, items: list[Path], run_scene: Run, scene: Scene, tmp_path: Path
) -> None:
    server._items[4] = items[0].with_name("gone.tif")
    given = {"INPUT": json.dumps({"url": server.service}), "MODEL": scene.model, "PROCESS_ALL_RASTER_ITEMS": "true"}
    server.changes = {}
    info = server._info
    server._info = lambda raster: {} if raster.stem == "gone" else info(raster)  # type: ignore[method-assign]
    done = classify_plainly(tmp_path, OUTPUT="maps.tif", **given)
    assert done.code == 1
    assert f"1 of 4 rasters failed: {server.service}/4." in done.stderr
    assert "Traceback" not in done.stderr
    assert_maps(tmp_path / "maps", items, run_scene, tmp_path / "alone.tif")


def test_a_service_of_one_raster_is_classified_as_one(mosaic: Path, run_scene: Run, tmp_path: Path) -> None:
    with ImageServiceServer(mosaic, items=()) as server:
        run_scene(INPUT={"url": server.service}, PROCESS_ALL_RASTER_ITEMS=True)
    run_scene(INPUT=str(mosaic), OUTPUT=str(tmp_path / "alone.tif"))
    np.testing.assert_array_equal(read_pixels(tmp_path / "out.tif"), read_pixels(tmp_path / "alone.tif"))


@pytest.mark.parametrize(
    "changes",
    [{"capabilities": "Image,Metadata"}, {"allowedMosaicMethods": "NorthWest,Center"}],
    ids=["no catalog", "no lock"],
)
def test_a_mosaic_whose_rasters_cannot_be_had_is_refused(changes: dict[str, Any], server: ImageServiceServer) -> None:
    server.changes = changes
    with pytest.raises(ImageServiceError, match="does not support requests for single rasters"):
        rasters_of_service(ImageServiceSource(ImageService(server.service)))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"features": None}, "contains no features"),
        ({"features": [5]}, "contains no features"),
        ({"features": [{"attributes": [1]}]}, "without an object ID"),
        ({"features": [{"attributes": {"Name": "a"}}]}, "without an object ID"),
        ({"features": [{"attributes": {"OBJECTID": 1}}], "exceededTransferLimit": True}, "returns a feature twice"),
        ({"features": [], "exceededTransferLimit": True}, "does not return them"),
    ],
    ids=["none", "no object", "list", "no number", "no new page", "nothing more"],
)
def test_a_catalog_that_is_not_whole_is_refused(
    changes: dict[str, Any], reason: str, server: ImageServiceServer
) -> None:
    server.row_changes = changes
    with pytest.raises(AddressError, match=reason):
        rasters_of_service(ImageServiceSource(ImageService(server.service)))


def test_a_catalog_without_a_raster_is_named(server: ImageServiceServer) -> None:
    server.row_changes = {
        "features": [{"attributes": {"OBJECTID": 900, "category": 2}}],
        "exceededTransferLimit": False,
    }
    with pytest.raises(ImageServiceError, match="its catalog has no raster"):
        rasters_of_service(ImageServiceSource(ImageService(server.service)))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"fids": [2, 77]}, "its catalog has no raster 77"),
        ({"mosaicMethod": "esriMosaicLockRaster", "lockRasterIds": [1], "fids": [2]}, "has no raster"),
        ({"fids": "2"}, "2 is not a list of numbers"),
        ({"fids": [True]}, "is not a list of numbers"),
        ({"where": "Name = 'nobody'"}, "has no raster"),
    ],
    ids=str,
)
def test_rasters_that_are_named_and_missing_are_refused(
    rule: dict[str, Any], words: str, server: ImageServiceServer
) -> None:
    rules = (("mosaicRule", json.dumps(rule)),)
    with pytest.raises((ImageServiceError, ReferenceKeyError), match=words):
        rasters_of_service(ImageServiceSource(ImageService(server.service, rules=rules)))


@pytest.mark.parametrize("rule", ["esriMosaicNorthwest", "[1]", "{"])
def test_a_mosaic_rule_that_is_no_object_is_refused(rule: str, server: ImageServiceServer) -> None:
    source = ImageServiceSource(ImageService(server.service, Access(), (("mosaicRule", rule),)))
    with pytest.raises(ReferenceKeyError, match="it is not a JSON object"):
        rasters_of_service(source)


def test_rasters_of_one_name_have_maps_of_their_own(server: ImageServiceServer, items: list[Path]) -> None:
    twin = items[0].parent / "twin" / items[0].name
    twin.parent.mkdir()
    twin.write_bytes(items[0].read_bytes())
    server._items[4] = twin
    catalog = rasters_of_service(ImageServiceSource(ImageService(server.service)))
    assert isinstance(catalog, Collection)
    assert [item.title for item in catalog.items] == ["east", "north", "west", "east"]
