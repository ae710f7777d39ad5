# SPDX-License-Identifier: GPL-2.0-or-later
"""The sample and small scenes, classified on the command line."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, osr

from ..networks import class_definition
from ..onnx_graphs import endless_network
from ..servers import Failures
from .command import (
    ALGORITHM,
    LIMIT,
    SCRIPT,
    Finished,
    classify,
    classify_plainly,
    environment,
    needs_qgis_process,
    qgis_process,
    words,
)
from .scenes import Scene, assert_is_map_of, read_pixels, snapshot, write_definition, write_raster

pytestmark = needs_qgis_process

SAMPLE_CLASSES = {
    0: ("Water", [65, 105, 225]),
    1: ("Dense vegetation", [0, 100, 0]),
    2: ("Sparse vegetation", [154, 205, 50]),
    3: ("Built or bare", [200, 120, 90]),
}
POINTS = 21


class SampleRun:
    """The sample classified as a whole, with relative paths, from a folder with a non-ASCII name."""

    def __init__(self, folder: Path, sample: Path) -> None:
        self.folder = folder
        self.output = folder / "Klassen à la carte.tif"
        self.raster = sample / "landsat7_olinda.tif"
        self.finished = classify(
            folder,
            INPUT=os.path.relpath(self.raster, folder),
            MODEL=os.path.relpath(sample / "landsat7_landcover.emd", folder),
            OUTPUT=self.output.name,
        )
        self.pixels = read_pixels(self.output)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> SampleRun:
    """The reference run of the others."""
    folder = tmp_path_factory.mktemp("elsewhere") / "Möller & Söhne"
    folder.mkdir()
    return SampleRun(folder, sample)


def test_outputs_are_named_and_typed(whole: SampleRun) -> None:
    results = whole.finished.results
    assert Path(results.pop("OUTPUT")).name == whole.output.name
    seconds, device = results.pop("SECONDS"), results.pop("DEVICE")
    assert seconds > 0
    assert results.pop("PEAK_MEMORY") > 50
    assert "ONNX Runtime" in device or "OpenVINO" in device
    classes = json.loads(results.pop("CLASSES"))
    assert {c["value"]: (c["name"], c["color"]) for c in classes} == SAMPLE_CLASSES
    assert results == {
        "CLASS_COUNT": 4,
        "VALID_PIXELS": 349 * 352,
        "TILES": 4,
        "TILE_SIZE": 256,
        "PADDING": 24,
    }


def test_counts_are_those_of_gdals_histogram(whole: SampleRun) -> None:
    dataset = gdal.Open(str(whole.output))
    histogram = dataset.GetRasterBand(1).GetHistogram(-0.5, 255.5, 256, approx_ok=False)
    counts = {c["value"]: c["pixels"] for c in json.loads(whole.finished.results["CLASSES"])}
    assert counts == {value: pixels for value, pixels in enumerate(histogram) if pixels}


def test_areas_are_cells_times_cell_size(whole: SampleRun) -> None:
    """Within what UTM makes of them: its scale goes from 0.9996 in the middle of a zone to 1.001 at its rim."""
    for found in json.loads(whole.finished.results["CLASSES"]):
        assert found["area"] == pytest.approx(found["pixels"] * 28.5**2, rel=2e-3)
        assert found["area"] != pytest.approx(found["pixels"] * 28.5**2, rel=1e-6)


def test_result_lies_on_the_cells_of_the_raster(whole: SampleRun) -> None:
    result, raster = gdal.Open(str(whole.output)), gdal.Open(str(whole.raster))
    assert result.GetGeoTransform() == raster.GetGeoTransform()
    assert (result.RasterXSize, result.RasterYSize) == (raster.RasterXSize, raster.RasterYSize)
    assert result.GetSpatialRef().IsSame(raster.GetSpatialRef())


def test_only_the_result_and_its_sidecars_are_written(whole: SampleRun) -> None:
    name = whole.output.name
    stem = whole.output.stem
    assert sorted(snapshot(whole.folder)) == sorted([name, f"{name}.aux.xml", f"{stem}.qml"])


# --- the doors: forms of the model --------------------------------------------------------------------


def _package(sample: Path) -> str:
    return str(sample / "landsat7_landcover.dlpk")


def _json_definition(sample: Path) -> str:
    definition = json.loads((sample / "landsat7_landcover.emd").read_text(encoding="utf-8"))
    return json.dumps({**definition, "ModelFile": str(sample / "landsat7_landcover.onnx")})


def _bare_network(sample: Path) -> str:
    return str(sample / "landsat7_landcover.onnx")


def _torchscript(sample: Path) -> str:
    return str(sample / "landsat7_landcover_torchscript.emd")


def _bare_torchscript(sample: Path) -> str:
    return str(sample / "landsat7_landcover_torchscript.pt")


DOORS = [_package, _json_definition, _bare_network, _torchscript, _bare_torchscript]


@pytest.mark.parametrize("model", DOORS, ids=lambda door: door.__name__.strip("_"))
def test_every_form_of_the_model_gives_the_same_pixels(
    model: Callable[[Path], str], sample: Path, whole: SampleRun, tmp_path: Path
) -> None:
    if "torchscript" in model.__name__:
        pytest.importorskip("torch", reason="torch is not installed")
    classify(tmp_path, INPUT=whole.raster, MODEL=model(sample), OUTPUT="out.tif").assert_done()
    different = np.count_nonzero(read_pixels(tmp_path / "out.tif") != whole.pixels)
    # Another runtime may round a tie of two scores differently.
    assert different <= (5 if "torchscript" in model.__name__ else 0)


# --- the extent ---------------------------------------------------------------------------------------

# In metres, on no cell edge.
BOUNDS = (291_000.0, 9_113_000.0, 295_123.0, 9_117_456.0)


def _crop(whole: SampleRun, output: Path) -> tuple[np.ndarray, tuple[float, float, float, float]]:
    """Returns the part of the whole run that this result covers, and the result's bounds."""
    transform, scene = gdal.Info(str(output), format="json"), gdal.Info(str(whole.raster), format="json")
    x, cell, _, y, _, _ = transform["geoTransform"]
    x0, _, _, y0, _, _ = scene["geoTransform"]
    column, row = (x - x0) / cell, (y0 - y) / cell
    assert column == pytest.approx(round(column), abs=1e-6)
    assert row == pytest.approx(round(row), abs=1e-6)
    width, height = transform["size"]
    part = whole.pixels[round(row) : round(row) + height, round(column) : round(column) + width]
    return part, (x, y - height * cell, x + width * cell, y)


