# SPDX-License-Identifier: GPL-2.0-or-later
"""The context in the forms that clients of ArcGIS send: applied, ignored with a warning, or refused by name."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, osr
from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback, QgsProject

from classify_pixels.inference.errors import ContextKeyError, ContextKeyRefusedError
from classify_pixels.processing_provider.esri_context import read_context
from classify_pixels.processing_provider.values import Values

from .command import classify, needs_qgis_process
from .scenes import CELL, ORIGIN, Scene, assert_is_map_of, read_pixels, write_raster

Run = Callable[..., dict[str, Any]]
X, Y = ORIGIN
BOUNDS = (X + 200, Y - 400, X + 600, Y - 100)
ESRI = dict(zip(("xmin", "ymin", "xmax", "ymax"), BOUNDS))
UTM = {"spatialReference": {"wkid": 32633}}


class Heard(QgsProcessingFeedback):
    """Keeps the warnings."""

    def __init__(self) -> None:
        super().__init__(False)
        self.warnings: list[str] = []

    def pushWarning(self, warning: str) -> None:  # noqa: N802
        self.warnings.append(warning)


@pytest.fixture
def heard(plugin: Any) -> Heard:
    return Heard()


@pytest.fixture
def run(plugin: Any, project: QgsProject, scene: Scene, tmp_path: Path, heard: Heard) -> Run:
    """Classifies the scene into out.tif, as scripts do."""
    import processing

    def classify_scene(**parameters: Any) -> dict[str, Any]:
        given = {"INPUT": str(scene.raster), "MODEL": str(scene.model), "OUTPUT": str(tmp_path / "out.tif")}
        return processing.run("deeplearning:classifypixels", {**given, **parameters}, feedback=heard)

    return classify_scene


def assert_same(first: Path, second: Path) -> None:
    one, other = gdal.Open(str(first)), gdal.Open(str(second))
    assert one.GetGeoTransform() == other.GetGeoTransform()
    assert osr.SpatialReference(one.GetProjection()).IsSame(osr.SpatialReference(other.GetProjection()))
    np.testing.assert_array_equal(one.ReadAsArray(), other.ReadAsArray())


# --- keys -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["overwriteOutput", "scratchWorkspace", "pyramid", "returnZ", "somethingNew"])
def test_a_key_without_effect_is_told_once_and_passed_over(
    key: str, run: Run, heard: Heard, scene: Scene, tmp_path: Path
) -> None:
    run(CONTEXT={key: "x"})
    assert [text for text in heard.warnings if key in text] == [f"Context key {key} has no effect here and is ignored."]
    assert_is_map_of(tmp_path / "out.tif", scene)


EMPTY = [None, "", " ", {}, []]


@pytest.mark.parametrize("empty", EMPTY, ids=repr)
def test_an_empty_value_is_no_value(empty: Any, run: Run, heard: Heard, scene: Scene, tmp_path: Path) -> None:
    keys = (
        "extent", "outSR", "processSR", "snapRaster", "cellSize", "mask", "processorType", "parallelProcessingFactor",
        "gpuId", "resamplingMethod", "mosaicRule", "geographicTransformations",
    )  # fmt: skip
    run(CONTEXT=json.dumps(dict.fromkeys(keys, empty)))
    assert not heard.warnings
    assert_is_map_of(tmp_path / "out.tif", scene)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("nodata", "MAXIMUM"), ("noData", 5), ("cellAlignment", "ALIGN_WITH_PROCESSING_EXTENT"),
        ("geographicTransformations", "NAD_1927_To_WGS_1984_4"), ("renderingRule", {"rasterFunction": "NDVI"}),
        ("mosaicRule", {"a": 1}), ("bandIds", "0"), ("time", "1,2"), ("model", {"uri": "a.emd"}),
        ("inputRaster", "a.tif"), ("processAllRasterItems", True), ("model_arguments", {"padding": 0}),
        ("processSR", 4326), ("function", "x"), ("interpolation", "RSP_Majority"),
    ],
)  # fmt: skip
def test_a_key_that_would_change_the_result_is_refused_by_name(key: str, value: Any) -> None:
    with pytest.raises(ContextKeyRefusedError, match=f"context key {key} with the value"):
        read_context({key: value}, lambda _: None)


@pytest.mark.parametrize(
    "key", ["cellsize", "cell_size", "OUTSR", "env:outSR", "snap_raster", "outputCoordinateSystem"]
)
def test_a_misspelt_key_is_refused_with_the_known_ones(key: str) -> None:
    with pytest.raises(ContextKeyError, match=f"the unknown key {key}. Known keys: extent, outSR, .*gpuId"):
        read_context({key: 5}, lambda _: None)


@pytest.mark.parametrize(
    "context",
    [
        {"nodata": "NONE"},
        {"cellAlignment": "DEFAULT"},
        {"cellSizeProjectionMethod": "CONVERT_UNITS"},
        {"nodata": "none"},
    ],
    ids=str,
)
def test_what_asks_for_nothing_is_told_and_passed_over(context: dict[str, Any]) -> None:
    told: list[str] = []
    assert read_context(context, told.append) == {}
    assert len(told) == 1


def test_how_cells_are_projected_counts_where_the_crs_changes() -> None:
    with pytest.raises(ContextKeyRefusedError, match="cellSizeProjectionMethod"):
        read_context({"cellSizeProjectionMethod": "CONVERT_UNITS", "outSR": 3857}, lambda _: None)


@pytest.mark.parametrize("process", [4326, "4326", {"wkid": 4326}, {"wkid": 4326, "latestWkid": 4326}, "EPSG:4326"])
@pytest.mark.parametrize("out", [4326, {"wkid": 4326}])
def test_the_crs_of_the_process_may_be_that_of_the_result(process: Any, out: Any) -> None:
    assert read_context({"outSR": out, "processSR": process}, lambda _: None) == {"outSR": out}


# --- the CRS --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [3857, 3857.0, "3857", " 3857 ", 102100, {"wkid": 102100.0}, "EPSG:3857"], ids=repr)
@pytest.mark.parametrize("place", ["context", "parameter"])
def test_a_crs_by_its_number(value: Any, place: str, run: Run, tmp_path: Path) -> None:
    run(TARGET_CRS="EPSG:3857", OUTPUT=str(tmp_path / "expected.tif"))
    run(**({"CONTEXT": {"outSR": value}} if place == "context" else {"TARGET_CRS": value}))
    assert_same(tmp_path / "out.tif", tmp_path / "expected.tif")


@pytest.mark.parametrize("value", [999999, "999999", -1, 0.5, True])
def test_a_number_of_no_crs_is_refused(value: Any, run: Run) -> None:
    with pytest.raises(QgsProcessingException, match=f"The CRS {value} is unknown"):
        run(CONTEXT={"outSR": value})


# --- the extent -----------------------------------------------------------------------------------------

TEXTS = {
    "commas": "{},{},{},{}", "commas and spaces": " {}, {}, {}, {} ", "spaces": "{} {} {} {}",
    "heights": "{} {} {} {} NaN NaN NaN NaN",
}  # fmt: skip


@pytest.mark.parametrize("text", [*TEXTS.values(), None], ids=[*TEXTS, "list"])
def test_a_text_in_the_context_is_in_the_order_of_esri(text: str | None, run: Run, tmp_path: Path) -> None:
    run(CONTEXT={"extent": list(BOUNDS) if text is None else text.format(*BOUNDS)})
    run(EXTENT={**ESRI, **UTM}, OUTPUT=str(tmp_path / "expected.tif"))
    assert_same(tmp_path / "out.tif", tmp_path / "expected.tif")
    assert gdal.Open(str(tmp_path / "out.tif")).RasterXSize == 40


def test_a_text_of_qgis_with_its_crs_keeps_its_order_everywhere(run: Run, tmp_path: Path) -> None:
    text = f"{BOUNDS[0]},{BOUNDS[2]},{BOUNDS[1]},{BOUNDS[3]} [EPSG:32633]"
    run(EXTENT=text, OUTPUT=str(tmp_path / "expected.tif"))
    run(CONTEXT={"extent": text})
    assert_same(tmp_path / "out.tif", tmp_path / "expected.tif")
    assert gdal.Open(str(tmp_path / "out.tif")).RasterXSize == 40


@pytest.mark.parametrize("text", ["15.2,48.1,16.1,-47.0", "-180,-90,180,90", "1,2,4,3 [EPSG:4326]", "2,1,3,4"])
def test_a_text_of_the_parameter_in_another_order_is_not_turned_round(text: str, run: Run, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException, match="as text, the order is xmin, xmax, ymin, ymax"):
        run(EXTENT=text)
    assert not list(tmp_path.iterdir())


def test_an_extent_in_a_crs_that_nobody_knows_is_refused(run: Run) -> None:
    """QGIS reads it as none, so that its numbers would be in the raster's CRS."""
    with pytest.raises(QgsProcessingException, match="EPSG:999999"):
        run(EXTENT=f"{BOUNDS[0]},{BOUNDS[2]},{BOUNDS[1]},{BOUNDS[3]} [EPSG:999999]")


