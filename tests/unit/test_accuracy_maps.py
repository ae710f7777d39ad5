# SPDX-License-Identifier: GPL-2.0-or-later
"""Maps compared with points, polygons and rasters, and points drawn from maps, against numpy and GDAL's own reading."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, ogr, osr

from classify_pixels.inference.accuracy import (
    PointReference,
    PolygonReference,
    RasterReference,
    csv_of,
    html_of,
    json_of,
    map_reading,
)
from classify_pixels.inference.errors import (
    AssessmentCancelledError,
    ClassMapError,
    ReferenceClassError,
    ReferenceCrsError,
    ReferenceNameError,
    ReferenceValuesError,
    SamplesMissingError,
    StratumError,
)
from classify_pixels.inference.models import ModelClass
from classify_pixels.inference.notices import Caution, Note
from classify_pixels.inference.progress import SilentProgress
from classify_pixels.inference.raster import GdalInput

from .accuracy_maps import CELL, LEGEND, X0, Y0, Log, assess, centres, draw, points
from .rasters import wkt, write_raster


def table(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    found = Counter(pairs)
    return [[found[row, column] for column in (1, 2, 3)] for row in (1, 2, 3)]


# --- points -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [int, float, str, "{}.0".format, {1: "water", 2: " Forest", 3: "CROPS"}.get])
def test_labels_match_by_value_or_name(form: Any, class_map: Path, pixels: np.ndarray, cells: np.ndarray) -> None:
    truth = np.random.default_rng(9).integers(1, 4, 200).tolist()
    found = assess(class_map, points(cells, map(form, truth)))
    assert found.counts.tolist() == table(zip(pixels[tuple(cells.T)].tolist(), truth))
    assert [count.pixels for count in found.classes] == [int((pixels == value).sum()) for value in (1, 2, 3)]
    assert found.left_out == {}


def test_small_windows_change_nothing(
    class_map: Path, pixels: np.ndarray, cells: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = points(cells, [1 + number % 3 for number in range(200)])
    whole = json_of(assess(class_map, reference))
    monkeypatch.setattr(map_reading, "CELLS", 70)
    assert json_of(assess(class_map, reference)) == whole


def test_areas_are_those_of_the_ellipsoid(tmp_path: Path) -> None:
    """A degree at the equator and at 60 degrees north; areas of GeographicLib's polygons on WGS 84."""
    values = np.array([[[1], [2]]], np.uint8).repeat(60, axis=1)[:, :60]
    values[0, :30], values[0, 30:] = 1, 2
    path = write_raster(tmp_path / "m.tif", values, transform=(10, 1, 0, 60, 0, -1), epsg=4326)
    place = np.array([[10.5, 59.5], [10.5, 58.5], [10.5, 0.5], [10.5, 1.5]])
    found = assess(path, PointReference("r", place, (1, 1, 2, 2), wkt(4326)))
    sphere = [(np.sin(np.radians(a)) - np.sin(np.radians(b))) * np.radians(1) for a, b in ((60, 30), (30, 0))]
    ratio = found.classes[0].area / found.classes[1].area
    assert ratio == pytest.approx(sphere[0] / sphere[1], rel=0.01)
    # The strata are weighted by area, not by their equal numbers of pixels.
    assert found.estimates.shares.value[0] == pytest.approx(found.classes[0].area / found.area)
    assert found.area == pytest.approx(sum(sphere) * 6_371_007.2**2, rel=0.005)


def test_points_in_another_crs_are_transformed(class_map: Path, cells: np.ndarray) -> None:
    own, degrees = osr.SpatialReference(), osr.SpatialReference()
    own.ImportFromEPSG(32633)
    degrees.ImportFromEPSG(4326)
    for reference in (own, degrees):
        reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    moved = np.array(osr.CoordinateTransformation(own, degrees).TransformPoints(centres(*cells.T).tolist()))[:, :2]
    labels = (1, 2) * 100
    there = assess(class_map, PointReference("ref", moved, labels, wkt(4326)))
    assert there.counts.tolist() == assess(class_map, points(cells, labels)).counts.tolist()


def test_points_left_out_are_counted(class_map: Path) -> None:
    places = np.array([[3, 3], [-1, 3], [3, 50], [40, 3], [5, 0], [6, 6], [7, 7], [8, 8]])
    log = Log()
    found = assess(class_map, points(places, [1, 1, 1, 1, 1, None, 2, 2]), log)
    assert found.samples == 3
    assert found.left_out == {
        Caution.SAMPLES_OUTSIDE: 3, Caution.SAMPLES_ON_NODATA: 1, Caution.SAMPLES_UNLABELLED: 1,
    }  # fmt: skip
    assert set(found.left_out) <= set(log.kinds)
    with pytest.raises(SamplesMissingError, match="3 are outside the map, 1 on NoData, 1 without"):
        assess(class_map, points(places[1:6], [1, 1, 1, 1, None]))


