# SPDX-License-Identifier: GPL-2.0-or-later
"""Every form of the environment's values, and the messages of unreadable ones."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsProcessingException,
    QgsProject,
    QgsProperty,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
)
from qgis.PyQt.QtCore import QVariant

from .command import classify, needs_qgis_process
from .scenes import CELL, ORIGIN, Scene, assert_is_map_of, read_pixels, write_raster

Run = Callable[..., dict[str, Any]]
X, Y = ORIGIN


def grid_of(path: Path) -> tuple[tuple[float, ...], int, int]:
    dataset = gdal.Open(str(path))
    return dataset.GetGeoTransform(), dataset.RasterXSize, dataset.RasterYSize


def crs_of(path: Path) -> QgsCoordinateReferenceSystem:
    return QgsCoordinateReferenceSystem.fromWkt(gdal.Open(str(path)).GetProjection())


def snap_raster(path: Path, cell: float = CELL, x: float = X + 3, y: float = Y - 4, epsg: int = 32633) -> Path:
    """Writes a raster whose cells are not aligned with the scene's."""
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 4, 3, 1)
    dataset.SetGeoTransform((x, cell, 0, y, 0, -cell))
    dataset.SetProjection(QgsCoordinateReferenceSystem(f"EPSG:{epsg}").toWkt())
    return path


# --- the output's CRS -----------------------------------------------------------------------------------

WKT = QgsCoordinateReferenceSystem("EPSG:25833").toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT2_2019)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("EPSG:3857", "EPSG:3857"),
        ("epsg:3857", "EPSG:3857"),
        (QgsCoordinateReferenceSystem("EPSG:4326"), "EPSG:4326"),
        ({"wkid": 32632}, "EPSG:32632"),
        ({"wkid": 102100, "latestWkid": 3857}, "EPSG:3857"),
        ({"wkid": 102100}, "EPSG:3857"),
        ('{"wkid": 4326}', "EPSG:4326"),
        ({"wkt": WKT}, "EPSG:25833"),
        (json.dumps({"wkt": WKT}), "EPSG:25833"),
        (WKT, "EPSG:25833"),
        (QgsProperty.fromExpression("'EPSG:' || (3800 + 57)"), "EPSG:3857"),
        ("ProjectCrs", "EPSG:25832"),
    ],
    ids=str,
)
def test_every_form_of_the_crs(value: Any, expected: str, run_scene: Run, project: QgsProject, tmp_path: Path) -> None:
    project.setCrs(QgsCoordinateReferenceSystem("EPSG:25832"))
    run_scene(TARGET_CRS=value)
    wanted = QgsCoordinateReferenceSystem(expected)
    found = crs_of(tmp_path / "out.tif")
    assert found == wanted or found.description() == wanted.description()
    assert len(set(read_pixels(tmp_path / "out.tif").flat)) > 3


