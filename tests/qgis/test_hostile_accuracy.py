# SPDX-License-Identifier: GPL-2.0-or-later
"""Accuracy with odd names and labels, full disks, and outputs in the place of the user's data."""

from __future__ import annotations

import json
import resource
from pathlib import Path
from typing import Any

import pytest
from osgeo import gdal, ogr
from qgis.core import QgsProcessingException, QgsProcessingFeatureSourceDefinition, QgsVectorFileWriter, QgsVectorLayer

from .test_accuracy import ASSESS, SAMPLE, class_map, points, run

__all__ = ["class_map", "run"]

NOT_UTF8 = b"""<PAMDataset><PAMRasterBand band="1"><Description>W\xe4sser</Description><CategoryNames>
<Category/><Category>W\xe4sser</Category><Category>Wald</Category><Category>Feld</Category></CategoryNames>
</PAMRasterBand></PAMDataset>"""


def saved(layer: QgsVectorLayer, path: Path, driver: str, name: str, project: Any) -> str:
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = driver, name
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), project.transformContext(), options)
    return str(path)


@pytest.fixture
def truth() -> QgsVectorLayer:
    return points([(5, 5, "1"), (25, 5, "2"), (45, 5, "3")])


def test_names_that_are_not_utf8_are_shown_with_marks(
    run: Any, class_map: Path, truth: QgsVectorLayer, tmp_path: Path
) -> None:
    dataset = gdal.Open(str(class_map), gdal.GA_Update)
    dataset.GetRasterBand(1).SetCategoryNames([])
    del dataset
    Path(f"{class_map}.aux.xml").write_bytes(NOT_UTF8)
    files = {f"OUTPUT_{kind}": str(tmp_path / f"a.{kind}") for kind in ("HTML", "JSON", "CSV")}
    found = run(ASSESS, INPUT=str(class_map), REFERENCE=truth, REFERENCE_FIELD="truth", **files)
    names = [known["name"] for known in json.loads(found["ACCURACY"])["classes"]]
    assert names == ["W\ufffdsser", "Wald", "Feld"]
    assert "W\ufffdsser" in Path(files["OUTPUT_HTML"]).read_text(encoding="utf-8")
    drawn = run(SAMPLE, INPUT=str(class_map), COUNTS="2", OUTPUT=str(tmp_path / "p.gpkg"))
    assert json.loads(drawn["CLASSES"])[0]["name"] == "W\ufffdsser"


@pytest.mark.parametrize("label", ["1_0", "0_1", "1__0"])
def test_a_label_with_an_underscore_is_no_number(label: str, run: Any, class_map: Path) -> None:
    with pytest.raises(QgsProcessingException, match=label):
        run(ASSESS, INPUT=str(class_map), REFERENCE=points([(5, 5, label)]), REFERENCE_FIELD="truth")


@pytest.mark.parametrize("counts", ["1_0", "1=1_0;2=1;3=1", "0_1=1;2=1;3=1"])
def test_a_count_with_an_underscore_is_no_number(counts: str, run: Any, class_map: Path, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException, match="not a number"):
        run(SAMPLE, INPUT=str(class_map), COUNTS=counts, OUTPUT=str(tmp_path / "p.gpkg"))


def test_the_file_of_a_selection_is_an_input(
    run: Any, project: Any, class_map: Path, truth: QgsVectorLayer, tmp_path: Path
) -> None:
    path = saved(truth, tmp_path / "truth.geojson", "GeoJSON", "truth", project)
    layer = QgsVectorLayer(path, "truth", "ogr")
    project.addMapLayer(layer)
    layer.selectAll()
    before = Path(path).read_bytes()
    for selected in (True, False):
        definition = QgsProcessingFeatureSourceDefinition(layer.id(), selected)
        with pytest.raises(QgsProcessingException, match="also an input"):
            run(ASSESS, INPUT=str(class_map), REFERENCE=definition, REFERENCE_FIELD="truth", OUTPUT_JSON=path)
    assert Path(path).read_bytes() == before


@pytest.mark.parametrize("name", ["map.tif.aux.xml", "MAP.tif.ovr", "map.tif.msk", "map.tfw", "truth.dbf", "same"])
def test_no_output_is_a_side_file(
    name: str, run: Any, project: Any, class_map: Path, truth: QgsVectorLayer, tmp_path: Path
) -> None:
    path = saved(truth, tmp_path / "truth.shp", "ESRI Shapefile", "truth", project)
    given = {"INPUT": str(class_map), "REFERENCE": path, "REFERENCE_FIELD": "truth"}
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir() if each.is_file()}
    for kind in ("HTML", "JSON", "CSV"):
        other = {"OUTPUT_HTML" if kind != "HTML" else "OUTPUT_CSV": str(tmp_path / "same")}
        with pytest.raises(QgsProcessingException, match="also an input"):
            run(ASSESS, **given, **other, **{f"OUTPUT_{kind}": str(tmp_path / name)})
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir() if each.is_file()} == before


def test_the_file_of_delimited_text_is_an_input(run: Any, project: Any, class_map: Path, tmp_path: Path) -> None:
    path = tmp_path / "truth ä.csv"
    path.write_text("x,y,truth\n500050,5199950,1\n500250,5199950,2\n")
    layer = QgsVectorLayer(f"{path.as_uri()}?type=csv&xField=x&yField=y&crs=EPSG:32633", "truth", "delimitedtext")
    project.addMapLayer(layer)
    given = {"INPUT": str(class_map), "REFERENCE": layer, "REFERENCE_FIELD": "truth"}
    assert run(ASSESS, **given)["SAMPLES"] == 2
    with pytest.raises(QgsProcessingException, match="also an input"):
        run(ASSESS, **given, OUTPUT_CSV=str(path))
    assert path.read_text().startswith("x,y,truth")


def test_sample_points_do_not_replace_other_layers(
    run: Any, project: Any, class_map: Path, truth: QgsVectorLayer, tmp_path: Path
) -> None:
    path = saved(truth, tmp_path / "mine.gpkg", "GPKG", "precious", project)
    with pytest.raises(QgsProcessingException, match="precious"):
        run(SAMPLE, INPUT=str(class_map), COUNTS="3", OUTPUT=path)
    assert ogr.Open(path).GetLayer("precious").GetFeatureCount() == 3


def test_points_that_do_not_fit_on_the_disk_are_a_failure(run: Any, class_map: Path, tmp_path: Path) -> None:
    place = tmp_path / "p.gpkg"
    run(SAMPLE, INPUT=str(class_map), COUNTS="2", OUTPUT=str(place))
    before = place.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # The file with its tables fits, its points do not.
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 4096, hard))
    try:
        with pytest.raises(QgsProcessingException, match="cannot be written"):
            run(SAMPLE, INPUT=str(class_map), COUNTS="700", OUTPUT=str(place))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert place.read_bytes() == before


@pytest.mark.parametrize("name", ["%41.gpkg", "(1).gpkg"])
def test_sample_points_with_any_name_are_replaced(name: str, run: Any, class_map: Path, tmp_path: Path) -> None:
    for count in (2, 3):
        run(SAMPLE, INPUT=str(class_map), COUNTS=str(count), OUTPUT=str(tmp_path / name))
    assert ogr.Open(str(tmp_path / name)).GetLayer(0).GetFeatureCount() == 9