@pytest.mark.parametrize("value", ["DEFAULT", "MAXOF", "maxof"])
def test_the_extent_of_all_inputs_is_the_whole_raster(value: str, run: Run, scene: Scene, tmp_path: Path) -> None:
    run(CONTEXT={"extent": value})
    assert_is_map_of(tmp_path / "out.tif", scene)


@pytest.mark.parametrize("value", ["MINOF", "1,2,3", "1,2,3,x", "nan,nan,nan,nan", [1, 2, 3]])
def test_an_extent_that_is_none_is_named(value: Any, run: Run, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException, match="The extent .* cannot be used"):
        run(CONTEXT={"extent": value})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("form", ["object", "json", "text", "parameter"])
def test_an_extent_without_a_crs_is_in_that_of_the_input(
    form: str, run: Run, project: QgsProject, tmp_path: Path
) -> None:
    text = ",".join(map(str, BOUNDS))
    forms: dict[str, Any] = {
        "object": {"CONTEXT": {"extent": ESRI, "outSR": 3857}},
        "json": {"CONTEXT": json.dumps({"extent": ESRI, "outSR": {"wkid": 3857}})},
        "text": {"CONTEXT": {"extent": text, "outSR": 3857}},
        "parameter": {"EXTENT": ESRI, "TARGET_CRS": "EPSG:3857"},
    }
    run(EXTENT={**ESRI, **UTM}, TARGET_CRS="EPSG:3857", OUTPUT=str(tmp_path / "expected.tif"))
    run(**forms[form])
    assert_same(tmp_path / "out.tif", tmp_path / "expected.tif")
    transform = gdal.Open(str(tmp_path / "out.tif")).GetGeoTransform()
    to_mercator = osr.CoordinateTransformation(reference(32633), reference(3857))
    x, y, _ = to_mercator.TransformPoint(BOUNDS[0], BOUNDS[3])
    assert abs(transform[0] - x) < 60
    assert abs(transform[3] - y) < 60


