# SPDX-License-Identifier: GPL-2.0-or-later
"""How often a network is opened: once for all items of a collection, and never for those that are finished."""

from __future__ import annotations

import shutil
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.bands import read_band_mapping
from classify_pixels.inference.errors import FunctionNotAllowedError, ItemFailuresError, RunCancelledError
from classify_pixels.inference.models import ModelReference, open_model, read_arguments
from classify_pixels.inference.network import NetworkOptions, open_network
from classify_pixels.inference.raster import GdalInput, RasterFormat, open_scene
from classify_pixels.inference.raster.collection import read_collection
from classify_pixels.inference.run import session as session_module
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.items import classify_items
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from classify_pixels.inference.run.session import SharedSession, open_session
from tests.networks import class_definition, pooling_network
from tests.raster_functions import write_model
from tests.unit.rasters import random_pixels, read_raster, write_raster
from tests.unit.runs import Recorder

Opened = list[Any]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    """The options of each backend that is opened by a run."""
    calls: Opened = []
    open_backend = open_network.open_backend

    def counted(weights: Path, options: Any, progress: Any) -> Any:
        calls.append(options)
        return open_backend(weights, options, progress)

    monkeypatch.setattr(open_network, "open_backend", counted)
    # Otherwise the first run of a model opens it twice more.
    monkeypatch.setattr(open_network.OpenNetwork, "_measure_memory", lambda _: None)
    return calls


@pytest.fixture
def scenes(tmp_path: Path) -> Path:
    folder = tmp_path / "scenes"
    folder.mkdir()
    for number, name in enumerate("abcd"):
        write_raster(folder / f"{name}.tif", random_pixels(2, 150, 200 + 10 * number, seed=number))
    return folder


@pytest.fixture
def model(tmp_path: Path) -> dict[str, Any]:
    """A network whose halo, 10, is no multiple of its stride, 4."""
    network = pooling_network(tmp_path / "network.onnx")
    return class_definition(network, 2, [4, 5, 6], 64, ClassifyPixels={"Stride": 4, "Halo": 10})


def request_of(model: dict[str, Any], output: Path, **fields: Any) -> ClassificationRequest:
    environment = Environment(cache=output.parent / "cache", workers=fields.pop("workers", 2))
    first = GdalInput(str(output.parent / "scenes" / "a.tif"))
    return ClassificationRequest(first, ModelReference(document=model), output, environment=environment, **fields)


def run(scenes: Path, model: dict[str, Any], output: Path, progress: Recorder | None = None, **fields: Any) -> Any:
    collection = read_collection(str(scenes), separately=True)
    assert collection is not None
    results = classify_items(collection, request_of(model, output, **fields), progress or Recorder())
    return [result.classification for result in results]


def test_items_share_one_session_and_finished_ones_open_none(
    scenes: Path, model: dict[str, Any], tmp_path: Path, opened: Opened
) -> None:
    first = run(scenes, model, tmp_path / "out")
    assert len(opened) == 1
    again = run(scenes, model, tmp_path / "out")
    assert len(opened) == 1
    for fresh, kept in zip(first, again):
        assert fresh.tiles > 0
        assert kept.tiles == 0
        for name in ("output", "classes", "no_data", "device", "tile", "halo", "stride"):
            assert getattr(kept, name) == getattr(fresh, name)
        # The halo that is read, on the stride: one number for both.
        assert kept.halo == 12


def test_only_what_is_missing_opens_a_network(
    scenes: Path, model: dict[str, Any], tmp_path: Path, opened: Opened
) -> None:
    run(scenes, model, tmp_path / "out")
    (tmp_path / "out" / "c.tif").unlink()
    again = run(scenes, model, tmp_path / "out")
    assert [done.tiles > 0 for done in again] == [False, False, True, False]
    assert len(opened) == 2


@pytest.mark.parametrize("scores", [False, True])
def test_kept_scores_are_reported_as_fresh_ones(
    scores: bool, scenes: Path, model: dict[str, Any], tmp_path: Path, opened: Opened
) -> None:
    """As the output itself, or beside a class map."""
    arguments = read_arguments({} if scores else {"return_probability_raster": "true"})
    fields = {"probability_output": tmp_path / "scores"} if scores else {}
    first, again = (run(scenes, model, tmp_path / "out", arguments=arguments, **fields) for _ in range(2))
    assert len(opened) == 1
    assert all(kept.tiles == 0 for kept in again)
    assert [kept.classes for kept in again] == [fresh.classes for fresh in first]
    np.testing.assert_equal([kept.no_data for kept in again], [fresh.no_data for fresh in first])


