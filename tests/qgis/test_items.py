# SPDX-License-Identifier: GPL-2.0-or-later
"""Several rasters as INPUT: mosaicked as by gdalbuildvrt, or classified one by one; and values in saved models."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest
from onnx import TensorProto, helper
from osgeo import gdal, ogr
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)

from ..networks import class_definition
from .command import ALGORITHM, classify, classify_plainly, needs_qgis_process, qgis_process, words
from .models import outputs_of
from .scenes import CELL, ORIGIN, VALUES, Scene, read_pixels, snapshot, write_raster

Run = Callable[..., dict[str, Any]]
X, Y = ORIGIN
NAMES = ("east", "north", "west")


@pytest.fixture
def items(tmp_path: Path) -> Path:
    """A folder of three rasters that overlap, each with a hole."""
    folder = tmp_path / "items"
    folder.mkdir()
    for number, (name, column, row) in enumerate(zip(NAMES, (60, 30, 0), (20, 0, 15))):
        pixels = np.random.default_rng(number).integers(1, 200, (2, 50, 70), np.uint8)
        pixels[:, 20:25, 30:45] = 0
        path = write_raster(folder / f"{name}.tif", pixels, no_data=0)
        dataset = gdal.Open(str(path), gdal.GA_Update)
        dataset.SetGeoTransform((X + column * CELL, CELL, 0, Y - row * CELL, 0, -CELL))
        dataset = None
    return folder


def paths(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.glob("*.tif"))


# --- as one ---------------------------------------------------------------------------------------------


@pytest.fixture
def mosaic(items: Path, run_scene: Run, tmp_path: Path) -> np.ndarray:
    """The classes of gdalbuildvrt's mosaic."""
    gdal.BuildVRT(str(tmp_path / "mosaic.vrt"), paths(items)).FlushCache()
    run_scene(INPUT=str(tmp_path / "mosaic.vrt"), OUTPUT=str(tmp_path / "mosaic.tif"))
    return read_pixels(tmp_path / "mosaic.tif")


@pytest.mark.parametrize("form", ["folder", "reference", "list", "text", "layers"])
def test_rasters_are_classified_as_their_mosaic(
    form: str, run_scene: Run, items: Path, mosaic: np.ndarray, tmp_path: Path
) -> None:
    forms: dict[str, Any] = {
        "folder": str(items), "reference": {"uri": str(items)}, "list": paths(items),
        "text": json.dumps(paths(items)), "layers": [QgsRasterLayer(path, Path(path).stem) for path in paths(items)],
    }  # fmt: skip
    outputs = run_scene(INPUT=forms[form])
    np.testing.assert_array_equal(read_pixels(tmp_path / "out.tif"), mosaic)
    assert outputs["VALID_PIXELS"] == (mosaic != mosaic.max()).sum()


def test_a_mosaic_is_brought_to_another_grid(run_scene: Run, items: Path, tmp_path: Path) -> None:
    grid = {"CELL_SIZE": "7", "TARGET_CRS": "EPSG:32632", "RESAMPLING": "nearest"}
    gdal.BuildVRT(str(tmp_path / "mosaic.vrt"), paths(items)).FlushCache()
    run_scene(INPUT=str(tmp_path / "mosaic.vrt"), OUTPUT=str(tmp_path / "mosaic.tif"), **grid)
    run_scene(INPUT=str(items), **grid)
    # Positions are exact to 1/500 of a cell: closer to a cell's edge either of two cells is the nearest.
    assert (read_pixels(tmp_path / "out.tif") != read_pixels(tmp_path / "mosaic.tif")).mean() < 5e-4


def test_a_broken_raster_is_not_left_out_of_a_mosaic(run_scene: Run, items: Path, tmp_path: Path) -> None:
    (items / "broken.tif").write_bytes((items / "east.tif").read_bytes()[:300])
    with pytest.raises(QgsProcessingException, match=r"broken\.tif"):
        run_scene(INPUT=str(items))
    assert not (tmp_path / "out.tif").exists()


@needs_qgis_process
def test_a_folder_and_a_list_on_the_command_line(items: Path, scene: Scene, mosaic: np.ndarray, tmp_path: Path) -> None:
    for number, value in enumerate(("items", json.dumps([f"items/{name}.tif" for name in NAMES]))):
        classify(tmp_path, INPUT=value, MODEL=scene.model, OUTPUT=f"{number}.tif").assert_done()
        np.testing.assert_array_equal(read_pixels(tmp_path / f"{number}.tif"), mosaic)


