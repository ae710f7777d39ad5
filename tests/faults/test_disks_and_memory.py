# SPDX-License-Identifier: GPL-2.0-or-later
"""Full disks, unreadable blocks and exhausted memory: a sentence, no wrong pixel, a repeatable run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference import ClassifyPixelsError
from classify_pixels.inference.errors import DiskSpaceError, OutputFolderError, OutputWriteError, RasterUnreadableError
from classify_pixels.inference.events import StripsResumed
from classify_pixels.inference.notices import Caution
from classify_pixels.inference.raster import gdal_settings
from tests.faults.long_run import ROOT, STRIPS, make_model, make_scene, pixels_of
from tests.networks import class_definition, identity_network, pointwise_network
from tests.unit.rasters import random_pixels, write_raster
from tests.unit.runs import Recorder, classify, names_in


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    (tmp_path / "model").mkdir()
    return make_scene(tmp_path)


@pytest.fixture
def model(tmp_path: Path, scene: Path) -> dict[str, Any]:
    return make_model(tmp_path / "model")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk that is too small for the strips of the scene."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=280k", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("mounting a disk is not permitted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_keeps_the_strips_and_the_run_goes_on_when_there_is_room(
    disk: Path, scene: Path, model: dict[str, Any], tmp_path: Path
) -> None:
    whole, output = tmp_path / "whole" / "classes.tif", disk / "classes.tif"
    whole.parent.mkdir()
    classify(scene, model, whole)
    with pytest.raises(OutputWriteError, match=r"classes\.tif cannot be written.*free space"):
        classify(scene, model, output, cache=tmp_path / "cache")
    assert names_in(disk) == [".classes.tif.strips"]
    subprocess.run(["mount", "-o", "remount,size=20m", str(disk)], check=True)
    progress = Recorder()
    classify(scene, model, output, progress=progress, cache=tmp_path / "cache")
    assert len(progress.all_of(StripsResumed)) == 1
    assert output.read_bytes() == whole.read_bytes()
    assert names_in(disk) == ["classes.qml", "classes.tif", "classes.tif.aux.xml"]


def test_a_disk_that_is_full_to_any_page_gives_the_whole_map_or_none(
    disk: Path, scene: Path, model: dict[str, Any], tmp_path: Path
) -> None:
    """The last pages are those of the .aux.xml, the style and the names: with each of them missing, once."""
    small = gdal.Translate(str(tmp_path / "small.tif"), str(scene), srcWin=[0, 0, 50, 50])
    del small
    output, page = disk / "out" / "classes.tif", 4096
    pages = 24
    subprocess.run(["mount", "-o", f"remount,size={64 * page}", str(disk)], check=True)
    told = []
    for free in range(pages, 0, -1):
        for path in disk.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        output.parent.mkdir()
        with (disk / "filler").open("wb") as filler:
            os.posix_fallocate(filler.fileno(), 0, page * (64 - free))
        try:
            classify(tmp_path / "small.tif", model, output, cache=tmp_path / "cache")
        except OutputWriteError as error:
            told.append(str(error))
            assert names_in(output.parent) in ([".classes.tif.strips"], []), free
            continue
        assert names_in(output.parent) == ["classes.qml", "classes.tif", "classes.tif.aux.xml"], free
        assert all((output.parent / name).stat().st_size for name in names_in(output.parent)), free
        dataset = gdal.Open(str(output))
        assert dataset.GetRasterBand(1).GetDefaultRAT().GetRowCount() == len(model["Classes"]), free
    assert 0 < len(told) < pages


def test_a_read_only_disk_is_told_before_anything_is_computed(
    disk: Path, scene: Path, model: dict[str, Any], tmp_path: Path
) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    progress = Recorder()
    with pytest.raises(OutputFolderError, match="not writable"):
        classify(scene, model, disk / "classes.tif", progress=progress, cache=tmp_path / "cache")
    assert progress.fractions == []


def test_a_block_that_cannot_be_read_ends_the_run_and_keeps_the_strips_before_it(
    scene: Path, model: dict[str, Any], tmp_path: Path
) -> None:
    broken, output = tmp_path / "broken.tif", tmp_path / "out" / "classes.tif"
    output.parent.mkdir()
    content = scene.read_bytes()
    broken.write_bytes(content[: len(content) * 6 // 10])
    progress = Recorder()
    with pytest.raises(RasterUnreadableError, match=r"broken\.tif cannot be read"):
        classify(broken, model, output, progress=progress)
    assert names_in(output.parent) in ([".classes.tif.strips"], [])
    assert not output.exists()
    shutil.copy(scene, broken)
    again = Recorder()
    classify(broken, model, output, progress=again)
    assert not again.all_of(StripsResumed), "the raster has changed"
    classify(scene, model, tmp_path / "out" / "whole.tif")
    assert (pixels_of(output) == pixels_of(tmp_path / "out" / "whole.tif")).all()


LIMITED = """
import resource, sys
import tests.conftest
from pathlib import Path
from classify_pixels.inference import ClassifyPixelsError
from classify_pixels.inference.network.memory import resident
from tests.faults.long_run import make_model
from tests.unit.runs import Recorder, classify