def reference(epsg: int) -> osr.SpatialReference:
    found = osr.SpatialReference()
    found.ImportFromEPSG(epsg)
    found.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return found


@pytest.mark.parametrize("value", [32633, "32633", {"wkid": 32633}])
def test_the_crs_of_an_extent_by_its_number(value: Any, run: Run, tmp_path: Path) -> None:
    run(EXTENT={**ESRI, **UTM}, OUTPUT=str(tmp_path / "expected.tif"))
    run(CONTEXT={"extent": {**ESRI, "spatialReference": value}})
    assert_same(tmp_path / "out.tif", tmp_path / "expected.tif")


# --- cells ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["MAXOF", "MINOF", "maxof", "Maximum of Inputs", "Minimum of Inputs"])
@pytest.mark.parametrize("place", ["context", "parameter"])
def test_one_raster_has_its_own_cells(word: str, place: str, run: Run, scene: Scene, tmp_path: Path) -> None:
    run(**({"CONTEXT": {"cellSize": word}} if place == "context" else {"CELL_SIZE": word}))
    assert_is_map_of(tmp_path / "out.tif", scene)


@pytest.fixture
def items(tmp_path: Path) -> Path:
    """A folder of rasters with cells of 10, 20 and 5, beside each other."""
    folder = tmp_path / "items"
    folder.mkdir()
    for number, cell in enumerate((CELL, 2 * CELL, CELL / 2)):
        pixels = np.random.default_rng(number).integers(1, 200, (2, 40, 40), np.uint8)
        path = write_raster(folder / f"{number}.tif", pixels)
        dataset = gdal.Open(str(path), gdal.GA_Update)
        dataset.SetGeoTransform((X + 400 * number, cell, 0, Y, 0, -cell))
        dataset = None
    return folder