def written_as(kind: str, items: Path, folder: Path) -> str:
    """Writes the rasters as one file of a kind, and returns its name."""
    if kind == "vrt":
        gdal.BuildVRT(str(folder / "all.vrt"), paths(items)).FlushCache()
        return "all.vrt"
    if kind == "index":
        source = ogr.GetDriverByName("GPKG").CreateDataSource(str(folder / "index.gti.gpkg"))
        layer = source.CreateLayer("index", geom_type=ogr.wkbPolygon)
        layer.CreateField(ogr.FieldDefn("location", ogr.OFTString))
        for path in paths(items):
            feature = ogr.Feature(layer.GetLayerDefn())
            feature["location"] = path
            layer.CreateFeature(feature)
        return "index.gti.gpkg"
    features = [
        {
            "type": "Feature", "stac_version": "1.0.0", "id": Path(path).stem, "geometry": None, "properties": {},
            "links": [], "assets": {"data": {"href": path, "type": "image/tiff; application=geotiff"}},
        }
        for path in paths(items)
    ]  # fmt: skip
    (folder / "items.json").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return "items.json"


@needs_qgis_process
@pytest.mark.parametrize("kind", ["vrt", "index", "stac"])
def test_every_kind_of_collection_on_the_command_line(
    kind: str, run_scene: Run, items: Path, scene: Scene, mosaic: np.ndarray, tmp_path: Path
) -> None:
    name = written_as(kind, items, tmp_path)
    classify(tmp_path, INPUT=name, MODEL=scene.model, OUTPUT="one.tif").assert_done()
    np.testing.assert_array_equal(read_pixels(tmp_path / "one.tif"), mosaic)
    done = classify(tmp_path, INPUT=name, MODEL=scene.model, OUTPUT="maps.tif", PROCESS_ALL_RASTER_ITEMS="true")
    assert done.results["VALID_PIXELS"] == assert_maps(tmp_path / "maps", items, run_scene, tmp_path)


# --- each for itself --------------------------------------------------------------------------------------


def assert_maps(folder: Path, items: Path, run_scene: Run, tmp_path: Path) -> int:
    """Checks that every item has the map of a single run; returns their number of pixels."""
    count = 0
    for name in NAMES:
        count += run_scene(INPUT=str(items / f"{name}.tif"), OUTPUT=str(tmp_path / "alone.tif"))["VALID_PIXELS"]
        np.testing.assert_array_equal(read_pixels(folder / f"{name}.tif"), read_pixels(tmp_path / "alone.tif"))
    return count


def test_each_raster_has_its_map_and_a_vrt_holds_them(run_scene: Run, items: Path, tmp_path: Path) -> None:
    before = snapshot(items)
    outputs = run_scene(INPUT=str(items), PROCESS_ALL_RASTER_ITEMS=True)
    folder = tmp_path / "out"
    assert outputs["OUTPUT"] == str(folder / "out.vrt")
    count = assert_maps(folder, items, run_scene, tmp_path)
    assert outputs["VALID_PIXELS"] == count
    assert sum(line["pixels"] for line in json.loads(outputs["CLASSES"])) == count
    assert outputs["TILES"] >= len(NAMES)
    together = gdal.BuildVRT("", [str(folder / f"{name}.tif") for name in NAMES]).ReadAsArray()
    np.testing.assert_array_equal(read_pixels(folder / "out.vrt"), together)
    assert snapshot(items) == before


@needs_qgis_process
def test_each_raster_has_its_map_on_the_command_line(run_scene: Run, items: Path, scene: Scene, tmp_path: Path) -> None:
    done = classify(
        tmp_path, INPUT="items", MODEL=scene.model, PROCESS_ALL_RASTER_ITEMS="true", OUTPUT="maps.tif", CELL_SIZE="10"
    )
    assert Path(done.results["OUTPUT"]) == Path("maps/maps.vrt")
    assert done.results["VALID_PIXELS"] == assert_maps(tmp_path / "maps", items, run_scene, tmp_path)


