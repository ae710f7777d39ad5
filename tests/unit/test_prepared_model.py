# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import helper

from classify_pixels.inference.errors import (
    ArgumentError,
    ClassifyPixelsError,
    ModelTypeError,
    NetworkMismatchError,
    NetworkRunError,
)
from classify_pixels.inference.models import Model, parse_emd, read_arguments
from classify_pixels.inference.network.prepared_model import PreparedModel, prepare_model
from classify_pixels.inference.runtimes import BackendOptions, open_backend
from classify_pixels.inference.tiling import TileShape
from tests.networks import (
    channels_last_network,
    class_definition,
    class_network,
    identity_network,
    pointwise_network,
    pooling_network,
    probability_network,
    save_network,
    traced_pooling_network,
    valid_network,
    whole_image_network,
)

pytestmark = pytest.mark.usefixtures("onnx_runtime_alone")


def prepare(
    path: Path, bands: int = 3, tile: int = 64, arguments: dict[str, str] | None = None, **keys: Any
) -> PreparedModel:
    """Fits a definition of three classes to a network."""
    document = class_definition(path, bands, keys.pop("values", [1, 2, 3]), tile, **keys)
    definition = parse_emd(document, "model")
    options = BackendOptions(processor="CPU", bands=bands, layout=definition.layout)
    with closing(open_backend(path, options)) as backend:
        return prepare_model(Model("model", path, definition), read_arguments(arguments), backend)


def prepare_bare(path: Path, arguments: dict[str, str] | None = None) -> PreparedModel:
    with closing(open_backend(path, BackendOptions(processor="CPU"))) as backend:
        return prepare_model(Model(path.stem, path, None), read_arguments(arguments), backend)


def test_the_shape_is_that_of_the_definition(tmp_path: Path) -> None:
    path = pointwise_network(tmp_path / "n.onnx", 3, 3)
    shape = prepare(path, tile=256, Padding=24, ClassifyPixels={"Stride": 4}).shape
    assert shape == TileShape(256, 256, stride=4, halo=24, fixed=False, margin=0)


@pytest.mark.parametrize(
    ("tile", "keys", "halo"),
    [
        (256, {}, 64),
        (400, {}, 96),
        (128, {}, 32),
        (256, {"Padding": 0}, 0),
        (256, {"Padding": 10}, 10),
        (256, {"ClassifyPixels": {"Halo": 24, "Stride": 2}}, 24),
        (100, {"ClassifyPixels": {"Stride": 1}}, 25),
    ],
)
def test_padding_is_a_quarter_of_the_tile_on_the_stride_unless_it_is_given(
    tile: int, keys: dict[str, Any], halo: int, tmp_path: Path
) -> None:
    assert prepare(pointwise_network(tmp_path / "n.onnx", 3, 3), tile=tile, **keys).shape.halo == halo


@pytest.mark.parametrize(("size", "stride"), [(64, 32), (100, 4), (30, 2), (31, 1), (16, 16)])
def test_the_stride_of_a_fixed_size_divides_it(size: int, stride: int, tmp_path: Path) -> None:
    shape = prepare(pointwise_network(tmp_path / "n.onnx", 3, 3, size=size), tile=size).shape
    assert (shape.stride, shape.fixed, shape.height) == (stride, True, size)


@pytest.mark.parametrize("size", [20, 16])
def test_a_free_network_of_small_tiles_can_be_planned(size: int, tmp_path: Path) -> None:
    shape = prepare(pointwise_network(tmp_path / "n.onnx", 3, 3), tile=size).shape
    assert shape.stride <= min(shape.height, shape.width)


def test_the_tile_size_may_be_chosen_where_it_is_free(tmp_path: Path) -> None:
    free = pointwise_network(tmp_path / "free.onnx", 3, 3)
    assert prepare(free, arguments={"tile_size": "512"}).shape.width == 512
    fixed = pointwise_network(tmp_path / "fixed.onnx", 3, 3, size=64)
    assert prepare(fixed, arguments={"tile_size": "64"}).shape.width == 64
    with pytest.raises(ArgumentError, match="tile_size has the value 512; it must be 64"):
        prepare(fixed, arguments={"tile_size": "512"})


