# SPDX-License-Identifier: GPL-2.0-or-later
"""The size of tiles where the definition declares halo and stride: larger, if that changes no score."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.models import Model, parse_emd, read_arguments
from classify_pixels.inference.network import prepared_model
from classify_pixels.inference.network.prepared_model import PreparedModel, prepare_model
from classify_pixels.inference.network.probe import Probing, sizes
from classify_pixels.inference.network.probe.busy_time import BusyTime
from classify_pixels.inference.progress import SilentProgress
from classify_pixels.inference.run import session
from classify_pixels.inference.runtimes import BackendOptions, open_backend
from classify_pixels.inference.runtimes.onnx.onnx_backend import OnnxBackend
from tests.engine.test_probing import context_network
from tests.networks import bare_run, class_definition, pointwise_network, pooling_network
from tests.unit.rasters import random_pixels, read_raster, write_raster
from tests.unit.runs import classify

VALUES, TILE, OWN = [11, 22, 33], 64, {"Stride": 4, "Halo": 12}


@pytest.fixture(autouse=True)
def cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offers small tiles, so that small scenes have several of them."""
    monkeypatch.setattr(sizes, "CORES", (96, 128))
    monkeypatch.setattr(sizes, "tile_size_for", lambda *_: 96)
    # The largest tile counts as the fastest.
    monkeypatch.setattr(sizes, "_waste", lambda _, side: side**-9)


def prepare(network: Path, arguments: Any = None, values: Any = VALUES, **keys: Any) -> PreparedModel:
    own = {"ClassifyPixels": OWN, **keys}
    definition = parse_emd(class_definition(network, 2, values, TILE, **own), "model")
    with closing(open_backend(network, BackendOptions(processor="CPU", bands=2))) as backend:
        probing = Probing(network.parent / "cache", SilentProgress())
        return prepare_model(Model("model", network, definition), read_arguments(arguments), backend, probing)


def test_a_declared_halo_that_is_enough_allows_larger_tiles(tmp_path: Path) -> None:
    prepared = prepare(pooling_network(tmp_path / "n.onnx"))
    assert (prepared.shape.height, prepared.shape.width) == (152, 152)
    assert (prepared.shape.halo, prepared.shape.stride, prepared.shape.exact) == (12, 4, True)


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        ({"tile_size": "64"}, {}),
        ({"padding": "8"}, {}),
        ({}, {"ClassifyPixels": {"Stride": 4, "Halo": 4}}),
    ],
    ids=["the user's size", "the user's halo", "a halo that is too small"],
)
def test_otherwise_the_declared_tile_stays(arguments: dict[str, str], keys: dict[str, Any], tmp_path: Path) -> None:
    prepared = prepare(pooling_network(tmp_path / "n.onnx"), arguments, **keys)
    assert (prepared.shape.height, prepared.shape.exact) == (TILE, False)


@pytest.mark.parametrize("weight", [1.0, 0.1], ids=str)
def test_a_network_that_sees_the_whole_tile_keeps_it(weight: float, tmp_path: Path) -> None:
    network = context_network(tmp_path / "n.onnx", weight=weight)
    own = {"ClassifyPixels": {"Stride": 1, "Halo": 8}}
    assert prepare(network, values=VALUES[:2], **own).shape.height == TILE


@pytest.mark.parametrize(("limit", "tile"), [(1, 152), (2**40, TILE)], ids=["large scene", "small scene"])
def test_the_map_is_that_of_the_whole_scene(
    limit: int, tile: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "LARGE_SCENE", limit)
    network, pixels = pooling_network(tmp_path / "n.onnx"), random_pixels(2, 300, 420)
    raster, output = write_raster(tmp_path / "scene.tif", pixels), tmp_path / "classes.tif"
    model = class_definition(network, 2, VALUES, TILE, ClassifyPixels=OWN)
    expected = np.array(VALUES)[bare_run(network, pixels[None].astype(np.float32))[0].argmax(axis=0)]
    for workers in (1, 2):
        result = classify(raster, model, output, {}, workers=workers)
        assert result.tile == (tile, tile)
        np.testing.assert_array_equal(read_raster(output), expected)


def test_a_usual_tile_that_is_too_large_for_a_trial_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "LARGEST_SCENE", 2 * TILE**2 - 1)
    assert prepare(pooling_network(tmp_path / "n.onnx")).shape.height == TILE


@pytest.mark.skipif(sys.platform == "win32", reason="Windows counts the time of a process in coarse steps")
def test_time_in_which_other_programs_have_the_processors_does_not_count(tmp_path: Path) -> None:
    with closing(OnnxBackend(pooling_network(tmp_path / "n.onnx"), BackendOptions(processor="CPU"))) as backend:
        busy, wall = BusyTime.of(backend), BusyTime(on_cpu=False)
        before = time.process_time()
        time.sleep(0.2)
        assert wall.seconds >= 0.2
        # What other threads of this process did meanwhile.
        assert busy.seconds <= time.process_time() - before + 0.1


def test_a_size_that_little_memory_allowed_is_looked_for_again_with_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = pooling_network(tmp_path / "n.onnx")
    monkeypatch.setattr(sizes, "available", lambda: 4)
    assert prepare(network).shape.height == TILE
    monkeypatch.setattr(sizes, "available", lambda: 2**40)
    assert prepare(network).shape.height == 152


def test_a_finding_is_kept_for_the_next_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    network = pooling_network(tmp_path / "n.onnx")
    first = prepare(network)
    calls: list[int] = []
    plain = OnnxBackend.compute
    monkeypatch.setattr(OnnxBackend, "compute", lambda *given: calls.append(1) or plain(*given))
    again = prepare(network)
    assert again.shape == first.shape
    # The images on which the runtimes are compared.
    assert len(calls) <= 3
    (file,) = (tmp_path / "cache" / "probes").glob("*.size.json")
    file.write_text(file.read_text().replace("152", "120"))
    assert prepare(network).shape == first.shape


@pytest.mark.parametrize("runtime", ["onnxruntime", "auto"])
def test_a_network_of_a_fixed_batch_is_run_with_no_other(
    runtime: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The memory of a call with larger tiles is unknown, so another call measures it."""
    monkeypatch.setattr(prepared_model, "find_size", lambda *_: sizes.TileSize(96, agrees=True))
    network = pointwise_network(tmp_path / "n.onnx", 2, 3, batch=2)
    prepared = prepare(network, {"runtime": runtime}, ClassifyPixels={"Stride": 1, "Halo": 0})
    assert (prepared.shape.height, prepared.batch_size, prepared.measured_sizes[-1]) == (96, 2, (2, 2, 96, 96))
