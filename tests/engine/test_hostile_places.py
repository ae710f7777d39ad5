# SPDX-License-Identifier: GPL-2.0-or-later
"""What others write into a place: strips that are not those of the job, and job files with values of other kinds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference import SilentProgress
from classify_pixels.inference.errors import JobFileError, StripsMissingError
from classify_pixels.inference.models import ModelReference
from classify_pixels.inference.network import Machine
from classify_pixels.inference.raster import GdalInput
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.job_file import KNOWN, decoded, encoded
from classify_pixels.inference.run.job_types import check_fields
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from classify_pixels.inference.run.steps import begin, finish, finish_as_vrt, job_of, work
from classify_pixels.inference.tiling import StripSize
from tests.networks import class_definition, pooling_network
from tests.sealed_files import read_sealed, write_sealed
from tests.unit.rasters import random_pixels, write_raster

SILENT = SilentProgress()


@pytest.fixture
def request_(tmp_path: Path) -> ClassificationRequest:
    network = pooling_network(tmp_path / "network.onnx")
    model = class_definition(network, 2, [4, 5, 6], 64, ClassifyPixels={"Stride": 4, "Halo": 12})
    scene = write_raster(tmp_path / "scene.tif", random_pixels(2, 300, 260))
    environment = Environment(cache=tmp_path / "cache", workers=1)
    raster, reference = GdalInput(str(scene)), ModelReference(document=model)
    return ClassificationRequest(raster, reference, tmp_path / "map.tif", environment=environment)


@pytest.fixture
def place(request_: ClassificationRequest, tmp_path: Path) -> Path:
    """A place with all strips of a job."""
    folder = tmp_path / "place"
    job = begin(request_, folder, SILENT, StripSize(64, 128))
    work(job, folder, Machine(cache=tmp_path / "cache"), SILENT)
    return folder


def rewritten(place: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Changes the record of strip 2 and seals it again."""
    path = place / "000002.strip.json"
    record, _ = read_sealed(path)
    change(record)
    write_sealed(path, record)


def with_file(place: Path, name: str, content: bytes) -> None:
    """Replaces the file of strip 2, and its digest in the record."""
    (place / name).write_bytes(content)
    rewritten(place, lambda record: record.update(digests={"classes": hashlib.sha256(content).hexdigest()}))


def raster_file(folder: Path, width: int, height: int, bands: int = 1, kind: int = gdal.GDT_Byte) -> bytes:
    path = folder / "made.tif"
    gdal.GetDriverByName("GTiff").Create(str(path), width, height, bands, kind).FlushCache()
    return path.read_bytes()


def move(record: dict[str, Any]) -> None:
    record["window"]["x"] += 64


def cut(record: dict[str, Any]) -> None:
    record["window"]["height"] -= 1


def add_layer(record: dict[str, Any]) -> None:
    record["digests"]["other"] = record["digests"]["classes"]


def forget_counts(record: dict[str, Any]) -> None:
    record["counts"] = None


def count_more(record: dict[str, Any]) -> None:
    record["counts"]["pixels"][0] += 10**6


def count_negative(record: dict[str, Any]) -> None:
    record["counts"]["pixels"][0] = -1


def add_class(record: dict[str, Any]) -> None:
    record["counts"]["pixels"].append(0)
    record["counts"]["areas"].append(0)


def of_another_job(record: dict[str, Any]) -> None:
    record["manifest"] = "0" * 64


RECORDS = (move, cut, add_layer, forget_counts, count_more, count_negative, add_class, of_another_job)


@pytest.mark.parametrize("change", RECORDS)
def test_a_record_that_is_not_the_job_s_is_missing_and_made_again(
    change: Callable[[dict[str, Any]], None], request_: ClassificationRequest, place: Path, tmp_path: Path
) -> None:
    rewritten(place, change)
    assert_only_strip_2_is_made_again(request_, place, tmp_path)


