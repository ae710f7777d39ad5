# SPDX-License-Identifier: GPL-2.0-or-later
"""Names that are too long for what lies beside an output, and what is in its place, are told before the run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference import RunCancelledError
from classify_pixels.inference.errors import OutputFolderError, OutputNameError
from classify_pixels.inference.notices import Caution, Note
from tests.networks import class_definition, identity_network
from tests.unit.rasters import random_pixels, read_raster, write_raster
from tests.unit.runs import Recorder, classify, names_in

LONGEST = 234


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return write_raster(tmp_path / "scene.tif", random_pixels(2, 200, 50))


@pytest.fixture
def model(tmp_path: Path) -> dict[str, Any]:
    network = identity_network(tmp_path / "network.onnx", 2)
    return class_definition(network, 2, [3, 5], 32, Padding=0, ClassifyPixels={"Stride": 1})


def named(folder: Path, length: int, letter: str = "n") -> Path:
    """Returns an output whose name has so many bytes."""
    width = len(letter.encode())
    stem = letter * ((length - 4) // width)
    return folder / f"{stem}{'n' * (length - 4 - len(stem.encode()))}.tif"


@pytest.mark.parametrize("letter", ["n", "ä", "字"])
@pytest.mark.parametrize("length", [*range(LONGEST + 1, 258), 300, 1000])
def test_a_name_that_is_too_long_is_told_before_the_run(
    length: int, letter: str, scene: Path, model: dict[str, Any], tmp_path: Path
) -> None:
    output, recorder = named(tmp_path / "out", length, letter), Recorder()
    assert len(output.name.encode()) == length
    with pytest.raises(OutputNameError, match=f"{length} bytes.*{LONGEST}"):
        classify(scene, model, output, progress=recorder)
    assert names_in(tmp_path / "out") == []
    assert not recorder.said(Note.WRITING)
    assert recorder.fractions == []


@pytest.mark.parametrize("letter", ["n", "字"])
@pytest.mark.parametrize("length", [LONGEST - 1, LONGEST])
def test_the_longest_name_runs_is_cancelled_goes_on_and_is_replaced(
    length: int, letter: str, scene: Path, model: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from classify_pixels.inference.tiling import strips

    monkeypatch.setattr(strips, "HEIGHT", 32)
    output = named(tmp_path / "out", length, letter)
    with pytest.raises(RunCancelledError):
        classify(scene, model, output, progress=Recorder(cancel_after=4))
    for _ in range(2):
        classify(scene, model, output)
        assert len(names_in(tmp_path / "out")) == 3
    short = tmp_path / "out" / "short.tif"
    classify(scene, model, short)
    assert np.array_equal(read_raster(output), read_raster(short))


@pytest.mark.parametrize("suffix", [".ovr", ".msk", ".aux.xml", ".vat.dbf"])
def test_a_folder_in_the_place_of_a_side_file_is_told_before_the_run(
    suffix: str, scene: Path, model: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "out" / f"map.tif{suffix}").mkdir()
    recorder = Recorder()
    with pytest.raises(OutputFolderError, match=f"map.tif{suffix} is a folder"):
        classify(scene, model, tmp_path / "out" / "map.tif", progress=recorder)
    assert recorder.fractions == []
    assert names_in(tmp_path / "out") == [f"map.tif{suffix}"]


def test_a_style_of_the_users_own_stays_and_the_run_says_so(scene: Path, model: dict[str, Any], tmp_path: Path) -> None:
    style, recorder = tmp_path / "out" / "map.qml", Recorder()
    style.write_text("<qgis>mine</qgis>")
    classify(scene, model, tmp_path / "out" / "map.tif", progress=recorder)
    assert style.read_text() == "<qgis>mine</qgis>"
    assert recorder.said(Caution.STYLE_KEPT) == [{"style": style}]