scene, output, megabytes, batch = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
class Loud(Recorder):
    def emit(self, event):
        if event.is_warning:
            print(*event.phrases, flush=True)
model = {**make_model(scene.parent / "model"), "ImageHeight": 512, "ImageWidth": 512}
import onnxruntime
pages = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
if megabytes:
    resource.setrlimit(resource.RLIMIT_AS, (pages + megabytes * 2**20,) * 2)
try:
    result = classify(scene, model, output, {"batch_size": batch}, progress=Loud(), workers=1)
    print("tile", result.tile[0])
except ClassifyPixelsError as error:
    print(type(error).__name__, error)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limit is Linux's")
def test_a_lack_of_memory_shrinks_the_batch_and_gives_the_same_map(
    scene: Path, model: dict[str, Any], tmp_path: Path
) -> None:
    """The limit is between the memory of one large tile and that of a batch of 64."""
    whole = tmp_path / "whole.tif"
    run_limited(scene, whole, 0, "1")
    told = []
    for megabytes in (300, 500, 700, 900):
        output = tmp_path / f"limited{megabytes}.tif"
        told.append(run_limited(scene, output, megabytes, "64"))
        if output.exists():
            assert (pixels_of(output) == pixels_of(whole)).all()
        else:
            assert "memory" in told[-1].lower(), told[-1]
    assert any("Continuing with batches" in text for text in told), told


def run_limited(scene: Path, output: Path, megabytes: int, batch: str) -> str:
    command = [sys.executable, "-c", LIMITED, str(scene), str(output), str(megabytes), batch]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    return done.stdout + done.stderr[-2000:]


def test_the_output_of_a_failed_run_can_be_written_by_another_request(
    scene: Path, model: dict[str, Any], tmp_path: Path
) -> None:
    output = tmp_path / "out" / "classes.tif"
    output.parent.mkdir()
    with pytest.raises(ClassifyPixelsError):
        classify(scene, {**model, "ExtractBands": [0, 7]}, output)
    classify(scene, model, output)
    assert STRIPS == 8
    assert names_in(output.parent) == ["classes.qml", "classes.tif", "classes.tif.aux.xml"]


def test_what_cannot_fit_the_disk_is_refused_before_anything_is_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = write_raster(tmp_path / "scene.tif", random_pixels(1, 300, 400))
    network = pointwise_network(tmp_path / "network.onnx", 1, 3)
    model = class_definition(network, 1, range(3), 64, Padding=0, ClassifyPixels={"Stride": 1})
    output = tmp_path / "out" / "map.tif"
    output.parent.mkdir()

    def classified(free: int, **options: object) -> list[dict[str, object]]:
        monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=free))
        progress = Recorder()
        classify(scene, model, output, progress=progress, **options)
        return progress.said(Caution.DISK_MAY_FILL)

    with pytest.raises(DiskSpaceError, match=r"400 x 300 cells .120000 in total"):
        classified(100)
    assert names_in(output.parent) == []
    assert classified(100_000)
    assert not classified(10**9)


def test_what_cannot_be_read_is_no_zero_whatever_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = identity_network(tmp_path / "network.onnx", 2)
    model = class_definition(network, 2, [3, 5], 32, Padding=0, ClassifyPixels={"Stride": 1})
    pixels = np.random.default_rng(0).integers(1, 255, (2, 300, 300)).astype(np.uint8)
    scene = write_raster(tmp_path / "scene.tif", pixels)
    content = scene.read_bytes()
    scene.write_bytes(content[: len(content) * 6 // 10])
    (tmp_path / "out").mkdir()
    monkeypatch.setenv("GTIFF_IGNORE_READ_ERRORS", "YES")
    with pytest.raises(RasterUnreadableError):
        classify(scene, model, tmp_path / "out" / "map.tif")
    assert gdal.GetConfigOption("GTIFF_IGNORE_READ_ERRORS") == "YES"
    with gdal_settings(1):
        assert gdal.GetConfigOption("GTIFF_FORCE_RGBA") == "NO"