@pytest.mark.parametrize("change", ["arguments", "processor", "form", "bands", "table", "record"])
def test_nothing_else_is_kept(change: str, scenes: Path, model: dict[str, Any], tmp_path: Path, opened: Opened) -> None:
    request = request_of(model, tmp_path / "out")
    collection = read_collection(str(scenes), separately=True)
    assert collection is not None
    classify_items(collection, request, Recorder())
    if change == "arguments":
        request = replace(request, arguments=read_arguments({"batch_size": "3"}))
    elif change == "processor":
        request = replace(request, environment=replace(request.environment, processor="CPU"))
    elif change == "form":
        request = replace(request, form=RasterFormat(options=(("COMPRESS", "LZW"),)))
    elif change == "bands":
        request = replace(request, bands=read_band_mapping("2,1"))
    elif change == "table":
        for path in (tmp_path / "out").glob("*.aux.xml"):
            path.unlink()
    else:
        for path in (tmp_path / "out").glob("*.tif"):
            dataset = gdal.Open(str(path), gdal.GA_Update)
            dataset.SetMetadataItem("CLASSIFY_PIXELS_RUN", '{"tile": [1, 2]}')
            dataset = None
    results = classify_items(collection, request, Recorder())
    assert len(opened) == 2
    assert all(result.classification is not None and result.classification.tiles for result in results)


def test_a_file_that_describes_bare_weights_is_part_of_the_request(
    scenes: Path, model: dict[str, Any], tmp_path: Path, opened: Opened
) -> None:
    weights = ModelReference(path=Path(model["ModelFile"]))
    request = replace(request_of(model, tmp_path / "out"), model=weights)
    collection = read_collection(str(scenes), separately=True)
    assert collection is not None
    classify_items(collection, request, Recorder())
    (tmp_path / "config.json").write_text('{"id2label": {"0": "water", "1": "wood", "2": "field"}}')
    results = classify_items(collection, request, Recorder())
    assert len(opened) == 2
    assert [count.legend_class.name for count in results[0].classification.classes] == ["water", "wood", "field"]


def test_a_damaged_item_does_not_end_the_session_of_the_others_before_it(
    scenes: Path, model: dict[str, Any], tmp_path: Path, opened: Opened
) -> None:
    (scenes / "b.tif").write_bytes(b"II*\0nothing")
    with pytest.raises(ItemFailuresError):
        run(scenes, model, tmp_path / "out")
    assert len(opened) == 1


def test_a_session_that_failed_is_not_used_again(
    scenes: Path, model: dict[str, Any], tmp_path: Path, opened: Opened
) -> None:
    """What is left of the network then is not known."""
    content = (scenes / "b.tif").read_bytes()
    (scenes / "b.tif").write_bytes(content[: len(content) // 2])
    with pytest.raises(ItemFailuresError):
        run(scenes, model, tmp_path / "out")
    assert len(opened) == 2
    alone = request_of(model, tmp_path / "alone.tif")
    classify_pixels(alone, Recorder())
    assert (tmp_path / "alone.tif").exists()


def test_scenes_of_a_session_give_what_runs_of_their_own_give(
    scenes: Path, model: dict[str, Any], tmp_path: Path, opened: Opened
) -> None:
    request = request_of(model, tmp_path / "x.tif")
    opened_model = open_model(request.model, request.environment.cache)
    options = NetworkOptions(settings=request.environment.network, is_large=False)
    with open_session(opened_model, options, Recorder()) as session:
        for name in "abc":
            raster, output = GdalInput(str(scenes / f"{name}.tif")), tmp_path / f"{name}.tif"
            scene = open_scene(raster, request.environment.grid, "bilinear")
            with closing(scene.source):
                session.classify(scene, replace(request, raster=raster, output=output), Recorder())
    assert len(opened) == 1
    for name in "abc":
        alone = tmp_path / "alone" / f"{name}.tif"
        alone.parent.mkdir(exist_ok=True)
        classify_pixels(replace(request, raster=GdalInput(str(scenes / f"{name}.tif")), output=alone), Recorder())
        assert alone.read_bytes() == (tmp_path / f"{name}.tif").read_bytes()


def test_calls_that_take_more_memory_open_the_network_with_more_threads(
    scenes: Path, model: dict[str, Any], tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is opened once more for them, and tried once for all items."""
    shutil.rmtree(scenes)
    scenes.mkdir()
    for number, name in enumerate("ab"):
        write_raster(scenes / f"{name}.tif", random_pixels(2, 150, 200, seed=number))
    monkeypatch.setattr(open_network, "CALLS_MEMORY", 1)
    run(scenes, model, tmp_path / "out", workers=4)
    assert [options.threads for options in opened] == [1, 4]
    expected = tmp_path / "alone.tif"
    monkeypatch.undo()
    classify_pixels(request_of(model, expected), Recorder())
    np.testing.assert_array_equal(read_raster(tmp_path / "out" / "a.tif"), read_raster(expected))


def test_cancel_reaches_a_session_of_several_items(scenes: Path, model: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(RunCancelledError):
        run(scenes, model, tmp_path / "out", Recorder(cancel_after=1))
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").glob("*.tif"))


# A function that reads its level from a module in another folder, and takes only values of the type it was told of.
FUNCTION = """
import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(__file__)), "shared"))
from level_of_the_session_tests import LEVEL