@needs_qgis_process
@pytest.mark.parametrize("kept", [300, 3000], ids=["header", "pixels"])
def test_a_broken_raster_fails_the_run_and_leaves_the_others(
    kept: int, items: Path, run_scene: Run, scene: Scene, tmp_path: Path
) -> None:
    (items / "broken.tif").write_bytes((items / "east.tif").read_bytes()[:kept])
    done = classify_plainly(tmp_path, INPUT="items", MODEL=scene.model, PROCESS_ALL_RASTER_ITEMS="true", OUTPUT="maps")
    assert done.code == 1
    assert "1 of 4 rasters failed:" in done.stderr
    assert "broken.tif" in done.stderr
    assert "Traceback" not in done.stderr
    (items / "broken.tif").unlink()
    assert_maps(tmp_path / "maps", items, run_scene, tmp_path)
    assert (tmp_path / "maps" / "maps.vrt").exists()
    assert not (tmp_path / "maps" / "broken.tif").exists()


@needs_qgis_process
def test_files_that_are_none_are_named_and_the_others_are_made(
    items: Path, run_scene: Run, scene: Scene, tmp_path: Path
) -> None:
    (items / "empty.tif").touch()
    (items / "pointer.tif").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 132465\n")
    done = classify_plainly(tmp_path, INPUT="items", MODEL=scene.model, PROCESS_ALL_RASTER_ITEMS="true", OUTPUT="maps")
    assert done.code == 1
    assert "2 of 5 rasters failed: items/empty.tif, items/pointer.tif." in done.stderr
    whole = classify_plainly(tmp_path, INPUT="items", MODEL=scene.model, OUTPUT="whole.tif")
    assert whole.code == 1
    assert "2 of 5 rasters cannot be read: items/empty.tif, items/pointer.tif." in whole.stderr
    assert not (tmp_path / "whole.tif").exists()
    assert_maps(tmp_path / "maps", items, run_scene, tmp_path)


def test_what_is_loaded_are_the_vrts(
    run_scene: Run, items: Path, scene: Scene, project: QgsProject, tmp_path: Path
) -> None:
    import processing

    parameters = {
        "INPUT": str(items), "MODEL": str(scene.model), "PROCESS_ALL_RASTER_ITEMS": True,
        "OUTPUT": str(tmp_path / "maps.tif"), "OUTPUT_PROBABILITY": str(tmp_path / "scores.tif"),
    }  # fmt: skip
    processing.runAndLoadResults(ALGORITHM, parameters, feedback=QgsProcessingFeedback(False))
    layers = list(project.mapLayers().values())
    assert all(layer.isValid() for layer in layers)
    # The layer of the scores shows the largest one, and names its file.
    (scores,) = (layer for layer in layers if layer.dataProvider().name() == "virtualraster")
    assert f"{tmp_path / 'scores' / 'scores.vrt'}" in unquote(scores.source())
    (layer,) = (layer for layer in layers if layer is not scores)
    assert Path(layer.source()) == tmp_path / "maps" / "maps.vrt"
    assert [entry.label for entry in layer.renderer().classes()] == [f"class {value}" for value in VALUES]


def test_an_extent_holds_for_every_raster(run_scene: Run, items: Path, tmp_path: Path) -> None:
    extent = f"{X},{X + 500},{Y - 900},{Y} [EPSG:32633]"
    outputs = run_scene(INPUT=str(items), PROCESS_ALL_RASTER_ITEMS=True, EXTENT=extent)
    folder = tmp_path / "out"
    assert sorted(path.name for path in folder.glob("*.tif")) == ["north.tif", "west.tif"]
    assert gdal.Open(str(folder / "north.tif")).RasterXSize == 20
    assert outputs["VALID_PIXELS"] > 0


GRIDS: dict[str, dict[str, Any]] = {
    "crs": {"TARGET_CRS": "EPSG:32632"},
    "size": {"CELL_SIZE": "7"},
    "crs, size and extent": {
        "TARGET_CRS": "EPSG:32632", "CELL_SIZE": "8", "EXTENT": f"{X + 300},{X + 900},{Y - 600},{Y - 100} [EPSG:32633]"
    },
    "context": {"CONTEXT": {"outSR": {"wkid": 32632}, "cellSize": 9, "parallelProcessingFactor": "2"}},
}  # fmt: skip


