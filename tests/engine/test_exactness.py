# SPDX-License-Identifier: GPL-2.0-or-later
"""Tiled output of both runtimes equals that of one bare run of ONNX Runtime on the whole scene, pixel for pixel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classify_pixels.inference.events import RunStarted
from classify_pixels.inference.network.probe import sizes
from classify_pixels.inference.notices import HaloReason
from classify_pixels.inference.phrase import Phrase
from classify_pixels.inference.raster import Extent
from classify_pixels.inference.tiling import round_up
from classify_pixels.inference.window import Window
from tests.networks import (
    bare_run,
    class_definition,
    pointwise_network,
    pooling_network,
    traced_pooling_network,
    valid_kernel,
    valid_network,
)
from tests.unit.rasters import TRANSFORM, random_pixels, read_raster, write_raster
from tests.unit.runs import Recorder, classify

TILE, STRIDE, HALO = 40, 4, 12
VALUES = [11, 22, 33]
SIZES = [(1, 1), (1, 97), (97, 2), (39, 40), (40, 41), (41, 39), (37, 61), (61, 113), (80, 16)]


@pytest.fixture(scope="module")
def networks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pooling network of any size and, with the same weights, of one size."""
    folder = tmp_path_factory.mktemp("networks")
    pooling_network(folder / "free.onnx")
    pooling_network(folder / "fixed.onnx", size=TILE)
    return folder


@pytest.fixture(scope="module", params=["onnxruntime", "openvino"])
def library(request: pytest.FixtureRequest) -> dict[str, str]:
    """The arguments that choose a runtime for ONNX networks."""
    pytest.importorskip(request.param)
    return {"runtime": request.param}


def definition(network: Path, **keys: Any) -> dict[str, Any]:
    own = {"Stride": STRIDE, "Halo": HALO}
    return class_definition(network, 2, VALUES, TILE, **{"ClassifyPixels": own, **keys})


def whole(networks: Path, pixels: np.ndarray, fixed: bool) -> np.ndarray:
    """Classes of one run over the scene extended with zeros: to the stride, and to a tile of a fixed size."""
    _, height, width = pixels.shape
    least = TILE if fixed else 0
    extended = np.zeros((1, 2, max(least, round_up(height, STRIDE)), max(least, round_up(width, STRIDE))), np.float32)
    extended[0, :, :height, :width] = pixels
    scores = bare_run(networks / "free.onnx", extended)
    return np.array(VALUES)[scores[0].argmax(axis=0)][:height, :width]


def extent_of(window: Window) -> Extent:
    x, y = TRANSFORM[0] + 10 * window.x, TRANSFORM[3] - 10 * window.y
    return Extent((x, y - 10 * window.height, x + 10 * window.width, y))


def run(folder: Path, pixels: np.ndarray, model: Any, arguments: Any = None, **environment: Any) -> np.ndarray:
    raster, output = write_raster(folder / "scene.tif", pixels), folder / "classes.tif"
    classify(raster, model, output, arguments, **environment)
    return read_raster(output)