def _assert_is_part(whole: SampleRun, output: Path, bounds: tuple[float, ...]) -> None:
    """Checks that the pixels are the whole run's and the result is the smallest that covers the bounds."""
    part, (xmin, ymin, xmax, ymax) = _crop(whole, output)
    np.testing.assert_array_equal(read_pixels(output), part)
    for missing in (bounds[0] - xmin, bounds[1] - ymin, xmax - bounds[2], ymax - bounds[3]):
        assert -1e-3 <= missing < 28.5


def _degrees() -> tuple[float, float, float, float]:
    """Returns a rectangle in degrees within the sample: west, south, east, north."""
    return -34.90, -8.02, -34.86, -7.98


def _metres_of_degrees() -> tuple[float, ...]:
    """Returns the bounds in metres of the rectangle in degrees, point by point along its edges."""
    west, south, east, north = _degrees()
    degrees, metres = osr.SpatialReference(), osr.SpatialReference()
    degrees.ImportFromEPSG(4326)
    degrees.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    metres.ImportFromEPSG(31985)
    transformation = osr.CoordinateTransformation(degrees, metres)
    x, y = np.meshgrid(np.linspace(west, east, POINTS), np.linspace(south, north, POINTS))
    points = np.array(transformation.TransformPoints(list(zip(x.flat, y.flat))))
    return (*points[:, :2].min(axis=0), *points[:, :2].max(axis=0))