@pytest.mark.parametrize("value", [None, "", QgsCoordinateReferenceSystem(), "EPSG:32633", {"wkid": 32633}], ids=str)
def test_no_crs_and_the_rasters_own_leave_its_cells(value: Any, run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    run_scene(TARGET_CRS=value)
    assert_is_map_of(tmp_path / "out.tif", scene)


@pytest.mark.parametrize(
    "value", ["nonsense", "EPSG:999999", {"wkid": 999999}, {"wkid": "x"}, '{"wkt": "no"}', "{"], ids=str
)
def test_a_crs_that_is_none_is_named(value: Any, run_scene: Run, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException, match="The CRS .* is unknown. Enter an authority and code"):
        run_scene(TARGET_CRS=value)
    assert not list(tmp_path.iterdir())


# --- the cell size --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ("25", (25, 25)), (" 12.5 ", (12.5, 12.5)), (25, (25, 25)), (12.5, (12.5, 12.5)), ("1e1", (10, 10)),
        ({"x": 20, "y": 30}, (20, 30)), ('{"x": "20", "y": 30}', (20, 30)),
        ({"x": 20, "y": 20, "spatialReference": {"wkid": 32633}}, (20, 20)),
    ],
    ids=str,
)  # fmt: skip
def test_every_form_of_the_cell_size(value: Any, size: tuple[float, float], run_scene: Run, tmp_path: Path) -> None:
    run_scene(CELL_SIZE=value)
    (x, width, _, y, _, height), columns, rows = grid_of(tmp_path / "out.tif")
    assert (x, y, width, -height) == (X, Y, *size)
    assert (columns, rows) == (-(-1100 // size[0]), -(-900 // size[1]))


@pytest.mark.parametrize("form", ["path", "layer", "id", "reference", "json"])
def test_a_raster_gives_its_cell_size(form: str, run_scene: Run, project: QgsProject, tmp_path: Path) -> None:
    path = snap_raster(tmp_path / "pattern.tif", cell=30)
    layer = QgsRasterLayer(str(path), "pattern")
    project.addMapLayer(layer)
    forms = {"path": str(path), "layer": layer, "id": layer.id(), "reference": {"uri": str(path)}}
    run_scene(CELL_SIZE=forms.get(form, json.dumps({"uri": str(path)})))
    assert grid_of(tmp_path / "out.tif")[0] == (X, 30, 0, Y, 0, -30)


@pytest.mark.parametrize("transform", [(0, 6, 8, 0, 8, -6), (0, 10, 0, 0, 0, 10)], ids=["rotated", "south-up"])
def test_the_cell_size_of_a_raster_is_the_length_of_its_cells(transform: Any, run_scene: Run, tmp_path: Path) -> None:
    path = snap_raster(tmp_path / "pattern.tif")
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.SetGeoTransform(transform)
    dataset = None
    run_scene(CELL_SIZE=str(path))
    assert grid_of(tmp_path / "out.tif")[0] == (X, CELL, 0, Y, 0, -CELL)


@pytest.mark.parametrize("value", ["0", 0, "-5", "inf", {"x": 1, "y": 0}, {"x": "a", "y": 1}], ids=str)
def test_a_cell_size_that_is_none_is_named(value: Any, run_scene: Run, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException, match="The cell size .* cannot be used. Enter a number above 0"):
        run_scene(CELL_SIZE=value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("value", "words"), [("ten", "ten"), ("nan", "nan"), ("missing.tif", "does not exist"), ({"x": 1}, "x")]
)
def test_a_cell_size_that_is_no_raster_either_is_named(value: Any, words: str, run_scene: Run) -> None:
    with pytest.raises(QgsProcessingException, match=f"{words}.*(Check|Enter)"):
        run_scene(CELL_SIZE=value)


def test_a_raster_without_a_place_gives_no_cell_size(run_scene: Run, tmp_path: Path) -> None:
    gdal.GetDriverByName("GTiff").Create(str(tmp_path / "bare.tif"), 4, 3, 1)
    with pytest.raises(QgsProcessingException, match=r"The cell size .*bare\.tif cannot be used"):
        run_scene(CELL_SIZE=str(tmp_path / "bare.tif"))


@pytest.mark.parametrize("form", ["raster", "object", "bare number", "context"])
def test_a_cell_size_in_other_units_is_converted(form: str, run_scene: Run, tmp_path: Path) -> None:
    """0.001 degrees of a meridian are 111.1 to 111.3 metres, those of a parallel less by the cosine of its latitude."""
    path = snap_raster(tmp_path / "degrees.tif", cell=0.001, x=15, y=47, epsg=4326)
    size = {"x": 0.001, "y": 0.001, "spatialReference": {"wkid": 4326}}
    forms: dict[str, dict[str, Any]] = {
        "raster": {"CELL_SIZE": str(path)},
        "object": {"CELL_SIZE": size},
        "bare number": {"CELL_SIZE": json.dumps({**size, "spatialReference": 4326})},
        "context": {"CONTEXT": {"cellSize": size}},
    }
    run_scene(**forms[form])
    transform, _, _ = grid_of(tmp_path / "out.tif")
    assert -transform[5] == pytest.approx(111.2, rel=3e-3)
    assert transform[1] == pytest.approx(111.32 * math.cos(math.radians(degrees_north(Y - 450))), rel=1e-2)


def degrees_north(northing: float) -> float:
    """The latitude of a northing of UTM, by the length of the meridian quadrant: within 0.2 degrees."""
    return northing / 0.9996 / 10_001_966 * 90


def test_a_cell_size_in_an_unknown_crs_is_named(run_scene: Run) -> None:
    with pytest.raises(QgsProcessingException, match="The CRS .* is unknown"):
        run_scene(CELL_SIZE={"x": 10, "y": 10, "spatialReference": {"wkid": 999999}})


def test_a_limit_of_cells_is_taken_from_the_environment(
    run_scene: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLASSIFY_PIXELS_MOST_CELLS", "9900")
    run_scene()
    monkeypatch.setenv("CLASSIFY_PIXELS_MOST_CELLS", "9899")
    with pytest.raises(QgsProcessingException, match="110 x 90 cells .9900 in total"):
        run_scene()
    monkeypatch.setenv("CLASSIFY_PIXELS_MOST_CELLS", "plenty")
    with pytest.raises(QgsProcessingException, match="CLASSIFY_PIXELS_MOST_CELLS has the value plenty"):
        run_scene()


# --- the snap raster ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["path", "layer", "id", "reference", "json"])
def test_every_form_of_the_snap_raster(form: str, run_scene: Run, project: QgsProject, tmp_path: Path) -> None:
    path = snap_raster(tmp_path / "snap.tif")
    layer = QgsRasterLayer(str(path), "snap")
    project.addMapLayer(layer)
    forms = {"path": str(path), "layer": layer, "id": layer.id(), "reference": {"uri": str(path)}}
    run_scene(SNAP_RASTER=forms.get(form, json.dumps({"uri": str(path)})), RESAMPLING="nearest")
    assert grid_of(tmp_path / "out.tif") == ((X - 7, CELL, 0, Y + 6, 0, -CELL), 111, 91)


def test_cells_pass_through_the_corner_of_a_snap_raster_in_another_crs(run_scene: Run, tmp_path: Path) -> None:
    path = snap_raster(tmp_path / "snap.tif", epsg=32632)
    corner = grid_of(path)[0]
    run_scene(SNAP_RASTER=str(path))
    transform, _, _ = grid_of(tmp_path / "out.tif")
    way = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:32632"), QgsCoordinateReferenceSystem("EPSG:32633"), QgsProject.instance()
    )
    place = way.transform(corner[0], corner[3])
    column, row = (place.x() - transform[0]) / transform[1], (place.y() - transform[3]) / transform[5]
    assert (transform[1], transform[5]) == (CELL, -CELL)
    assert (column, row) == pytest.approx((round(column), round(row)), abs=1e-3)


def test_a_snap_raster_that_is_missing_is_named(run_scene: Run) -> None:
    with pytest.raises(QgsProcessingException, match=r"missing\.tif cannot be read: the file does not exist"):
        run_scene(SNAP_RASTER="missing.tif")


# --- the extent -----------------------------------------------------------------------------------------

WINDOW = (slice(10, 40), slice(20, 60))
BOUNDS = (X + 200, Y - 400, X + 600, Y - 100)
RECTANGLE = QgsRectangle(*BOUNDS)
ESRI = {"xmin": BOUNDS[0], "ymin": BOUNDS[1], "xmax": BOUNDS[2], "ymax": BOUNDS[3]}


@pytest.mark.parametrize(
    "value",
    [
        f"{BOUNDS[0]},{BOUNDS[2]},{BOUNDS[1]},{BOUNDS[3]}",
        f"{BOUNDS[0]},{BOUNDS[2]},{BOUNDS[1]},{BOUNDS[3]} [EPSG:32633]",
        RECTANGLE,
        QgsReferencedRectangle(RECTANGLE, QgsCoordinateReferenceSystem("EPSG:32633")),
        ESRI,
        {**ESRI, "spatialReference": {"wkid": 32633}},
        json.dumps({**ESRI, "spatialReference": {"wkid": 32633, "latestWkid": 32633}}),
    ],
    ids=["text", "text with crs", "rectangle", "referenced", "esri", "esri with crs", "esri json"],
)
def test_every_form_of_the_extent(value: Any, run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    run_scene(EXTENT=value)
    assert grid_of(tmp_path / "out.tif")[0] == (BOUNDS[0], CELL, 0, BOUNDS[3], 0, -CELL)
    valid = np.ones(scene.classes.shape, bool)
    valid[scene.hole] = False
    found = read_pixels(tmp_path / "out.tif")
    np.testing.assert_array_equal(found[valid[WINDOW]], scene.classes[WINDOW][valid[WINDOW]])


# --- the context as a whole -----------------------------------------------------------------------------


def assert_same_file(first: Path, second: Path) -> None:
    assert grid_of(first) == grid_of(second)
    assert crs_of(first) == crs_of(second)
    np.testing.assert_array_equal(read_pixels(first), read_pixels(second))


@pytest.fixture
def whole(tmp_path: Path) -> dict[str, Any]:
    """A context with every key."""
    mask = write_raster(tmp_path / "mask.tif", np.eye(60, dtype=np.uint8)[None].repeat(2, 2))
    return {
        "extent": {**ESRI, "spatialReference": {"wkid": 32633}},
        "outSR": {"wkid": 32632},
        "processSR": {"wkid": 32632},
        "snapRaster": {"uri": str(snap_raster(tmp_path / "snap.tif", 7, 1000, 1000, 32632))},
        "cellSize": 7,
        "mask": {"uri": str(mask)},
        "processorType": "CPU",
        "parallelProcessingFactor": "50%",
        "gpuId": 0,
    }


def test_a_context_with_every_key_is_the_same_as_its_parameters(
    whole: dict[str, Any], run_scene: Run, tmp_path: Path
) -> None:
    run_scene(CONTEXT=json.dumps(whole), OUTPUT=str(tmp_path / "context.tif"))
    run_scene(
        EXTENT=whole["extent"], TARGET_CRS="EPSG:32632", SNAP_RASTER=whole["snapRaster"]["uri"], CELL_SIZE="7",
        MASK=whole["mask"]["uri"], PROCESSOR_TYPE="CPU", PARALLEL_PROCESSING_FACTOR="50%",
    )  # fmt: skip
    assert_same_file(tmp_path / "context.tif", tmp_path / "out.tif")
    transform, columns, rows = grid_of(tmp_path / "out.tif")
    assert (columns, rows) != (110, 90)
    assert transform[1] == 7


def test_a_context_is_a_dictionary_too(whole: dict[str, Any], run_scene: Run, tmp_path: Path) -> None:
    run_scene(CONTEXT=whole, OUTPUT=str(tmp_path / "context.tif"))
    run_scene(CONTEXT=json.dumps(whole))
    assert_same_file(tmp_path / "context.tif", tmp_path / "out.tif")


def test_parameters_of_their_own_win(whole: dict[str, Any], run_scene: Run, tmp_path: Path) -> None:
    run_scene(
        CONTEXT=json.dumps({**whole, "mask": None}), TARGET_CRS="EPSG:32633", CELL_SIZE="20", PROCESSOR_TYPE="CPU",
        SNAP_RASTER=str(snap_raster(tmp_path / "own.tif", 20)),
        EXTENT=f"{X + 100},{X + 300},{Y - 300},{Y - 100} [EPSG:32633]", PARALLEL_PROCESSING_FACTOR="1",
    )  # fmt: skip
    transform, columns, rows = grid_of(tmp_path / "out.tif")
    assert transform == (X + 83, 20, 0, Y - 84, 0, -20)
    assert (columns, rows) == (11, 11)


def test_a_parameter_wins_over_a_context_that_could_not_be_used(run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    context = {"processorType": "GPU", "cellSize": -1, "parallelProcessingFactor": "many"}
    run_scene(CONTEXT=context, PROCESSOR_TYPE="CPU", CELL_SIZE="10", PARALLEL_PROCESSING_FACTOR=0)
    assert_is_map_of(tmp_path / "out.tif", scene)


@pytest.mark.parametrize(
    ("context", "words"),
    [
        ('{"cellsize": 5}', "The context has the unknown key cellsize. Known keys: extent, outSR"),
        ('{"cellSize": 5', "The context cannot be read: it is not JSON"),
        ("[1]", "it is not an object"),
        ('{"outSR": {"wkid": 32633}, "processSR": {"wkid": 4326}}', "context key processSR"),
        ('{"processSR": {"wkid": 4326}}', "context key processSR"),
        ('{"gpuId": "first"}', "gpuId is first, not a whole number from 0"),
        ('{"gpuId": -1}', "gpuId is -1"),
        ('{"gpuId": 1.5}', "gpuId is 1.5"),
        ('{"outSR": {"wkid": 999999}}', "999999"),
        ('{"cellSize": 0}', "The cell size 0 cannot be used"),
        ('{"extent": {"xmin": 1}}', "it needs the numbers xmin, ymin, xmax and ymax"),
        ('{"extent": 5}', "The extent 5 cannot be used"),
        ('{"processorType": "TPU"}', "The processor type TPU is unknown"),
        ('{"processorType": 7}', "The processor type 7 is unknown"),
        ('{"parallelProcessingFactor": "-3"}', "The parallel processing factor -3 cannot be used"),
        ('{"snapRaster": {"path": "x"}}', "its keys \\(path\\)"),
        ('{"mask": {"uri": "missing.shp"}}', "missing.shp"),
    ],
)
def test_a_context_that_cannot_be_read_is_named(context: str, words: str, run_scene: Run, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException, match=words):
        run_scene(CONTEXT=context)
    assert not list(tmp_path.glob("out*"))


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("CONTEXT", '{"cellsize": 5}', "has the unknown key cellsize"),
        ("CONTEXT", '{"cellSize": 5', "The context cannot be read: it is not JSON"),
        ("CONTEXT", '{"outSR": {"wkid": 32633}, "processSR": {"wkid": 4326}}', "context key processSR"),
        ("CONTEXT", '{"gpuId": "first"}', "gpuId is first"),
        ("TARGET_CRS", "nonsense", "The CRS nonsense is unknown"),
        ("CELL_SIZE", "0", "The cell size 0 cannot be used"),
        ("SNAP_RASTER", "gone.tif", "gone.tif cannot be read"),
        ("MASK", "gone.shp", "gone.shp"),
        ("RESAMPLING", "sharpest", "The resampling method sharpest is unknown"),
        ("INPUT_NODATA", "none", "INPUT_NODATA has the value none"),
        ("NODATA_RULE", "some", "NODATA_RULE has the value some"),
    ],
)
def test_bad_texts_of_the_grid_are_sentences(name: str, value: str, words: str, run_scene: Run, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException) as caught:
        run_scene(**{name: value})
    assert words in str(caught.value)
    assert "Traceback" not in str(caught.value)
    assert not list(tmp_path.iterdir())


@needs_qgis_process
def test_the_whole_environment_on_the_command_line(
    whole: dict[str, Any], run_scene: Run, scene: Scene, tmp_path: Path
) -> None:
    done = classify(tmp_path, INPUT=scene.raster, MODEL=scene.model, CONTEXT=json.dumps(whole), OUTPUT="command.tif")
    done.assert_done()
    run_scene(CONTEXT=whole)
    assert_same_file(tmp_path / "command.tif", tmp_path / "out.tif")


@needs_qgis_process
def test_grid_values_on_the_command_line(run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    values = {
        "TARGET_CRS": '{"wkid": 32632}', "CELL_SIZE": '{"x": 14, "y": 7}', "RESAMPLING": "nearest",
        "SNAP_RASTER": str(snap_raster(tmp_path / "snap.tif", 7, 1000, 1000, 32632)),
    }  # fmt: skip
    classify(tmp_path, INPUT=scene.raster, MODEL=scene.model, OUTPUT="command.tif", **values).assert_done()
    run_scene(**values)
    assert_same_file(tmp_path / "command.tif", tmp_path / "out.tif")
    assert grid_of(tmp_path / "out.tif")[0][1::4] == (14, -7)


def test_what_qt_calls_null_is_no_value(run_scene: Run, scene: Scene, tmp_path: Path) -> None:
    """The command line makes it of NAME=."""
    nothing = QVariant(QVariant.String) if hasattr(QVariant, "String") else None
    run_scene(MODEL_ARGUMENTS=nothing, BAND_MAPPING=nothing, INPUT_SCALE=nothing, EXTENT=nothing)
    assert_is_map_of(tmp_path / "out.tif", scene)