@pytest.mark.parametrize("fixed", [False, True], ids=["free", "fixed"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_tiles_equal_the_whole_scene(
    size: tuple[int, int], fixed: bool, networks: Path, library: dict[str, str], tmp_path: Path
) -> None:
    pixels = random_pixels(2, *size)
    model = definition(networks / ("fixed.onnx" if fixed else "free.onnx"))
    expected = whole(networks, pixels, fixed)
    files = []
    for batch, workers in (("3", 2), ("1", 1), ("1", 4)):
        result = run(tmp_path, pixels, model, {"batch_size": batch, **library}, workers=workers)
        assert (result == expected).all()
        files.append((tmp_path / "classes.tif").read_bytes())
    assert files[1] == files[2]


@settings(max_examples=30)
@given(
    size=st.tuples(st.integers(1, 130), st.integers(1, 130)),
    corner=st.tuples(st.integers(0, 129), st.integers(0, 129)),
    extent=st.tuples(st.integers(1, 130), st.integers(1, 130)),
    fixed=st.booleans(),
    workers=st.integers(1, 4),
)
def test_an_extent_equals_the_crop_of_the_whole(
    size: tuple[int, int],
    corner: tuple[int, int],
    extent: tuple[int, int],
    fixed: bool,
    workers: int,
    networks: Path,
    library: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    pixels = random_pixels(2, *size)
    scene = Window(0, 0, size[1], size[0])
    window = Window(corner[1] % size[1], corner[0] % size[0], extent[1], extent[0]).intersection(scene)
    model = definition(networks / ("fixed.onnx" if fixed else "free.onnx"))
    found = run(tmp_path_factory.mktemp("run"), pixels, model, library, extent=extent_of(window), workers=workers)
    assert (found == whole(networks, pixels, fixed)[window.within(scene)]).all()


def test_without_its_halo_a_tile_would_show(networks: Path, library: dict[str, str], tmp_path: Path) -> None:
    """The networks of these tests do look around: else all of them would prove nothing."""
    pixels = random_pixels(2, 97, 97)
    expected = whole(networks, pixels, fixed=False)
    model = definition(networks / "free.onnx")
    assert (run(tmp_path, pixels, model, {"padding": "0", **library}) != expected).mean() > 0.01
    assert (run(tmp_path, pixels, model, {"padding": "8", **library}) != expected).any()
    assert (run(tmp_path, pixels, model, {"padding": "9", **library}) == expected).all()


@pytest.mark.parametrize("tile_size", ["28", "44", "64", "66", "200"])
def test_any_size_of_tiles_gives_the_same(
    tile_size: str, networks: Path, library: dict[str, str], tmp_path: Path
) -> None:
    pixels = random_pixels(2, 75, 101)
    arguments = {"tile_size": tile_size, **library}
    found = run(tmp_path, pixels, definition(networks / "free.onnx"), arguments, workers=2)
    assert (found == whole(networks, pixels, fixed=False)).all()


def test_a_fixed_batch_with_an_odd_number_of_tiles(tmp_path: Path) -> None:
    pixels = random_pixels(3, 30, 50)
    fixed = pointwise_network(tmp_path / "fixed.onnx", 3, 3, size=20, batch=2)
    free = pointwise_network(tmp_path / "free.onnx", 3, 3)
    expected = np.array(VALUES)[bare_run(free, pixels[None])[0].argmax(axis=0)]
    model = class_definition(fixed, 3, VALUES, 20, Padding=0)
    raster, output = write_raster(tmp_path / "scene.tif", pixels), tmp_path / "classes.tif"
    assert classify(raster, model, output, workers=2).tiles % 2 == 0
    assert (read_raster(output) == expected).all()
    result = classify(raster, model, output, workers=2, extent=extent_of(Window(0, 0, 50, 20)))
    assert result.tiles % 2 == 1
    assert (read_raster(output) == expected[:20]).all()


def test_a_result_of_many_blocks_has_the_same_bytes_for_any_workers(library: dict[str, str], tmp_path: Path) -> None:
    network = pointwise_network(tmp_path / "n.onnx", 2, 3)
    model = class_definition(network, 2, VALUES, 256, Padding=0)
    pixels = random_pixels(2, 1300, 1100)
    files = []
    for workers in (1, 2, 4):
        found = run(tmp_path, pixels, model, library, workers=workers)
        files.append((tmp_path / "classes.tif").read_bytes())
    assert (found == np.array(VALUES)[bare_run(network, pixels[None])[0].argmax(axis=0)]).all()
    assert files[0] == files[1] == files[2]


def test_torchscript_gives_the_same_map_as_onnx(networks: Path, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    pixels = random_pixels(2, 75, 101)
    model = definition(traced_pooling_network(tmp_path / "n.pt"))
    assert (run(tmp_path, pixels, model, workers=2) == whole(networks, pixels, fixed=False)).all()


def correlate(pixels: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Scores (channels, height, width) of a kernel (channels, bands, 5, 5), with zeros around the scene."""
    _, height, width = pixels.shape
    around = np.pad(pixels.astype(np.float64), ((0, 0), (2, 2), (2, 2)))
    scores = np.zeros((len(kernel), height, width))
    for row in range(5):
        for column in range(5):
            part = around[:, row : row + height, column : column + width]
            scores += np.einsum("cb,bhw->chw", kernel[:, :, row, column].astype(np.float64), part)
    return scores


@pytest.mark.parametrize("fixed", [None, 24], ids=["free", "fixed"])
@pytest.mark.parametrize("keys", [{"ModelPadding": 2}, {"Padding": 2}, {"Padding": 5}, {"Padding": 0}], ids=str)
@pytest.mark.parametrize("size", [(1, 1), (20, 20), (21, 19), (53, 31)], ids=str)
def test_an_output_smaller_than_the_input_is_put_in_its_place(
    size: tuple[int, int], keys: dict[str, int], fixed: int | None, library: dict[str, str], tmp_path: Path
) -> None:
    pixels = random_pixels(2, *size)
    network = valid_network(tmp_path / "n.onnx", size=fixed)
    model = class_definition(network, 2, VALUES, 24, ClassifyPixels={"Stride": 1}, **keys)
    expected = np.array(VALUES)[correlate(pixels, valid_kernel(2, 3)).argmax(axis=0)]
    assert (run(tmp_path, pixels, model, library, workers=2) == expected).all()
    crop = Window(size[1] // 3, size[0] // 2, size[1] // 2 + 1, size[0] // 2 + 1).intersection(
        Window(0, 0, size[1], size[0])
    )
    cropped = run(tmp_path, pixels, model, library, extent=extent_of(crop))
    assert (cropped == expected[crop.within(Window(0, 0, size[1], size[0]))]).all()


@pytest.mark.parametrize(
    ("network", "tile_size"), [("fixed", None), ("free", None), ("free", "48"), ("free", "64"), ("free", "100")]
)
def test_a_run_that_says_nothing_is_exact(
    network: str, tile_size: str | None, networks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The smallest tiles, as if all sizes were equally fast.
    monkeypatch.setattr(sizes, "sides_for", lambda shape: [max(shape.height, shape.width)])
    pixels, progress = random_pixels(2, 150, 210), Recorder()
    raster, output = write_raster(tmp_path / "scene.tif", pixels), tmp_path / "classes.tif"
    arguments = {"tile_size": tile_size} if tile_size else {}
    model = class_definition(networks / f"{network}.onnx", 2, VALUES, TILE)
    result = classify(raster, model, output, arguments, progress=progress, workers=2)
    assert (read_raster(output) == whole(networks, pixels, fixed=False)).all()
    assert (result.halo, result.stride) == (16, STRIDE)
    (started,) = progress.all_of(RunStarted)
    assert (started.halo, started.halo_reason) == (16, Phrase(HaloReason.EXACT))
