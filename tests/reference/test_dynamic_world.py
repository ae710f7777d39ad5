# SPDX-License-Identifier: GPL-2.0-or-later
"""Dynamic World against the results of its authors' own TensorFlow model."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from classify_pixels.inference.tiling import TileShape, round_up
from tests.runs import classify, read, tiled_scores, write

# Google's normalisation of Sentinel-2 reflectance x 10000 for the network that includes none:
# per band (B2, B3, B4, B5, B6, B7, B8, B11, B12) the 30th and 70th percentiles of log(0.005 x + 1).
# Source: github.com/google/dynamicworld, single_image_runner.ipynb.
PERCENTILES = np.array(
    [
        [1.7417268007636313, 2.023298706048351],
        [1.7261204997060209, 2.038905204308012],
        [1.6798346251414997, 2.179592821212937],
        [1.7734969472909623, 2.2890068333026603],
        [2.289154079164943, 2.6171674549378166],
        [2.382939712192371, 2.773418590375327],
        [2.3828939530384052, 2.7578332604178284],
        [2.1952484264967844, 2.789092484314204],
        [1.554812948247501, 2.4140534947492487],
    ]
)


@pytest.fixture
def even_scene(reference_data: Path) -> Path:
    return reference_data / "scenes" / "s2_amazon_dw9_boa_dn_244x236_epsg4326.tif"


@pytest.fixture
def model(reference_data: Path) -> Path:
    return reference_data / "models" / "dynamicworld" / "dynamicworld.emd"


def truth(reference_data: Path, kind: str) -> np.ndarray:
    return read(reference_data / "truth" / f"s2_amazon_244x236__dynamicworld_minus1000_{kind}.tif")


def normalized(pixels: np.ndarray) -> np.ndarray:
    """Returns the input of Google's network without normalisation for pixels (bands, height, width)."""
    scaled = np.log(pixels * 0.005 + 1)
    scaled = (scaled - PERCENTILES[:, :1, None]) / PERCENTILES[:, 1:, None]
    squeezed = np.exp(scaled * 5 - 1)
    return (squeezed / (squeezed + 1)).astype(np.float32)


@pytest.mark.parametrize(("tile", "padding"), [(64, 24), (128, 24), (128, 32), (256, 64)])
def test_classes_are_the_authors_own_on_every_pixel(
    even_scene: Path, model: Path, reference_data: Path, tmp_path: Path, tile: int, padding: int
) -> None:
    result = tmp_path / "classes.tif"
    classify(even_scene, model, result, {"tile_size": tile, "padding": padding})
    assert np.array_equal(read(result), truth(reference_data, "class"))


@pytest.mark.parametrize("tile", [64, 128])
@pytest.mark.parametrize("batch_size", [1, 4])
def test_scores_are_the_authors_own_within_1e_5(
    even_scene: Path, model: Path, reference_data: Path, tile: int, batch_size: int
) -> None:
    weights = model.with_name("dynamicworld_dn_nchw_softmax.onnx")
    shape = TileShape(tile, tile, stride=4, halo=24, fixed=False)
    scores = tiled_scores(even_scene, weights, shape, batch_size)
    assert np.abs(scores - truth(reference_data, "prob")).max() < 1e-5


def test_a_halo_below_the_reach_of_the_network_shows(even_scene: Path, model: Path, reference_data: Path) -> None:
    """The tests above could not fail if the receptive field did not reach 24 pixels."""
    weights = model.with_name("dynamicworld_dn_nchw_softmax.onnx")
    scores = tiled_scores(even_scene, weights, TileShape(64, 64, stride=4, halo=8, fixed=False))
    assert np.abs(scores - truth(reference_data, "prob")).max() > 0.01


def test_an_odd_scene_equals_the_whole_scene_extended_with_zeros(
    reference_data: Path, model: Path, tmp_path: Path
) -> None:
    scene = reference_data / "scenes" / "s2_amazon_dw9_boa_dn_epsg4326.tif"
    pixels = read(scene).astype(np.float32)
    _, height, width = pixels.shape
    extended = np.zeros((1, 9, round_up(height, 4), round_up(width, 4)), np.float32)
    extended[0, :, :height, :width] = pixels
    session = onnxruntime.InferenceSession(str(model.with_name("dynamicworld_dn_nchw_softmax.onnx")))
    whole = session.run(None, {"image": extended})[0][0].argmax(axis=0)[:height, :width]
    result = tmp_path / "classes.tif"
    classify(scene, model, result, {"tile_size": 96, "padding": 24})
    assert np.array_equal(read(result), whole)


def test_the_channel_last_network_gives_the_same_classes(
    even_scene: Path, model: Path, reference_data: Path, tmp_path: Path
) -> None:
    scene = write(tmp_path / "normalized.tif", normalized(read(even_scene)), like=even_scene)
    definition = json.loads(model.read_text())
    definition["ModelFile"] = str(model.with_name("dynamicworld_forward_nhwc.onnx"))
    result = tmp_path / "classes.tif"
    classify(scene, definition, result, {"tile_size": 128, "padding": 24})
    assert np.array_equal(read(result), truth(reference_data, "class"))