class Threshold:
    def getParameterInfo(self):
        return [{"name": "raster", "dataType": "raster", "required": True}]

    def getConfiguration(self, **scalars):
        return {"padding": 0, "tx": 64, "ty": 64}

    def updateRasterInfo(self, **kwargs):
        self.type = kwargs["raster_info"]["pixelType"]
        kwargs["output_info"].update(bandCount=1, pixelType="u1")
        return kwargs

    def updatePixels(self, tlc, shape, props, **blocks):
        pixels = blocks["raster_pixels"]
        assert pixels.dtype.str[1:] == self.type
        blocks["output_pixels"] = np.where(pixels[0] > LEVEL, 7, 3).astype("u1")
        return blocks
"""


def test_a_raster_function_is_opened_for_each_type_of_values_and_before_its_files_are_kept(
    tmp_path: Path, opened: Opened
) -> None:
    """What it imports from elsewhere is known only once it is open."""
    for folder in ("scenes", "shared"):
        (tmp_path / folder).mkdir()
    code = tmp_path / "shared" / "level_of_the_session_tests.py"
    code.write_text("LEVEL = 120\n")
    chance = np.random.default_rng(6)
    pixels = {name: chance.integers(0, 256, (2, 70, 90)) for name in "abcd"}
    for name, values in pixels.items():
        write_raster(tmp_path / "scenes" / f"{name}.tif", values.astype(np.uint8 if name in "ab" else np.int16))
    emd = write_model(tmp_path / "model", FUNCTION, "Threshold")
    with pytest.raises(FunctionNotAllowedError) as caught:
        open_model(ModelReference(path=emd), tmp_path / "cache")
    allowed = frozenset([str(caught.value.values["fingerprint"])])

    def classified() -> list[int]:
        request = request_of({}, tmp_path / "out")
        environment = replace(request.environment, allowed_functions=allowed)
        request = replace(request, model=ModelReference(path=emd), environment=environment)
        collection = read_collection(str(tmp_path / "scenes"), separately=True)
        assert collection is not None
        found = [result.classification for result in classify_items(collection, request, Recorder())]
        opened_types = [options.pixel_type for options in opened]
        opened.clear()
        assert opened_types == ["u1", "i2"]
        return [done.tiles for done in found if done is not None]

    assert min(classified()) > 0
    assert classified() == [0] * 4
    code.write_text("LEVEL = 160\n")
    sys.modules.pop("level_of_the_session_tests", None)
    assert min(classified()) > 0
    for name, values in pixels.items():
        expected = np.where(values[0] > 160, 7, 3)
        np.testing.assert_array_equal(read_raster(tmp_path / "out" / f"{name}.tif").squeeze(), expected)


def test_a_session_for_large_scenes_also_takes_small_ones(
    scenes: Path, model: dict[str, Any], tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a scene that is larger than those before opens another session."""
    request, cells = request_of(model, tmp_path / "x.tif"), []
    with closing(SharedSession(request, Recorder())) as shared:
        for limit in (2**40, 1, 2**40):
            monkeypatch.setattr(session_module, "LARGE_SCENE", limit)
            scene = open_scene(GdalInput(str(scenes / "a.tif")), request.environment.grid, "bilinear")
            with closing(scene.source), shared.session(request, scene, Recorder()) as session:
                cells.append(session.network.options.is_large)
    assert cells == [False, True, True]