@pytest.mark.parametrize("grid", GRIDS.values(), ids=list(GRIDS))
def test_every_raster_is_brought_to_the_asked_grid_as_it_is_alone(
    grid: dict[str, Any], run_scene: Run, items: Path, tmp_path: Path
) -> None:
    outputs = run_scene(INPUT=str(items), PROCESS_ALL_RASTER_ITEMS=True, **grid)
    count = 0
    for name in NAMES:
        count += run_scene(INPUT=str(items / f"{name}.tif"), OUTPUT=str(tmp_path / "alone.tif"), **grid)["VALID_PIXELS"]
        alone, among = gdal.Open(str(tmp_path / "alone.tif")), gdal.Open(str(tmp_path / "out" / f"{name}.tif"))
        assert among.GetGeoTransform() == alone.GetGeoTransform()
        assert among.GetProjection() == alone.GetProjection()
        np.testing.assert_array_equal(among.ReadAsArray(), alone.ReadAsArray())
    assert outputs["VALID_PIXELS"] == count > 0
    assert outputs["OUTPUT"] == str(tmp_path / "out" / "out.vrt")


def test_every_raster_aligns_with_the_snap_raster(run_scene: Run, items: Path, tmp_path: Path) -> None:
    snap = write_raster(tmp_path / "snap.tif", np.zeros((1, 4, 4), np.uint8))
    dataset = gdal.Open(str(snap), gdal.GA_Update)
    dataset.SetGeoTransform((X + 3, CELL, 0, Y - 4, 0, -CELL))
    dataset = None
    run_scene(INPUT=str(items), PROCESS_ALL_RASTER_ITEMS=True, SNAP_RASTER=str(snap))
    for name in NAMES:
        x, width, _, y, _, _ = gdal.Open(str(tmp_path / "out" / f"{name}.tif")).GetGeoTransform()
        assert (width, (x - X - 3) % CELL, (y - Y + 4) % CELL) == (CELL, 0, 0)


@pytest.mark.parametrize("grid", [{}, {"CELL_SIZE": "5"}], ids=["own cells", "finer cells"])
@pytest.mark.parametrize("kind", ["polygons", "raster"])
def test_a_mask_holds_for_every_raster(
    kind: str, grid: dict[str, Any], run_scene: Run, items: Path, tmp_path: Path
) -> None:
    left, right, bottom, top = X + 320, X + 900, Y - 550, Y - 150
    if kind == "polygons":
        mask: Any = QgsVectorLayer("Polygon?crs=EPSG:32633", "mask", "memory")
        feature = QgsFeature(mask.fields())
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(left, bottom, right, top)))
        mask.dataProvider().addFeature(feature)
    else:
        mask = str(write_raster(tmp_path / "mask.tif", np.ones((1, 40, 58), np.uint8)))
        dataset = gdal.Open(mask, gdal.GA_Update)
        dataset.SetGeoTransform((left, 10, 0, top, 0, -10))
        dataset = None
    run_scene(INPUT=str(items), PROCESS_ALL_RASTER_ITEMS=True, MASK=mask, **grid)
    for name in NAMES:
        run_scene(INPUT=str(items / f"{name}.tif"), OUTPUT=str(tmp_path / "whole.tif"), **grid)
        path, whole = tmp_path / "out" / f"{name}.tif", read_pixels(tmp_path / "whole.tif")
        x, width, _, y, _, height = gdal.Open(str(path)).GetGeoTransform()
        rows, columns = np.mgrid[0 : whole.shape[0], 0 : whole.shape[1]]
        easting, northing = x + (columns + 0.5) * width, y + (rows + 0.5) * height
        inside = (easting > left) & (easting < right) & (northing > bottom) & (northing < top)
        assert 0 < inside.sum() < inside.size
        np.testing.assert_array_equal(read_pixels(path), np.where(inside, whole, 255))


@needs_qgis_process
def test_the_environment_of_every_raster_on_the_command_line(
    run_scene: Run, items: Path, scene: Scene, tmp_path: Path
) -> None:
    grid = {"TARGET_CRS": "EPSG:32632", "CELL_SIZE": "8"}
    done = classify(
        tmp_path, INPUT="items", MODEL=scene.model, PROCESS_ALL_RASTER_ITEMS="true", OUTPUT="maps.tif", **grid
    )
    assert Path(done.results["OUTPUT"]) == Path("maps/maps.vrt")
    for name in NAMES:
        run_scene(INPUT=str(items / f"{name}.tif"), OUTPUT=str(tmp_path / "alone.tif"), **grid)
        found = read_pixels(tmp_path / "maps" / f"{name}.tif")
        np.testing.assert_array_equal(found, read_pixels(tmp_path / "alone.tif"))


