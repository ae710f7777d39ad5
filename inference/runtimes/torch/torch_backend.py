# SPDX-License-Identifier: GPL-2.0-or-later
"""The common backend of all PyTorch networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, nullcontext
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ...errors import NetworkMismatchError, RunCancelledError
from ...models import Normalization
from ...phrase import Phrase
from ..backend import MANY_CHANNELS, Backend, Float32, NetworkInput, NetworkOutput, likely_axes
from ..failure import run_failure
from ..input_form import to_layout
from ..options import BackendOptions
from ..output_form import NCHW, NHWC, GivenOutput, output_number
from .device import device_name, to_array, to_device
from .network_start import network_start

# Side of the trial image for networks without a declared size.
TRIAL = 64

Result = TypeVar("Result")
Tensors = Sequence[tuple[str, Any]]

RUN_FAILURES = (RuntimeError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError)


class TorchBackend(Backend):
    """A function from image to scores, on one PyTorch device.

    With `options.mixed_precision` the network runs in 16-bit floats on a GPU, except for sensitive operations;
    otherwise in 32-bit floats throughout.
    """

    def __init__(
        self, torch: Any, device: Any, name: str, network: Callable[[Any], Any], declared: NetworkInput,
        options: BackendOptions,
    ) -> None:  # fmt: skip
        self._torch, self._device, self._name = torch, device, name
        self._network, self._input = network, declared
        self._mixed = options.mixed_precision and device.type != "cpu"
        self._asked_output = options.output
        self._names: tuple[str, ...] = ()
        self._interrupted = False
        self._undone = ExitStack()
        self._undone.callback(torch.set_num_threads, torch.get_num_threads())
        # A process-wide setting, shared with other users of PyTorch in QGIS.
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
        """The input of the network, as far as known from its file."""
        return self._input

    @property
    def output(self) -> NetworkOutput:
        """The output in use, and the names of all; unknown before the network has run."""
        return NetworkOutput(self._form.number if self._form is not None else 0, self._names)

    @property
    def mixed_precision(self) -> bool:
        """True on a GPU, if mixed precision was requested: on CPUs it is slower than 32-bit floats."""
        return self._mixed

    @property
    def first_steps(self) -> Normalization | None:
        """The normalisation at the start of the network, as far as known from batch normalisation or constants."""
        declared = self._input
        if declared.bands is None or declared.layout not in (NCHW, NHWC):
            return None
        size = (declared.batch or 1, declared.bands, declared.height or TRIAL, declared.width or TRIAL)
        feed = to_device(self._torch, to_layout(np.zeros(size, np.float32), declared.layout), self._device)
        return network_start(self._torch, self._network, feed, declared.bands)

    @property
    def decides(self) -> bool:
        """True for scores on a GPU, whose transfer takes longer than that of classes."""
        return bool(self._device.type != "cpu") and (self._form is None or self._form.decidable)

    def compute(self, pixels: Float32, number: int) -> NDArray[Any]:
        """Returns the raw output of this number."""
        return self._computed(pixels, lambda tensors: to_array(tensors[number][1]))

    def outputs(self, pixels: Float32) -> tuple[GivenOutput, ...]:
        """Returns name, shape and type of all output tensors, in any container."""

        def described(tensors: Tensors) -> tuple[GivenOutput, ...]:
            arrays = [(name, to_array(tensor)) for name, tensor in tensors]
            return tuple(GivenOutput(name, array.shape, array.dtype.str) for name, array in arrays)

        found = self._computed(pixels, described)
        self._names = tuple(output.name for output in found)
        return found

    def compute_precisely(self, pixels: Float32, number: int) -> NDArray[Any]:
        """Returns the raw output of this number in 32-bit floats."""
        return self._computed(pixels, lambda tensors: to_array(tensors[number][1]), precisely=True)

    def run_argmax(self, pixels: Float32, never: Sequence[int] = ()) -> NDArray[Any]:
        """Returns the argmax of the scores (N, height, width), the first of ties, without channels in `never`.

        The argmax runs on the device, so that one byte per pixel is transferred, or four for 256 channels and more. The
        result is the type's largest value where a score is not finite.
        """
        image = len(pixels), pixels.shape[2], pixels.shape[3]

        def argmax(tensors: Tensors) -> NDArray[Any]:
            number = self._form.number if self._form is not None else self._asked_number(tensors)
            return to_array(self._argmax(self._channels_first(tensors[number][1], image), never))

        return self._computed(pixels, argmax)

    def interrupt(self) -> None:
        """Makes all later calls raise RunCancelledError; current ones complete."""
        self._interrupted = True

    def close(self) -> None:
        """Releases the network and restores PyTorch's number of threads and precision."""
        del self._network
        self._undone.close()

    def _computed(self, pixels: Float32, read: Callable[[Tensors], Result], precisely: bool = False) -> Result:
        """Runs the network and reads its output; errors of the device are distinguished from others."""
        if self._interrupted:
            raise RunCancelledError
        # A thread that has used PyTorch before keeps its initial number of threads, which affects sums.
        if self._torch.get_num_threads() != self._threads:
            self._torch.set_num_threads(self._threads)
        try:
            with self._torch.inference_mode(), self._precision(precisely):
                feed = to_device(self._torch, to_layout(pixels, self._input.layout, self._input.times), self._device)
                output = self._network(feed)
                return read(self._tensors(output))
        except (*RUN_FAILURES, MemoryError, self._torch.jit.Error) as error:
            raise run_failure(f"{pixels.shape[3]} x {pixels.shape[2]}", error, last_line(error)) from error

    def _precision(self, precisely: bool) -> Any:
        mixed = self._mixed and not precisely
        return self._torch.autocast(self._device.type, self._torch.float16) if mixed else nullcontext()

    def _forbid_rounding(self) -> None:
        """Keeps CUDA from rounding the inputs of convolutions to 10 bits, PyTorch's default."""
        flags = self._torch.backends.cudnn
        self._undone.callback(setattr, flags, "allow_tf32", flags.allow_tf32)
        flags.allow_tf32 = False

    def _tensors(self, output: Any) -> list[tuple[str, Any]]:
        """Returns names and tensors: segmentation networks also return tuples, lists and {"out": …}."""
        found = list(_flattened(output, self._torch.Tensor))
        if not found:
            reason = Phrase("it returns {output} instead of an image", {"output": f"{output!r:.40}"})
            raise NetworkMismatchError(weights=self._name, reason=reason)
        return found

    def _asked_number(self, tensors: Tensors) -> int:
        return output_number(self._asked_output, [name for name, _ in tensors]) if self._asked_output else 0

    def _channels_first(self, output: Any, image: tuple[int, int, int]) -> Any:
        if output.dim() != len(NCHW):
            shape = " x ".join(map(str, output.shape))
            reason = Phrase("it returns {shape} values instead of scores per channel", {"shape": shape})
            raise NetworkMismatchError(weights=self._name, reason=reason)
        likely = likely_axes(GivenOutput("", tuple(output.shape), "f4"), image, self._input.layout)
        axes = self._form.axes if self._form is not None else likely
        return output.permute([axes.index(axis) for axis in NCHW])

    def _argmax(self, scores: Any, never: Sequence[int]) -> Any:
        finite = self._torch.isfinite(scores).all(dim=1)
        if never:
            places = self._torch.tensor(list(never), device=scores.device)
            scores = scores.float().index_fill(1, places, -np.inf)
        dtype = self._torch.uint8 if scores.shape[1] < MANY_CHANNELS else self._torch.int32
        return scores.argmax(dim=1).to(dtype).masked_fill(~finite, self._torch.iinfo(dtype).max)


def _flattened(output: Any, tensor: type[Any], name: str = "") -> Iterator[tuple[str, Any]]:
    """Yields the tensors of nested lists, tuples and dictionaries, named by position, as in "aux.0"."""
    if isinstance(output, tensor):
        yield name or "0", output
    elif isinstance(output, (tuple, list, dict)):
        parts = output.items() if isinstance(output, dict) else enumerate(output)
        for key, part in parts:
            yield from _flattened(part, tensor, f"{name}.{key}" if name else str(key))


def last_line(error: BaseException) -> str:
    """Returns the last line of PyTorch's often long messages."""
    lines = [line.strip() for line in str(error).strip().splitlines() if line.strip()]
    return lines[-1][:300] if lines else type(error).__name__


def first_kernel_bands(tensors: Any) -> int | None:
    """Returns the bands of the first convolution: (channels out, bands, height, width)."""
    return next((int(tensor.shape[1]) for tensor in tensors if tensor.dim() == 4), None)