def test_a_point_without_a_place_is_outside(class_map: Path) -> None:
    place = np.array([[np.nan, np.nan], *centres([1, 2], [1, 2])])
    found = assess(class_map, PointReference("r", place, (1, 1, 1), wkt(32633)))
    assert found.left_out == {Caution.SAMPLES_OUTSIDE: 1}


@pytest.mark.parametrize("label", [4, 0, "Road", "4", 1.5, "1.5", "nan"])
def test_classes_that_the_map_does_not_have_are_refused(label: Any, class_map: Path, cells: np.ndarray) -> None:
    with pytest.raises(ReferenceClassError, match="Water"):
        assess(class_map, points(cells[:3], [1, 2, label]))


def test_ambiguous_labels_are_refused(class_map: Path, cells: np.ndarray) -> None:
    twins = (*LEGEND[:2], ModelClass(3, "forest", (0, 0, 0)))
    with pytest.raises(ReferenceNameError):
        assess(class_map, points(cells[:2], ["Water", "Forest"]), legend=twins)
    numbers = tuple(ModelClass(value, str(4 - value), (0, 0, 0)) for value in (1, 2, 3))
    with pytest.raises(ReferenceNameError):
        assess(class_map, points(cells[:2], ["2", "1"]), legend=numbers)


def test_a_class_that_only_the_reference_has(class_map: Path, cells: np.ndarray) -> None:
    legend = (*LEGEND, ModelClass(7, "Town", (0, 0, 0)), ModelClass(8, "Nowhere", (0, 0, 0)))
    found = assess(class_map, points(cells, [7] * 20 + [1] * 180), legend=legend)
    assert [count.legend_class.value for count in found.classes] == [1, 2, 3, 7]
    assert found.counts[:, 3].sum() == 20
    assert np.isnan(found.estimates.users.value[3])
    assert found.estimates.shares.value[3] > 0


@pytest.mark.parametrize(("of_map", "of_points"), [(None, 32633), (32633, None)])
def test_one_missing_crs_is_refused(of_map: int | None, of_points: int | None, tmp_path: Path, pixels: Any) -> None:
    path = write_raster(tmp_path / "m.tif", pixels[np.newaxis], no_data=255, epsg=of_map)
    reference = points(np.array([[1, 1]]), [1], crs=wkt(of_points) if of_points else "")
    with pytest.raises(ReferenceCrsError):
        assess(path, reference)


def test_without_any_crs_the_strata_are_weighted_by_pixels(tmp_path: Path, pixels: Any, cells: Any) -> None:
    path = write_raster(tmp_path / "m.tif", pixels[np.newaxis], no_data=255, epsg=None)
    log = Log()
    found = assess(path, points(cells, (1, 2) * 100, crs=""), log)
    assert found.area is None
    assert {Caution.CRS_ABSENT, Caution.AREA_UNKNOWN} <= set(log.kinds)
    assert json_of(found)["classes"][0]["estimated"]["area"]["value"] is None
    assert np.isfinite(found.estimates.shares.value).all()


# --- the sampling design ------------------------------------------------------------------------------


def test_the_design_is_told(class_map: Path, pixels: np.ndarray, cells: np.ndarray) -> None:
    labels, strata = [1] * 200, tuple(pixels[tuple(cells.T)].tolist())
    assert assess(class_map, points(cells, labels)).design.text is Note.POST_STRATIFIED
    recorded = points(cells, labels, strata=strata, stratum_field="s")
    assert assess(class_map, recorded).design.text is Note.STRATIFIED_BY_MAP
    named = points(cells, labels, strata=tuple(LEGEND[value - 1].name for value in strata), stratum_field="s")
    assert assess(class_map, named).design.text is Note.STRATIFIED_BY_MAP


