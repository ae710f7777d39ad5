# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs ONNX networks with OpenVINO, which is faster on most CPUs, once its scores agree with those of ONNX Runtime."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import NetworkMismatchError, NetworkRunError
from ...phrase import Phrase
from ..backend import Backend, Float32
from ..onnx.onnx_backend import OnnxBackend
from ..options import BackendOptions
from ..output_form import GivenOutput, OutputForm
from ..wrappers import ForwardingBackend
from .compiled_network import CompiledNetwork
from .devices import CPU

NAME = "openvino"

# Rounding errors of single precision in deep networks, as a share of the range of the scores.
ROUNDING = 1e-3

# The largest share of pixels whose class may differ: scores of random images are hardly ever that close.
TIES = 1e-4

# The random image on which both are compared: raster values, of the size of the trial or less.
SEED, LARGEST_VALUE, SIDE = 7, 255.0, 256

# Twice the largest absolute value of images with values of either sign, as after normalisation.
SIGNED = 8.0

# By so many rows and columns less, a size is a multiple of no stride and half of no other size.
UNEVEN = (5, 3)


class OpenVinoBackend(ForwardingBackend):
    """An ONNX network that ONNX Runtime describes and OpenVINO runs.

    Once the form of the output is settled, both run random images in single precision, OpenVINO with either of its
    compilations: of the trial's size, of a small one and of an uneven one, because resizing and pooling may agree at
    some sizes only. If their scores differ by more than rounding, or OpenVINO fails, ONNX Runtime runs the network
    from then on, unless OpenVINO or a GPU is requested; `device` names the one that is used.
    """

    def __init__(self, behind: OnnxBackend, weights: Path, options: BackendOptions) -> None:
        super().__init__(behind)
        self._onnx, self._weights, self._options = behind, weights, options
        self._network: CompiledNetwork | None = CompiledNetwork(weights, options)
        self._asked = options.runtime == NAME or self._network.used.kind != CPU
        ports = enumerate(self._network.outputs)
        self._numbers = {name: number for number, port in ports for name in port.names}
        self._size: tuple[int, ...] = ()
        self._seen: set[tuple[int, tuple[int, ...]]] = set()

    @property
    def device(self) -> str:
        """The device and the library that run the network."""
        return self._network.device if self._network else super().device

    @property
    def on_cpu(self) -> bool:
        """True if the processors run the network."""
        return self._network.used.kind == CPU if self._network else super().on_cpu

    @property
    def runtime(self) -> str:
        """The library that runs the network, by its name in the argument `runtime`."""
        return NAME if self._network else super().runtime

    @property
    def mixed_precision(self) -> bool:
        """True if the network is computed in 16-bit floats."""
        return self._network is not None and bool(self._network.used.half)

    def settle(self, form: OutputForm) -> None:
        """Fixes the form of the output and the library that runs the network."""
        super().settle(form)
        if self._network is None or self._options.compared:
            return
        if not self._agrees(self._network, form.number):
            if self._asked:
                reason = Phrase("OpenVINO gives other scores than ONNX Runtime")
                raise NetworkMismatchError(weights=self._weights.name, reason=reason)
            self._leave()

    def run(self, pixels: Float32) -> NDArray[Any]:
        """Returns the network's scores or classes (N, channels, height, width)."""
        return super().run(pixels) if self._network is None else Backend.run(self, pixels)

    def run_precisely(self, pixels: Float32) -> NDArray[Any]:
        """Returns the output of ONNX Runtime, which computes in single precision."""
        return super().run(pixels)

    def compute(self, pixels: Float32, number: int) -> NDArray[Any]:
        """Returns the raw output of this number."""
        network = self._network
        if network is None:
            return self._onnx.compute(pixels, number)
        return self._computed(network, pixels, number)

    def outputs(self, pixels: Float32) -> tuple[GivenOutput, ...]:
        """Returns name, shape and type of all outputs for pixels (N, bands, height, width)."""
        found = self._onnx.outputs(pixels)
        self._size = max(self._size, pixels.shape, key=math.prod) if self._size else pixels.shape
        return found

    def expect(self, images: tuple[int, int, int, int]) -> None:
        """Compiles the network for images (N, bands, height, width)."""
        if self._network is not None:
            self._network.expect(self._onnx.feed(np.zeros(images, np.float32)))

    def interrupt(self) -> None:
        """Ends the calls that are under way, and all later ones."""
        super().interrupt()
        if self._network is not None:
            self._network.interrupt()

    def close(self) -> None:
        """Releases both networks."""
        super().close()
        self._leave()

    def _expected(self, number: int) -> Iterator[tuple[Float32, NDArray[Any]]]:
        """Yields random images and the scores of ONNX Runtime, of those sizes that the network accepts, each once."""
        generator = np.random.default_rng(SEED)
        for size, signed in self._images().items():
            if (number, size) in self._seen:
                continue
            values = generator.random(size, np.float32)
            values = (values - np.float32(0.5)) * np.float32(SIGNED) if signed else values * np.float32(LARGEST_VALUE)
            try:
                expected = self._onnx.compute(values, number)
            except NetworkRunError:
                continue
            self._seen.add((number, size))
            yield values, expected

    def _images(self) -> dict[tuple[int, ...], bool]:
        """Returns the sizes of images for the comparison, True for values of either sign."""
        declared, bands = self._onnx.input, self._onnx.input.bands or self._options.bands or 1
        # A process that continues a job makes no trial.
        whole = self._size or (declared.batch or 1, bands, declared.height or SIDE, declared.width or SIDE)
        sides = [declared.height or min(whole[2], SIDE), declared.width or min(whole[3], SIDE)]
        # One image shows as much as a batch, which may be large.
        few = declared.batch or 1, whole[1]
        sizes = {(*few, *sides): False, whole: False}
        uneven = [max(1, side - less) for side, less in zip(sides, UNEVEN)]
        signed = declared.limits is None
        return sizes if declared.height else {**sizes, (*few, *uneven): signed}

    def _computed(self, network: CompiledNetwork, pixels: Float32, number: int) -> NDArray[Any]:
        feed, name = self._onnx.feed(pixels), self._onnx.output.names[number]
        return network.run(feed, [self._numbers[name]], f"{pixels.shape[3]} x {pixels.shape[2]}")[0]

    def _agrees(self, network: CompiledNetwork, number: int) -> bool:
        """Compares the scores of OpenVINO with those expected: those of any size, and of each size alone."""
        try:
            with self._precise(network) as precise:
                for pixels, expected in self._expected(number):
                    found = [self._computed(precise, pixels, number)]
                    precise.expect(self._onnx.feed(pixels))
                    found.append(self._computed(precise, pixels, number))
                    if not all(_alike(each, expected) for each in found):
                        return False
        except NetworkRunError:
            if self._asked:
                raise
            return False
        return True

    @contextmanager
    def _precise(self, network: CompiledNetwork) -> Iterator[CompiledNetwork]:
        """Yields the network in single precision, in which faults of a library differ from rounding."""
        if not network.used.half:
            yield network
            return
        with closing(CompiledNetwork(self._weights, self._options, device=network.used.precise)) as precise:
            yield precise

    def _leave(self) -> None:
        network, self._network = self._network, None
        if network is not None:
            network.close()


def _alike(found: NDArray[Any], expected: NDArray[Any]) -> bool:
    """Returns True if scores are those expected within rounding, which may decide between classes equally good."""
    if found.shape != expected.shape:
        return False
    if expected.dtype.kind != "f":
        return bool(np.mean(found != expected) <= TIES)
    spread = float(np.ptp(expected[np.isfinite(expected)])) if np.isfinite(expected).any() else 0.0
    return np.allclose(found, expected, rtol=ROUNDING, atol=ROUNDING * spread, equal_nan=True)
