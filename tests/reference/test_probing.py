# SPDX-License-Identifier: GPL-2.0-or-later
"""Published networks without declared padding and stride: tiles equal one run over the whole scene."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

from classify_pixels.inference.models import open_model, read_model_reference
from classify_pixels.inference.network.probe import Probe, Probing, find_probe
from classify_pixels.inference.progress import SilentProgress
from classify_pixels.inference.runtimes import BackendOptions, open_backend
from classify_pixels.inference.tiling import round_up
from tests.runs import classify, read, write

LANDSAT = "sample/landsat7_landcover"
DYNAMIC_WORLD = "models/dynamicworld/dynamicworld"
CLOUDS = "models/cloud3_small_unet/cloud3_small_unet"
WEIGHTS = {LANDSAT: ".onnx", DYNAMIC_WORLD: "_dn_nchw_softmax.onnx", CLOUDS: ".onnx"}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Findings are shared between the tests of this file."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def place(request: pytest.FixtureRequest, sample: Path) -> Any:
    """Returns the file of a model or scene by its name."""

    def find(name: str) -> Path:
        if name.startswith("sample/"):
            return sample / name.removeprefix("sample/")
        return Path(request.getfixturevalue("reference_data")) / name

    return find


def mute_definition(place: Any, name: str) -> dict[str, Any]:
    """Returns the definition of a model without padding and stride."""
    definition: dict[str, Any] = json.loads(place(name + ".emd").read_text())
    definition.pop("ClassifyPixels")
    definition["ModelFile"] = str(place(name + WEIGHTS[name]))
    return definition


def whole(weights: Path, pixels: np.ndarray, stride: int) -> np.ndarray:
    """Returns the channels with the largest scores of one run over the scene, extended with zeros to the stride."""
    bands, height, width = pixels.shape
    extended = np.zeros((1, bands, round_up(height, stride), round_up(width, stride)), np.float32)
    extended[0, :, :height, :width] = pixels
    session = onnxruntime.InferenceSession(str(weights), providers=["CPUExecutionProvider"])
    classes: np.ndarray = session.run(None, {"image": extended})[0][0].argmax(axis=0)[:height, :width]
    return classes


def probe_of(weights: Path, bands: int, cache: Path, normalized: bool = False) -> Probe:
    probing = Probing(cache, SilentProgress(), 600)
    with closing(open_backend(weights, BackendOptions(processor="CPU", bands=bands))) as backend:
        return find_probe(weights, backend, bands, normalized, 0, None, probing)


@pytest.mark.parametrize(
    ("name", "bands", "stride", "halo"), [(DYNAMIC_WORLD, 9, 2, 21), (LANDSAT, 6, 4, 22), (CLOUDS, 6, 8, 46)]
)
def test_local_networks_are_seen_to_the_pixel(
    name: str, bands: int, stride: int, halo: int, place: Any, cache: Path
) -> None:
    """A single changed pixel moves scores 22, 23 and 51 pixels away; no core begins at the worst place."""
    found = probe_of(place(name + WEIGHTS[name]), bands, cache)
    assert (found.stride, found.halo, found.exact) == (stride, halo, True)


@pytest.mark.parametrize("tile_size", [None, 128, 136])
@pytest.mark.parametrize(
    ("name", "scene", "stride"),
    [
        (DYNAMIC_WORLD, "scenes/s2_amazon_dw9_boa_dn_244x236_epsg4326.tif", 2),
        (DYNAMIC_WORLD, "scenes/s2_amazon_dw9_boa_dn_epsg4326.tif", 2),
        (LANDSAT, "sample/landsat7_olinda.tif", 4),
        (CLOUDS, "sample/landsat7_olinda.tif", 8),
    ],
)
def test_tiles_equal_the_whole_scene_in_every_pixel(
    name: str, scene: str, stride: int, tile_size: int | None, place: Any, cache: Path, tmp_path: Path
) -> None:
    if tile_size is None and name == DYNAMIC_WORLD:
        pytest.skip("the tile is larger than the scene")
    raster = place(scene)
    pixels = read(raster).astype(np.float32)
    if name == CLOUDS:
        # Larger than tiles of any size, and with the values of the training.
        pixels = np.tile(pixels, (1, 2, 2)) / np.float32(255)
        raster = write(tmp_path / "scene.tif", pixels)
    definition, result = mute_definition(place, name), tmp_path / "classes.tif"
    arguments = {"tile_size": tile_size} if tile_size else {}
    done = classify(raster, definition, result, arguments, workers=2, cache=cache)
    expected = whole(Path(definition["ModelFile"]), pixels, stride)
    assert done.stride == stride
    assert np.array_equal(read(result), expected)
    assert len(np.unique(expected)) > 1


def test_a_network_with_context_bounds_its_seams(place: Any, cache: Path, tmp_path: Path) -> None:
    """Squeeze and excitation make every score depend on every pixel of a tile."""
    package = Path(__file__).parents[2] / "build" / "models" / "ukis_csmask_6b_l1c.dlpk"
    if not package.is_file():
        pytest.skip("the package of the cloud network was not built")
    model = open_model(read_model_reference(package), tmp_path)
    found = probe_of(model.weights, 6, cache, normalized=True)
    assert (found.exact, found.failure) == (False, None)
    assert found.stride in (8, 16, 32)
    assert found.halo is not None
    assert 8 <= found.halo <= 64
    assert 0.005 < found.seam(found.halo) < 0.03