def test_strata_of_another_map_are_refused_without_it_and_used_with_it(
    class_map: Path, pixels: np.ndarray, cells: np.ndarray, tmp_path: Path
) -> None:
    older = np.where(pixels == 255, 255, 1 + pixels // 2).astype(np.uint8)
    path = write_raster(tmp_path / "older.tif", older[np.newaxis], no_data=255)
    truth = np.random.default_rng(2).integers(1, 4, 200).tolist()
    reference = points(cells, truth, strata=tuple(older[tuple(cells.T)].tolist()), stratum_field="s")
    with pytest.raises(StratumError):
        assess(class_map, reference)
    found = assess(class_map, reference, strata=GdalInput(str(path)))
    assert found.design.text is Note.STRATIFIED_BY_STRATA
    # Every stratum of its own: the share of the true class 1, weighted by pixels of equal size.
    inside, expected = older != 255, 0.0
    for stratum in (1, 2):
        here = older[tuple(cells.T)] == stratum
        expected += (older == stratum).sum() / inside.sum() * np.mean(np.array(truth)[here] == 1)
    assert found.estimates.shares.value[0] == pytest.approx(expected, rel=1e-6)


def test_a_class_without_samples_is_told(class_map: Path, pixels: np.ndarray, cells: np.ndarray) -> None:
    mapped = pixels[tuple(cells.T)]
    log = Log()
    found = assess(class_map, points(cells[mapped != 2], [1] * int((mapped != 2).sum())), log)
    assert np.isnan(found.estimates.overall.value)
    assert {Caution.STRATUM_WITHOUT_SAMPLES, Caution.CLASS_WITHOUT_REFERENCE} <= set(log.kinds)
    assert json_of(found)["estimated"]["overall_accuracy"]["value"] is None


# --- polygons -----------------------------------------------------------------------------------------


def box(left: float, top: float, right: float, bottom: float) -> bytes:
    """A rectangle in columns and rows."""
    x, y = (X0 + CELL * left, X0 + CELL * right), (Y0 - CELL * top, Y0 - CELL * bottom)
    ring = f"{x[0]} {y[0]},{x[1]} {y[0]},{x[1]} {y[1]},{x[0]} {y[1]},{x[0]} {y[0]}"
    return bytes(ogr.CreateGeometryFromWkt(f"POLYGON(({ring}))").ExportToWkb())


def test_polygons_are_pixels_whose_centre_is_inside(
    class_map: Path, pixels: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes = (box(4.4, 2.4, 9.6, 7.4), box(20.6, 11, 30, 20))
    expected = [(value, 1) for value in pixels[2:7, 4:10].ravel().tolist()]
    expected += [(value, 3) for value in pixels[11:20, 21:30].ravel().tolist()]
    monkeypatch.setattr(map_reading, "CELLS", 300)
    log = Log()
    found = assess(class_map, PolygonReference("ref", shapes, ("Water", 3), wkt(32633)), log)
    assert found.counts.tolist() == table(expected)
    assert Caution.PIXELS_AS_SAMPLES in log.kinds


def test_pixels_in_polygons_of_two_classes_are_left_out(class_map: Path, pixels: np.ndarray) -> None:
    shapes = (box(4, 4, 10, 10), box(8, 8, 12, 12), box(4, 4, 6, 6))
    found = assess(class_map, PolygonReference("ref", shapes, (1, 2, 1), wkt(32633)))
    assert found.left_out == {Caution.SAMPLES_CONTRADICTORY: 4}
    assert found.samples == 36 + 16 - 2 * 4


@pytest.mark.parametrize("labels", [(1, 2, 1), (2, 1, 1), (1, 1, 2), (3, 1, 2)])
def test_the_order_of_overlapping_polygons_does_not_matter(class_map: Path, labels: tuple[int, ...]) -> None:
    boxes = ((4, 4, 10, 10), (8, 8, 12, 12), (4, 4, 10, 10))
    labels_of_cells: dict[tuple[int, int], set[int]] = {}
    for (left, top, right, bottom), label in zip(boxes, labels):
        for cell in itertools.product(range(top, bottom), range(left, right)):
            labels_of_cells.setdefault(cell, set()).add(label)
    of_one = sum(len(each) == 1 for each in labels_of_cells.values())
    found = assess(class_map, PolygonReference("ref", tuple(box(*each) for each in boxes), labels, wkt(32633)))
    assert found.left_out == {Caution.SAMPLES_CONTRADICTORY: len(labels_of_cells) - of_one}
    assert found.samples == of_one


# --- rasters ------------------------------------------------------------------------------------------


def raster_reference(path: Path, **names: str) -> RasterReference:
    return RasterReference(GdalInput(str(path)), {int(key[1:]): name for key, name in names.items()})


def test_a_raster_on_the_same_grid(class_map: Path, pixels: np.ndarray, tmp_path: Path) -> None:
    truth = np.random.default_rng(4).integers(1, 4, pixels.shape).astype(np.int16)
    truth[5:9] = -1
    path = write_raster(tmp_path / "truth.tif", truth[np.newaxis], no_data=-1)
    log = Log()
    found = assess(class_map, raster_reference(path), log)
    both = (pixels != 255) & (truth != -1)
    assert found.counts.tolist() == table(zip(pixels[both].tolist(), truth[both].tolist()))
    assert Note.RESAMPLED_TO_MAP not in log.kinds


def test_a_raster_on_another_grid_is_warped_by_nearest(class_map: Path, pixels: np.ndarray, tmp_path: Path) -> None:
    """Also where it does not reach: cells beyond it are no samples, although it has no NoData value."""
    truth = np.random.default_rng(4).integers(1, 4, (30, 30)).astype(np.uint8)
    path = write_raster(tmp_path / "t.tif", truth[np.newaxis], transform=(X0 + 53, 7, 0, Y0 - 31, 0, -7))
    log = Log()
    found = assess(class_map, raster_reference(path), log)
    warped = gdal.Warp(
        "", str(path), format="MEM", outputBounds=(X0, Y0 - 400, X0 + 500, Y0), xRes=10, yRes=10, dstNodata=0,
        resampleAlg="near", errorThreshold=0,
    ).ReadAsArray()  # fmt: skip
    both = (pixels != 255) & (warped != 0)
    assert found.counts.tolist() == table(zip(pixels[both].tolist(), warped[both].tolist()))
    assert Note.RESAMPLED_TO_MAP in log.kinds


def test_values_of_a_raster_match_by_its_names(class_map: Path, pixels: np.ndarray, tmp_path: Path) -> None:
    other = np.array([0, 30, 10, 20], np.uint8)[np.where(pixels == 255, 1, pixels)]
    path = write_raster(tmp_path / "t.tif", other[np.newaxis])
    found = assess(class_map, raster_reference(path, v30="Water", v10="forest", v20="Crops"))
    assert found.measures.overall == 1
    with pytest.raises(ReferenceClassError):
        assess(class_map, raster_reference(path))


def test_two_values_for_one_class_are_refused(class_map: Path, pixels: np.ndarray, tmp_path: Path) -> None:
    path = write_raster(tmp_path / "t.tif", np.where(pixels == 255, 1, pixels)[np.newaxis].astype(np.uint8))
    with pytest.raises(ReferenceValuesError):
        assess(class_map, raster_reference(path, v1="Forest"))


def test_other_names_for_the_same_values_are_told(class_map: Path, pixels: np.ndarray, tmp_path: Path) -> None:
    path = write_raster(tmp_path / "t.tif", np.where(pixels == 255, 1, pixels)[np.newaxis].astype(np.uint8))
    log = Log()
    assert assess(class_map, raster_reference(path, v1="Wasser"), log).measures.overall == 1
    assert Caution.NAMES_DIFFER in log.kinds


# --- maps that are none -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        np.full((2, 40, 50), 1, np.uint8),
        np.full((1, 40, 50), 1.5, np.float32),
        np.full((1, 40, 50), 2**24, np.int32),
        np.arange(2000, dtype=np.int16).reshape(1, 40, 50),
    ],
)
def test_a_raster_that_is_no_class_map_is_refused(values: np.ndarray, tmp_path: Path) -> None:
    path = write_raster(tmp_path / "m.tif", values)
    with pytest.raises(ClassMapError):
        assess(path, points(np.array([[1, 1]]), [1]))
    with pytest.raises(ClassMapError):
        draw(path)


