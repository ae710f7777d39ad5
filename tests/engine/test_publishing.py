# SPDX-License-Identifier: GPL-2.0-or-later
"""The files of a run get their names together or not at all, and no two runs write the same one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference import SilentProgress
from classify_pixels.inference.errors import OutputBusyError, OutputNotReplacedError
from classify_pixels.inference.models import ModelReference
from classify_pixels.inference.raster import GdalInput
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from classify_pixels.inference.run.resume import locked_output
from tests.networks import class_definition, identity_network
from tests.unit.rasters import random_pixels, read_raster, write_raster
from tests.unit.runs import names_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def model(tmp_path: Path) -> dict[str, Any]:
    network = identity_network(tmp_path / "network.onnx", 2)
    return class_definition(network, 2, [3, 5], 32, Padding=0, ClassifyPixels={"Stride": 1})


def run(folder: Path, model: dict[str, Any], seed: int, **outputs: Path) -> None:
    raster = write_raster(folder.parent / f"{seed}.tif", random_pixels(2, 40, 50, seed=seed))
    given = {"output": folder / "classes.tif", "probability_output": folder / "scores.tif", **outputs}
    request = ClassificationRequest(
        raster=GdalInput(str(raster)),
        model=ModelReference(document=model),
        environment=Environment(cache=folder.parent / "cache"),
        resumable=False,
        **given,
    )
    classify_pixels(request, SilentProgress())


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("first", [True, False], ids=["nothing before", "an older result"])
@pytest.mark.parametrize("blocked", ["classes.tif", "classes.qml", "classes.tif.aux.xml"])
def test_scores_stay_what_they_were_where_the_class_map_gets_no_name(
    blocked: str, first: bool, folder: Path, model: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    if not first:
        run(folder, model, seed=1)
        (folder / "classes.tif.ovr").write_bytes(b"overviews")
    before = contents(folder)
    import os

    replace = os.replace

    def refuse(source: Any, target: Any) -> None:
        """Another program holds the file, as on Windows: nothing may take its place, not even what was there."""
        if Path(target).name == blocked and Path(target).parent == folder:
            raise PermissionError(13, "in use")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OutputNotReplacedError, match="in use"):
        run(folder, model, seed=2)
    assert contents(folder) == before


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_nothing_else_stays_after_an_older_result_was_replaced(
    links: bool, folder: Path, model: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    def refuse(*_: Any) -> None:
        raise OSError("this disk has no links")

    run(folder, model, seed=1)
    before, names = read_raster(folder / "classes.tif"), names_in(folder)
    if not links:
        monkeypatch.setattr(os, "link", refuse)
    run(folder, model, seed=2)
    assert names_in(folder) == names == ["classes.qml", "classes.tif", "classes.tif.aux.xml", "scores.tif"]
    assert not np.array_equal(read_raster(folder / "classes.tif"), before)


def test_two_runs_do_not_write_the_same_scores(folder: Path, model: dict[str, Any]) -> None:
    with locked_output(folder / "scores.tif"):
        with pytest.raises(OutputBusyError, match=r"scores\.tif"):
            run(folder, model, seed=1)
        with pytest.raises(OutputBusyError, match=r"scores\.tif"):
            run(folder, model, seed=1, output=folder / "scores.tif", probability_output=folder / "others.tif")
        run(folder, model, seed=1, probability_output=folder / "others.tif")
    assert "scores.tif" not in names_in(folder)
    run(folder, model, seed=1)
    assert not list(folder.glob(".*"))


def test_strips_of_a_killed_run_in_the_place_of_the_scores_stay(folder: Path, model: dict[str, Any]) -> None:
    strips = folder / ".scores.tif.strips"
    strips.mkdir()
    (strips / "manifest.json").write_text("{}")
    run(folder, model, seed=1)
    assert (strips / "manifest.json").exists()