def test_a_second_run_makes_only_what_the_first_did_not(run_scene: Run, items: Path, tmp_path: Path) -> None:
    first = run_scene(INPUT=str(items), PROCESS_ALL_RASTER_ITEMS=True)
    folder = tmp_path / "out"
    before = snapshot(folder)
    (folder / "north.tif").unlink()
    second = run_scene(INPUT=str(items), PROCESS_ALL_RASTER_ITEMS=True)
    after = snapshot(folder)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"north.tif", "north.tif.aux.xml", "north.qml", "out.vrt", "out.qml"}
    assert {name: state[1] for name, state in after.items()} == {name: state[1] for name, state in before.items()}
    assert {name: second[name] for name in ("CLASSES", "VALID_PIXELS", "OUTPUT")} == {
        name: first[name] for name in ("CLASSES", "VALID_PIXELS", "OUTPUT")
    }


def test_every_raster_has_scores_of_its_own(run_scene: Run, items: Path, tmp_path: Path) -> None:
    outputs = run_scene(
        INPUT=str(items), PROCESS_ALL_RASTER_ITEMS=True, OUTPUT_PROBABILITY=str(tmp_path / "scores.tif")
    )
    found = [path for path in tmp_path.rglob("*.tif") if gdal.Open(str(path)).RasterCount == len(VALUES)]
    assert sorted(path.stem for path in found) == list(NAMES)
    assert outputs["OUTPUT_PROBABILITY"] == str(tmp_path / "scores" / "scores.vrt")
    assert gdal.Open(outputs["OUTPUT_PROBABILITY"]).RasterCount == len(VALUES)


# --- the modeler ------------------------------------------------------------------------------------------


@needs_qgis_process
def test_a_saved_model_with_environment_bands_and_scores_runs(plugin: Any, scene: Scene, tmp_path: Path) -> None:
    from qgis.core import QgsProcessingParameterRasterLayer

    model = QgsProcessingModelAlgorithm("Fields", "tests")
    raster = QgsProcessingParameterRasterLayer("raster", "Raster")
    model.addModelParameter(raster, QgsProcessingModelParameter("raster"))
    child = QgsProcessingModelChildAlgorithm(ALGORITHM)
    child.setChildId("classify")
    child.setDescription("classify")
    of = QgsProcessingModelChildParameterSource
    child.addParameterSources("INPUT", [of.fromModelParameter("raster")])
    values = {
        "MODEL": str(scene.model), "CELL_SIZE": "20", "BAND_MAPPING": "1,2", "RESAMPLING": "nearest",
        "CONTEXT": '{"processorType": "CPU"}', "TARGET_CRS": '{"wkid": 32633}', "PROBABILITY_BANDS": "WINNER",
    }  # fmt: skip
    for name, value in values.items():
        child.addParameterSources(name, [of.fromStaticValue(value)])
    outputs = {}
    for name in ("OUTPUT", "OUTPUT_PROBABILITY"):
        output = QgsProcessingModelOutput(name.lower(), name.lower())
        output.setChildId("classify")
        output.setChildOutputName(name)
        outputs[name.lower()] = output
    child.setModelOutputs(outputs)
    model.addChildAlgorithm(child)
    valid, issues = model.validate()
    assert valid, issues
    assert model.toFile(str(tmp_path / "fields.model3"))
    names = outputs_of(model)
    results = {names["output"]: "out.tif", names["output_probability"]: "scores.tif"}
    parameters = {"raster": scene.raster, **results}
    done = qgis_process("run", str(tmp_path / "fields.model3"), "--", *words(parameters), folder=tmp_path)
    done.assert_done()
    classes, scores = gdal.Open(str(tmp_path / "out.tif")), gdal.Open(str(tmp_path / "scores.tif"))
    assert classes.GetGeoTransform() == scores.GetGeoTransform() == (X, 20, 0, Y, 0, -20)
    assert (classes.RasterXSize, classes.RasterYSize, scores.RasterCount) == (55, 45, 1)
    assert set(np.unique(classes.ReadAsArray())) <= {*VALUES, 255}


# --- stacked ----------------------------------------------------------------------------------------------


