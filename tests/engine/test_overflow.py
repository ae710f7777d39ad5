# SPDX-License-Identifier: GPL-2.0-or-later
"""Scores that are not finite become no class: in single precision, and where 16-bit floats overflow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import helper

from classify_pixels.inference.errors import MixedScoresError, ScoresError
from classify_pixels.inference.notices import Caution
from classify_pixels.inference.runtimes import ShrinkingBackend
from tests.networks import class_definition, save_network
from tests.unit.rasters import read_raster, write_raster
from tests.unit.runs import Recorder, classify, names_in

# Ways to decide: each channel has a class, scores are averaged or written, or one channel is a probability or a logit.
WAYS: dict[str, tuple[int, dict[str, str], dict[str, Any]]] = {
    "classes": (2, {}, {}),
    "scores": (2, {"return_probability_raster": "True"}, {}),
    "test-time": (2, {"test_time_augmentation": "True"}, {}),
    "sigmoid": (1, {}, {"OutputActivation": "none"}),
}


def network(path: Path, channels: int, *operations: str, factor: float = 1.0) -> Path:
    """Saves a network of the first bands times a factor, and then of further operations on each value."""
    bands = helper.make_node("Slice", ["image", "from", "to", "axis"], ["bands"])
    nodes = [bands, helper.make_node("Mul", ["bands", "f"], ["0"])]
    for number, operation in enumerate(operations):
        nodes.append(helper.make_node(operation, [str(number)], [str(number + 1)]))
    nodes.append(helper.make_node("Identity", [str(len(operations))], ["scores"]))
    constants = {
        "from": np.array([0]), "to": np.array([channels]), "axis": np.array([1]), "f": np.array(factor, np.float32),
    }  # fmt: skip
    return save_network(path, nodes, constants, ("n", 2, "h", "w"), ("n", channels, "h", "w"))


def classified(tmp_path: Path, weights: Path, way: str, pixels: np.ndarray, progress: Recorder, **more: str) -> Path:
    channels, arguments, keys = WAYS[way]
    definition = class_definition(weights, 2, (10, 20), 16, Padding=0, ClassifyPixels={"Stride": 1}, **keys)
    raster = write_raster(tmp_path / "scene.tif", pixels)
    (tmp_path / "maps").mkdir()
    output = tmp_path / "maps" / "map.tif"
    classify(raster, definition, output, {**arguments, **more}, progress, processor="CPU")
    return output


def some_pixels(largest: float) -> np.ndarray:
    return np.random.default_rng(1).uniform(0, largest, (2, 40, 50)).astype(np.float32)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("operations", "bad"), [(("Log",), -1.0), (("Exp",), 1e4), (("Exp", "Neg"), 1e4)])
def test_a_score_that_is_not_finite_stops_the_run(
    operations: tuple[str, ...], bad: float, way: str, tmp_path: Path
) -> None:
    """In numpy the argmax of NaN is its channel: a class that no score gives."""
    pixels = some_pixels(1) + 1
    pixels[:, 30, 20] = bad
    with np.errstate(all="ignore"):
        assert not np.isfinite(np.log(pixels) if operations == ("Log",) else np.exp(pixels)).all()
    with pytest.raises(ScoresError):
        classified(tmp_path, network(tmp_path / "n.onnx", WAYS[way][0], *operations), way, pixels, Recorder())
    assert names_in(tmp_path / "maps") == []


@pytest.fixture
def in_half_floats(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounds scores to 16-bit floats, whose largest value is 65504."""
    precisely = ShrinkingBackend.run

    def run(self: ShrinkingBackend, pixels: np.ndarray) -> np.ndarray:
        with np.errstate(over="ignore"):
            return precisely(self, pixels).astype(np.float16).astype(np.float32)

    monkeypatch.setattr(ShrinkingBackend, "mixed_precision", True)
    monkeypatch.setattr(ShrinkingBackend, "run", run)
    monkeypatch.setattr(ShrinkingBackend, "run_precisely", precisely)


@pytest.mark.usefixtures("in_half_floats")
@pytest.mark.parametrize("way", [way for way in WAYS if way != "sigmoid"])
@pytest.mark.parametrize(("factor", "largest"), [(1e6, 1.0), (1.0, 1e6)], ids=["weights", "values"])
def test_an_overflow_in_mixed_precision_is_named(factor: float, largest: float, way: str, tmp_path: Path) -> None:
    weights = network(tmp_path / "n.onnx", WAYS[way][0], factor=factor)
    with pytest.raises(MixedScoresError, match="mixed_precision"):
        classified(tmp_path, weights, way, some_pixels(largest), Recorder(), mixed_precision="True")
    assert names_in(tmp_path / "maps") == []


@pytest.mark.usefixtures("in_half_floats")
def test_without_an_overflow_mixed_precision_has_the_classes_of_rounded_scores(tmp_path: Path) -> None:
    pixels, progress = some_pixels(60_000), Recorder()
    weights = network(tmp_path / "n.onnx", 2)
    output = classified(tmp_path, weights, "classes", pixels, progress, mixed_precision="True")
    expected = np.array([10, 20])[pixels.astype(np.float16).argmax(axis=0)]
    np.testing.assert_array_equal(read_raster(output).squeeze(), expected)
    assert not progress.said(Caution.NO_MIXED_PRECISION)
