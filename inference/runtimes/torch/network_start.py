# SPDX-License-Identifier: GPL-2.0-or-later
"""The first steps of a PyTorch network in any format: observed while it runs on zeros.

Follows additions and multiplications by constants up to a batch normalisation of the image, or to a convolution
directly followed by a batch normalisation. Any other step ends the run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ...models import Normalization
from ..first_steps import FirstSteps, Float64

PASSED_ON = frozenset(
    "_to_copy alias clone constant_pad_nd contiguous detach lift_fresh permute reflection_pad2d to transpose view "
    "_unsafe_view".split()
)
ARITHMETIC = frozenset("add sub mul div".split())
NORMALIZATIONS = frozenset(
    "batch_norm native_batch_norm cudnn_batch_norm miopen_batch_norm _native_batch_norm_legit "
    "_native_batch_norm_legit_no_training _batch_norm_no_update".split()
)
CONVOLUTIONS = frozenset("conv2d convolution _convolution cudnn_convolution".split())
RUNNING_MEAN, RUNNING_VARIANCE = 3, 4


class _SeenError(Exception):
    """The first steps have been observed; the rest of the network is skipped."""


class _Start:
    """Follows the image from one operation to the next."""

    def __init__(self, image: Any, bands: int) -> None:
        self.found: Normalization | None = None
        self._tensor, self._steps = image, FirstSteps.none(bands)
        self._kernel: tuple[Float64, Float64] | None = None

    def follow(self, name: str, given: Sequence[Any], options: Mapping[str, Any], run: Callable[[], Any]) -> Any:
        """Runs an operation, and records its effect on the image."""
        if not any(each is self._tensor for each in given):
            return run()
        name = name.rstrip("_") if name != "_" else name
        if self._kernel is not None:
            if name in NORMALIZATIONS and given[0] is self._tensor:
                self._end(self._behind_kernel(given))
            self.end()
        if name in CONVOLUTIONS and given[0] is self._tensor:
            bias = given[2] if len(given) > 2 else options.get("bias")
            kernel = _numbers(given[1])
            self._kernel = kernel, np.zeros(len(kernel)) if bias is None else _numbers(bias)
        elif name in NORMALIZATIONS and given[0] is self._tensor:
            mean, variance = (self._steps.of_bands(_numbers(given[n])) for n in (RUNNING_MEAN, RUNNING_VARIANCE))
            self._end(None if mean is None or variance is None else self._steps.normalization(mean, np.sqrt(variance)))
        elif name in ARITHMETIC:
            self._calculate(name, given, options)
        elif name not in PASSED_ON:
            self._end(None)
        self._tensor = run()
        return self._tensor

    def _calculate(self, name: str, given: Sequence[Any], options: Mapping[str, Any]) -> None:
        other = [each for each in given if each is not self._tensor]
        number = self._steps.of_bands(_numbers(other[0])) if len(given) == 2 and len(other) == 1 else None
        turned = name in ("sub", "div") and given[0] is not self._tensor
        if number is None or turned or options.get("alpha", 1) != 1 or options.get("rounding_mode") is not None:
            self._end(None)
        else:
            self._steps = self._steps.then(name, number)

    def _behind_kernel(self, given: Sequence[Any]) -> Normalization | None:
        kernel, bias = self._kernel or (np.zeros((0, 0, 0, 0)), np.zeros(0))
        if kernel.ndim != 4 or kernel.shape[1] != len(self._steps.factor):  # noqa: PLR2004
            return None
        statistics = _numbers(given[RUNNING_MEAN]), _numbers(given[RUNNING_VARIANCE])
        return self._steps.normalized_after(kernel, bias, *statistics)

    def end(self) -> None:
        """Ends with the known steps if no batch normalisation follows a convolution."""
        self._end(None if self._kernel is None else self._steps.before_convolution())

    def _end(self, found: Normalization | None) -> None:
        self.found = found
        raise _SeenError


def network_start(torch: Any, network: Callable[[Any], Any], image: Any, bands: int) -> Normalization | None:
    """Returns the normalisation at the start of a network, None if it has none or it cannot be determined.

    `image` is a tensor of zeros in the network's input form. For a convolution with batch normalisation, the image
    statistics before them are estimated.
    """
    start = _Start(image, bands)

    class Watching(torch.utils._python_dispatch.TorchDispatchMode):  # type: ignore[misc]
        def __torch_dispatch__(self, operation: Any, _types: Any, given: Any = (), options: Any = None) -> Any:
            name = operation.overloadpacket.__name__
            return start.follow(name, given, options or {}, lambda: operation(*given, **(options or {})))

    failures = (_SeenError, RuntimeError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
    try:
        with np.errstate(all="ignore"), torch.no_grad(), Watching():
            network(image)
            start.end()
    except (*failures, AssertionError, MemoryError, torch.jit.Error):
        pass
    return start.found


def _numbers(value: Any) -> Float64:
    array = value.detach().double().cpu().numpy() if hasattr(value, "detach") else value
    return np.asarray(array, np.float64)
