# SPDX-License-Identifier: GPL-2.0-or-later
"""The argmax of channels is numpy's, and classes are the same wherever they are decided upon."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.errors import ScoresError
from classify_pixels.inference.models import ModelClass
from classify_pixels.inference.network.argmax import channel_argmax
from classify_pixels.inference.network.decision import LargestScore
from classify_pixels.inference.runtimes.torch.torch_backend import TorchBackend
from tests.networks import class_definition, traced_pooling_network
from tests.unit.rasters import random_pixels, read_raster, write_raster
from tests.unit.runs import classify


@given(st.integers(1, 300), st.integers(1, 70), st.integers(1, 9), st.integers(0, 9), st.booleans())
def test_it_is_argmax(channels: int, height: int, width: int, seed: int, ties: bool) -> None:
    scores = np.random.default_rng(seed).normal(size=(channels, height, width)).astype(np.float32)
    scores = np.round(scores) if ties else scores
    assert np.array_equal(channel_argmax(scores), scores.argmax(axis=0))


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64, np.int32, np.uint8])
def test_scores_of_any_type(kind: type) -> None:
    scores = (np.random.default_rng(0).random((5, 40, 30)) * 100).astype(kind)
    assert np.array_equal(channel_argmax(scores), scores.argmax(axis=0))


@given(st.sets(st.integers(0, 5), max_size=5), st.integers(0, 9))
def test_the_argmax_of_a_device_become_the_same_classes(never: set[int], seed: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(6, 7, 8)).astype(np.float32)
    skipped = tuple(sorted(never))
    classes = tuple(ModelClass(10 * i, str(i), (0, 0, 0)) for i in range(6 - len(skipped)))
    decision = LargestScore(classes, skipped)
    allowed = scores.copy()
    allowed[list(skipped)] = -np.inf
    argmax = allowed.argmax(axis=0).astype(np.uint8)
    assert np.array_equal(decision.decide_argmax(argmax), decision.decide(scores))


def test_the_mark_of_scores_that_are_not_finite_is_an_error() -> None:
    decision = LargestScore((ModelClass(1, "a", (0, 0, 0)), ModelClass(2, "b", (0, 0, 0))))
    with pytest.raises(ScoresError):
        decision.decide_argmax(np.array([[0, 255]], np.uint8))


def test_a_backend_that_decides_makes_the_same_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The CPU is told to decide as a GPU would."""
    pytest.importorskip("torch")
    network = traced_pooling_network(tmp_path / "network.pt")
    pixels = random_pixels(2, 90, 110)
    pixels[:, 10:30, 20:50] = -9999
    raster = write_raster(tmp_path / "scene.tif", pixels, no_data=-9999)
    model = class_definition(network, 2, [4, 5, 6], 40, Framework="PyTorch", ClassifyPixels={"Stride": 4, "Halo": 12})
    classify(raster, model, tmp_path / "plain.tif")
    monkeypatch.setattr(TorchBackend, "decides", True)
    classify(raster, model, tmp_path / "decided.tif")
    assert np.array_equal(read_raster(tmp_path / "plain.tif"), read_raster(tmp_path / "decided.tif"))
