# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs ONNX networks with OpenVINO, which is faster on most CPUs, once its scores agree with those of ONNX Runtime."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import NetworkMismatchError, NetworkRunError
from ..backend import Backend, Float32
from ..onnx.onnx_backend import OnnxBackend
from ..options import BackendOptions
from ..output_form import GivenOutput, OutputForm
from ..wrappers import ForwardingBackend
from .compiled_network import CompiledNetwork

NAME = "openvino"

# Rounding errors of single precision in deep networks, as a share of the range of the scores.
ROUNDING = 1e-3

# The random image on which both are compared: raster values, of the size of the trial or less.
SEED, LARGEST_VALUE, SIDE = 7, 255.0, 256


class OpenVinoBackend(ForwardingBackend):
    """An ONNX network that ONNX Runtime describes and OpenVINO runs.

    Once the form of the output is settled, both run a random image. If their scores differ by more than rounding, or
    OpenVINO fails, ONNX Runtime runs the network from then on; `device` names the one that is used.
    """

    def __init__(self, behind: OnnxBackend, weights: Path, options: BackendOptions) -> None:
        super().__init__(behind)
        self._onnx, self._asked = behind, options.runtime == NAME
        self._network: CompiledNetwork | None = CompiledNetwork(weights, options)
        self._weights = weights.name
        ports = enumerate(self._network.outputs)
        self._numbers = {name: number for number, port in ports for name in port.names}
        self._size: tuple[int, ...] = ()

    @property
    def device(self) -> str:
        """The device and the library that run the network."""
        return self._network.device if self._network else super().device

    @property
    def runtime(self) -> str:
        """The library that runs the network, by its name in the argument `runtime`."""
        return NAME if self._network else super().runtime

    def settle(self, form: OutputForm) -> None:
        """Fixes the form of the output and the library that runs the network."""
        super().settle(form)
        if self._network is None or not self._size:
            return
        batch, bands, height, width = self._size
        fixed = self._onnx.input
        height, width = fixed.height or min(height, SIDE), fixed.width or min(width, SIDE)
        values = np.random.default_rng(SEED).random((batch, bands, height, width), np.float32) * LARGEST_VALUE
        expected = self._onnx.compute(values, form.number)
        if not self._agrees(values, form.number, expected):
            if self._asked:
                reason = "OpenVINO gives other scores than ONNX Runtime"
                raise NetworkMismatchError(weights=self._weights, reason=reason)
            self._leave()

    def run(self, pixels: Float32) -> NDArray[Any]:
        """Returns the network's scores or classes (N, channels, height, width)."""
        return super().run(pixels) if self._network is None else Backend.run(self, pixels)

    def compute(self, pixels: Float32, number: int) -> NDArray[Any]:
        """Returns the raw output of this number."""
        network = self._network
        if network is None:
            return self._onnx.compute(pixels, number)
        self._size = pixels.shape
        feed, name = self._onnx.feed(pixels), self._onnx.output.names[number]
        return network.run(feed, [self._numbers[name]], f"{pixels.shape[3]} x {pixels.shape[2]}")[0]

    def outputs(self, pixels: Float32) -> tuple[GivenOutput, ...]:
        """Returns name, shape and type of all outputs for pixels (N, bands, height, width)."""
        self._size = pixels.shape
        return self._onnx.outputs(pixels)

    def interrupt(self) -> None:
        """Ends the calls that are under way, and all later ones."""
        super().interrupt()
        if self._network is not None:
            self._network.interrupt()

    def close(self) -> None:
        """Releases both networks."""
        super().close()
        self._leave()

    def _agrees(self, pixels: Float32, number: int, expected: NDArray[Any]) -> bool:
        """Compares the scores of OpenVINO with those expected, within rounding; integers must be equal."""
        try:
            found = self.compute(pixels, number)
        except NetworkRunError:
            if self._asked:
                raise
            return False
        if found.shape != expected.shape:
            return False
        if expected.dtype.kind != "f":
            return np.array_equal(found, expected)
        spread = float(np.ptp(expected[np.isfinite(expected)])) if np.isfinite(expected).any() else 0.0
        return np.allclose(found, expected, rtol=ROUNDING, atol=ROUNDING * spread, equal_nan=True)

    def _leave(self) -> None:
        network, self._network = self._network, None
        if network is not None:
            network.close()
