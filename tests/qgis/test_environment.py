# SPDX-License-Identifier: GPL-2.0-or-later
"""The environment through Processing and the command line: grids against gdalwarp's, and masks in all forms."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from ..networks import pointwise_weights
from .command import classify, needs_qgis_process
from .scenes import CELL, ORIGIN, VALUES, Scene, read_no_data, read_pixels, write_raster

Run = Callable[..., dict[str, Any]]
X, Y = ORIGIN
UTM, DEGREES = QgsCoordinateReferenceSystem("EPSG:32633"), QgsCoordinateReferenceSystem("EPSG:4326")

BOX, HOLE = (slice(5, 60), slice(10, 80)), (slice(25, 45), slice(40, 60))
INSIDE = np.zeros((90, 110), bool)
INSIDE[BOX] = True
INSIDE[HOLE] = False


# --- the grid -------------------------------------------------------------------------------------------


def warped_classes(scene: Scene, like: Path, method: str) -> tuple[np.ndarray, np.ndarray]:
    """Returns the classes by numpy of gdalwarp's output on the grid of a result, and the valid pixels."""
    dataset = gdal.Open(str(like))
    x, width, _, y, _, height = dataset.GetGeoTransform()
    bounds = (x, y + height * dataset.RasterYSize, x + width * dataset.RasterXSize, y)
    warped = gdal.Warp(
        "", str(scene.raster), format="MEM", outputBounds=bounds, xRes=width, yRes=-height, resampleAlg=method,
        dstSRS=dataset.GetProjection(), dstAlpha=True,
    ).ReadAsArray()  # fmt: skip
    matrix, bias = pointwise_weights(bands=2, channels=len(VALUES), seed=3)
    scores = np.tensordot(matrix, warped[:2].astype(np.float32), 1) + bias[:, None, None]
    return np.array(VALUES)[scores.argmax(axis=0)], (warped[2] != 0) & (warped[:2] != 0).any(axis=0)


@pytest.mark.parametrize("method", ["nearest", "bilinear"])
@pytest.mark.parametrize(
    "grid",
    [
        {"CELL_SIZE": "15"},
        {"TARGET_CRS": "EPSG:32632"},
        {"TARGET_CRS": "EPSG:4326", "CELL_SIZE": '{"x": 0.0002, "y": 0.0001}'},
        {"EXTENT": "15.002,15.01,48.745,48.75 [EPSG:4326]", "CELL_SIZE": "7"},
    ],
    ids=["size", "crs", "crs and size", "extent and size"],
)
def test_pixels_are_those_of_gdalwarp(
    grid: dict[str, str], method: str, run_scene: Run, scene: Scene, tmp_path: Path
) -> None:
    run_scene(RESAMPLING=method.upper(), **grid)
    found, no_data = read_pixels(tmp_path / "out.tif"), read_no_data(tmp_path / "out.tif")
    expected, valid = warped_classes(scene, tmp_path / "out.tif", method)
    np.testing.assert_array_equal(found != no_data, valid)
    assert (found[valid] == expected[valid]).mean() > 0.98
    assert valid.sum() > 1000


@pytest.mark.parametrize("factor", ["1", "4", "75%", "100%", "0", 0, 3, None])
def test_the_number_of_workers_changes_no_pixel(factor: Any, run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    run_scene(PARALLEL_PROCESSING_FACTOR=factor, PROCESSOR_TYPE="cpu", MODEL_ARGUMENTS="tile_size 32")
    found, no_data = read_pixels(tmp_path / "out.tif"), read_no_data(tmp_path / "out.tif")
    np.testing.assert_array_equal(found[found != no_data], scene.classes[found != no_data])


# --- masks ----------------------------------------------------------------------------------------------


def polygon_layer(crs: QgsCoordinateReferenceSystem = UTM) -> QgsVectorLayer:
    """A layer with the box and its hole, and a second polygon within it."""
    layer = QgsVectorLayer(f"Polygon?crs={crs.authid()}", "mask", "memory")

    def ring(rows: slice, columns: slice) -> str:
        left, right = X + CELL * columns.start, X + CELL * columns.stop
        top, bottom = Y - CELL * rows.start, Y - CELL * rows.stop
        return f"({left} {top},{right} {top},{right} {bottom},{left} {bottom},{left} {top})"

    for text in (f"POLYGON({ring(*BOX)},{ring(*HOLE)})", f"POLYGON({ring(slice(8, 12), slice(12, 20))})"):
        geometry = QgsGeometry.fromWkt(text)
        geometry.transform(QgsCoordinateTransform(UTM, crs, QgsProject.instance()))
        feature = QgsFeature(layer.fields())
        feature.setGeometry(geometry)
        layer.dataProvider().addFeature(feature)
    return layer


def save(layer: QgsVectorLayer, path: Path) -> Path:
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = {".gpkg": "GPKG", ".shp": "ESRI Shapefile", ".geojson": "GeoJSON"}[path.suffix]
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), QgsProject.instance().transformContext(), options)
    return path


def assert_masked(path: Path, scene: Scene, inside: np.ndarray = INSIDE) -> None:
    visible = inside.copy()
    visible[scene.hole] = False
    found = read_pixels(path)
    np.testing.assert_array_equal(found != read_no_data(path), visible)
    np.testing.assert_array_equal(found[visible], scene.classes[visible])