def test_a_size_that_contradicts_the_definition_is_refused(tmp_path: Path) -> None:
    path = pointwise_network(tmp_path / "fixed.onnx", 3, 3, size=64)
    with pytest.raises(NetworkMismatchError, match=r"fixed\.onnx.*64 x 64 pixels, but the definition has 32 x 32"):
        prepare(path, tile=32)


def test_the_batch_of_the_network_has_the_last_word(tmp_path: Path) -> None:
    free = pointwise_network(tmp_path / "free.onnx", 3, 3)
    prepared = prepare(free, arguments={"batch_size": "5"})
    assert (prepared.batch_size, prepared.fixed_batch) == (5, False)
    assert prepare(free, BatchSize=4).batch_size == 4
    assert prepare(free).batch_size == 1
    fixed = pointwise_network(tmp_path / "fixed.onnx", 3, 3, size=64, batch=2)
    prepared = prepare(fixed)
    assert (prepared.batch_size, prepared.fixed_batch) == (2, True)
    with pytest.raises(ArgumentError, match="batch_size has the value 5; it must be 2"):
        prepare(fixed, arguments={"batch_size": "5"})


def test_an_output_that_lacks_a_margin_is_measured(tmp_path: Path) -> None:
    assert prepare(valid_network(tmp_path / "n.onnx", 3)).shape.margin == 2
    assert prepare(valid_network(tmp_path / "n.onnx", 3, size=64)).shape.margin == 2
    shape = prepare(valid_network(tmp_path / "n.onnx", 3), ModelPadding=2).shape
    assert (shape.margin, shape.halo) == (2, 2)


@pytest.mark.parametrize("channels_last", [True, False])
def test_a_network_that_gives_no_image_is_refused(channels_last: bool, tmp_path: Path) -> None:
    path = whole_image_network(tmp_path / "n.onnx", 3, channels_last)
    with pytest.raises(ModelTypeError, match=r"n\.onnx.*whole images"):
        prepare(path, ModelFormat="NHWC" if channels_last else "NCHW")


@pytest.mark.parametrize("channels", [2, 5])
def test_a_wrong_number_of_channels_is_refused(channels: int, tmp_path: Path) -> None:
    path = pointwise_network(tmp_path / "n.onnx", 3, channels)
    with pytest.raises(NetworkMismatchError, match=f"returns {channels} channels for 3 classes"):
        prepare(path)


def test_a_wrong_number_of_bands_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClassifyPixelsError, match="takes 3 bands, but the definition lists 4"):
        prepare(pointwise_network(tmp_path / "n.onnx", 3, 3), bands=4)
    pytest.importorskip("torch")
    with pytest.raises(ClassifyPixelsError, match="64 x 64"):
        prepare(traced_pooling_network(tmp_path / "n.pt", bands=3), bands=4)


def test_a_tile_size_off_the_networks_stride_is_a_named_error(tmp_path: Path) -> None:
    """The pooling network takes multiples of 4 only."""
    with pytest.raises(ClassifyPixelsError, match="steps of 4 pixels, but Stride is 1"):
        prepare(pooling_network(tmp_path / "n.onnx", 3), tile=30, ClassifyPixels={"Stride": 1})


def test_background_of_a_network_with_one_channel_more(tmp_path: Path) -> None:
    path = pointwise_network(tmp_path / "n.onnx", 3, 4)
    assert [c.value for c in prepare(path).decision.classes] == [1, 2, 3]
    with_background = prepare(path, arguments={"predict_background": "true"})
    assert [c.value for c in with_background.decision.classes] == [0, 1, 2, 3]


