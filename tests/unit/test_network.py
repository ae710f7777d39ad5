# SPDX-License-Identifier: GPL-2.0-or-later
"""What goes before and after a real network; its calls are counted on the way."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.errors import ScoresError
from classify_pixels.inference.models import ModelClass, Normalization
from classify_pixels.inference.network.classifying import TileClassifier
from classify_pixels.inference.network.decision import LargestScore
from classify_pixels.inference.network.runner import NetworkRunner
from classify_pixels.inference.runtimes import Backend, BackendOptions, NetworkInput, open_backend
from classify_pixels.inference.tiling import Tile
from classify_pixels.inference.window import Window
from tests.networks import identity_network, logarithm_network

NO_DATA = 255
CLASSES = (ModelClass(10, "a", (0, 0, 0)), ModelClass(20, "b", (0, 0, 0)))


class CountingBackend(Backend):
    """Passes everything on to a real backend and keeps the pixels of each call."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.calls: list[np.ndarray] = []

    @property
    def device(self) -> str:
        return self._backend.device

    @property
    def input(self) -> NetworkInput:
        return self._backend.input

    def run(self, pixels: np.ndarray) -> np.ndarray:
        self.calls.append(pixels.copy())
        return self._backend.run(pixels)

    def close(self) -> None:
        self._backend.close()


def opened(path: Path) -> CountingBackend:
    return CountingBackend(open_backend(path, BackendOptions(processor="CPU")))


def network_of(backend: CountingBackend, batch_size: int = 4, **fields: Any) -> TileClassifier:
    runnable = replace(NetworkRunner(backend, None, batch_size), **fields)
    return TileClassifier(runnable, LargestScore(CLASSES), np.uint8, NO_DATA)


def tile(index: int = 0) -> Tile:
    return Tile(index, Window(0, 0, 4, 4), Window(0, 0, 4, 4), Window(1, 1, 2, 2))


def block(seed: int, valid: Any = True) -> tuple[np.ndarray, np.ndarray]:
    pixels = np.random.default_rng(seed).normal(size=(2, 4, 4)).astype(np.float32)
    return pixels, np.broadcast_to(np.asarray(valid), (4, 4)).copy()


def brightest(pixels: np.ndarray) -> np.ndarray:
    return np.where(pixels[1] > pixels[0], 20, 10)


def test_each_tile_gives_the_classes_of_its_core(tmp_path: Path) -> None:
    with closing(opened(identity_network(tmp_path / "n.onnx", 2))) as backend:
        blocks = [block(seed) for seed in range(3)]
        results = network_of(backend).process([tile(i) for i in range(3)], blocks)
        assert len(backend.calls) == 1
        for result, (pixels, _) in zip(results, blocks):
            assert result.shape == (1, 2, 2)
            assert result.dtype == np.uint8
            assert (result[0] == brightest(pixels)[1:3, 1:3]).all()


def test_the_core_lies_elsewhere_in_the_output_than_in_the_read_window(tmp_path: Path) -> None:
    """An output that lacks a margin of 1: its first pixel is the second one of what was read."""
    with closing(opened(identity_network(tmp_path / "n.onnx", 2))) as backend:
        shifted = Tile(0, Window(9, 9, 4, 4), Window(10, 10, 4, 4), Window(10, 10, 2, 2))
        pixels, mask = block(1)
        mask[1, 2] = False
        (result,) = network_of(backend).process([shifted], [(pixels, mask)])
        expected = brightest(pixels)[:2, :2]
        expected[0, 1] = NO_DATA
        assert (result[0] == expected).all()


def test_pixels_that_do_not_count_are_no_data(tmp_path: Path) -> None:
    with closing(opened(identity_network(tmp_path / "n.onnx", 2))) as backend:
        mask = np.ones((4, 4), bool)
        mask[1, 1] = mask[2, 2] = False
        pixels, _ = block(0)
        (result,) = network_of(backend).process([tile()], [(pixels.copy(), mask)])
        assert (result[0] == np.where(mask, brightest(pixels), NO_DATA)[1:3, 1:3]).all()


def test_tiles_without_a_pixel_that_counts_in_their_core_are_not_computed(tmp_path: Path) -> None:
    halo_only = np.ones((4, 4), bool)
    halo_only[1:3, 1:3] = False
    with closing(opened(identity_network(tmp_path / "n.onnx", 2))) as backend:
        network = network_of(backend)
        results = network.process([tile(0), tile(1)], [block(0, False), block(1, halo_only)])
        assert backend.calls == []
        assert all((result == NO_DATA).all() for result in results)


def test_only_the_tiles_that_count_are_computed(tmp_path: Path) -> None:
    with closing(opened(identity_network(tmp_path / "n.onnx", 2))) as backend:
        blocks = [block(0), block(1, False), block(2)]
        results = network_of(backend).process([tile(i) for i in range(3)], blocks)
        assert [call.shape for call in backend.calls] == [(2, 2, 4, 4)]
        assert (results[1] == NO_DATA).all()
        assert (results[2][0] == brightest(blocks[2][0])[1:3, 1:3]).all()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_fixed_batch_is_always_full(count: int, tmp_path: Path) -> None:
    with closing(opened(identity_network(tmp_path / "n.onnx", 2, size=4, batch=3))) as backend:
        blocks = [block(seed) for seed in range(count)]
        results = network_of(backend, 3, fixed_batch=True).process([tile(i) for i in range(count)], blocks)
        assert [call.shape for call in backend.calls] == [(3, 2, 4, 4)]
        assert len(results) == count
        assert (results[-1][0] == brightest(blocks[-1][0])[1:3, 1:3]).all()


def test_pixels_are_normalized_before_the_network(tmp_path: Path) -> None:
    stats = Normalization((0.0, 10.0), (2.0, 20.0), (0.5, 0.0), (0.5, 1.0))
    pixels, mask = block(0)
    with closing(opened(identity_network(tmp_path / "n.onnx", 2))) as backend:
        network_of(backend, normalization=stats).process([tile()], [(pixels.copy(), mask)])
        expected = np.stack([(pixels[0] / 2 - 0.5) / 0.5, (pixels[1] - 10) / 10])
        np.testing.assert_allclose(backend.calls[0][0], expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("value", [-1.0, 0.0])
def test_bad_scores_fail_only_where_pixels_count(value: float, tmp_path: Path) -> None:
    """The logarithm is NaN below 0 and -Inf at 0."""
    pixels = np.ones((2, 4, 4), np.float32)
    pixels[:, 1, 2] = value
    mask = np.ones((4, 4), bool)
    with closing(opened(logarithm_network(tmp_path / "n.onnx"))) as backend:
        network = network_of(backend)
        with pytest.raises(ScoresError):
            network.process([tile()], [(pixels.copy(), mask)])
        mask[1, 2] = False
        (result,) = network.process([tile()], [(pixels.copy(), mask)])
        assert result[0].tolist() == [[10, NO_DATA], [10, 10]]
