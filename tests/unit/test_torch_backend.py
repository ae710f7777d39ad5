# SPDX-License-Identifier: GPL-2.0-or-later
"""What PyTorch's backends share: the argmax taken on the device, precision, failures."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.errors import (
    NetworkMemoryError,
    NetworkMismatchError,
    NetworkRunError,
    RunCancelledError,
)
from classify_pixels.inference.runtimes import BackendOptions, NetworkInput
from classify_pixels.inference.runtimes.torch.torch_backend import TorchBackend
from tests.state_dicts import image

torch = pytest.importorskip("torch", reason="PyTorch is optional")
DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]


def backend_of(network: Any, device: str = "cpu", layout: str = "NCHW", **options: Any) -> TorchBackend:
    declared = NetworkInput(bands=3, layout=layout)
    return TorchBackend(torch, torch.device(device), "net.pt", network, declared, BackendOptions(**options))


def same(pixels: Any) -> Any:
    return pixels


def pixels_of(scores: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(scores, np.float32)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("never", [(), (0,), (1, 3)])
def test_the_argmax_is_numpy_s_and_the_first_of_equals_wins(never: tuple[int, ...], device: str) -> None:
    scores = np.random.default_rng(1).integers(0, 3, (2, 5, 16, 24)).astype(np.float32)
    left = np.delete(np.arange(5), never)
    expected = left[scores[:, left].argmax(axis=1)]
    with closing(backend_of(same, device)) as backend:
        argmax = backend.run_argmax(scores, never)
    assert argmax.dtype == np.uint8
    assert (argmax == expected).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_score_that_is_not_finite_is_marked_where_it_is(bad: float) -> None:
    scores = np.random.default_rng(1).normal(size=(1, 4, 6, 5)).astype(np.float32)
    scores[0, 2, 3, 4] = bad
    with closing(backend_of(same)) as backend:
        argmax = backend.run_argmax(scores, never=(2,))
    assert (np.argwhere(argmax == 255) == [[0, 3, 4]]).all()


@pytest.mark.parametrize(("channels", "kind"), [(255, np.uint8), (256, np.int32), (300, np.int32)])
def test_many_channels(channels: int, kind: Any) -> None:
    scores = np.zeros((1, channels, 1, 2), np.float32)
    scores[0, channels - 1, 0, 1] = 1
    with closing(backend_of(same)) as backend:
        argmax = backend.run_argmax(scores)
    assert argmax.dtype == kind
    assert argmax.tolist() == [[[0, channels - 1]]]


def test_the_argmax_of_channels_last() -> None:
    scores = np.random.default_rng(1).normal(size=(2, 3, 6, 5)).astype(np.float32)
    with closing(backend_of(same, layout="NHWC")) as backend:
        assert (backend.run_argmax(scores) == scores.argmax(axis=1)).all()
        assert (backend.run(scores) == scores).all()


def test_the_argmax_needs_scores_for_each_pixel() -> None:
    backend = backend_of(lambda x: x.mean((2, 3)))
    with closing(backend), pytest.raises(NetworkMismatchError, match="2 x 3 values"):
        backend.run_argmax(np.zeros((2, 3, 4, 4), np.float32))


def failing(error: BaseException) -> Any:
    def network(pixels: Any) -> Any:
        raise error

    return network


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (RuntimeError("CUDA out of memory. Tried to allocate 20 GiB"), NetworkMemoryError),
        (
            RuntimeError("[enforce fail at alloc_cpu.cpp:117] . DefaultCPUAllocator: not enough memory"),
            NetworkMemoryError,
        ),
        (MemoryError(), NetworkMemoryError),
        (RuntimeError("first line\nsizes of tensors must match"), NetworkRunError),
        (KeyError("x"), NetworkRunError),
        (OverflowError("int too large"), NetworkRunError),
    ],
)
def test_failures_have_a_name_and_a_size(error: BaseException, kind: type[Exception]) -> None:
    with closing(backend_of(failing(error))) as backend, pytest.raises(kind, match="6 x 5 ") as caught:
        backend.run(np.zeros((1, 3, 5, 6), np.float32))
    assert type(caught.value) is kind


def test_after_an_interrupt_nothing_runs() -> None:
    with closing(backend_of(same)) as backend:
        backend.interrupt()
        with pytest.raises(RunCancelledError):
            backend.run(np.zeros((1, 3, 4, 4), np.float32))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no CUDA")
def test_convolutions_are_not_rounded_on_a_gpu() -> None:
    weight = torch.from_numpy(image(64, 3, 3, count=64))
    pixels = image(64, 48, 48)
    before = torch.backends.cudnn.allow_tf32
    expected = torch.nn.functional.conv2d(torch.from_numpy(pixels).double(), weight.double()).numpy()
    with closing(backend_of(lambda x: torch.nn.functional.conv2d(x, weight.to(x.device)), "cuda")) as backend:
        np.testing.assert_allclose(backend.run(pixels), expected, rtol=0, atol=1e-3)
    assert torch.backends.cudnn.allow_tf32 == before