def test_bare_weights_describe_themselves(tmp_path: Path) -> None:
    prepared = prepare_bare(pointwise_network(tmp_path / "land.onnx", 4, 3))
    definition = prepared.definition
    assert (definition.name, definition.bands) == ("land", (0, 1, 2, 3))
    assert [c.value for c in definition.classes] == [0, 1, 2]
    assert len({c.color for c in definition.classes}) == 3
    assert (definition.tile_height, definition.tile_width) == (256, 256)


def test_bare_weights_of_a_fixed_size_and_channels_last(tmp_path: Path) -> None:
    prepared = prepare_bare(channels_last_network(tmp_path / "n.onnx", 4, 3, size=48))
    assert (prepared.definition.bands, prepared.shape.height, prepared.shape.fixed) == (
        (0, 1, 2, 3),
        48,
        True,
    )
    assert len(prepared.definition.classes) == 3


def test_a_bare_probability_is_one_class_beside_background(tmp_path: Path) -> None:
    assert [c.value for c in prepare_bare(probability_network(tmp_path / "n.onnx")).decision.classes] == [
        0,
        1,
    ]


def test_bare_torchscript_tells_its_bands(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    prepared = prepare_bare(traced_pooling_network(tmp_path / "n.pt", bands=5, channels=4))
    assert (len(prepared.definition.bands), len(prepared.definition.classes)) == (5, 4)


def test_bare_ready_classes_need_a_definition(tmp_path: Path) -> None:
    with pytest.raises(NetworkMismatchError, match=r"n\.onnx.*needs an \.emd"):
        prepare_bare(class_network(tmp_path / "n.onnx"))


def test_bare_weights_without_bands_need_a_definition(tmp_path: Path) -> None:
    path = identity_network(tmp_path / "n.onnx", "bands")
    with pytest.raises(NetworkMismatchError, match="does not declare its band count"):
        prepare_bare(path)


def test_a_large_tile_is_not_tried_whole(tmp_path: Path) -> None:
    path, sizes = pointwise_network(tmp_path / "n.onnx", 3, 3), []
    definition = parse_emd(class_definition(path, 3, [1, 2, 3], 16_384, BatchSize=4096), "model")
    with closing(open_backend(path, BackendOptions(processor="CPU", bands=3))) as backend:
        compute, outputs = backend.compute, backend.outputs
        backend.compute = lambda p, n: sizes.append(p.size) or compute(p, n)  # type: ignore[method-assign]
        backend.outputs = lambda p: sizes.append(p.size) or outputs(p)  # type: ignore[method-assign]
        prepared = prepare_model(Model("model", path, definition), read_arguments({}), backend)
    assert (prepared.shape.height, prepared.batch_size) == (16_384, 4096)
    assert max(sizes) <= 2**24


@pytest.mark.parametrize(("size", "batch"), [(20_000, 1), (512, 1000)])
def test_a_network_of_a_fixed_size_beyond_all_tiles_is_refused(size: int, batch: int, tmp_path: Path) -> None:
    path = identity_network(tmp_path / "n.onnx", 3, size=size, batch=batch)
    with pytest.raises(NetworkMismatchError, match=f"{batch} x 3 x {size} x {size} values at once"):
        prepare_bare(path)


def one_size_network(path: Path, size: int) -> Path:
    """Saves a network that declares free sizes and takes but one, as those do that learnt something for each place."""
    places = np.random.default_rng(0).normal(size=(1, 3, size, size)).astype(np.float32)
    nodes = [helper.make_node("Add", ["image", "places"], ["scores"])]
    return save_network(path, nodes, {"places": places}, ("n", 3, "h", "w"), ("n", 3, "h", "w"))


@pytest.mark.parametrize("size", [96, 192])
def test_a_network_that_takes_one_size_only_is_tried_with_the_tile_that_is_asked_for(size: int, tmp_path: Path) -> None:
    path = one_size_network(tmp_path / "n.onnx", size)
    assert prepare_bare(path, {"tile_size": str(size)}).shape.height == size
    assert prepare(path, tile=size).shape.height == size
    with pytest.raises(NetworkRunError, match="256 x 256"):
        prepare_bare(path)
