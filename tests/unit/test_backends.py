# SPDX-License-Identifier: GPL-2.0-or-later
"""ONNX networks, and what all backends share."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper

from classify_pixels.inference.errors import (
    NetworkMismatchError,
    NetworkRunError,
    ProcessorError,
    WeightsUnreadableError,
)
from classify_pixels.inference.runtimes import Backend, BackendOptions, NetworkInput, open_backend
from classify_pixels.inference.runtimes.backend import likely_axes
from classify_pixels.inference.runtimes.input_form import to_layout
from classify_pixels.inference.runtimes.output_form import GivenOutput, OutputForm
from tests.networks import (
    channels_last_network,
    class_network,
    identity_network,
    pointwise_network,
    pointwise_weights,
    pooling_network,
    save_network,
)

GPU_PROVIDERS = {
    "CUDAExecutionProvider",
    "DmlExecutionProvider",
    "CoreMLExecutionProvider",
    "ROCMExecutionProvider",
}
has_gpu = bool(GPU_PROVIDERS & set(onnxruntime.get_available_providers()))
PIXELS = np.random.default_rng(3).normal(size=(2, 3, 8, 6)).astype(np.float32)


def opened(weights: Path, **options: Any) -> Backend:
    return open_backend(weights, BackendOptions(**{"processor": "CPU", **options}))


def by_numpy(pixels: np.ndarray, bands: int, channels: int) -> np.ndarray:
    matrix, bias = pointwise_weights(bands, channels)
    return np.einsum("cb,nbhw->nchw", matrix, pixels) + bias[:, None, None]


@pytest.mark.parametrize("layout", [None, "NCHW"])
def test_a_network_gives_what_numpy_gives(layout: Any, tmp_path: Path) -> None:
    with closing(opened(pointwise_network(tmp_path / "n.onnx", 3, 5), bands=3, layout=layout)) as backend:
        np.testing.assert_allclose(backend.run(PIXELS), by_numpy(PIXELS, 3, 5), rtol=1e-5, atol=1e-6)
        assert backend.input == NetworkInput(None, 3, None, None, "NCHW")


@pytest.mark.parametrize("layout", [None, "NHWC"])
def test_a_channels_last_network_gives_the_same(layout: Any, tmp_path: Path) -> None:
    with closing(opened(channels_last_network(tmp_path / "n.onnx", 3, 5), bands=3, layout=layout)) as backend:
        output = backend.run(PIXELS)
        np.testing.assert_allclose(output, by_numpy(PIXELS, 3, 5), rtol=1e-5, atol=1e-6)
        assert backend.input.layout == "NHWC"
        assert backend.input.bands == 3


def test_declared_sizes_are_told(tmp_path: Path) -> None:
    with closing(opened(pointwise_network(tmp_path / "n.onnx", 4, 2, size=32, batch=2), bands=4)) as backend:
        assert backend.input == NetworkInput(2, 4, 32, 32, "NCHW")
    with closing(opened(channels_last_network(tmp_path / "n.onnx", 4, 2, size=32))) as backend:
        assert backend.input == NetworkInput(None, 4, 32, 32, "NHWC")


def test_as_many_bands_as_pixels_still_count_as_bands(tmp_path: Path) -> None:
    """Both ends of the shape fit; channels first is the rule of the format."""
    with closing(opened(identity_network(tmp_path / "n.onnx", 8, size=8), bands=8)) as backend:
        assert backend.input.layout == "NCHW"


@pytest.mark.parametrize(
    ("kind", "dtype"),
    [
        (TensorProto.FLOAT16, np.float16),
        (TensorProto.DOUBLE, np.float64),
        (TensorProto.UINT8, np.uint8),
        (TensorProto.UINT16, np.uint16),
    ],
)
def test_other_types_of_input(kind: int, dtype: Any, tmp_path: Path) -> None:
    pixels = np.arange(2 * 3 * 4 * 5, dtype=np.float32).reshape(2, 3, 4, 5)
    with closing(opened(identity_network(tmp_path / "n.onnx", 3, input_type=kind))) as backend:
        assert (backend.run(pixels) == pixels.astype(dtype)).all()


def test_a_type_that_no_pixel_has_is_refused(tmp_path: Path) -> None:
    path = identity_network(tmp_path / "n.onnx", 3, input_type=TensorProto.BOOL)
    with pytest.raises(NetworkMismatchError, match=r"n\.onnx.*bool"):
        opened(path)


def test_ready_classes_without_a_channel_get_one(tmp_path: Path) -> None:
    pixels = np.array([[[[1.2, 2.7], [3.1, 0.0]]]], np.float32)
    for keep_channel in (True, False):
        with closing(opened(class_network(tmp_path / "n.onnx", keep_channel))) as backend:
            output = backend.run(pixels)
            assert output.tolist() == [[[[1, 3], [3, 0]]]]
            assert np.issubdtype(output.dtype, np.integer)


def test_a_session_serves_several_threads_at_once(tmp_path: Path) -> None:
    with closing(opened(pooling_network(tmp_path / "n.onnx"))) as backend:
        scenes = [np.random.default_rng(i).normal(size=(1, 2, 32, 32)).astype(np.float32) for i in range(8)]
        alone = [backend.run(scene) for scene in scenes]
        together: dict[int, np.ndarray] = {}

        def work(index: int) -> None:
            together[index] = backend.run(scenes[index])

        threads = [threading.Thread(target=work, args=(index,)) for index in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all((together[index] == alone[index]).all() for index in range(8))


def test_the_device_is_named(tmp_path: Path) -> None:
    with closing(opened(pointwise_network(tmp_path / "n.onnx", 3, 2), runtime="onnxruntime")) as backend:
        assert backend.device == f"CPU (ONNX Runtime {onnxruntime.__version__})"


@pytest.mark.skipif(has_gpu, reason="this machine has a GPU for ONNX Runtime")
def test_a_gpu_that_is_not_there_is_an_error_and_auto_takes_the_cpu(tmp_path: Path) -> None:
    path = pointwise_network(tmp_path / "n.onnx", 3, 2)
    with pytest.raises(ProcessorError, match=r"ONNX Runtime found no usable GPU \(available: .*CPUExecutionProvider"):
        opened(path, processor="GPU")
    with closing(opened(path, processor="AUTO")) as backend:
        assert backend.device.startswith("CPU")


@pytest.mark.parametrize("content", [b"", b"just a text", b"PK\x03\x04" + bytes(50), b"\x08\x08\x12\x07pytorch"])
def test_a_file_that_is_no_network_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "renamed.onnx"
    path.write_bytes(content)
    with pytest.raises(WeightsUnreadableError, match=r"renamed\.onnx cannot be loaded"):
        opened(path)


def test_a_truncated_network_is_refused(tmp_path: Path) -> None:
    path = pooling_network(tmp_path / "n.onnx")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(WeightsUnreadableError, match=r"n\.onnx"):
        opened(path)


def test_an_operator_that_nobody_has_is_refused(tmp_path: Path) -> None:
    path = identity_network(tmp_path / "n.onnx", 3)
    path.write_bytes(path.read_bytes().replace(b"Cast", b"Csat"))
    with pytest.raises(WeightsUnreadableError, match="Csat"):
        opened(path)


def test_another_number_of_bands_than_the_definition_says_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NetworkMismatchError, match="takes 3 bands, but the definition lists 4"):
        opened(pointwise_network(tmp_path / "n.onnx", 3, 2), bands=4)


def test_a_network_of_two_images_is_refused(tmp_path: Path) -> None:
    shape = ["n", 2, "h", "w"]
    info = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in ("before", "after", "scores")]
    graph = helper.make_graph([helper.make_node("Add", ["before", "after"], ["scores"])], "g", info[:2], info[2:])
    path = tmp_path / "n.onnx"
    path.write_bytes(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()
    )
    with pytest.raises(NetworkMismatchError, match="the inputs before .* after"):
        opened(path)


def test_a_network_of_a_flat_input_is_refused(tmp_path: Path) -> None:
    path = save_network(tmp_path / "n.onnx", [helper.make_node("Relu", ["image"], ["scores"])], {}, ("n",), ("n",))
    with pytest.raises(NetworkMismatchError, match="instead of one image"):
        opened(path)


def test_a_size_that_the_network_cannot_take_is_named(tmp_path: Path) -> None:
    """The skip connection needs a multiple of 4."""
    with (
        closing(opened(pooling_network(tmp_path / "n.onnx"))) as backend,
        pytest.raises(NetworkRunError, match="6 x 9 "),
    ):
        backend.run(np.zeros((1, 2, 9, 6), np.float32))


@pytest.mark.parametrize(
    ("shape", "layout", "expected"),
    [
        ((2, 5, 8, 6), "NCHW", (2, 5, 8, 6)),
        ((2, 8, 6, 5), "NCHW", (2, 5, 8, 6)),
        ((2, 5, 8, 6), "NHWC", (2, 5, 8, 6)),
        ((2, 8, 6, 5), "NHWC", (2, 5, 8, 6)),
        ((2, 8, 6), "NHWC", (2, 1, 8, 6)),
        ((2, 5, 4, 2), "NCHW", (2, 5, 4, 2)),
        ((2, 4, 2, 5), "NHWC", (2, 5, 4, 2)),
    ],
)
def test_the_layout_of_an_output_is_told_from_its_shape(shape: Any, layout: str, expected: Any) -> None:
    """The image has 8 rows and 6 columns; an output that lacks a margin is laid out as the input."""
    axes = likely_axes(GivenOutput("", shape, "<f4"), (2, 8, 6), layout)
    assert OutputForm(0, axes).read(np.zeros(shape)).shape == expected


def test_pixels_are_laid_out_as_the_network_takes_them() -> None:
    assert to_layout(PIXELS, "NCHW") is PIXELS
    turned = to_layout(PIXELS, "NHWC")
    assert turned.flags.c_contiguous
    assert turned[1, 7, 5, 2] == PIXELS[1, 2, 7, 5]
