# SPDX-License-Identifier: GPL-2.0-or-later
"""What is found by running networks whose stride and reach follow from their construction."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper

from classify_pixels.inference.errors import RunCancelledError
from classify_pixels.inference.network.probe import Probe, Probing, find_probe, tile_size_for
from classify_pixels.inference.notices import Note, ProbeFailure
from classify_pixels.inference.progress import SilentProgress
from classify_pixels.inference.runtimes import BackendOptions, open_backend
from classify_pixels.inference.runtimes.wrappers import ForwardingBackend
from tests.networks import (
    class_definition,
    class_network,
    context_network,
    dilated_network,
    halving_network,
    identity_network,
    logarithm_network,
    pointwise_network,
    pooling_network,
    save_network,
    traced_pooling_network,
    valid_network,
)
from tests.onnx_graphs import save_graph
from tests.runs import classify, read
from tests.unit.rasters import random_pixels, write_raster
from tests.unit.runs import Recorder


def probe(
    network: Path,
    bands: int = 2,
    margin: int = 0,
    stride: int | None = None,
    normalized: bool = False,
    progress: Any = None,
    cache: Path | None = None,
    seconds: float = 600,
) -> Probe:
    options = BackendOptions(processor="CPU", bands=bands)
    probing = Probing(cache or network.parent / "cache", progress or SilentProgress(), seconds)
    with closing(open_backend(network, options)) as backend:
        return find_probe(network, backend, bands, normalized, margin, stride, probing)


def block_network(path: Path, block: int, bands: int = 2, size: int | None = None) -> Path:
    """Saves a network that takes the mean of each block of pixels and looks no farther: its stride is the block."""
    nodes = [
        helper.make_node("AveragePool", ["image"], ["mean"], kernel_shape=[block] * 2, strides=[block] * 2),
        helper.make_node("Resize", ["mean", "", "scales"], ["scores"], mode="nearest"),
    ]
    scales = {"scales": np.array([1, 1, block, block], np.float32)}
    return save_network(path, nodes, scales, ("n", bands, size or "h", size or "w"), ("n", bands, "h2", "w2"))


def resized_network(path: Path, block: int) -> Path:
    """Saves a network of blocks that takes images of any size, and stretches its scores to that size."""
    nodes = [
        helper.make_node("AveragePool", ["image"], ["mean"], kernel_shape=[block] * 2, strides=[block] * 2),
        helper.make_node("Shape", ["image"], ["size"]),
        helper.make_node("Resize", ["mean", "", "", "size"], ["scores"], mode="nearest"),
    ]
    return save_network(path, nodes, {}, ("n", 2, "h", "w"), ("n", 2, "h", "w"))


@pytest.mark.parametrize("size", [None, 256], ids=["free", "fixed"])
@pytest.mark.parametrize(("kernel", "dilation"), [(1, 1), (3, 1), (7, 1), (3, 5), (5, 20)])
def test_a_convolution_is_exact_to_the_pixel(kernel: int, dilation: int, size: int | None, tmp_path: Path) -> None:
    found = probe(dilated_network(tmp_path / "n.onnx", kernel, dilation, size))
    assert (found.stride, found.halo, found.exact) == (1, dilation * (kernel - 1) // 2, True)


def test_a_network_that_looks_beyond_the_small_tiles_is_seen_with_large_ones(tmp_path: Path) -> None:
    found = probe(dilated_network(tmp_path / "n.onnx", 3, 150))
    assert (found.stride, found.halo, found.exact) == (1, 150, True)


def test_a_reach_beyond_all_tiles_is_a_seam(tmp_path: Path) -> None:
    found = probe(dilated_network(tmp_path / "n.onnx", 3, 100, size=256))
    assert found.halo is not None
    assert (found.exact, found.halo <= 64, found.seam(found.halo) > 0.01) == (False, True, True)


@pytest.mark.parametrize("block", [2, 4, 8, 16, 32, 64])
def test_the_stride_is_the_smallest_that_keeps_the_scores(block: int, tmp_path: Path) -> None:
    found = probe(block_network(tmp_path / "n.onnx", block))
    assert (found.stride, found.halo, found.exact) == (block, 0, True)


@pytest.mark.parametrize(
    ("block", "size"),
    [(3, 96), (3, 48), (6, 96), (5, 100), (7, 224), (14, 224), (2, 96), (9, 144), (11, 176), (13, 208), (15, 240)],
)
def test_a_stride_that_is_no_power_of_two_is_found_at_one_size(block: int, size: int, tmp_path: Path) -> None:
    """No other size shows that its sizes are multiples of the stride."""
    found = probe(block_network(tmp_path / "n.onnx", block, size=size))
    assert (found.stride, found.halo, found.exact) == (block, 0, True)


@pytest.mark.parametrize("block", [6, 7, 9, 11, 13, 14, 20, 28, 40, 62])
def test_a_stride_that_is_no_power_of_two_is_found_at_any_size(block: int, tmp_path: Path) -> None:
    """All sizes are taken: none shows the stride."""
    network = resized_network(tmp_path / "n.onnx", block)
    found = probe(network)
    assert (found.stride, found.halo, found.exact) == (block, 0, True)
    scene = random_pixels(2, 18 * block, 25 * block, seed=1)
    map_of = classify(write_raster(tmp_path / "scene.tif", scene), network, tmp_path / "map.tif", "tile_size 200")
    means = scene.reshape(2, 18, block, 25, block).mean(axis=(2, 4)).argmax(axis=0)
    assert map_of.stride == block
    assert (read(tmp_path / "map.tif") == means.repeat(block, axis=0).repeat(block, axis=1)).all()


@pytest.mark.parametrize("size", [None, 128], ids=["free", "fixed"])
def test_a_network_of_stride_4(size: int | None, tmp_path: Path) -> None:
    """3 x 3 convolutions before and after the cells of 4 pixels, and a cell beside them: 1 + 4 + 4 pixels."""
    found = probe(pooling_network(tmp_path / "n.onnx", size=size))
    assert (found.stride, found.halo, found.exact) == (4, 9, True)


def test_torchscript_is_seen_as_onnx_is(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    found = probe(traced_pooling_network(tmp_path / "n.pt"))
    assert (found.stride, found.halo, found.exact) == (4, 9, True)


def test_the_stride_of_the_definition_is_kept(tmp_path: Path) -> None:
    found = probe(pooling_network(tmp_path / "n.onnx"), stride=12)
    assert (found.stride, found.halo, found.exact) == (12, 9, True)


def test_a_margin_is_no_part_of_the_halo(tmp_path: Path) -> None:
    found = probe(valid_network(tmp_path / "n.onnx"), margin=2)
    assert (found.stride, found.halo, found.exact) == (1, 0, True)


def test_ready_classes_are_compared_as_classes(tmp_path: Path) -> None:
    found = probe(class_network(tmp_path / "n.onnx"), bands=1)
    assert (found.stride, found.halo, found.exact) == (1, 0, True)


def test_values_that_a_network_does_not_take_are_left_out(tmp_path: Path) -> None:
    """Logarithms of values below 0 are not finite: only scenes without them tell something."""
    found = probe(logarithm_network(tmp_path / "n.onnx"))
    assert (found.stride, found.halo, found.exact) == (1, 0, True)
    found = probe(logarithm_network(tmp_path / "n.onnx"), normalized=True)
    assert found.failure is ProbeFailure.NOTHING_SEEN


def test_a_batch_that_the_network_fixes(tmp_path: Path) -> None:
    found = probe(pointwise_network(tmp_path / "n.onnx", 2, 3, size=64, batch=3))
    assert (found.stride, found.halo, found.exact) == (1, 0, True)


@pytest.mark.parametrize("size", [1, 2, 3, 8])
def test_windows_of_a_few_pixels(size: int, tmp_path: Path) -> None:
    found = probe(pointwise_network(tmp_path / "n.onnx", 2, 3, size=size))
    assert found.failure or (found.stride, found.halo) == (1, 0)


@pytest.mark.parametrize("size", [None, 256], ids=["free", "fixed"])
def test_context_from_the_whole_tile_bounds_seams_only(size: int | None, tmp_path: Path) -> None:
    found = probe(context_network(tmp_path / "n.onnx", size))
    assert (found.stride, found.exact, found.failure) == (1, False, None)
    assert found.halo in range(3)
    stronger = probe(context_network(tmp_path / "strong.onnx", size, weight=3.0))
    assert 0 < found.seam(4) < stronger.seam(4)


class RoundingBackend(ForwardingBackend):
    """Gives scores in 16-bit floats, of which every call rounds some another way."""

    random = np.random.default_rng(0)
    mixed_precision = True

    def run(self, pixels: Any) -> Any:
        scores = self.behind.run(pixels)
        unit = np.float32(2.0**-11)
        return (scores * (1 + unit * self.random.integers(-1, 2, scores.shape))).astype(np.float16).astype(np.float32)


class UnknownRoundingBackend(RoundingBackend):
    """Does not say that it rounds."""

    mixed_precision = False


def rounded_probe(network: Path, rounding: type[ForwardingBackend]) -> Probe:
    with closing(rounding(open_backend(network, BackendOptions(processor="CPU", bands=2)))) as backend:
        probing = Probing(network.parent / "cache", SilentProgress(), 600)
        return find_probe(network, backend, 2, True, 0, None, probing)


def test_mixed_precision_rounds_and_does_not_look_far(tmp_path: Path) -> None:
    network = dilated_network(tmp_path / "n.onnx", 3, 5)
    found = rounded_probe(network, RoundingBackend)
    assert (found.stride, found.halo, found.exact) == (1, 5, True)
    assert not rounded_probe(network, UnknownRoundingBackend).exact
    found = rounded_probe(pooling_network(tmp_path / "pooling.onnx"), RoundingBackend)
    assert (found.stride, found.exact) == (4, True)


def test_mixed_precision_hides_no_more_than_rounding(tmp_path: Path) -> None:
    """Beside a mean over the tile that is heavy enough, rounding is little."""
    found = rounded_probe(context_network(tmp_path / "n.onnx", weight=30.0), RoundingBackend)
    assert (found.exact, found.seam(64) > 2**-8) == (False, True)


def test_a_network_of_no_stride_fails(tmp_path: Path) -> None:
    found = probe(block_network(tmp_path / "n.onnx", 67))
    assert found.stride is found.halo is None
    assert found.failure


def test_a_network_that_loses_odd_rows_has_stride_2(tmp_path: Path) -> None:
    found = probe(halving_network(tmp_path / "n.onnx"))
    assert (found.stride, found.halo, found.exact) == (2, 0, True)


def test_what_was_found_is_not_looked_for_again(tmp_path: Path) -> None:
    network, progress = pooling_network(tmp_path / "n.onnx"), Recorder()
    first = probe(network, progress=progress)
    second = probe(network, progress=progress, seconds=-1)
    assert progress.said(Note.PROBING) == [{}]
    assert (second.stride, second.halo, second.exact) == (first.stride, first.halo, True)
    assert probe(pooling_network(network, seed=1), seconds=-1).failure


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"\xff",
        b'{"stride": "4", "halo": 6, "exact": true, "profile": [], "failure": null, "limit": 0, "tried": 0}',
    ],
    ids=str,
)
def test_a_damaged_file_of_the_cache_is_written_anew(damage: bytes, tmp_path: Path) -> None:
    network = pooling_network(tmp_path / "n.onnx")
    first = probe(network)
    (file,) = (tmp_path / "cache" / "probes").iterdir()
    sound = file.read_bytes()
    file.write_bytes(damage)
    assert probe(network) == first
    assert file.read_bytes() == sound


def test_a_number_that_was_changed_in_the_cache_is_found_anew(tmp_path: Path) -> None:
    network = pooling_network(tmp_path / "n.onnx")
    first = probe(network)
    (file,) = (tmp_path / "cache" / "probes").iterdir()
    sound = file.read_text()
    assert f'"halo": {first.halo}' in sound
    file.write_text(sound.replace(f'"halo": {first.halo}', '"halo": 0'))
    assert probe(network) == first
    assert file.read_text() == sound


def test_a_cache_that_cannot_be_written_to_is_no_failure(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.write_text("a file where a folder should be")
    assert probe(pooling_network(tmp_path / "n.onnx"), cache=cache).exact


def test_the_time_is_limited(tmp_path: Path) -> None:
    found = probe(pooling_network(tmp_path / "n.onnx"), seconds=-1)
    assert (found.stride, found.halo, found.exact) == (None, None, False)
    assert (found.failure, found.limit) == (ProbeFailure.OUT_OF_TIME, -1)


def test_cancelling_leaves_nothing(tmp_path: Path) -> None:
    progress = SilentProgress()
    progress.cancelled = True
    with pytest.raises(RunCancelledError):
        probe(pooling_network(tmp_path / "n.onnx"), progress=progress)
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    ("halo", "stride", "size"),
    [
        (0, 1, 512),
        (35, 1, 582),
        (36, 1, 1096),
        (25, 16, 576),
        (56, 8, 1136),
        (71, 1, 1166),
        (72, 1, 2048),
        (300, 32, 2048),
    ],  # fmt: skip
)
def test_the_tile_that_a_halo_calls_for(halo: int, stride: int, size: int) -> None:
    assert tile_size_for(halo, stride, margin=0) == size


@pytest.mark.parametrize("halo", [0, 5, 40, 500, 3000])
@pytest.mark.parametrize("stride", [1, 12, 64])
@pytest.mark.parametrize("margin", [0, 2, 92])
def test_a_tile_lies_on_the_stride_and_keeps_something(halo: int, stride: int, margin: int) -> None:
    output = tile_size_for(halo + margin, stride, margin) - 2 * margin
    assert output % stride == 0
    assert output - 2 * halo >= stride


@pytest.mark.parametrize(("bands", "size"), [(3, 6000), (1000, None)])
def test_a_network_of_huge_tiles_or_many_bands_is_not_looked_at(bands: int, size: int | None, tmp_path: Path) -> None:
    """Random images of that size would take gigabytes."""
    network = identity_network(tmp_path / "n.onnx", bands, size=size)
    with closing(open_backend(network, BackendOptions(processor="CPU", bands=bands))) as backend:
        found = find_probe(network, backend, bands, False, 0, None, Probing(tmp_path / "cache", SilentProgress()))
    assert found.failure is ProbeFailure.NOTHING_SEEN


def near_or_far_network(path: Path) -> Path:
    """Saves a network with a second input, "far": 0 for the pixel itself, 1 for what is up to 15 pixels from it."""
    kernel = np.random.default_rng(0).normal(size=(3, 2, 31, 31)).astype(np.float32)
    kernel[:, :, 15, 15] = 0
    own = np.random.default_rng(1).normal(size=(3, 2, 1, 1)).astype(np.float32)
    nodes = [
        helper.make_node("Conv", ["image", "own"], ["near"]),
        helper.make_node("Conv", ["image", "kernel"], ["around"], pads=[15] * 4),
        helper.make_node("Mul", ["around", "far"], ["more"]),
        helper.make_node("Add", ["near", "more"], ["scores"]),
    ]
    image = ("image", TensorProto.FLOAT, ("n", 2, "h", "w"))
    scores = ("scores", TensorProto.FLOAT, ("n", 3, "h", "w"))
    far = ("far", TensorProto.FLOAT, (1,))
    return save_graph(path, nodes, [scores], [image, far], {"own": own, "kernel": kernel})


def test_a_finding_is_that_of_the_constant_inputs(tmp_path: Path) -> None:
    """Both definitions have the same weights and share a cache."""
    network = near_or_far_network(tmp_path / "n.onnx")
    pixels = random_pixels(2, 300, 300)
    raster = write_raster(tmp_path / "scene.tif", pixels)
    session = onnxruntime.InferenceSession(str(network), providers=["CPUExecutionProvider"])
    for far in (0.0, 1.0, 0.0):
        definition = class_definition(network, 2, [1, 2, 3], 64, ClassifyPixels={"Inputs": {"far": far}})
        output = tmp_path / "map.tif"
        result = classify(raster, definition, output, {"tile_size": "64"}, cache=tmp_path / "cache")
        (scores,) = session.run(None, {"image": pixels[np.newaxis], "far": np.float32([far])})
        assert (read(output) == scores[0].argmax(0) + 1).mean() > 0.9999, result