@pytest.mark.parametrize(("word", "size"), [("MAXOF", 20), ("MINOF", 5)])
def test_of_several_rasters_the_coarsest_or_finest_cells_are_taken(
    word: str, size: int, run: Run, items: Path, tmp_path: Path
) -> None:
    run(INPUT=str(items), CELL_SIZE=str(size), OUTPUT=str(tmp_path / "expected.tif"))
    run(INPUT=str(items), CONTEXT={"cellSize": word})
    assert_same(tmp_path / "out.tif", tmp_path / "expected.tif")
    assert gdal.Open(str(tmp_path / "out.tif")).GetGeoTransform()[1] == size


@pytest.mark.parametrize("word", ["MAXOF", "MINOF"])
def test_each_raster_by_itself_keeps_its_cells(word: str, run: Run, items: Path, tmp_path: Path) -> None:
    run(INPUT=str(items), CELL_SIZE=word, PROCESS_ALL_RASTER_ITEMS=True)
    sizes = [gdal.Open(str(tmp_path / "out" / f"{number}.tif")).GetGeoTransform()[1] for number in range(3)]
    assert sizes == [10, 20, 5]


@pytest.mark.parametrize(
    ("value", "method"), [("NEAREST", "nearest"), ("BILINEAR", "bilinear"), ("CUBIC", "cubic"), ("MAJORITY", "mode")]
)
def test_the_resampling_of_the_context_is_applied(value: str, method: str, run: Run, tmp_path: Path) -> None:
    run(CELL_SIZE="7", RESAMPLING=method, OUTPUT=str(tmp_path / "expected.tif"))
    run(CONTEXT={"cellSize": 7, "resamplingMethod": value})
    assert_same(tmp_path / "out.tif", tmp_path / "expected.tif")
    run(CONTEXT={"cellSize": 7, "resamplingMethod": "lanczos"}, RESAMPLING=method)
    assert_same(tmp_path / "out.tif", tmp_path / "expected.tif")


# --- the run --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("own", ["AUTO", "auto", "CPU"])
def test_a_processor_that_is_chosen_beats_the_context(own: str, run: Run, scene: Scene, tmp_path: Path) -> None:
    run(PROCESSOR_TYPE=own, CONTEXT={"processorType": "TPU"})
    assert_is_map_of(tmp_path / "out.tif", scene)


@pytest.mark.parametrize("own", [None, ""])
def test_without_a_choice_the_context_counts(own: str | None) -> None:
    values = Values({"PROCESSOR_TYPE": own, "CONTEXT": {"processorType": "GPU"}}, QgsProcessingContext())
    assert values.raw("PROCESSOR_TYPE") == "GPU"


@pytest.mark.parametrize("factor", ["64", 64, "6400%", "1e9"])
@pytest.mark.parametrize("place", ["context", "parameter"])
def test_a_factor_above_the_cores_is_capped_and_told(
    factor: Any, place: str, run: Run, heard: Heard, scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    name = "PARALLEL_PROCESSING_FACTOR"
    run(**({"CONTEXT": {"parallelProcessingFactor": factor}} if place == "context" else {name: factor}))
    assert [text for text in heard.warnings if "workers requested, limited to one per core (2)" in text]
    assert_is_map_of(tmp_path / "out.tif", scene)


@pytest.mark.parametrize("factor", ["1", "2", "100%", "50%", "0", None])
def test_a_factor_within_the_cores_is_not_told_of(
    factor: Any, run: Run, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    run(CONTEXT={"parallelProcessingFactor": factor})
    assert not heard.warnings


@pytest.mark.parametrize("factor", [-1, "-1", "-5%"])
def test_a_factor_below_nothing_is_refused_by_name(factor: Any, run: Run, tmp_path: Path) -> None:
    for given in ({"CONTEXT": {"parallelProcessingFactor": factor}}, {"PARALLEL_PROCESSING_FACTOR": factor}):
        with pytest.raises(QgsProcessingException, match=f"The parallel processing factor {factor} cannot be used"):
            run(**given)
    assert not list(tmp_path.iterdir())


@needs_qgis_process
def test_what_is_passed_over_is_told_on_the_command_line(scene: Scene, tmp_path: Path) -> None:
    context = json.dumps({"overwriteOutput": True, "outSR": 32633, "snapRaster": "", "cellSize": "MAXOF"})
    done = classify(tmp_path, INPUT=scene.raster, MODEL=scene.model, CONTEXT=context, OUTPUT="out.tif")
    assert "key overwriteOutput has no effect here" in json.dumps(done.document)
    assert_is_map_of(tmp_path / "out.tif", scene)
    assert len(set(read_pixels(tmp_path / "out.tif").flat)) > 3
