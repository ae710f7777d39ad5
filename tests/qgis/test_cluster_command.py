# SPDX-License-Identifier: GPL-2.0-or-later
"""The commands for batch systems: a job begun by QGIS is worked on and finished by programs without it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.cluster.batch import finish_job, finish_job_as_vrt, make_part
from classify_pixels.inference.errors import (
    ClassifyPixelsError,
    OutputFormatError,
    OutputIsInputError,
    ParameterValueError,
    PolygonsFormatError,
    StripPlaceKeptError,
    StripsMissingError,
)
from classify_pixels.inference.network import Machine
from classify_pixels.inference.progress import SILENT
from classify_pixels.inference.run.steps import job_of
from classify_pixels.inference.tiling import StripSize
from classify_pixels.processing_provider.begin_job import begin_job

from ..servers.bucket import bucket_server
from .scenes import Scene, assert_is_map_of

ROOT = Path(__file__).resolve().parents[2]

# Stands in the place of the QGIS packages, so that a program which imports them fails.
WITHOUT_QGIS = "raise ImportError('this machine has no QGIS')"


def command(*arguments: object, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, str(ROOT / "scripts" / "cluster"), *map(str, arguments)]
    return subprocess.run(program, capture_output=True, text=True, env={**os.environ, **environment}, timeout=300)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(cache=tmp_path / "cache")


def parameters(scene: Scene, **more: Any) -> dict[str, Any]:
    arguments = "tile_size 32;padding 4"
    return {"INPUT": str(scene.raster), "MODEL": str(scene.model), "MODEL_ARGUMENTS": arguments, **more}


def test_programs_without_qgis_work_and_finish(scene: Scene, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    (bare / "qgis").mkdir(parents=True)
    (bare / "qgis" / "__init__.py").write_text(WITHOUT_QGIS, encoding="utf-8")
    given, place, output = tmp_path / "parameters.json", tmp_path / "place", tmp_path / "map.tif"
    given.write_text(json.dumps({"inputs": parameters(scene)}), encoding="utf-8")
    profile = {"QGIS_CUSTOM_CONFIG_PATH": str(tmp_path / "profile")}
    begun = command("begin", given, place, "--strip-size", 32, environment=profile)
    assert begun.returncode == 0, begun.stderr
    count = len(job_of(place).strips)
    assert int(begun.stdout) == count > 3
    elsewhere = {"PYTHONPATH": str(bare), "CLASSIFY_PIXELS_CACHE": str(tmp_path / "cache")}
    assert command("begin", given, tmp_path / "other", environment=elsewhere).returncode == 1
    for part in range(2):
        worked = command("work", place, "--part", part, "--of", 2, environment=elsewhere)
        assert worked.returncode == 0, worked.stderr
    finished = command("finish", place, output, environment=elsewhere)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.splitlines()[-1] == str(output)
    assert_is_map_of(output, scene)
    again = command("finish", place, output, environment=elsewhere)
    assert again.returncode == 1
    assert "Begin the job again" in again.stderr
    assert "Traceback" not in again.stderr


@pytest.mark.parametrize("parts", [1, 2, 7])
def test_any_number_of_parts_gives_the_same_file(
    parts: int, run: Any, scene: Scene, machine: Machine, tmp_path: Path
) -> None:
    once, output, place = tmp_path / "once.tif", tmp_path / "map.tif", tmp_path / "place"
    run(**parameters(scene), OUTPUT=str(once))
    begin_job(parameters(scene), place, StripSize(32, 32), SILENT)
    for part in reversed(range(parts)):
        make_part(place, part, parts, machine, SILENT)
    finish_job(place, str(output), "", SILENT, machine)
    for suffix in ("", ".aux.xml"):
        assert Path(f"{output}{suffix}").read_bytes() == Path(f"{once}{suffix}").read_bytes()


def test_missing_strips_are_named(scene: Scene, machine: Machine, tmp_path: Path) -> None:
    place = tmp_path / "place"
    begin_job(parameters(scene), place, StripSize(32, 32), SILENT)
    make_part(place, 0, 2, machine, SILENT)
    with pytest.raises(StripsMissingError, match=": 1, 3, 5"):
        finish_job(place, str(tmp_path / "map.tif"), "", SILENT, machine)
    assert not (tmp_path / "map.tif").exists()


@pytest.mark.parametrize("form", ["", "FORMAT=COG|BLOCKSIZE=128"], ids=["GeoTIFF", "COG"])
def test_strips_and_result_in_a_bucket(form: str, scene: Scene, machine: Machine, tmp_path: Path) -> None:
    from osgeo import gdal

    with bucket_server(tmp_path) as (bucket, _):
        place, output = Path(f"{bucket}/strips"), f"{bucket}/results/map.tif"
        given = parameters(scene, OUTPUT_PROBABILITY="scores.tif", CREATION_OPTIONS=form)
        begin_job(given, place, StripSize(32, 32), SILENT)
        make_part(place, 0, 1, machine, SILENT)
        finish_job(place, output, f"{bucket}/results/scores.tif", SILENT, machine)
        gdal.VSICurlClearCache()
        names = sorted(gdal.ReadDir(f"{bucket}/results/"))
        assert {"map.tif", "map.tif.aux.xml", "map.qml", "scores.tif"} <= {*names}
        for name in (output, f"{bucket}/results/scores.tif"):
            layout = gdal.Open(name).GetMetadataItem("LAYOUT", "IMAGE_STRUCTURE")
            assert layout == ("COG" if form else None)
        assert gdal.ReadDir(f"{bucket}/strips/") in (None, [])
        local = tmp_path / "map.tif"
        for suffix in ("", ".aux.xml"):
            file = gdal.VSIFOpenL(f"{output}{suffix}", "rb")
            Path(f"{local}{suffix}").write_bytes(gdal.VSIFReadL(1, 10**7, file))
            gdal.VSIFCloseL(file)
        assert_is_map_of(local, scene)


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"MODLE": "x"}, ParameterValueError),
        ({"PROCESS_ALL_RASTER_ITEMS": True}, ParameterValueError),
        ({"OUTPUT_POLYGONS": "polygons.txt"}, PolygonsFormatError),
        ({"MODEL": "absent.emd"}, ClassifyPixelsError),
    ],
)
def test_wrong_parameters_begin_nothing(
    more: dict[str, Any], error: type[Exception], scene: Scene, tmp_path: Path
) -> None:
    with pytest.raises(error):
        begin_job({**parameters(scene), **more}, tmp_path / "place", None, SILENT)
    assert not (tmp_path / "place").exists()


def test_the_result_does_not_overwrite_the_raster(scene: Scene, machine: Machine, tmp_path: Path) -> None:
    begin_job(parameters(scene), tmp_path / "place", None, SILENT)
    make_part(tmp_path / "place", 0, 1, machine, SILENT)
    with pytest.raises(OutputIsInputError):
        finish_job(tmp_path / "place", str(scene.raster), "", SILENT, machine)


def as_text(name: str) -> str:
    """Returns the name of a raster, and the text of a VRT in a bucket with the whole names of its files.

    GDAL asks the system for links at that path, where a machine may have anything.
    """
    from osgeo import gdal

    if not name.startswith("/vsis3/"):
        return name
    file = gdal.VSIFOpenL(name, "rb")
    text = bytes(gdal.VSIFReadL(1, 10**7, file)).decode()
    gdal.VSIFCloseL(file)
    return text.replace('relativeToVRT="1">', f'relativeToVRT="0">{name.rpartition("/")[0]}/')


@pytest.mark.parametrize("where", ["folder", "bucket"])
def test_strips_stay_under_a_vrt(where: str, run: Any, scene: Scene, machine: Machine, tmp_path: Path) -> None:
    from osgeo import gdal

    once = tmp_path / "once.tif"
    given = parameters(scene, OUTPUT_PROBABILITY=str(tmp_path / "scores.tif"))
    run(**given, OUTPUT=str(once))
    with ExitStack() as stack:
        place = tmp_path / "place"
        if where == "bucket":
            place = Path(stack.enter_context(bucket_server(tmp_path))[0], "job")
        begin_job(given, place, StripSize(32, 32), SILENT)
        make_part(place, 1, 2, machine, SILENT)
        with pytest.raises(StripsMissingError):
            finish_job_as_vrt(place, "map.vrt")
        make_part(place, 0, 2, machine, SILENT)
        for wrong in ("map.tif", "../map.vrt"):
            with pytest.raises(OutputFormatError):
                finish_job_as_vrt(place, wrong)
        done = finish_job_as_vrt(place, "map.vrt")
        assert done.output.as_posix() == f"{place.as_posix()}/map.vrt"
        gdal.VSICurlClearCache()
        expected, found = gdal.Open(str(once)), gdal.Open(as_text(done.output.as_posix()))
        np.testing.assert_array_equal(found.ReadAsArray(), expected.ReadAsArray())
        assert found.GetGeoTransform() == expected.GetGeoTransform()
        assert found.GetSpatialRef().IsSame(expected.GetSpatialRef())
        bands = [dataset.GetRasterBand(1) for dataset in (expected, found)]
        for read in ("GetNoDataValue", "GetCategoryNames", "GetDescription"):
            assert getattr(bands[0], read)() == getattr(bands[1], read)()
        assert bands[0].GetStatistics(False, False) == pytest.approx(bands[1].GetStatistics(False, False))
        colours = [band.GetColorTable() for band in bands]
        assert [colours[0].GetColorEntry(v) for v in (1, 4, 7)] == [colours[1].GetColorEntry(v) for v in (1, 4, 7)]
        tables = [band.GetDefaultRAT() for band in bands]
        rows = [[[t.GetValueAsString(r, c) for c in range(t.GetColumnCount())] for r in range(t.GetRowCount())]
                for t in tables]  # fmt: skip
        assert rows[0] == rows[1]
        scores = [gdal.Open(as_text(name)).ReadAsArray() for name in
                  (str(tmp_path / "scores.tif"), f"{place.as_posix()}/map_scores.vrt")]  # fmt: skip
        np.testing.assert_array_equal(*scores)
        names = {*(gdal.ReadDir(f"{place.as_posix()}/") or ())} - {".", ".."}
        assert {"map.vrt", "map.qml", "map_scores.vrt", "kept.json"} <= names
        assert not [name for name in names if name.endswith((".model", ".strip.json")) or name == "job.json"]
        with pytest.raises(StripPlaceKeptError):
            begin_job(given, place, StripSize(32, 32), SILENT)
        found = bands = None
        np.testing.assert_array_equal(gdal.Open(as_text(done.output.as_posix())).ReadAsArray(), expected.ReadAsArray())


def features_of(path: Path) -> list[tuple[str, dict[str, Any]]]:
    from osgeo import ogr

    dataset = ogr.Open(str(path))
    return [(feature.GetGeometryRef().ExportToWkt(), feature.items()) for feature in dataset.GetLayer(0)]


@pytest.mark.parametrize("scores", [False, True], ids=["classes", "scores"])
@pytest.mark.parametrize("end", ["named", "beside", "vrt", "vrt beside", "bucket"])
def test_polygons_are_those_of_one_machine(
    end: str, scores: bool, run: Any, scene: Scene, machine: Machine, tmp_path: Path
) -> None:
    from osgeo import gdal

    once, place, results = tmp_path / "once.gpkg", tmp_path / "place", tmp_path / "results"
    results.mkdir()
    more = {"OUTPUT_PROBABILITY": str(tmp_path / "scores.tif")} if scores else {}
    given = parameters(scene, MIN_PATCH="5", **more)
    run(**given, OUTPUT=str(tmp_path / "once.tif"), OUTPUT_POLYGONS=str(once))
    begin_job({**given, "OUTPUT_POLYGONS": str(tmp_path / "begun.gpkg")}, place, StripSize(32, 32), SILENT)
    make_part(place, 0, 1, machine, SILENT)
    with ExitStack() as stack:
        made = results / ("begun.gpkg" if "beside" in end else "named.gpkg")
        name = "" if "beside" in end else str(made)
        if end == "bucket":
            bucket, _ = stack.enter_context(bucket_server(tmp_path))
            name = f"{bucket}/results/named.gpkg"
        if "vrt" in end:
            finish_job_as_vrt(place, "map.vrt", SILENT, machine, name)
            assert (place / "map.vrt").exists()
            made = place / "begun.gpkg" if end == "vrt beside" else made
        else:
            finish_job(place, str(results / "map.tif"), "", SILENT, machine, name)
        if end == "bucket":
            file = gdal.VSIFOpenL(name, "rb")
            made.write_bytes(gdal.VSIFReadL(1, 10**7, file))
            gdal.VSIFCloseL(file)
    assert features_of(made) == features_of(once)
    assert len(features_of(made)) > 3
    # A name in the place chooses no folder.
    assert not (tmp_path / "begun.gpkg").exists()
    if scores and "vrt" not in end:
        assert (results / "scores.tif").exists()


def test_polygons_may_be_asked_for_at_the_end(run: Any, scene: Scene, machine: Machine, tmp_path: Path) -> None:
    once, made, place = tmp_path / "once.gpkg", tmp_path / "made.gpkg", tmp_path / "place"
    run(**parameters(scene), OUTPUT=str(tmp_path / "once.tif"), OUTPUT_POLYGONS=str(once))
    begin_job(parameters(scene), place, StripSize(32, 32), SILENT)
    make_part(place, 0, 1, machine, SILENT)
    for wrong in ("made.txt", str(tmp_path / "absent" / "made.gpkg")):
        with pytest.raises(ClassifyPixelsError):
            finish_job(place, str(tmp_path / "map.tif"), "", SILENT, machine, wrong)
        with pytest.raises(ClassifyPixelsError):
            finish_job_as_vrt(place, "map.vrt", SILENT, machine, wrong)
    assert not (tmp_path / "map.tif").exists()
    finish_job(place, str(tmp_path / "map.tif"), "", SILENT, machine, str(made))
    assert features_of(made) == features_of(once)
