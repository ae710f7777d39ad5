# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks that take some sizes only, or lack a margin: their maps equal one run over the extended scene."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import helper

from classify_pixels.inference.errors import NetworkMismatchError, NetworkRunError
from classify_pixels.inference.models import GivenArguments, Model, parse_emd
from classify_pixels.inference.network.prepared_model import PreparedModel, prepare_model
from classify_pixels.inference.network.probe import Probing
from classify_pixels.inference.progress import SilentProgress
from classify_pixels.inference.runtimes import BackendOptions, open_backend
from tests.networks import bare_run, class_definition, save_network
from tests.unit.rasters import random_pixels, read_raster, write_raster
from tests.unit.runs import classify

HEIGHT, WIDTH = 75, 103
PIXELS = random_pixels(2, HEIGHT, WIDTH)
RESIZE = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}


def pooled(path: Path, by: int, size: int | None = None) -> Path:
    """Saves a 3 x 3 convolution without padding, a pooling, and its enlargement: it takes sizes of n times `by` + 2."""
    random = np.random.default_rng(0)
    weights = {"w": random.normal(size=(3, 2, 3, 3)).astype(np.float32), "up": np.array([1, 1, by, by], np.float32)}
    nodes = [
        helper.make_node("Conv", ["image", "w"], ["a"]),
        helper.make_node("MaxPool", ["a"], ["b"], kernel_shape=[by] * 2, strides=[by] * 2),
        helper.make_node("Resize", ["b", "", "up"], ["scores"], **RESIZE),
    ]
    given = (size - 2) // by * by if size else 0
    output = (given, given) if size else ("h2", "w2")
    return save_network(path, nodes, weights, ("n", 2, size or "h", size or "w"), ("n", 3, *output))


def unet(path: Path, levels: int, channels_last: bool = False) -> int:
    """Saves the first U-Net: two 3 x 3 convolutions without padding at each level; returns what it lacks on a side."""
    random = np.random.default_rng(1)
    weights: dict[str, np.ndarray] = {"up": np.array([1, 1, 2, 2], np.float32), "axes": np.array([2, 3])}
    nodes: list[Any] = []

    def add(kind: str, inputs: list[str], **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, inputs, [f"t{len(nodes)}"], **attributes))
        return str(nodes[-1].output[0])

    def convolve(x: str, bands: int) -> str:
        name = f"w{len(weights)}"
        weights[name] = (random.normal(size=(4, bands, 3, 3)) / np.sqrt(9 * bands) * 1.4).astype(np.float32)
        return add("Relu", [add("Conv", [x, name])])

    def level(x: str, bands: int, depth: int) -> tuple[str, int]:
        x = convolve(convolve(x, bands), 4)
        if depth == 0:
            return x, 2
        low, lacks = level(add("MaxPool", [x], kernel_shape=[2, 2], strides=[2, 2]), 4, depth - 1)
        low = add("Resize", [low, "", "up"], **RESIZE)
        cut = 2 * lacks
        weights[f"from{depth}"], weights[f"to{depth}"] = np.array([cut, cut]), np.array([-cut, -cut])
        skip = add("Slice", [x, f"from{depth}", f"to{depth}", "axes"])
        return convolve(convolve(add("Concat", [skip, low], axis=1), 8), 4), cut + 4

    image = add("Transpose", ["image"], perm=[0, 3, 1, 2]) if channels_last else "image"
    x, margin = level(image, 2, levels)
    weights["last"] = random.normal(size=(3, 4, 1, 1)).astype(np.float32)
    last = "first" if channels_last else "scores"
    nodes.append(helper.make_node("Conv", [x, "last"], [last]))
    if channels_last:
        nodes.append(helper.make_node("Transpose", [last], ["scores"], perm=[0, 2, 3, 1]))
    shape = ("n", "h", "w", 2) if channels_last else ("n", 2, "h", "w")
    output = ("n", "h2", "w2", 3) if channels_last else ("n", 3, "h2", "w2")
    save_network(path, nodes, weights, shape, output)
    return margin


def patches(path: Path, side: int) -> Path:
    """Saves a network that gives each patch of pixels its scores, as those upon DINOv2 do."""
    random = np.random.default_rng(2)
    weights = {
        "w1": random.normal(size=(8, 2, side, side)).astype(np.float32),
        "w2": random.normal(size=(3, 8, 3, 3)).astype(np.float32),
        "up": np.array([1, 1, side, side], np.float32),
    }
    nodes = [
        helper.make_node("Conv", ["image", "w1"], ["a"], strides=[side, side]),
        helper.make_node("Conv", ["a", "w2"], ["b"], pads=[1] * 4),
        helper.make_node("Resize", ["b", "", "up"], ["scores"], mode="nearest"),
    ]
    return save_network(path, nodes, weights, ("n", 2, "h", "w"), ("n", 3, "h2", "w2"))


