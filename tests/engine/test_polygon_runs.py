# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygons as an output of whole runs: equal to those of the class map, complete or absent."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, ogr, osr

from classify_pixels.inference import RunCancelledError
from classify_pixels.inference.errors import (
    OutputIsInputError,
    OutputNotReplacedError,
    OutputWriteError,
    PolygonsCrsError,
    PolygonsFormatError,
    PolygonsGridError,
    PolygonsReplaceError,
    PolygonsWithoutClassesError,
)
from classify_pixels.inference.events import PolygonsProgressed, StripsResumed
from classify_pixels.inference.grid import ControlPoint
from classify_pixels.inference.models import ModelReference, read_arguments
from classify_pixels.inference.notices import Note
from classify_pixels.inference.raster import GdalInput
from classify_pixels.inference.raster.collection import read_collection
from classify_pixels.inference.raster.polygons import making
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.items import classify_items, place_of_polygons
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from classify_pixels.inference.run.steps import begin, finish, work
from tests.networks import class_definition, identity_network
from tests.unit.rasters import random_pixels, read_raster, write_raster
from tests.unit.runs import Recorder, names_in

SIDES = ["classes.qml", "classes.tif", "classes.tif.aux.xml"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def model(tmp_path: Path) -> dict[str, Any]:
    """The brighter one of two bands names the class, 3 or 5."""
    network = identity_network(tmp_path / "network.onnx", 2)
    return class_definition(network, 2, [3, 5], 32, Padding=0, ClassifyPixels={"Stride": 1})


@pytest.fixture
def request_(folder: Path, model: dict[str, Any], tmp_path: Path) -> ClassificationRequest:
    pixels = random_pixels(2, 75, 60, seed=4)
    pixels[:, 20:30, 10:50] = 0
    raster = write_raster(tmp_path / "scene.tif", pixels, no_data=0)
    return ClassificationRequest(
        raster=GdalInput(str(raster)),
        model=ModelReference(document=model),
        output=folder / "classes.tif",
        environment=Environment(cache=tmp_path / "cache"),
        polygon_output=folder / "classes.gpkg",
    )


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the polygons in many pieces."""
    monkeypatch.setattr(making.write_polygons, "__defaults__", (600, None))


def polygons(path: Path) -> list[dict[str, Any]]:
    dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    return [{**f.items(), "geometry": f.GetGeometryRef().Clone()} for f in dataset.GetLayer(0)]


def of_raster(path: Path, least: int = 0) -> Counter[tuple[int, bytes]]:
    """Returns GDAL's polygons of a whole class map, after GDAL's sieve."""
    dataset = gdal.GetDriverByName("MEM").CreateCopy("", gdal.Open(str(path)))
    band = dataset.GetRasterBand(1)
    if least:
        gdal.SieveFilter(band, band.GetMaskBand(), band, least, 4)
    store = ogr.GetDriverByName("Memory").CreateDataSource("")
    layer = store.CreateLayer("whole", None, ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("value", ogr.OFTInteger))
    gdal.Polygonize(band, band.GetMaskBand(), layer, 0, [])
    return Counter((f.GetField(0), normal(f.GetGeometryRef())) for f in layer)


def normal(geometry: ogr.Geometry) -> bytes:
    return bytes(geometry.Normalize().ExportToWkb(ogr.wkbNDR))


def assert_polygons_of(output: Path, raster: Path, least: int = 0) -> None:
    found = Counter((row["class"], normal(row["geometry"])) for row in polygons(output))
    assert found == of_raster(raster, least)


@pytest.mark.parametrize("least", [0, 6])
@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp", ".fgb"])
def test_polygons_are_those_of_the_class_map(request_: ClassificationRequest, suffix: str, least: int) -> None:
    output = request_.output.with_name(f"areas{suffix}")
    progress = Recorder()
    done = classify_pixels(replace(request_, polygon_output=output, least_patch=least), progress)
    assert_polygons_of(output, request_.output, least)
    found = polygons(output)
    for count in done.classes:
        own = [row for row in found if row["class"] == count.legend_class.value]
        assert {row["name"] for row in own} == {count.legend_class.name}
        if not least:
            assert sum(row["pixels"] for row in own) == count.pixels
            assert sum(row["area"] for row in own) == pytest.approx(count.area, rel=1e-9)
    assert "score" not in found[0]
    shares = [event.fraction for event in progress.all_of(PolygonsProgressed)]
    assert len(shares) > 5
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_the_class_map_does_not_depend_on_the_polygons(request_: ClassificationRequest, folder: Path) -> None:
    classify_pixels(replace(request_, least_patch=9), Recorder())
    first = read_raster(request_.output)
    classify_pixels(replace(request_, polygon_output=None), Recorder())
    np.testing.assert_array_equal(read_raster(request_.output), first)
    assert names_in(folder) == sorted([*SIDES, "classes.gpkg"])


@pytest.mark.parametrize("largest_only", [False, True])
def test_the_score_is_the_mean_of_the_scores_file(request_: ClassificationRequest, largest_only: bool) -> None:
    scores = request_.output.with_name("scores.tif")
    classify_pixels(replace(request_, probability_output=scores, largest_only=largest_only), Recorder())
    classes = read_raster(request_.output)
    largest = gdal.Open(str(scores)).ReadAsArray().reshape(-1, *classes.shape).max(axis=0).astype(float)
    found = polygons(request_.polygon_output or Path())
    for value in (3, 5):
        own = [row for row in found if row["class"] == value]
        total = sum(row["score"] * row["pixels"] for row in own)
        assert total == pytest.approx(largest[classes == value].sum(), rel=1e-6)
    single = next(row for row in found if row["pixels"] == 1)
    column, row = gdal_cell(request_.output, single["geometry"].Centroid())
    assert single["score"] == pytest.approx(largest[row, column], rel=1e-6)


def gdal_cell(raster: Path, point: ogr.Geometry) -> tuple[int, int]:
    x0, dx, _, y0, _, dy = gdal.Open(str(raster)).GetGeoTransform()
    return int((point.GetX() - x0) / dx), int((point.GetY() - y0) / dy)


class Cancelling(Recorder):
    """Cancels a run at this share of its polygons."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self._share = share

    def emit(self, event: Any) -> None:
        super().emit(event)
        if isinstance(event, PolygonsProgressed) and event.fraction >= self._share:
            self.cancelled = True


@pytest.mark.parametrize("older", [False, True])
@pytest.mark.parametrize(("least", "share"), [(0, 0), (0, 0.9), (5, 0.05), (5, 0.2), (5, 0.9)])
def test_a_cancelled_run_leaves_no_file_and_resumes(
    request_: ClassificationRequest, folder: Path, older: bool, least: int, share: float
) -> None:
    if older:
        (folder / "classes.gpkg").write_bytes(b"")
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    asked = replace(request_, least_patch=least)
    with pytest.raises(RunCancelledError):
        classify_pixels(asked, Cancelling(share))
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    assert names_in(folder) == sorted([*before, ".classes.tif.strips"])
    progress = Recorder()
    classify_pixels(asked, progress)
    assert progress.all_of(StripsResumed)
    assert_polygons_of(folder / "classes.gpkg", request_.output, least)
    assert names_in(folder) == sorted([*SIDES, "classes.gpkg"])


@pytest.mark.parametrize("blocked", ["classes.tif", "areas.shp", "areas.dbf"])
@pytest.mark.parametrize("older", [False, True])
def test_files_appear_together_or_not_at_all(
    request_: ClassificationRequest, folder: Path, blocked: str, older: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = replace(request_, polygon_output=folder / "areas.shp", resumable=False)
    if older:
        classify_pixels(replace(asked, least_patch=9), Recorder())
        (folder / "areas.qix").write_bytes(b"index")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    import os

    rename = os.replace

    def refuse(source: Any, target: Any) -> None:
        if Path(target).name == blocked and Path(target).parent == folder:
            raise PermissionError(13, "in use")
        rename(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OutputNotReplacedError):
        classify_pixels(asked, Recorder())
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    monkeypatch.undo()
    classify_pixels(asked, Recorder())
    assert not (folder / "areas.qix").exists()


def test_a_failed_write_leaves_no_file(
    request_: ClassificationRequest, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> int:
        raise RuntimeError("disk full")

    monkeypatch.setattr(gdal, "Polygonize", fail)
    with pytest.raises(OutputWriteError, match="disk full"):
        classify_pixels(replace(request_, resumable=False), Recorder())
    assert names_in(folder) == []


def test_three_steps_give_the_same_polygons(request_: ClassificationRequest, tmp_path: Path) -> None:
    job = begin(request_, tmp_path / "place", Recorder())
    work(job, tmp_path / "place", request_.environment, Recorder())
    finish(job, tmp_path / "place", Recorder())
    assert_polygons_of(request_.output.with_suffix(".gpkg"), request_.output)


# --- what is refused before the network runs --------------------------------------------------------------


@pytest.mark.parametrize("name", ["areas", "areas.dxf", "areas.tif", "areas.gpkg.zip"])
def test_other_suffixes(request_: ClassificationRequest, folder: Path, name: str) -> None:
    with pytest.raises(PolygonsFormatError):
        classify_pixels(replace(request_, polygon_output=folder / name), Recorder())
    assert names_in(folder) == []


def test_polygons_of_scores(request_: ClassificationRequest) -> None:
    arguments = read_arguments({"return_probability_raster": "true"})
    with pytest.raises(PolygonsWithoutClassesError):
        classify_pixels(replace(request_, arguments=arguments), Recorder())


def test_an_input(request_: ClassificationRequest) -> None:
    classify_pixels(request_, Recorder())
    environment = replace(request_.environment, pattern_files=(str(request_.polygon_output),))
    with pytest.raises(OutputIsInputError):
        classify_pixels(replace(request_, environment=environment), Recorder())


@pytest.mark.parametrize("kind", ["layer", "raster"])
def test_a_geopackage_with_other_content(request_: ClassificationRequest, folder: Path, kind: str) -> None:
    classify_pixels(request_, Recorder())
    output = folder / "classes.gpkg"
    if kind == "layer":
        dataset = gdal.OpenEx(str(output), gdal.OF_VECTOR | gdal.OF_UPDATE)
        dataset.CreateLayer("fields of the user", None, ogr.wkbPolygon)
        dataset = None
    else:
        output.unlink()
        gdal.Translate(str(output), request_.raster.uri, format="GPKG", outputType=gdal.GDT_Byte, bandList=[1])
    before = output.read_bytes()
    with pytest.raises(PolygonsReplaceError):
        classify_pixels(request_, Recorder())
    assert output.read_bytes() == before


def test_an_earlier_result_is_replaced(request_: ClassificationRequest) -> None:
    classify_pixels(request_, Recorder())
    classify_pixels(replace(request_, least_patch=9), Recorder())
    assert_polygons_of(request_.output.with_suffix(".gpkg"), request_.output, 9)


def test_a_table_beside_a_new_shapefile(request_: ClassificationRequest, folder: Path) -> None:
    (folder / "areas.dbf").write_bytes(b"the user's")
    with pytest.raises(PolygonsReplaceError, match=r"areas\.dbf"):
        classify_pixels(replace(request_, polygon_output=folder / "areas.shp"), Recorder())
    assert (folder / "areas.dbf").read_bytes() == b"the user's"


def test_a_grid_of_control_points(request_: ClassificationRequest, tmp_path: Path) -> None:
    raster = tmp_path / "scene.tif"
    dataset = gdal.Open(str(raster))
    copy = gdal.GetDriverByName("GTiff").CreateCopy(str(tmp_path / "points.tif"), dataset)
    points = [ControlPoint(0, 0, 10, 50, 0), ControlPoint(60, 0, 11, 50, 0), ControlPoint(0, 75, 10, 49, 0)]
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(4326)
    gcps = [gdal.GCP(p.x, p.y, p.z, p.column, p.row) for p in points]
    copy.SetGCPs(gcps, reference.ExportToWkt())
    copy = None
    with pytest.raises(PolygonsGridError):
        classify_pixels(replace(request_, raster=GdalInput(str(tmp_path / "points.tif"))), Recorder())


def test_a_crs_that_the_format_cannot_store(request_: ClassificationRequest, folder: Path) -> None:
    own = "+proj=laea +lat_0=47.123 +lon_0=9.5 +x_0=5 +datum=WGS84 +units=m"
    environment = replace(request_.environment, crs=wkt_of(own))
    with pytest.raises(PolygonsCrsError):
        classify_pixels(replace(request_, environment=environment, polygon_output=folder / "areas.geojson"), Recorder())
    for name in ("areas.gpkg", "areas.shp", "areas.fgb"):
        classify_pixels(replace(request_, environment=environment, polygon_output=folder / name), Recorder())
        assert_polygons_of(folder / name, request_.output)


def wkt_of(text: str) -> str:
    reference = osr.SpatialReference()
    reference.ImportFromProj4(text)
    return reference.ExportToWkt()


@pytest.mark.parametrize("code", [4326, 3857, 31985, 2056, 3035, 27700, 3413, 4258, 2154, 25832, 9000])
def test_common_crs_fit_every_format(request_: ClassificationRequest, folder: Path, code: int) -> None:
    from classify_pixels.inference.raster import PolygonFile

    reference = osr.SpatialReference()
    reference.ImportFromEPSG(code)
    epoch = 2021.3 if code == 9000 else None
    grid = replace(grid_of(request_), crs=reference.ExportToWkt(), epoch=epoch)
    for suffix in (".gpkg", ".geojson", ".shp", ".fgb"):
        with PolygonFile(folder / f"areas{suffix}", grid, (), False) as file:
            file.rehearse()


def grid_of(request: ClassificationRequest) -> Any:
    from classify_pixels.inference.raster.read import source

    return source.grid_of(source.open_raster(request.raster.uri))


# --- collections ------------------------------------------------------------------------------------------


def test_each_item_gets_polygons_and_a_kept_one_too(
    request_: ClassificationRequest, tmp_path: Path, folder: Path
) -> None:
    scenes = tmp_path / "scenes"
    scenes.mkdir()
    for number, name in enumerate("ab"):
        write_raster(scenes / f"{name}.tif", random_pixels(2, 20, 30, seed=number))
    collection = read_collection(scenes, separately=True)
    assert collection is not None
    asked = replace(request_, output=folder / "maps.tif", polygon_output=folder / "areas.gpkg", separately=True)
    classify_items(collection, replace(asked, polygon_output=None), Recorder())
    progress = Recorder()
    classify_items(collection, replace(asked, least_patch=3), progress)
    assert len(progress.said(Note.KEPT_RESULT)) == 2
    for name in "ab":
        assert_polygons_of(folder / "areas" / f"{name}.gpkg", folder / "maps" / f"{name}.tif", 3)
    vrt = place_of_polygons(folder / "areas.gpkg")
    assert vrt == folder / "areas" / "areas_polygons.vrt"
    each = [len(polygons(folder / "areas" / f"{name}.gpkg")) for name in "ab"]
    assert Counter(row["source"] for row in polygons(vrt)) == {"a": each[0], "b": each[1]}
    classify_items(collection, replace(asked, polygon_output=folder / "maps.shp"), Recorder())
    assert_polygons_of(folder / "maps" / "a.shp", folder / "maps" / "a.tif")
    assert polygons(place_of_polygons(folder / "maps.shp"))


def test_a_name_that_geopackages_reserve_is_refused_before_the_run(request_: ClassificationRequest) -> None:
    output = request_.output.with_name("layer_styles.gpkg")
    progress = Recorder()
    with pytest.raises(OutputWriteError):
        classify_pixels(replace(request_, polygon_output=output), progress)
    assert not progress.all_of(PolygonsProgressed)
    assert not output.exists()
    assert not request_.output.exists()
