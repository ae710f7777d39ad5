# SPDX-License-Identifier: GPL-2.0-or-later
"""Masks by the address of a feature or image service: the same cells as of the served polygons and rasters."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import osr
from qgis.core import QgsProcessingException

from ..servers import FeatureServer, ImageServiceServer, PortalServer
from .command import classify, needs_qgis_process
from .scenes import CELL, ORIGIN, Scene, read_no_data, read_pixels, write_raster

pytestmark = pytest.mark.usefixtures("short_pauses")

Run = Callable[..., dict[str, Any]]
Ring = list[tuple[float, float]]
X, Y = ORIGIN
BOX, HOLE, OTHER = (slice(5, 60), slice(10, 80)), (slice(25, 45), slice(40, 60)), (slice(70, 80), slice(90, 100))
INSIDE = np.zeros((90, 110), bool)
INSIDE[BOX] = True
INSIDE[HOLE] = False
INSIDE[OTHER] = True


def ring(box: tuple[slice, slice], epsg: int = 32633, outer: bool = True) -> Ring:
    """Returns the corners of cells as Esri writes them: outer rings run clockwise, holes the other way."""
    rows, columns = box
    left, right = X + CELL * columns.start, X + CELL * columns.stop
    top, bottom = Y - CELL * rows.start, Y - CELL * rows.stop
    points = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    source, target = osr.SpatialReference(), osr.SpatialReference()
    for reference, number in ((source, 32633), (target, epsg)):
        reference.ImportFromEPSG(number)
        reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    transformation = osr.CoordinateTransformation(source, target)
    placed = [transformation.TransformPoint(*point)[:2] for point in points]
    return placed if outer else placed[::-1]


def polygons(epsg: int = 32633) -> list[list[Ring]]:
    return [[ring(BOX, epsg), ring(HOLE, epsg, outer=False)], [ring(OTHER, epsg)]]


def assert_masked(path: Path, scene: Scene, inside: np.ndarray = INSIDE) -> None:
    visible = inside.copy()
    visible[scene.hole] = False
    found = read_pixels(path)
    np.testing.assert_array_equal(found != read_no_data(path), visible)
    np.testing.assert_array_equal(found[visible], scene.classes[visible])


@pytest.mark.parametrize("epsg", [32633, 4326, 3857])
@pytest.mark.parametrize("form", ["layer", "service", "text", "json", "context"])
def test_polygons_of_a_feature_service(epsg: int, form: str, run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    with FeatureServer(polygons(epsg), wkid=epsg, page=1) as server:
        layer = server.service + "/0"
        forms: dict[str, Any] = {
            "layer": {"url": layer}, "service": {"url": server.service + "/"}, "text": layer,
            "json": json.dumps({"url": layer, "name": "mask"}),
        }  # fmt: skip
        run_scene(**({"CONTEXT": {"mask": {"url": layer}}} if form == "context" else {"MASK": forms[form]}))
        offsets = [r.query.get("resultOffset") for r in server.requests if r.path.endswith("/query")]
    assert offsets == [None, "1"]
    assert_masked(tmp_path / "out.tif", scene)


@pytest.mark.parametrize("key", ["where", "filter", "definitionExpression"])
def test_a_filter_of_the_features_is_applied(key: str, run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    with FeatureServer(polygons()) as server:
        run_scene(MASK={"url": server.service + "/0", key: "FID = 2"})
    inside = np.zeros_like(INSIDE)
    inside[OTHER] = True
    assert_masked(tmp_path / "out.tif", scene, inside)


def test_the_token_is_sent_and_never_shown(run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    with FeatureServer(polygons(), token="secret") as server:
        run_scene(MASK={"url": server.service + "/0?token=secret"})
        assert {request.query.get("token") for request in server.requests} == {"secret"}
        with pytest.raises(QgsProcessingException, match="Token Required") as error:
            run_scene(MASK={"url": server.service + "/0", "serviceToken": "no secret"})
    assert "no secret" not in str(error.value)
    assert_masked(tmp_path / "out.tif", scene)


def test_an_item_of_a_portal_that_is_a_feature_service(
    run_scene: Run, scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FeatureServer(polygons()) as server, PortalServer() as portal:
        portal.items["m1"] = {"type": "Feature Service", "url": server.service}
        monkeypatch.setenv("CLASSIFY_PIXELS_PORTAL", portal.portal)
        run_scene(MASK={"itemId": "m1"})
    assert_masked(tmp_path / "out.tif", scene)


def mask_raster(path: Path) -> Path:
    """Writes 1 inside the box and NoData elsewhere."""
    values = np.full((1, 90, 110), 9, np.uint8)
    values[0][INSIDE] = 1
    return write_raster(path, values, no_data=9)


@pytest.mark.parametrize("cell", ["10", "5"], ids=["own cells", "finer cells"])
def test_an_image_service_as_mask(cell: str, run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    path = mask_raster(tmp_path / "mask.tif")
    with ImageServiceServer(path) as server:
        run_scene(MASK={"url": server.service}, CELL_SIZE=cell, RESAMPLING="nearest")
    assert sum(1 for _ in server.exports) > 0
    run_scene(MASK=str(path), CELL_SIZE=cell, RESAMPLING="nearest", OUTPUT=str(tmp_path / "file.tif"))
    np.testing.assert_array_equal(read_pixels(tmp_path / "out.tif"), read_pixels(tmp_path / "file.tif"))
    if cell == "10":
        assert_masked(tmp_path / "out.tif", scene)


def test_an_image_service_masks_every_raster_of_several(run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    folder = tmp_path / "items"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.tif").write_bytes(scene.raster.read_bytes())
    with ImageServiceServer(mask_raster(tmp_path / "mask.tif")) as server:
        run_scene(INPUT=str(folder), MASK={"url": server.service}, PROCESS_ALL_RASTER_ITEMS=True)
    for name in ("a", "b"):
        assert_masked(tmp_path / "out" / f"{name}.tif", scene)


def test_a_map_is_made_anew_where_a_service_may_mask_otherwise(run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    folder = tmp_path / "items"
    folder.mkdir()
    (folder / "a.tif").write_bytes(scene.raster.read_bytes())
    path = mask_raster(tmp_path / "mask.tif")
    with ImageServiceServer(path) as server:
        run_scene(INPUT=str(folder), MASK={"url": server.service}, PROCESS_ALL_RASTER_ITEMS=True)
        assert_masked(tmp_path / "out" / "a.tif", scene)
        other = np.zeros_like(INSIDE)
        other[OTHER] = True
        write_raster(path, np.where(other, 1, 9).astype(np.uint8)[None], no_data=9)
        run_scene(INPUT=str(folder), MASK={"url": server.service}, PROCESS_ALL_RASTER_ITEMS=True)
    assert_masked(tmp_path / "out" / "a.tif", scene, other)


@needs_qgis_process
def test_services_as_masks_on_the_command_line(scene: Scene, tmp_path: Path) -> None:
    path = mask_raster(tmp_path / "mask.tif")
    with FeatureServer(polygons()) as features, ImageServiceServer(path) as images:
        for name, url in (("features", features.service + "/0"), ("images", images.service)):
            context = json.dumps({"mask": {"url": url}})
            done = classify(tmp_path, INPUT=scene.raster, MODEL=scene.model, CONTEXT=context, OUTPUT=f"{name}.tif")
            done.assert_done()
            assert_masked(tmp_path / f"{name}.tif", scene)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"geometryType": "esriGeometryPolyline"}, "has no polygons"),
        ({"geometryType": None, "layers": []}, "has 0 layers"),
        ({"geometryType": None, "layers": [{"id": 0}, {"id": 1}]}, "has 2 layers; add a layer number"),
    ],
    ids=["lines", "no layer", "two layers"],
)
def test_a_service_without_its_polygons_is_named(
    changes: dict[str, Any], words: str, run_scene: Run, tmp_path: Path
) -> None:
    with FeatureServer(polygons()) as server:
        server.changes = changes
        with pytest.raises(QgsProcessingException, match=words):
            run_scene(MASK={"url": server.service + "/0"})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"spatialReference": {"wkid": 999999}}, "the CRS .* is unknown"),
        ({"features": [{"attributes": {"FID": 1}, "geometry": {"curveRings": []}}]}, "geometries without rings"),
        ({"features": [{"attributes": {"FID": 1}, "geometry": {"rings": [["a", "b"]]}}]}, "cannot be read"),
        ({"features": [{"attributes": {}}]}, "without an object ID"),
        ({"exceededTransferLimit": True}, "returns a feature twice|does not return them"),
    ],
    ids=["crs", "curves", "damaged", "numbers", "pages"],
)
def test_polygons_that_are_not_whole_are_refused(
    changes: dict[str, Any], words: str, run_scene: Run, tmp_path: Path
) -> None:
    with FeatureServer(polygons()) as server:
        server.answer_changes = changes
        with pytest.raises(QgsProcessingException, match=words):
            run_scene(MASK={"url": server.service + "/0"})
    assert not list(tmp_path.iterdir())


def test_keys_of_a_feature_service_that_nothing_honours_are_refused(run_scene: Run) -> None:
    with FeatureServer(polygons()) as server, pytest.raises(QgsProcessingException, match="key gdbVersion"):
        run_scene(MASK={"url": server.service + "/0", "gdbVersion": "x"})


@pytest.mark.parametrize("kind", ["FeatureServer/0", "FeatureServer", "MapServer/3", "ImageServer"])
def test_a_service_that_cannot_be_reached_is_named(kind: str, run_scene: Run, tmp_path: Path) -> None:
    with FeatureServer(()) as server:
        url = server.url
    with pytest.raises(
        QgsProcessingException, match=f"The address {url}/x/{kind} could not be read: .*Check the address"
    ):
        run_scene(MASK={"url": f"{url}/x/{kind}"})
    assert not list(tmp_path.iterdir())