def test_extent_in_the_crs_of_the_raster(sample: Path, whole: SampleRun, tmp_path: Path) -> None:
    xmin, ymin, xmax, ymax = BOUNDS
    extent = f"{xmin},{xmax},{ymin},{ymax} [EPSG:31985]"
    classify(tmp_path, INPUT=whole.raster, MODEL=_package(sample), EXTENT=extent, OUTPUT="out.tif").assert_done()
    _assert_is_part(whole, tmp_path / "out.tif", BOUNDS)


def test_extent_in_another_crs(sample: Path, whole: SampleRun, tmp_path: Path) -> None:
    west, south, east, north = _degrees()
    extent = f"{west},{east},{south},{north} [EPSG:4326]"
    classify(tmp_path, INPUT=whole.raster, MODEL=_package(sample), EXTENT=extent, OUTPUT="out.tif").assert_done()
    _assert_is_part(whole, tmp_path / "out.tif", _metres_of_degrees())


@pytest.mark.parametrize("reference", [{"wkid": 31985}, {"wkid": 4326}, {"wkid": 102100, "latestWkid": 3857}])
def test_extent_as_esri_writes_it(reference: dict[str, int], sample: Path, whole: SampleRun, tmp_path: Path) -> None:
    rectangles = {
        31985: BOUNDS,
        4326: _degrees(),
        102100: (-3_885_000.0, -895_000.0, -3_881_000.0, -890_000.0),
    }
    corners = dict(zip(("xmin", "ymin", "xmax", "ymax"), rectangles[reference["wkid"]]))
    extent = json.dumps({**corners, "spatialReference": reference})
    classify(tmp_path, INPUT=whole.raster, MODEL=_package(sample), EXTENT=extent, OUTPUT="out.tif").assert_done()
    part, bounds = _crop(whole, tmp_path / "out.tif")
    np.testing.assert_array_equal(read_pixels(tmp_path / "out.tif"), part)
    if reference["wkid"] != 102100:
        expected = BOUNDS if reference["wkid"] == 31985 else _metres_of_degrees()
        _assert_is_part(whole, tmp_path / "out.tif", expected)
    else:
        # Web Mercator stretches by 1 / cos(8 degrees) here.
        assert bounds[2] - bounds[0] == pytest.approx(4000 * np.cos(np.radians(8)), rel=0.03)


# --- the other parameters -----------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", ["padding 32;tile_size 128;batch_size 2", '{"padding": "32", "tile_size": 128}'])
def test_model_arguments_as_text_and_as_json(arguments: str, sample: Path, whole: SampleRun, tmp_path: Path) -> None:
    run = classify(tmp_path, INPUT=whole.raster, MODEL=_package(sample), MODEL_ARGUMENTS=arguments, OUTPUT="out.tif")
    assert (run.results["PADDING"], run.results["TILE_SIZE"]) == (32, 128)
    assert run.results["TILES"] == 6 * 6  # cores of 128 - 2 * 32 = 64 cells
    np.testing.assert_array_equal(read_pixels(tmp_path / "out.tif"), whole.pixels)


@pytest.mark.parametrize(("factor", "workers"), [("1", 1), ("50%", max(1, round((os.cpu_count() or 1) / 2)))])
def test_processor_and_parallel_factor_change_no_pixel(
    factor: str, workers: int, sample: Path, whole: SampleRun, tmp_path: Path
) -> None:
    run = classify(
        tmp_path,
        INPUT=whole.raster,
        MODEL=_package(sample),
        PROCESSOR_TYPE="CPU",
        PARALLEL_PROCESSING_FACTOR=factor,
        OUTPUT="out.tif",
    )
    assert run.results["DEVICE"].startswith("CPU")
    assert any(f"workers: {workers}" in line for line in run.document["log"]["info"])
    np.testing.assert_array_equal(read_pixels(tmp_path / "out.tif"), whole.pixels)


def test_unknown_parameter_is_warned_about(scene: Scene, tmp_path: Path) -> None:
    run = classify_plainly(tmp_path, INPUT=scene.raster, MODEL=scene.model, CELLSIZE=30, OUTPUT="out.tif")
    assert run.code == 0
    assert "The parameter CELLSIZE is unknown" in run.stdout
    assert_is_map_of(tmp_path / "out.tif", scene)


