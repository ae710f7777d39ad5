# SPDX-License-Identifier: GPL-2.0-or-later
"""Previews: the pixels of a whole run, in memory, from one network that stays open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference import SilentProgress
from classify_pixels.inference.errors import ExtentMissesRasterError, RunCancelledError
from classify_pixels.inference.models import ModelReference, read_arguments
from classify_pixels.inference.network import open_network
from classify_pixels.inference.raster import Extent, GdalInput
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.preview import Preview, PreviewSession
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from tests.networks import bare_run, class_definition, pooling_network
from tests.unit.rasters import TRANSFORM, random_pixels, read_raster, write_raster

VALUES = [4, 5, 6]
HEIGHT, WIDTH = 300, 340


@pytest.fixture
def pixels() -> np.ndarray:
    return random_pixels(2, HEIGHT, WIDTH, seed=1)


@pytest.fixture
def request_(tmp_path: Path, pixels: np.ndarray) -> ClassificationRequest:
    """A raster, and a network whose halo, 10, is declared and no multiple of its stride, 4."""
    raster = write_raster(tmp_path / "scene.tif", pixels)
    network = pooling_network(tmp_path / "network.onnx")
    model = class_definition(network, 2, VALUES, 64, ClassifyPixels={"Stride": 4, "Halo": 10})
    environment = Environment(cache=tmp_path / "cache", workers=2)
    return ClassificationRequest(
        GdalInput(str(raster)), ModelReference(document=model), tmp_path / "out.tif", environment=environment
    )


@pytest.fixture
def previews() -> Iterator[PreviewSession]:
    with PreviewSession() as session:
        yield session


def at(request: ClassificationRequest, preview: PreviewSession, x: int, y: int, width: int, height: int) -> Preview:
    """Previews a window of cells of the raster."""
    return preview.classify(windowed(request, x, y, width, height), SilentProgress())


def windowed(request: ClassificationRequest, x: int, y: int, width: int, height: int) -> ClassificationRequest:
    x0, dx, _, y0, _, dy = TRANSFORM
    bounds = x0 + x * dx, y0 + (y + height) * dy, x0 + (x + width) * dx, y0 + y * dy
    return replace(request, environment=replace(request.environment, extent=Extent(bounds)))


@pytest.mark.parametrize("window", [(0, 0, 50, 40), (101, 77, 128, 130), (290, 250, 50, 50), (3, 5, 1, 1)])
def test_preview_equals_the_network_on_the_whole_scene_and_the_whole_run(
    request_: ClassificationRequest, previews: PreviewSession, pixels: np.ndarray, window: tuple[int, int, int, int],
    tmp_path: Path,
) -> None:  # fmt: skip
    found = at(request_, previews, *window)
    x, y, width, height = window
    whole = np.array(VALUES)[bare_run(tmp_path / "network.onnx", pixels[None])[0].argmax(axis=0)]
    assert np.array_equal(found.values, whole[y : y + height, x : x + width])
    classify_pixels(request_, SilentProgress())
    written = read_raster(request_.output)
    assert np.array_equal(found.values, written[y : y + height, x : x + width])
    assert (found.grid.width, found.grid.height) == (width, height)


def test_preview_writes_nothing(request_: ClassificationRequest, previews: PreviewSession, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    at(request_, previews, 10, 10, 64, 64)
    cache = request_.environment.cache
    assert [path for path in sorted(tmp_path.rglob("*")) if cache not in (path, *path.parents)] == before


def test_scores_that_the_arguments_request_are_left_out(
    request_: ClassificationRequest, previews: PreviewSession
) -> None:
    plain = at(request_, previews, 10, 10, 64, 64)
    scored = replace(request_, arguments=read_arguments({"return_probability_raster": "true"}))
    assert np.array_equal(at(scored, previews, 10, 10, 64, 64).values, plain.values)


def test_colors_are_those_of_the_classes(tmp_path: Path, request_: ClassificationRequest) -> None:
    pixels = random_pixels(2, 80, 80, seed=2)
    pixels[:, 20:30, 40:60] = 7
    holed = write_raster(tmp_path / "holed.tif", pixels, no_data=7)
    request = replace(request_, raster=GdalInput(str(holed)))
    with PreviewSession() as previews:
        found = at(request, previews, 0, 0, 80, 80)
    colors = found.colors()
    for each in found.classes:
        assert (colors[found.values == each.value] == (*each.color, 255)).all()
    assert (colors[found.values == found.no_data][:, 3] == 0).all()
    assert (found.values == found.no_data).any()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    calls: list[Any] = []
    open_backend = open_network.open_backend

    def counted(*given: Any) -> Any:
        calls.append(given)
        return open_backend(*given)

    monkeypatch.setattr(open_network, "open_backend", counted)
    return calls


def test_network_stays_open_also_after_a_cancelled_preview_and_a_missed_raster(
    request_: ClassificationRequest, previews: PreviewSession, opened: list[Any]
) -> None:
    at(request_, previews, 0, 0, 60, 60)
    first = len(opened)
    cancelled = SilentProgress()
    cancelled.cancelled = True
    with pytest.raises(RunCancelledError):
        previews.classify(windowed(request_, 0, 0, 60, 60), cancelled)
    with pytest.raises(ExtentMissesRasterError):
        at(request_, previews, 5000, 0, 60, 60)
    at(request_, previews, 100, 100, 60, 60)
    assert len(opened) == first


def test_changed_network_is_opened_again(
    request_: ClassificationRequest, previews: PreviewSession, pixels: np.ndarray, tmp_path: Path
) -> None:
    at(request_, previews, 0, 0, 60, 60)
    changed = pooling_network(tmp_path / "network.onnx", seed=9)
    found = at(request_, previews, 0, 0, 60, 60)
    whole = np.array(VALUES)[bare_run(changed, pixels[None])[0].argmax(axis=0)]
    assert np.array_equal(found.values, whole[:60, :60])
