# SPDX-License-Identifier: GPL-2.0-or-later
"""Models that this machine has opened before, whose networks are not tried again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.models import Model, parse_emd, read_arguments
from classify_pixels.inference.network import NetworkOptions, NetworkSettings, OpenNetwork, known_models
from classify_pixels.inference.progress import SilentProgress
from classify_pixels.inference.runtimes.onnx.onnx_backend import OnnxBackend
from tests.networks import class_definition, pooling_network
from tests.unit.rasters import random_pixels, read_raster, write_raster
from tests.unit.runs import classify

VALUES = [11, 22, 33]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """The sizes of all calls of networks in ONNX Runtime."""
    made: list[tuple[int, ...]] = []
    plain = OnnxBackend._computed

    def computed(self: Any, pixels: Any, names: list[str]) -> Any:
        made.append(pixels.shape)
        return plain(self, pixels, names)

    monkeypatch.setattr(OnnxBackend, "_computed", computed)
    return made


def opened(network: Path, arguments: Any = None, **settings: Any) -> OpenNetwork:
    definition = parse_emd(class_definition(network, 2, VALUES, 40), "model")
    given = {"runtime": "onnxruntime", **(arguments or {})}
    options = NetworkOptions(
        read_arguments(given), NetworkSettings(cache=network.parent / "cache", processor="CPU", **settings)
    )
    with OpenNetwork(Model("model", network, definition), options, SilentProgress()) as found:
        return found


def test_a_known_model_is_not_run_before_its_tiles(tmp_path: Path, calls: list[Any]) -> None:
    network = pooling_network(tmp_path / "n.onnx")
    first = opened(network)
    assert calls
    calls.clear()
    again = opened(network)
    assert not calls
    assert again.prepared == first.prepared
    assert again._growth == first._growth


@pytest.mark.parametrize("runtime", ["auto", "openvino"])
def test_runtimes_are_compared_once_for_a_known_model(runtime: str, tmp_path: Path, calls: list[Any]) -> None:
    pytest.importorskip("openvino")
    network = pooling_network(tmp_path / "n.onnx")
    assert opened(network, {"runtime": runtime})._runtime == "openvino"
    assert calls
    calls.clear()
    assert opened(network, {"runtime": runtime})._runtime == "openvino"
    assert not calls
    # A process that continues the job of another machine has compared nothing yet.
    first = opened(network, {"runtime": runtime}).prepared
    definition = parse_emd(class_definition(network, 2, VALUES, 40), "model")
    options = NetworkOptions(read_arguments({}), NetworkSettings(cache=tmp_path / "other", processor="CPU"))
    with OpenNetwork(Model("model", network, definition), options, SilentProgress(), first, 0, "openvino"):
        assert calls


@pytest.mark.parametrize("change", ["weights", "arguments", "workers", "plugin", "device", "damage"])
def test_anything_else_is_tried(change: str, tmp_path: Path, calls: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    network = pooling_network(tmp_path / "n.onnx")
    opened(network)
    calls.clear()
    arguments, settings = {}, {}
    if change == "weights":
        network.write_bytes(network.read_bytes() + b"\x72\x00")
    elif change == "arguments":
        arguments = {"batch_size": "2"}
    elif change == "workers":
        settings = {"workers": 2}
    elif change == "plugin":
        monkeypatch.setattr(known_models, "version", lambda: "0.0.0")
    elif change == "device":
        monkeypatch.setattr(OnnxBackend, "device", "CPU (ONNX Runtime 9.9)")
    else:
        (file,) = (tmp_path / "cache" / "models").iterdir()
        file.write_text(file.read_text().replace('"stride": 4', '"stride": 2'))
    opened(network, arguments, **settings)
    assert calls


def test_what_has_no_form_is_not_stored(tmp_path: Path) -> None:
    found = opened(pooling_network(tmp_path / "n.onnx"))
    known = known_models.KnownModel(replace(found.prepared, decision=object()), 1, "CPU", "onnxruntime")  # type: ignore[arg-type]
    known_models.write_known(tmp_path / "entry.json", known)
    assert not (tmp_path / "entry.json").exists()


@pytest.mark.parametrize("text", ["{}", '{"kind": "os"}', "[1]", '{"prepared": {"kind": "system", "content": {}}}'])
def test_a_foreign_entry_counts_as_none(text: str, tmp_path: Path) -> None:
    import hashlib

    file = tmp_path / "entry.json"
    file.write_text(f"{hashlib.sha256(text.encode()).hexdigest()}\n{text}")
    assert known_models.read_known(file) is None


def test_its_map_is_the_same(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "scene.tif", random_pixels(2, 150, 210))
    model = class_definition(pooling_network(tmp_path / "n.onnx"), 2, VALUES, 40)
    maps = []
    for name in ("first.tif", "second.tif"):
        classify(raster, model, tmp_path / name, {}, workers=2)
        maps.append(read_raster(tmp_path / name))
    np.testing.assert_array_equal(*maps)