@pytest.fixture
def dates(tmp_path: Path) -> Path:
    """A folder of three dates, and beside it a model whose class is the date with the least value."""
    folder = tmp_path / "dates"
    folder.mkdir()
    for date in (2, 10, 1):
        write_raster(folder / f"{date}.tif", np.random.default_rng(date).integers(1, 250, (1, 40, 50)).astype(np.uint8))
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, 1, "h", "w"])
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", 3, "h", "w"])
    nodes = [
        helper.make_node("Constant", [], ["axes"], value_ints=[2]),
        helper.make_node("ReduceSum", ["image", "axes"], ["sums"], keepdims=0),
        helper.make_node("Neg", ["sums"], ["scores"]),
    ]
    graph = helper.make_graph(nodes, "least", [image], [scores])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    (tmp_path / "least.onnx").write_bytes(model.SerializeToString())
    own = {"Times": 3, "Stride": 1, "Halo": 0}
    definition = class_definition(Path("least.onnx"), 3, (0, 1, 2), 32, ModelFormat="NTCHW", ClassifyPixels=own)
    (tmp_path / "least.emd").write_text(json.dumps(definition))
    return folder


def least_date(folder: Path, order: tuple[int, ...]) -> np.ndarray:
    return np.stack([gdal.Open(str(folder / f"{date}.tif")).ReadAsArray() for date in order]).argmin(0)


def stack_forms(folder: Path, order: tuple[int, ...]) -> dict[str, Any]:
    files = [str(folder / f"{date}.tif") for date in order]
    return {
        "folder": str(folder), "list": files, "text": json.dumps(files), "semicolons": ";".join(files),
        "layers": [QgsRasterLayer(path, Path(path).stem) for path in files],
    }  # fmt: skip


@pytest.mark.parametrize("form", ["folder", "list", "text", "semicolons", "layers"])
def test_rasters_are_stacked_in_their_order(form: str, run_scene: Run, dates: Path, tmp_path: Path) -> None:
    order = (1, 2, 10) if form == "folder" else (10, 1, 2)
    run_scene(INPUT=stack_forms(dates, order)[form], MODEL=str(tmp_path / "least.emd"), STACK_ITEMS=True)
    np.testing.assert_array_equal(read_pixels(tmp_path / "out.tif"), least_date(dates, order))


def test_a_stack_in_a_saved_model(plugin: Any, project: QgsProject, dates: Path, tmp_path: Path) -> None:
    import processing

    child = QgsProcessingModelChildAlgorithm(ALGORITHM)
    child.setChildId("classify")
    given = {"INPUT": json.dumps(stack_forms(dates, (10, 2, 1))["list"]), "MODEL": str(tmp_path / "least.emd")}
    for name, value in {**given, "STACK_ITEMS": True}.items():
        child.addParameterSources(name, [QgsProcessingModelChildParameterSource.fromStaticValue(value)])
    output = QgsProcessingModelOutput("map")
    output.setChildOutputName("OUTPUT")
    output.setChildId("classify")
    child.setModelOutputs({"map": output})
    model = QgsProcessingModelAlgorithm("stacks", "")
    model.addChildAlgorithm(child)
    assert model.toFile(str(tmp_path / "stacks.model3"))
    saved = QgsProcessingModelAlgorithm()
    assert saved.fromFile(str(tmp_path / "stacks.model3"))
    (name,) = outputs_of(saved).values()
    processing.run(saved, {name: str(tmp_path / "map.tif")}, feedback=QgsProcessingFeedback(False))
    np.testing.assert_array_equal(read_pixels(tmp_path / "map.tif"), least_date(dates, (10, 2, 1)))


def test_what_cannot_be_stacked_is_named(run_scene: Run, dates: Path, items: Path, tmp_path: Path) -> None:
    model = str(tmp_path / "least.emd")
    for values, match in (
        ({"INPUT": str(dates), "PROCESS_ALL_RASTER_ITEMS": True}, "mutually exclusive"),
        ({"INPUT": [*paths(items), str(dates / "1.tif")]}, "first one of the stack"),
        ({"INPUT": [str(dates / "1.tif")] * 4}, "4 of 4"),
        ({"INPUT": [str(dates / "1.tif"), str(dates / "missing.tif"), str(dates / "2.tif")]}, "missing"),
    ):
        with pytest.raises(QgsProcessingException, match=match):
            run_scene(MODEL=model, STACK_ITEMS=True, **values)
        assert not (tmp_path / "out.tif").exists()


@needs_qgis_process
def test_a_stack_on_the_command_line(dates: Path, tmp_path: Path) -> None:
    for value, order in (("dates", (1, 2, 10)), (json.dumps([f"dates/{date}.tif" for date in (2, 1, 10)]), (2, 1, 10))):
        classify(tmp_path, INPUT=value, MODEL="least.emd", OUTPUT="map.tif", STACK_ITEMS="true").assert_done()
        np.testing.assert_array_equal(read_pixels(tmp_path / "map.tif"), least_date(dates, order))