def whole(network: Path, stride: int, margin: int, size: int, channels_last: bool = False) -> np.ndarray:
    """Returns the classes of one run over the scene with a margin of zeros, extended to a size that it takes whole.

    `size` is one such size.
    """
    height, width = (
        size + -(-(length + 2 * margin - size) // stride) * stride if length + 2 * margin > size else size
        for length in (HEIGHT, WIDTH)
    )
    image = np.zeros((1, 2, height, width), np.float32)
    image[0, :, margin : margin + HEIGHT, margin : margin + WIDTH] = PIXELS
    scores = bare_run(network, image.transpose(0, 2, 3, 1).copy() if channels_last else image)[0]
    return scores.argmax(-1 if channels_last else 0)[:HEIGHT, :WIDTH] + 1


def found(folder: Path, model: Any, arguments: Any = None) -> np.ndarray:
    raster = write_raster(folder / "scene.tif", PIXELS)
    (folder / "result").mkdir(exist_ok=True)
    classify(raster, model, folder / "result" / "map.tif", arguments, workers=2)
    return read_raster(folder / "result" / "map.tif")


@pytest.mark.parametrize("stride", [None, 4, 8])
@pytest.mark.parametrize("padding", [None, 1])
@pytest.mark.parametrize("tile", [34, 48, 50, 51])
def test_a_margin_is_measured_where_pooling_cuts_nothing(
    tile: int, padding: int | None, stride: int | None, tmp_path: Path
) -> None:
    network = pooled(tmp_path / "n.onnx", 4)
    own = {} if stride is None else {"ClassifyPixels": {"Stride": stride, "Halo": 9}}
    keys = {**own, **({} if padding is None else {"ModelPadding": padding})}
    model = class_definition(network, 2, [1, 2, 3], tile, **keys)
    assert (found(tmp_path, model, {"batch_size": "2"}) == whole(network, 4, 1, 34)).all()


@pytest.mark.parametrize("by", [3, 6, 14])
def test_a_pooling_that_is_no_power_of_two_is_found(by: int, tmp_path: Path) -> None:
    network = pooled(tmp_path / "n.onnx", by)
    assert (found(tmp_path, network) + 1 == whole(network, by, 1, 10 * by + 2)).all()


@pytest.mark.parametrize("channels_last", [False, True])
@pytest.mark.parametrize("says", ["everything", "margin", "nothing"])
def test_a_unet_without_padding(says: str, channels_last: bool, tmp_path: Path) -> None:
    network = tmp_path / "n.onnx"
    margin = unet(network, 3, channels_last)
    own = {"ClassifyPixels": {"Stride": 8, "Halo": margin + 16}, "ModelPadding": margin}
    keys = {"everything": own, "margin": {"ModelPadding": margin}, "nothing": {}}[says]
    model = class_definition(network, 2, [1, 2, 3], 188, **keys)
    assert margin == 44
    assert (found(tmp_path, model) == whole(network, 8, margin, 188, channels_last)).all()


def test_a_bare_unet_without_padding(tmp_path: Path) -> None:
    margin = unet(tmp_path / "n.onnx", 2)
    assert (found(tmp_path, tmp_path / "n.onnx") + 1 == whole(tmp_path / "n.onnx", 4, margin, 92)).all()


def test_a_padding_that_is_less_than_the_network_drops_is_refused(tmp_path: Path) -> None:
    unet(tmp_path / "n.onnx", 2)
    model = class_definition(tmp_path / "n.onnx", 2, [1, 2, 3], 92, ModelPadding=4)
    with pytest.raises(NetworkMismatchError, match="drops 20 pixels on each side, but ModelPadding is 4"):
        found(tmp_path, model)


def test_a_stride_that_is_not_the_networks_is_refused(tmp_path: Path) -> None:
    keys = {"ModelPadding": 1, "ClassifyPixels": {"Stride": 3, "Halo": 9}}
    model = class_definition(pooled(tmp_path / "n.onnx", 4), 2, [1, 2, 3], 50, **keys)
    with pytest.raises((NetworkMismatchError, NetworkRunError), match="stride|Stride"):
        found(tmp_path, model)


@pytest.mark.parametrize("size", [34, 50])
def test_a_fixed_size_that_is_taken_whole(size: int, tmp_path: Path) -> None:
    network = pooled(tmp_path / "fixed.onnx", 4, size)
    keys = {"ClassifyPixels": {"Stride": 4, "Halo": 9}}
    model = class_definition(network, 2, [1, 2, 3], size, **keys)
    expected = whole(pooled(tmp_path / "free.onnx", 4), 4, 1, size)
    assert (found(tmp_path, model) == expected).all()


def test_a_fixed_size_that_drops_rows_at_its_end_is_refused(tmp_path: Path) -> None:
    """It gives 48 of 52 pixels, of which two are missing at the end alone."""
    network = pooled(tmp_path / "n.onnx", 4, 52)
    with pytest.raises(NetworkMismatchError, match="drops rows at the end"):
        found(tmp_path, class_definition(network, 2, [1, 2, 3], 52, ClassifyPixels={"Stride": 4, "Halo": 9}))


@pytest.mark.parametrize("tile", [256, 252, 140, 100])
def test_patches_of_14_pixels(tile: int, tmp_path: Path) -> None:
    network = patches(tmp_path / "n.onnx", 14)
    model = class_definition(network, 2, [1, 2, 3], tile)
    expected = whole(network, 14, 0, 14)
    assert (found(tmp_path, model) == expected).all()
    own = {"ClassifyPixels": {"Stride": 14, "Halo": 28}}
    assert (found(tmp_path, class_definition(network, 2, [1, 2, 3], tile, **own)) == expected).all()


# Scenes that fit into a tile, and the ends of those that do not


def global_network(path: Path) -> Path:
    """Saves a network whose scores depend on the mean of the whole tile as well."""
    weights = {"w": np.random.default_rng(3).normal(size=(3, 2, 3, 3)).astype(np.float32)}
    nodes = [
        helper.make_node("Conv", ["image", "w"], ["near"], pads=[1] * 4),
        helper.make_node("GlobalAveragePool", ["near"], ["far"]),
        helper.make_node("Mul", ["near", "far"], ["scores"]),
    ]
    return save_network(path, nodes, weights, ("n", 2, "h", "w"), ("n", 3, "h", "w"))


@pytest.mark.parametrize("tile", [104, 128, 256])
def test_a_scene_that_fits_into_a_tile_is_one_call(tile: int, tmp_path: Path) -> None:
    network = global_network(tmp_path / "n.onnx")
    model = class_definition(network, 2, [1, 2, 3], tile, ClassifyPixels={"Stride": 1, "Halo": 16})
    assert (found(tmp_path, model) == whole(network, 1, 0, 1)).all()


def prepared(network: Path, model: Any, folder: Path) -> PreparedModel:
    probing = Probing(folder / "cache", SilentProgress(), 600, sizes=False)
    with closing(open_backend(network, BackendOptions(processor="CPU", bands=2))) as backend:
        return prepare_model(Model("model", network, parse_emd(model, "model")), GivenArguments(), backend, probing)


def test_only_a_halo_that_was_found_exact_makes_tiles_shorter(tmp_path: Path) -> None:
    near, far = pooled(tmp_path / "near.onnx", 4), global_network(tmp_path / "far.onnx")
    exact = prepared(near, class_definition(near, 2, [1, 2, 3], 34), tmp_path).shape
    assert (exact.exact, exact.margin, exact.stride) == (True, 1, 4)
    assert not prepared(far, class_definition(far, 2, [1, 2, 3], 64), tmp_path).shape.exact
    said = class_definition(near, 2, [1, 2, 3], 34, ClassifyPixels={"Stride": 4, "Halo": 9})
    assert not prepared(near, said, tmp_path).shape.exact


def test_tiles_at_the_end_see_as_much_as_any_other(tmp_path: Path) -> None:
    """The last tile is moved inwards: it is what the network gives for the last pixels of the scene."""
    network = global_network(tmp_path / "n.onnx")
    model = class_definition(network, 2, [1, 2, 3], 64, ClassifyPixels={"Stride": 1, "Halo": 8})
    last = bare_run(network, np.ascontiguousarray(PIXELS[np.newaxis, :, -64:, -64:]))[0].argmax(0) + 1
    assert (found(tmp_path, model)[-1, -1], found(tmp_path, model)[-4, -3]) == (last[-1, -1], last[-4, -3])