def test_plain_log_tells_model_device_tiles_and_classes(scene: Scene, tmp_path: Path) -> None:
    run = classify_plainly(tmp_path, INPUT=scene.raster, MODEL=scene.model, OUTPUT="out.tif")
    for words_of_log in (
        "Model: model, 3 classes",
        "Device: CPU",
        "Size: 110 x 90 pixels",
        "Tiles: 1 of ",
        "Disk space needed: up to 1 MB",
        "4  class 4:",
        "- done.",
    ):
        assert words_of_log in run.stdout
    assert "Traceback" not in run.stderr


def test_stale_output_and_sidecars_are_replaced(scene: Scene, tmp_path: Path) -> None:
    for name in ("out.tif", "out.tif.ovr", "out.tif.msk", "out.qml", "out.tif.aux.xml"):
        (tmp_path / name).write_bytes(b"old")
    classify(tmp_path, INPUT=scene.raster, MODEL=scene.model, OUTPUT="out.tif").assert_done()
    assert sorted(snapshot(tmp_path)) == ["out.qml", "out.tif", "out.tif.aux.xml"]
    assert_is_map_of(tmp_path / "out.tif", scene)


def test_nothing_is_written_beside_the_input(sample: Path, tmp_path: Path) -> None:
    inputs, results = tmp_path / "inputs", tmp_path / "results"
    shutil.copytree(sample, inputs)
    results.mkdir()
    before, time_before = snapshot(inputs), inputs.stat().st_mtime_ns
    inputs.chmod(0o555)
    try:
        parameters = {"INPUT": inputs / "landsat7_olinda.tif", "MODEL": inputs / "landsat7_landcover.emd"}
        classify(results, **parameters, OUTPUT="out.tif").assert_done()
    finally:
        inputs.chmod(0o755)
    assert (snapshot(inputs), inputs.stat().st_mtime_ns) == (before, time_before)


def test_failure_prints_nothing_where_json_is_expected(scene: Scene, tmp_path: Path) -> None:
    run = classify(tmp_path, INPUT="nothing.tif", MODEL=scene.model, OUTPUT="out.tif")
    assert (run.code, run.stdout.strip()) == (1, "")
    assert "The raster nothing.tif cannot be read" in run.stderr


def test_equal_runs_give_equal_files(scene: Scene, tmp_path: Path) -> None:
    files = []
    for _ in range(2):
        classify(tmp_path, INPUT=scene.raster, MODEL=scene.model, OUTPUT="out.tif").assert_done()
        files.append({name: content for name, (_, content) in snapshot(tmp_path).items()})
    assert files[0] == files[1]


def test_help_names_every_parameter_and_output(tmp_path: Path) -> None:
    run = qgis_process("help", ALGORITHM, folder=tmp_path)
    assert run.code == 0
    parameters = (
        "INPUT",
        "MODEL",
        "MODEL_ARGUMENTS",
        "EXTENT",
        "PROCESSOR_TYPE",
        "PARALLEL_PROCESSING_FACTOR",
        "OUTPUT",
    )
    outputs = ("CLASSES", "CLASS_COUNT", "VALID_PIXELS", "DEVICE", "TILES", "TILE_SIZE", "PADDING", "SECONDS")
    for name in (*parameters, *outputs):
        assert re.search(rf"^{name}: .+\n\t\S", run.stdout, re.MULTILINE), name


def test_the_thrown_away_profile_and_every_other_trace_are_removed(sample: Path, tmp_path: Path) -> None:
    temporary, home, results = (tmp_path / name for name in ("temporary", "home", "results"))
    for folder in (temporary, home, results):
        folder.mkdir()
    parameters = words({"INPUT": sample / "landsat7_olinda.tif", "MODEL": _package(sample), "OUTPUT": "out.tif"})
    run = qgis_process(
        "run",
        ALGORITHM,
        "--",
        *parameters,
        folder=results,
        TMPDIR=str(temporary),
        HOME=str(home),
        XDG_CACHE_HOME="",
    )
    assert run.code == 0
    deadline = time.monotonic() + LIMIT
    while list(temporary.glob("tmp.*")) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not list(temporary.glob("tmp.*"))
    # ONNX Runtime's telemetry keeps a session in one folder and the device's number in the other.
    assert not (temporary / ".ses").exists()
    assert not list(home.rglob("Microsoft"))


