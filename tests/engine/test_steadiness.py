# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks exported for training, whose scores are random or mix the images of a call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import helper

from classify_pixels.inference.errors import NetworkMismatchError
from tests.networks import bare_run, class_definition, pointwise_network, save_network
from tests.runs import classify, read
from tests.unit.rasters import random_pixels, write_raster

PIXELS = random_pixels(2, 70, 90, seed=5)


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    return write_raster(tmp_path / "scene.tif", PIXELS)


def network(path: Path, *nodes: Any, batch: Any = "n", size: Any = None) -> Path:
    shape = (batch, 2, size or "h", size or "w")
    constants = {"ratio": np.array(0.1, np.float32), "training": np.array(True)}
    return save_network(path, list(nodes), constants, shape, shape)


def dropout(path: Path) -> Path:
    """A tenth of the values is dropped at random."""
    return network(path, helper.make_node("Dropout", ["image", "ratio", "training"], ["scores"]))


def noise(path: Path) -> Path:
    """A little noise is added."""
    return network(
        path,
        helper.make_node("RandomNormalLike", ["image"], ["noise"], scale=0.1),
        helper.make_node("Add", ["image", "noise"], ["scores"]),
    )


def centred(path: Path, **sizes: Any) -> Path:
    """The mean of all images of a call is subtracted."""
    return network(
        path,
        helper.make_node("ReduceMean", ["image"], ["mean"], axes=[0], keepdims=1),
        helper.make_node("Mul", ["mean", "ratio"], ["part"]),
        helper.make_node("Sub", ["image", "part"], ["scores"]),
        **sizes,
    )


@pytest.mark.parametrize("make", [dropout, noise], ids=["dropout", "noise"])
def test_random_scores_are_refused(make: Any, scene: Path, tmp_path: Path) -> None:
    output = tmp_path / "map.tif"
    output.write_bytes(b"an older map")
    with pytest.raises(NetworkMismatchError, match="from call to call"):
        classify(scene, make(tmp_path / "net.onnx"), output)
    assert output.read_bytes() == b"an older map"


def test_images_of_a_call_that_change_each_other_are_refused(scene: Path, tmp_path: Path) -> None:
    with pytest.raises(NetworkMismatchError, match="other images of a call"):
        classify(scene, centred(tmp_path / "any.onnx"), tmp_path / "map.tif", "batch_size 2")
    with pytest.raises(NetworkMismatchError, match="other images of a call"):
        classify(scene, centred(tmp_path / "two.onnx", batch=2, size=32), tmp_path / "map.tif")
    # Alone in its call, an image is what it is.
    alone = centred(tmp_path / "alone.onnx")
    classify(scene, alone, tmp_path / "map.tif", "batch_size 1")
    assert (read(tmp_path / "map.tif") == bare_run(alone, PIXELS[np.newaxis])[0].argmax(axis=0)).all()


def test_independent_images_of_a_call_are_not_refused(scene: Path, tmp_path: Path) -> None:
    fixed = pointwise_network(tmp_path / "fixed.onnx", 2, 3, size=32, batch=4)
    free = pointwise_network(tmp_path / "free.onnx", 2, 3)
    model = class_definition(fixed, 2, [0, 1, 2], 32)
    expected = bare_run(free, PIXELS[np.newaxis])[0].argmax(axis=0)
    for each in (model, free):
        classify(scene, each, tmp_path / "map.tif", {"batch_size": 4})
        assert (read(tmp_path / "map.tif") == expected).all()