@pytest.mark.parametrize("crs", [UTM, DEGREES], ids=["own crs", "degrees"])
@pytest.mark.parametrize("form", ["layer", "id", "name"])
def test_a_layer_of_polygons(
    crs: QgsCoordinateReferenceSystem, form: str, run_scene: Run, project: QgsProject, scene: Scene, tmp_path: Path
) -> None:
    layer = polygon_layer(crs)
    project.addMapLayer(layer)
    run_scene(MASK={"layer": layer, "id": layer.id(), "name": layer.name()}[form])
    assert_masked(tmp_path / "out.tif", scene)


def test_a_selection_changes_nothing(run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    layer = polygon_layer()
    layer.selectByIds([2])
    assert layer.selectedFeatureCount() == 1
    run_scene(MASK=layer)
    assert_masked(tmp_path / "out.tif", scene)


def test_a_filter_of_the_layer_is_kept(run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    layer = QgsVectorLayer(str(save(polygon_layer(), tmp_path / "mask.gpkg")), "mask", "ogr")
    assert layer.setSubsetString('"fid" = 2')
    run_scene(MASK=layer)
    inside = np.zeros_like(INSIDE)
    inside[8:12, 12:20] = True
    assert_masked(tmp_path / "out.tif", scene, inside)


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".geojson"])
def test_a_file_of_polygons(suffix: str, run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    path = save(polygon_layer(DEGREES), tmp_path / f"mask{suffix}")
    run_scene(MASK=str(path))
    assert_masked(tmp_path / "out.tif", scene)


@pytest.mark.parametrize("value", [{"uri": "mask.gpkg"}, '{"uri": "mask.gpkg"}', "/fileShares/here/mask.gpkg"], ids=str)
def test_a_reference_to_polygons(
    value: Any, run_scene: Run, scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(polygon_layer(), tmp_path / "mask.gpkg")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLASSIFY_PIXELS_DATA_STORES", json.dumps({"here": str(tmp_path)}))
    run_scene(MASK=value)
    assert_masked(tmp_path / "out.tif", scene)
    run_scene(CONTEXT={"mask": value})
    assert_masked(tmp_path / "out.tif", scene)


def raster_mask(path: Path) -> Path:
    """A mask of cells of 5 m, NoData in the hole and outside the box; inside are 0 and 1, both equally valid."""
    values = np.full((180, 220), 9, np.uint8)
    fine = INSIDE.repeat(2, axis=0).repeat(2, axis=1)
    values[fine] = np.indices(values.shape).sum(axis=0)[fine] % 2
    values[HOLE[0].start * 2 : HOLE[0].stop * 2, HOLE[1].start * 2 : HOLE[1].stop * 2] = 9
    write_raster(path, values[None], no_data=9)
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.SetGeoTransform((X, CELL / 2, 0, Y, 0, -CELL / 2))
    return path


@pytest.mark.parametrize("form", ["path", "layer", "id", "reference"])
def test_a_raster_as_mask(form: str, run_scene: Run, project: QgsProject, scene: Scene, tmp_path: Path) -> None:
    path = raster_mask(tmp_path / "mask.tif")
    layer = QgsRasterLayer(str(path), "mask")
    project.addMapLayer(layer)
    run_scene(MASK={"path": str(path), "layer": layer, "id": layer.id(), "reference": {"uri": str(path)}}[form])
    assert_masked(tmp_path / "out.tif", scene)


@pytest.mark.parametrize("kind", ["Point", "LineString", "NoGeometry"])
def test_a_layer_that_is_not_of_polygons_is_named(kind: str, run_scene: Run) -> None:
    layer = QgsVectorLayer(f"{kind}?crs=EPSG:32633" if kind != "NoGeometry" else "NoGeometry", "trees", "memory")
    with pytest.raises(QgsProcessingException, match="The mask cannot be used: the layer trees has no polygons"):
        run_scene(MASK=layer)


@pytest.mark.parametrize("value", ["missing.gpkg", "missing.tif", {"uri": "missing.tif"}], ids=str)
def test_a_mask_that_is_missing_is_named(value: Any, run_scene: Run, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException, match="missing.* cannot be read"):
        run_scene(MASK=value)
    assert not list(tmp_path.iterdir())


def test_a_mask_is_not_overwritten(run_scene: Run, tmp_path: Path) -> None:
    path = raster_mask(tmp_path / "mask.tif")
    before = path.read_bytes()
    with pytest.raises(QgsProcessingException, match="is also an input"):
        run_scene(MASK=str(path), OUTPUT=str(path))
    assert path.read_bytes() == before


@needs_qgis_process
@pytest.mark.parametrize("kind", ["polygons", "raster"])
def test_masks_on_the_command_line(kind: str, plugin: Any, scene: Scene, tmp_path: Path) -> None:
    polygons = kind == "polygons"
    mask = save(polygon_layer(DEGREES), tmp_path / "mask.gpkg") if polygons else raster_mask(tmp_path / "mask.tif")
    done = classify(tmp_path, INPUT=scene.raster, MODEL=scene.model, MASK=mask.name, OUTPUT="out.tif")
    visible = INSIDE.copy()
    visible[scene.hole] = False
    assert done.results["VALID_PIXELS"] == visible.sum()
    assert_masked(tmp_path / "out.tif", scene)