FILES = ("small", "bands", "type", "vrt", "png", "empty")


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_not_the_strip_s_is_missing_and_made_again(
    kind: str, request_: ClassificationRequest, place: Path, tmp_path: Path
) -> None:
    name = "000002.classes.tif"
    dataset = gdal.Open(str(place / name))
    width, height = dataset.RasterXSize, dataset.RasterYSize
    made = {
        "small": lambda: raster_file(tmp_path, width - 1, height),
        "bands": lambda: raster_file(tmp_path, width, height, 2),
        "type": lambda: raster_file(tmp_path, width, height, 1, gdal.GDT_Float64),
        "vrt": lambda: vrt_of(tmp_path, place / "000000.classes.tif", width, height),
        "png": lambda: png_of(tmp_path, width, height),
        "empty": bytes,
    }
    with_file(place, name, made[kind]())
    assert_only_strip_2_is_made_again(request_, place, tmp_path)


def vrt_of(folder: Path, source: Path, width: int, height: int) -> bytes:
    gdal.Translate(str(folder / "made.vrt"), str(source), width=width, height=height, format="VRT")
    return (folder / "made.vrt").read_bytes()


def png_of(folder: Path, width: int, height: int) -> bytes:
    memory = gdal.GetDriverByName("MEM").Create("", width, height, 1, gdal.GDT_Byte)
    gdal.GetDriverByName("PNG").CreateCopy(str(folder / "made.png"), memory).FlushCache()
    return (folder / "made.png").read_bytes()


def assert_only_strip_2_is_made_again(request: ClassificationRequest, place: Path, folder: Path) -> None:
    job, others = job_of(place), {path: path.stat().st_ino for path in place.glob("00000[013-9].strip.json")}
    assert others
    for end in (lambda: finish(job, place, SILENT), lambda: finish_as_vrt(job, place)):
        with pytest.raises(StripsMissingError, match="1 of .*: 2"):
            end()
    assert not request.output.exists()
    work(job, place, Machine(cache=folder / "cache"), SILENT)
    assert {path: path.stat().st_ino for path in place.glob("00000[013-9].strip.json")} == others
    finish(job, place, SILENT)
    found = gdal.Open(str(request.output)).ReadAsArray()
    classify_pixels(request, SILENT)
    np.testing.assert_array_equal(found, gdal.Open(str(request.output)).ReadAsArray())


def paths_of(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Returns the places of all plain values in a JSON document."""
    if isinstance(document, dict):
        return [each for key, value in document.items() for each in paths_of(value, (*path, key))]
    if isinstance(document, list):
        return [each for key, value in enumerate(document) for each in paths_of(value, (*path, key))]
    return [path]


def changed(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    copy = json.loads(json.dumps(document))
    inner = copy
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return copy


@pytest.mark.parametrize("value", [{"list": []}, {"mapping": []}, {"bytes": ""}, [], {}], ids=str)
def test_values_of_another_type_are_refused_wherever_they_are(value: Any, place: Path) -> None:
    document, _ = read_sealed(place / "job.json")
    accepted = []
    for path in paths_of(document):
        write_sealed(place / "job.json", changed(document, path, value))
        try:
            accepted.append((path, job_of(place)))
        except JobFileError:
            continue
    # A model's own document may hold anything, as any model may, and so may the words of a message.
    assert [path for path, _ in accepted if not {"document", "values"} & {*path}] == []


@pytest.mark.parametrize("value", [True, -1, 0, 10**30, 0.5, "x", None], ids=str)
def test_impossible_sizes_are_refused(value: Any, place: Path) -> None:
    document, _ = read_sealed(place / "job.json")
    for path in paths_of(document):
        if path[-1] in ("height", "width", "stride", "batch_size") and "shape" in path:
            write_sealed(place / "job.json", changed(document, path, value))
            with pytest.raises(JobFileError):
                job_of(place)


def test_the_annotations_of_all_values_can_be_read() -> None:
    for kind in KNOWN.values():
        # Raises a TypeError or a NameError otherwise.
        check_fields.__globals__["_kinds"](kind)


def test_a_job_is_read_as_it_was_written(place: Path) -> None:
    job = job_of(place)
    assert decoded(json.loads(json.dumps(encoded(job)))) == job