def test_a_cancelled_run_ends(class_map: Path, cells: np.ndarray) -> None:
    progress = SilentProgress()
    progress.cancelled = True
    with pytest.raises(AssessmentCancelledError):
        assess(class_map, points(cells, [1] * 200), progress)


# --- reports ------------------------------------------------------------------------------------------


def test_reports_hold_the_numbers_and_escape_the_names(class_map: Path, cells: np.ndarray) -> None:
    legend = (ModelClass(1, "<script>alert(1)</script>", (1, 2, 3)), ModelClass(2, "=HYPERLINK(1)", (0, 0, 0)))
    found = assess(class_map, points(cells, (1, 2) * 100), legend=legend)
    page = html_of(found, ["<b>careful</b>"])
    assert "<script" not in page
    assert "<b>" not in page
    assert "&lt;b&gt;careful" in page
    assert not re.search(r"(src|href)\s*=", page)
    document = json.loads(json.dumps(json_of(found), allow_nan=False))
    assert document["samples"] == 200
    assert document["classes"][0]["name"] == legend[0].name
    rows = list(csv.DictReader(io.StringIO(csv_of(found))))
    assert [row["value"] for row in rows] == ["1", "2", "3"]
    assert rows[1]["name"] == "'=HYPERLINK(1)"
    matrix = [[int(row[key]) for key in row if key.startswith("reference ")] for row in rows]
    assert matrix == found.counts.tolist() == document["confusion_matrix"]
    area = sum(float(row["estimated_area_value"]) for row in rows)
    assert area == pytest.approx(document["area"])
    assert document["area"] == pytest.approx(40 * 49 * 0.01, rel=1e-3)
