# SPDX-License-Identifier: GPL-2.0-or-later
"""What all networks that PyTorch runs share, however they were stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, nullcontext
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import NetworkMismatchError, RunCancelledError
from ..phrase import Phrase
from .backend import MANY_CHANNELS, Backend, Float32, NetworkInput, channels_axis, to_layout, to_nchw
from .failure import run_failure
from .options import BackendOptions
from .torch_device import device_name, to_array, to_device

RUN_FAILURES = (RuntimeError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError)


class TorchBackend(Backend):
    """A function from image to scores, on one device of PyTorch.

    With `options.mixed_precision` the network runs in 16-bit floats on a GPU, but for operations that would suffer
    from that; else in 32-bit floats throughout.
    """

    def __init__(
        self, torch: Any, device: Any, name: str, network: Callable[[Any], Any], declared: NetworkInput,
        options: BackendOptions,
    ) -> None:  # fmt: skip
        self._torch, self._device, self._name = torch, device, name
        self._network, self._input = network, declared
        self._mixed = options.mixed_precision and device.type != "cpu"
        self._interrupted = False
        self._undone = ExitStack()
        self._undone.callback(torch.set_num_threads, torch.get_num_threads())
        # It holds for the whole process, and so for whatever else in QGIS uses PyTorch.
        torch.set_num_threads(options.threads)
        self._threads = options.threads
        if device.type == "cuda" and not self._mixed:
            self._forbid_rounding()

    @property
    def device(self) -> str:
        """The device that runs the network."""
        return device_name(self._torch, self._device)

    @property
    def input(self) -> NetworkInput:
        """The input that the network takes, as far as its file tells it."""
        return self._input

    @property
    def mixed_precision(self) -> bool:
        """True on a GPU, if mixed precision was asked for: on processors it is slower than 32-bit floats."""
        return self._mixed

    @property
    def decides(self) -> bool:
        """True on a GPU, from which scores take longer to come back than classes."""
        return bool(self._device.type != "cpu")

    def run(self, pixels: Float32) -> NDArray[Any]:
        """Returns the output (N, channels, height, width) for pixels (N, bands, height, width)."""
        array = self._computed(pixels, to_array)
        return to_nchw(array, self._input.layout, pixels.shape[2], pixels.shape[3])

    def run_winners(self, pixels: Float32, never: Sequence[int] = ()) -> NDArray[Any]:
        """Returns the channel with the largest score (N, height, width), the first of equals, without those of `never`.

        The channels are chosen on the device, so that one byte per pixel comes back, or four where there
        are 256 channels and more. Where a score is not finite the winner is the type's largest value.
        """
        height, width = pixels.shape[2:]

        def winners(output: Any) -> NDArray[Any]:
            return to_array(self._winners(self._channels_first(output, height, width), never))

        return self._computed(pixels, winners)

    def interrupt(self) -> None:
        """Makes all later calls end with RunCancelledError; those under way go on to their end."""
        self._interrupted = True

    def close(self) -> None:
        """Lets the network go and gives QGIS its number of threads and its precision back."""
        del self._network
        self._undone.close()

    def _computed(self, pixels: Float32, read: Callable[[Any], NDArray[Any]]) -> NDArray[Any]:
        """Runs the network and reads its output while errors of the device can still be told from others."""
        if self._interrupted:
            raise RunCancelledError
        # A thread that has used PyTorch before keeps the number that it began with, and sums depend on it.
        if self._torch.get_num_threads() != self._threads:
            self._torch.set_num_threads(self._threads)
        try:
            with self._torch.inference_mode(), self._precision():
                feed = to_device(self._torch, to_layout(pixels, self._input.layout), self._device)
                output = self._network(feed)
                return read(self._first_tensor(output))
        except (*RUN_FAILURES, MemoryError, self._torch.jit.Error) as error:
            raise run_failure(f"{pixels.shape[3]} x {pixels.shape[2]}", error, last_line(error)) from error

    def _precision(self) -> Any:
        return self._torch.autocast(self._device.type, self._torch.float16) if self._mixed else nullcontext()

    def _forbid_rounding(self) -> None:
        """Keeps CUDA from rounding the inputs of convolutions to 10 bits, which PyTorch allows by itself."""
        flags = self._torch.backends.cudnn
        self._undone.callback(setattr, flags, "allow_tf32", flags.allow_tf32)
        flags.allow_tf32 = False

    def _first_tensor(self, output: Any) -> Any:
        """Takes the first tensor: segmentation networks also return tuples, lists and {"out": …}."""
        while isinstance(output, (tuple, list, dict)) and output:
            output = next(iter(output.values() if isinstance(output, dict) else output))
        if not isinstance(output, self._torch.Tensor):
            reason = Phrase("it gives {output} instead of an image", {"output": f"{output!r:.40}"})
            raise NetworkMismatchError(weights=self._name, reason=reason)
        return output

    def _channels_first(self, output: Any, height: int, width: int) -> Any:
        if output.dim() != 4:
            shape = " x ".join(map(str, output.shape))
            reason = Phrase("it gives {shape} values instead of scores for each channel", {"shape": shape})
            raise NetworkMismatchError(weights=self._name, reason=reason)
        axis = channels_axis(output.shape, self._input.layout, height, width)
        return output if axis == 1 else output.permute(0, 3, 1, 2)

    def _winners(self, scores: Any, never: Sequence[int]) -> Any:
        finite = self._torch.isfinite(scores).all(dim=1)
        if never:
            places = self._torch.tensor(list(never), device=scores.device)
            scores = scores.float().index_fill(1, places, -np.inf)
        dtype = self._torch.uint8 if scores.shape[1] < MANY_CHANNELS else self._torch.int32
        return scores.argmax(dim=1).to(dtype).masked_fill(~finite, self._torch.iinfo(dtype).max)


def last_line(error: BaseException) -> str:
    """Returns what PyTorch says at the end of its often long messages."""
    lines = [line.strip() for line in str(error).strip().splitlines() if line.strip()]
    return lines[-1][:300] if lines else type(error).__name__


def first_kernel_bands(tensors: Any) -> int | None:
    """Reads the bands off the first convolution: (channels out, bands, height, width)."""
    return next((int(tensor.shape[1]) for tensor in tensors if tensor.dim() == 4), None)