# --- interruption -------------------------------------------------------------------------------------


FINISHED = ".*.strips/[0-9]*.strip.json"


def _start(folder: Path, *options: str, **parameters: Any) -> subprocess.Popen[str]:
    command = [str(SCRIPT), *options, "run", ALGORITHM, "--", *words(parameters)]
    return subprocess.Popen(
        command, cwd=folder, env=environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        # Programs in the background of a script ignore SIGINT, and so would their children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip


def _ended(process: subprocess.Popen[str], number: signal.Signals, begun: Callable[[], object]) -> Finished:
    """Sends a signal once something has begun; the program cannot end without it."""
    deadline = time.monotonic() + LIMIT
    try:
        while not begun():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=LIMIT)
    finally:
        process.kill()
        process.wait(LIMIT)
    return Finished(process.returncode, stdout, stderr)


def _assert_cancelled(finished: Finished) -> None:
    assert finished.code == 1
    assert "The classification was cancelled; no output was written." in finished.stderr
    assert "Traceback" not in finished.stderr


class HangingRun:
    """A run that is to replace an older result, and whose network never returns from the second half of the raster."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "results"
        self.folder.mkdir()
        (self.folder / "out.tif").write_bytes(b"an older result")
        pixels = np.ones((3, 30_000, 128), np.uint8)
        pixels[:, 15_000:] = 255
        network = endless_network(folder / "network.onnx", above=254)
        declared = {"Stride": 1, "Halo": 0}
        definition = class_definition(network, bands=3, values=(1, 2, 3), tile=128, ClassifyPixels=declared)
        self._parameters = {
            "INPUT": write_raster(folder / "large.tif", pixels),
            "MODEL": write_definition(folder / "model.emd", definition),
            "OUTPUT": "out.tif",
        }

    def ended_by(self, number: signal.Signals, *options: str) -> Finished:
        """Sends a signal once the first part of the result is finished."""
        process = _start(self.folder, *options, **self._parameters)
        return _ended(process, number, lambda: list(self.folder.glob(FINISHED)))


@pytest.fixture
def hanging(tmp_path: Path) -> HangingRun:
    """A run that never ends by itself."""
    return HangingRun(tmp_path)


@pytest.mark.parametrize("options", [(), ("--json",)], ids=["plain", "json"])
def test_interrupted_run_fails_and_leaves_the_older_result_and_its_strips(
    options: tuple[str, ...], hanging: HangingRun
) -> None:
    before = snapshot(hanging.folder)
    finished = hanging.ended_by(signal.SIGINT, *options)
    _assert_cancelled(finished)
    # As JSON, qgis_process prints no log of a run that fails.
    assert options or "Progress is saved" in finished.stdout
    assert list(hanging.folder.glob(FINISHED))
    assert {name: state for name, state in snapshot(hanging.folder).items() if ".strips/" not in name} == before


def test_terminated_run_leaves_the_older_result(hanging: HangingRun) -> None:
    finished = hanging.ended_by(signal.SIGTERM)
    assert finished.code == -signal.SIGTERM
    assert (hanging.folder / "out.tif").read_bytes() == b"an older result"
    assert not (hanging.folder / "out.qml").exists()


def test_a_download_of_the_model_is_interrupted(scene: Scene, tmp_path: Path) -> None:
    with Failures([None]) as server:
        process = _start(tmp_path, INPUT=scene.raster, MODEL=f"{server.url}/model.dlpk", OUTPUT="out.tif")
        _assert_cancelled(_ended(process, signal.SIGINT, lambda: server.requests))
    assert not list(tmp_path.iterdir())
