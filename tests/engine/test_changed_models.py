# SPDX-License-Identifier: GPL-2.0-or-later
"""Files of a model that are replaced during a run: the map is of one model, or there is none."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any, Callable

import numpy as np
import onnx
import pytest
from onnx import helper

from classify_pixels.inference.errors import ModelChangedError
from classify_pixels.inference.events import Event, Progressed
from classify_pixels.inference.models import Model, parse_emd, read_arguments
from classify_pixels.inference.network import NetworkOptions, NetworkSettings
from classify_pixels.inference.notices import Note
from classify_pixels.inference.progress import SilentProgress
from classify_pixels.inference.run import session
from classify_pixels.inference.run.kept_network import KeptNetwork
from classify_pixels.inference.run.resume import model_digests
from tests.networks import bare_run, class_definition, pointwise_network, pooling_network, save_network
from tests.runs import read
from tests.unit.rasters import random_pixels, write_raster
from tests.unit.runs import classify, names_in

VALUES = [11, 22, 33]


class Once(SilentProgress):
    """Does something once, at the first event of a kind."""

    def __init__(self, when: Callable[[Event], bool], action: Callable[[], Any]) -> None:
        self._when, self._action, self.done = when, action, False

    def emit(self, event: Event) -> None:
        if not self.done and self._when(event):
            self.done = True
            self._action()


def probing(event: Event) -> bool:
    return getattr(event, "kind", None) is Note.PROBING


def running(event: Event) -> bool:
    return isinstance(event, Progressed)


@pytest.fixture
def pixels() -> np.ndarray:
    return random_pixels(2, 96, 120)


@pytest.fixture
def raster(tmp_path: Path, pixels: np.ndarray) -> Path:
    return write_raster(tmp_path / "scene.tif", pixels)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "map.tif"


def expected(network: Path, pixels: np.ndarray) -> np.ndarray:
    return np.array(VALUES)[bare_run(network, pixels[np.newaxis].astype(np.float32))[0].argmax(0)]


def in_folder(folder: Path, seed: int, location: str = "n.bin") -> Path:
    """Saves a network with its tensors in another file, of which runtimes may read some only when they are used."""
    folder.mkdir()
    random = np.random.default_rng(seed)
    weights = {
        "by_band": random.normal(size=(1, 2, 1, 1)).astype(np.float32),
        "table": random.normal(size=(512, 512)).astype(np.float32),
        "row": np.array([3]),
        "w": random.normal(size=(3, 2, 1, 1)).astype(np.float32),
    }
    nodes = [
        helper.make_node("Mul", ["image", "by_band"], ["scaled"]),
        helper.make_node("Gather", ["table", "row"], ["number"], axis=0),
        helper.make_node("ReduceMean", ["number"], ["mean"], keepdims=0),
        helper.make_node("Add", ["scaled", "mean"], ["moved"]),
        helper.make_node("Conv", ["moved", "w"], ["scores"], kernel_shape=[1, 1]),
    ]
    path = save_network(folder / "n.onnx", nodes, weights, ("n", 2, "h", "w"), ("n", 3, "h", "w"))
    (folder / location).parent.mkdir(exist_ok=True)
    onnx.save(onnx.load(str(path)), str(path), save_as_external_data=True, location=location, size_threshold=8)
    return path


def test_a_network_that_is_replaced_while_it_is_measured(
    tmp_path: Path, raster: Path, pixels: np.ndarray, output: Path
) -> None:
    first, second = pointwise_network(tmp_path / "a.onnx", 2, 3), pooling_network(tmp_path / "b.onnx")
    network = tmp_path / "n.onnx"
    shutil.copy(first, network)
    model = class_definition(network, 2, VALUES, 40)
    progress = Once(probing, lambda: shutil.copy(second, network))
    with pytest.raises(ModelChangedError):
        classify(raster, model, output, progress=progress)
    assert names_in(output.parent) == []
    # What was measured of the first one does not count for the second one.
    classify(raster, model, output)
    assert np.array_equal(read(output), expected(second, pixels))
    shutil.copy(first, network)
    classify(raster, model, output)
    assert np.array_equal(read(output), expected(first, pixels))


@pytest.mark.parametrize("runtime", ["onnxruntime", "openvino"])
def test_tensors_that_are_overwritten_during_a_run(
    runtime: str, tmp_path: Path, raster: Path, pixels: np.ndarray, output: Path
) -> None:
    network, other = in_folder(tmp_path / "a", 1), in_folder(tmp_path / "b", 2)
    wanted, tensors = expected(network, pixels), network.with_name("n.bin")
    before = tensors.read_bytes()
    model = {**class_definition(network, 2, VALUES, 40), "ClassifyPixels": {"Stride": 1, "Halo": 0}}
    arguments = {"runtime": runtime, "tile_size": "40"}

    def overwrite() -> None:
        tensors.write_bytes(other.with_name("n.bin").read_bytes())

    with pytest.raises(ModelChangedError):
        classify(raster, model, output, arguments, Once(running, overwrite))
    assert not output.exists()
    tensors.write_bytes(before)
    classify(raster, model, output, arguments)
    assert np.array_equal(read(output), wanted)


def test_a_network_that_is_replaced_before_it_is_opened(
    tmp_path: Path, raster: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network, other = pointwise_network(tmp_path / "a.onnx", 2, 3), pointwise_network(tmp_path / "b.onnx", 2, 3, seed=4)
    plain = session.open_session

    def replaced(*arguments: Any) -> Any:
        os.replace(other, network)
        return plain(*arguments)

    monkeypatch.setattr(session, "open_session", replaced)
    # Otherwise its strips would be taken for those of the first network.
    with pytest.raises(ModelChangedError):
        classify(raster, class_definition(network, 2, VALUES, 40), output)
    assert not output.exists()


@pytest.mark.parametrize("touch", [os.utime, os.unlink])
def test_a_file_with_the_same_content_or_none_does_not_end_a_run(
    touch: Callable[[Path], None], tmp_path: Path, raster: Path, pixels: np.ndarray, output: Path
) -> None:
    network = pointwise_network(tmp_path / "n.onnx", 2, 3)
    wanted = expected(network, pixels)
    progress = Once(running, lambda: touch(network))
    classify(raster, class_definition(network, 2, VALUES, 40), output, progress=progress)
    assert progress.done
    assert np.array_equal(read(output), wanted)


def test_a_kept_network_is_opened_again_for_other_content(tmp_path: Path) -> None:
    network, other = pointwise_network(tmp_path / "a.onnx", 2, 3), pointwise_network(tmp_path / "b.onnx", 2, 3, seed=4)
    model = Model("model", network, parse_emd(class_definition(network, 2, VALUES, 40), "model"))
    options = NetworkOptions(read_arguments(None), NetworkSettings(cache=tmp_path / "cache", processor="CPU"))
    kept = KeptNetwork()
    prepared = kept.opened(model, options, SilentProgress(), None, 0, "").prepared
    given = model, options, SilentProgress(), prepared, 1, "onnxruntime"
    second = kept.opened(*given)
    assert kept.opened(*given) is second
    os.replace(other, network)
    assert kept.opened(*given) is not second
    kept.close()


def test_tensors_of_the_same_name_in_two_folders_are_not_exchanged_unnoticed(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    network = in_folder(folder, 1)
    content = onnx.load(str(network), load_external_data=False)
    for tensor in content.graph.initializer:
        for entry in tensor.external_data:
            if entry.key == "location":
                entry.value = f"{'x' if tensor.name == 'w' else 'y'}/n.bin"
    onnx.save(content, str(network))
    for name in ("x", "y"):
        (folder / name).mkdir()
        (folder / name / "n.bin").write_bytes(name.encode() * 8)
    before = model_digests(Model("model", network, None), ())
    (folder / "x").rename(folder / "z")
    (folder / "y").rename(folder / "x")
    (folder / "z").rename(folder / "y")
    assert model_digests(Model("model", network, None), ()) != before
