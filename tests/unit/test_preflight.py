# SPDX-License-Identifier: GPL-2.0-or-later
"""The checks before a run: outcomes, the suggested scale, the size, and estimates from earlier runs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference import SilentProgress
from classify_pixels.inference.bands import read_band_mapping
from classify_pixels.inference.errors import MissingBandsError, RuntimeMissingError, TooManyCellsError
from classify_pixels.inference.models import ModelReference, read_arguments
from classify_pixels.inference.raster import Extent, GdalInput, read_collection
from classify_pixels.inference.run import pace as pace_module
from classify_pixels.inference.run import preflight as preflight_module
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.pace import Pace, read_pace, write_pace
from classify_pixels.inference.run.preflight import Outcome, Preflight, Subject, preflight, preflight_of_model
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from tests.networks import class_definition, pointwise_network
from tests.unit.rasters import write_raster

STATISTICS = {
    "NormalizationStats": {
        "band_min_values": [0.0, 0.0],
        "band_max_values": [1.0, 1.0],
        "band_mean_values": [0.3, 0.3],
        "band_std_values": [0.1, 0.1],
        "scaled_mean_values": [0.3, 0.3],
        "scaled_std_values": [0.1, 0.1],
    }
}
HEIGHT, WIDTH = 90, 110


@pytest.fixture
def network(tmp_path: Path) -> Path:
    return pointwise_network(tmp_path / "network.onnx", bands=2, channels=3, seed=3)


def request_of(tmp_path: Path, network: Path, pixels: np.ndarray, environment: Any = (), **more: Any) -> Any:
    """Returns a request for pixels and a model with these keys."""
    keys = more.pop("keys", {})
    names = more.pop("names", ())
    definition = class_definition(network, bands=2, values=(1, 4, 7), tile=64, **keys)
    raster = write_raster(tmp_path / "scene.tif", pixels, names=names)
    environment = Environment(cache=tmp_path / "cache", **dict(environment))
    (tmp_path / "results").mkdir(exist_ok=True)
    return ClassificationRequest(
        more.pop("raster", GdalInput(str(raster))), ModelReference(document=definition),
        tmp_path / "results" / "classes.tif", environment=environment, **more,
    )  # fmt: skip


def cells(size: float) -> dict[str, Any]:
    """Returns a cell size in the form of an .emd."""
    return {"x": size, "y": size, "spatialReference": {"wkid": 32633}}


def pixels_up_to(largest: float, dtype: type = np.float32) -> np.ndarray:
    return (np.random.default_rng(5).random((2, HEIGHT, WIDTH)) * largest).astype(dtype)


def outcomes(result: Preflight) -> dict[str, str]:
    return {subject.value: check.outcome.value for subject, check in result.checks.items()}


def test_all_five_checks_of_a_fitting_raster_pass(tmp_path: Path, network: Path) -> None:
    keys = {**STATISTICS, "MinCellSize": cells(5), "MaxCellSize": cells(500)}
    result = preflight(request_of(tmp_path, network, pixels_up_to(0.6), keys=keys))
    assert outcomes(result) == dict.fromkeys((subject.value for subject in Subject), "passed")
    assert (result.size.columns, result.size.rows) == (WIDTH, HEIGHT)
    assert result.size.bytes == round(WIDTH * HEIGHT * 4 / 3)
    assert result.runtime == "onnxruntime"
    assert "1 ← 1" in str(result.checks[Subject.BANDS].text)


def test_values_of_another_magnitude_fail_with_the_scale_that_mends_them(tmp_path: Path, network: Path) -> None:
    request = request_of(tmp_path, network, pixels_up_to(6000, np.uint16), keys=STATISTICS)
    result = preflight(request)
    check = result.checks[Subject.VALUES]
    assert (check.outcome, check.doubtful) == (Outcome.FAILED, True)
    assert result.contradiction.scale == "0.0001"
    mended = preflight(replace(request, input_scale=(0.0001,)))
    assert mended.checks[Subject.VALUES].outcome is Outcome.PASSED


def test_undeclared_values_and_cells_are_unknown_and_block_nothing(tmp_path: Path, network: Path) -> None:
    result = preflight(request_of(tmp_path, network, pixels_up_to(6000, np.uint16)))
    assert result.checks[Subject.VALUES].outcome is Outcome.UNKNOWN
    assert result.checks[Subject.CELLS].outcome is Outcome.UNKNOWN


def test_cells_that_cannot_be_compared_are_not_called_those_of_training(tmp_path: Path, network: Path) -> None:
    keys = {"MinCellSize": cells(5), "MaxCellSize": cells(500)}
    definition = class_definition(network, bands=2, values=(1, 4, 7), tile=64, **keys)
    raster = write_raster(tmp_path / "plain.tif", pixels_up_to(1), epsg=None)
    environment = Environment(cache=tmp_path / "cache")
    request = ClassificationRequest(
        GdalInput(str(raster)), ModelReference(document=definition), tmp_path / "x.tif", environment=environment
    )
    assert preflight(request).checks[Subject.CELLS].outcome is Outcome.UNKNOWN


def test_cells_far_from_those_of_training_fail(tmp_path: Path, network: Path) -> None:
    keys = {"MinCellSize": cells(0.001), "MaxCellSize": cells(0.002)}
    check = preflight(request_of(tmp_path, network, pixels_up_to(1), keys=keys)).checks[Subject.CELLS]
    assert (check.outcome, check.doubtful) == (Outcome.FAILED, True)


def test_missing_band_fails_and_leaves_the_size(tmp_path: Path, network: Path) -> None:
    request = request_of(tmp_path, network, pixels_up_to(1)[:1], keys=STATISTICS)
    result = preflight(request)
    assert isinstance(result.checks[Subject.BANDS].text, MissingBandsError)
    assert not result.checks[Subject.BANDS].doubtful
    assert Subject.VALUES not in result.checks
    assert result.checks[Subject.SIZE].outcome is Outcome.PASSED


def test_mapping_decides_on_the_bands(tmp_path: Path, network: Path) -> None:
    request = request_of(tmp_path, network, pixels_up_to(1), bands=read_band_mapping("2,1"), names=("red", "nir"))
    assert "1 ← 2 nir, 2 ← 1 red" in str(preflight(request).checks[Subject.BANDS].text)


def test_too_large_a_result_fails(tmp_path: Path, network: Path) -> None:
    result = preflight(request_of(tmp_path, network, pixels_up_to(1), environment={"most_cells": 100}))
    assert isinstance(result.checks[Subject.SIZE].text, TooManyCellsError)
    assert result.checks[Subject.SIZE].outcome is Outcome.FAILED


def test_extent_and_cell_size_decide_on_the_size(tmp_path: Path, network: Path) -> None:
    whole = preflight(request_of(tmp_path, network, pixels_up_to(1))).size
    transform = gdal.Open(str(tmp_path / "scene.tif")).GetGeoTransform()
    x, y, cell = transform[0], transform[3], transform[1]
    extent = Extent((x, y - 20 * cell, x + 30 * cell, y))
    part = preflight(request_of(tmp_path, network, pixels_up_to(1), environment={"extent": extent})).size
    coarse = preflight(request_of(tmp_path, network, pixels_up_to(1), environment={"cell_size": (2 * cell, 2 * cell)}))
    assert (part.columns, part.rows) == (30, 20)
    assert (coarse.size.columns, coarse.size.rows) == (whole.columns / 2, whole.rows / 2)


def test_unreadable_raster_is_a_matter_of_bands_and_a_missing_model_of_the_runtime(
    tmp_path: Path, network: Path
) -> None:
    request = request_of(tmp_path, network, pixels_up_to(1), raster=GdalInput(str(tmp_path / "none.tif")))
    assert outcomes(preflight(request)) == {"runtime": "passed", "bands": "failed"}
    gone = replace(request, model=ModelReference(path=tmp_path / "none.onnx"))
    assert outcomes(preflight(gone))["runtime"] == "failed"


def test_bare_network_is_known_only_when_it_is_open(tmp_path: Path, network: Path) -> None:
    result = preflight(replace(request_of(tmp_path, network, pixels_up_to(1)), model=ModelReference(path=network)))
    assert outcomes(result)["bands"] == outcomes(result)["values"] == "unknown"
    assert result.size.columns == WIDTH


def test_missing_runtime_names_the_command(tmp_path: Path, network: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight_module.importlib.util, "find_spec", lambda name: None)
    request = request_of(tmp_path, network, pixels_up_to(1))
    result = preflight_of_model(request.model, request.arguments, request.environment)
    assert isinstance(result.checks[Subject.RUNTIME].text, RuntimeMissingError)
    assert result.runtime == "onnxruntime"
    folder = tmp_path / "runtimes" / "onnxruntime"
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    environment = Environment(cache=tmp_path / "cache", runtimes=folder.parent)
    assert preflight_of_model(request.model, request.arguments, environment).checks[Subject.RUNTIME].outcome is (
        Outcome.PASSED
    )


def test_raster_function_and_faulty_arguments(tmp_path: Path, network: Path) -> None:
    request = request_of(tmp_path, network, pixels_up_to(1), arguments=read_arguments("no_such 3"))
    assert outcomes(preflight(request))["runtime"] == "failed"


def test_estimate_comes_from_an_earlier_run(tmp_path: Path, network: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace_module, "SHORTEST", 0.0)
    request = request_of(tmp_path, network, pixels_up_to(1))
    before = preflight(request).size
    assert (before.seconds, before.memory) == (None, None)
    classify_pixels(request, SilentProgress())
    after = preflight(request).size
    assert after.seconds > 0
    assert after.memory > 0
    changed = preflight(request_of(tmp_path, network, pixels_up_to(1), environment={"workers": 2})).size
    assert changed.seconds is None


NUMBERS = ('"x"', "-1", "0", "1e999", "null")
DAMAGED = ("", "{}", "[]", "[" * 5000, *(f'{{"pixels_per_second": {number}, "memory": 1}}' for number in NUMBERS))


@pytest.mark.parametrize("text", DAMAGED)
def test_damaged_pace_is_unknown(tmp_path: Path, network: Path, text: str) -> None:
    settings = Environment(cache=tmp_path).network
    write_pace([str(network)], settings, read_arguments(None), 1000, 2.0, 50)
    assert read_pace([str(network)], settings, read_arguments(None)) == Pace(500.0, 50)
    [file] = (tmp_path / "paces").iterdir()
    assert json.loads(file.read_text())["memory"] == 50
    file.write_text(text)
    assert read_pace([str(network)], settings, read_arguments(None)) is None


def test_short_run_says_nothing(tmp_path: Path, network: Path) -> None:
    settings = Environment(cache=tmp_path).network
    write_pace([str(network)], settings, read_arguments(None), 1000, 0.01, 50)
    assert read_pace([str(network)], settings, read_arguments(None)) is None


def test_openvino_needs_onnx_runtime_as_well(tmp_path: Path, network: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    request = request_of(tmp_path, network, pixels_up_to(1), arguments=read_arguments("runtime openvino"))
    for installed, lacking in (("onnxruntime", "openvino"), ("openvino", "onnxruntime")):
        monkeypatch.setattr(preflight_module, "_is_installed", lambda name, folder, only=installed: name == only)
        result = preflight_of_model(request.model, request.arguments, request.environment)
        assert result.checks[Subject.RUNTIME].outcome is Outcome.FAILED
        assert result.runtime == lacking
    monkeypatch.setattr(preflight_module, "_is_installed", lambda name, folder: True)
    result = preflight_of_model(request.model, request.arguments, request.environment)
    assert result.checks[Subject.RUNTIME].outcome is Outcome.PASSED


def test_first_of_several_rasters_is_checked(tmp_path: Path, network: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for name in ("a.tif", "b.tif"):
        write_raster(folder / name, pixels_up_to(1))
    collection = read_collection([GdalInput(str(folder))], True)
    request = request_of(tmp_path, network, pixels_up_to(1), raster=collection, separately=True)
    assert preflight(request).size.columns == WIDTH
