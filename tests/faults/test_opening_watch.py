# SPDX-License-Identifier: GPL-2.0-or-later
"""Cancelling a run abandons the opening of a network at once, regardless of its library."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper

from classify_pixels.inference import runtimes
from classify_pixels.inference.errors import OpeningTimeError, RunCancelledError, WeightsUnreadableError
from classify_pixels.inference.progress import SILENT, Progress, SilentProgress
from classify_pixels.inference.runtimes import Backend, BackendOptions, open_backend, opening_watch
from classify_pixels.inference.runtimes.opening_watch import Opening, open_watched
from tests.onnx_graphs import save_graph

# Far more than any of this needs, so that a hang is a failure.
WATCHDOG = 300


class Cancelled(SilentProgress):
    cancelled = True


def watched(opened: Callable[[Opening], Backend], progress: Progress, seconds: float = math.inf) -> Backend:
    return open_watched(opened, progress, Path("n.onnx"), seconds)


class Opened:
    """Stands for a network."""

    def __init__(self) -> None:
        self.closed = threading.Event()

    def close(self) -> None:
        self.closed.set()


def test_what_is_opened_is_given_back_and_what_fails_is_raised(tmp_path: Path) -> None:
    network = cast(Backend, Opened())
    assert watched(lambda opening: network, SILENT) is network

    def fail(_: Opening) -> Backend:
        raise WeightsUnreadableError(weights="n.onnx", reason="a reason")

    with pytest.raises(WeightsUnreadableError, match="a reason"):
        watched(fail, SILENT)


def test_a_library_that_can_be_ended_is_ended() -> None:
    ended, left = threading.Event(), threading.Event()

    def wait(opening: Opening) -> Backend:
        opening.ended_by(ended.set)
        assert ended.wait(WATCHDOG)
        left.set()
        raise WeightsUnreadableError(weights="n.onnx", reason="it was ended")

    with pytest.raises(RunCancelledError):
        watched(wait, Cancelled())
    assert left.wait(WATCHDOG)


def test_a_library_that_cannot_be_ended_is_left_and_its_network_closed_afterwards() -> None:
    go_on, network = threading.Event(), Opened()

    def wait(_: Opening) -> Backend:
        assert go_on.wait(WATCHDOG)
        return cast(Backend, network)

    with pytest.raises(RunCancelledError):
        watched(wait, Cancelled())
    assert not network.closed.is_set()
    go_on.set()
    assert network.closed.wait(WATCHDOG)


def test_what_takes_too_long_is_ended_and_named() -> None:
    ended = threading.Event()

    def wait(opening: Opening) -> Backend:
        opening.ended_by(ended.set)
        assert ended.wait(WATCHDOG)
        raise WeightsUnreadableError(weights="n.onnx", reason="it was ended")

    with pytest.raises(OpeningTimeError, match=r"n\.onnx.*0 minutes"):
        watched(wait, SILENT, 0.0)
    assert ended.wait(WATCHDOG)


@pytest.mark.parametrize(("suffix", "is_limited"), [(".onnx", True), (".xml", True), (".pt", True), (".py", False)])
def test_the_limit_grows_with_the_files_and_is_none_for_code_that_the_user_allowed(
    suffix: str, is_limited: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits: list[float] = []

    def keep(_open: Any, _progress: Any, _weights: Path, seconds: float) -> Backend:
        limits.append(seconds)
        return cast(Backend, Opened())

    monkeypatch.setattr(runtimes, "open_watched", keep)
    for size in (0, 300 * 1024**2):
        with (tmp_path / f"n{suffix}").open("wb") as file:
            file.truncate(size)
        open_backend(tmp_path / f"n{suffix}", BackendOptions())
    # No slower than half a megabyte a second, even from a drive on the network.
    expected = [runtimes.LONGEST, runtimes.LONGEST + 600] if is_limited else [math.inf] * 2
    assert limits == expected


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_does_not_hold_the_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    network = cast(Backend, Opened())
    monkeypatch.setattr(runtimes, "open_watched", lambda *_: network)
    os.mkfifo(tmp_path / "n.onnx")
    assert open_backend(tmp_path / "n.onnx", BackendOptions()) is network


def test_what_begins_after_cancel_is_ended_at_once() -> None:
    opening, calls = Opening(), []
    opening.cancel()
    opening.ended_by(lambda: calls.append(1))
    assert calls == [1]


def test_constants_that_take_long_are_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of two kilobytes may take minutes; this one takes some seconds, so that no test runs beside it."""
    begun, ended, create = threading.Event(), threading.Event(), onnxruntime.InferenceSession

    def noted(*given: Any) -> Any:
        begun.set()
        return create(*given)

    monkeypatch.setattr(onnxruntime, "InferenceSession", noted)
    # Even the fastest machine needs longer for the constants.
    monkeypatch.setattr(opening_watch, "PERIOD", 0.001)
    value = helper.make_tensor("value", TensorProto.FLOAT, [1], [1e-3])
    nodes = [helper.make_node("ConstantOfShape", ["shape"], ["m0"], value=value)]
    nodes += [helper.make_node("MatMul", [f"m{number}", "m0"], [f"m{number + 1}"]) for number in range(60)]
    nodes += [helper.make_node("ReduceMean", ["m60"], ["mean"], keepdims=0)]
    nodes += [helper.make_node("Add", ["image", "mean"], ["scores"])]
    outputs = [("scores", TensorProto.FLOAT, ("n", 3, "h", "w"))]
    network = save_graph(tmp_path / "n.onnx", nodes, outputs, weights={"shape": np.array([1000, 1000])})

    class CancelOnceBegun(SilentProgress):
        @property
        def cancelled(self) -> bool:  # type: ignore[override]
            return begun.is_set()

    def run() -> None:
        with pytest.raises(RunCancelledError):
            open_backend(network, BackendOptions(processor="CPU"), CancelOnceBegun())
        ended.set()

    threading.Thread(target=run, daemon=True).start()
    assert ended.wait(WATCHDOG)
    # The library ends as well, in its own time.
    end = time.monotonic() + WATCHDOG
    while time.monotonic() < end and any(thread.name == "opening" for thread in threading.enumerate()):
        time.sleep(0.05)
