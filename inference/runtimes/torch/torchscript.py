# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs TorchScript networks with PyTorch; a pickle is never executed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import NetworkMismatchError
from ...models.definition import Constant
from ...models.other_task import DETECTION, other_task_error
from ...phrase import Phrase
from ..backend import NetworkInput
from ..constant_inputs import check_names, undeclared_inputs
from ..failure import opening_failure
from ..input_form import WITH_DATES
from ..options import BackendOptions
from ..output_form import NCHW, NHWC, takes_rows
from ..runtime import import_runtime
from .device import choose_device
from .fusion import without_fusion
from .script_code import check_script
from .torch_backend import RUN_FAILURES, TRIAL, TorchBackend, first_kernel_bands, last_line

# Half precision in PyTorch's messages.
HALVES = ("Half", "BFloat16", "float16")

# Only torchvision's detection models take a list of images of several sizes.
IMAGES = "List[Tensor]"


class TorchScriptBackend(TorchBackend):
    """A TorchScript network on one device; TorchScript declares no sizes, so only the bands are known."""

    def __init__(self, weights: Path, options: BackendOptions) -> None:
        torch = import_runtime("torch", options.runtimes)
        # Before loading, which may run its code.
        check_script(torch, weights)
        with ExitStack() as undone:
            undone.enter_context(without_fusion(torch))
            self._open(torch, weights, options)
            self._undone.push(undone.pop_all())

    def _open(self, torch: Any, weights: Path, options: BackendOptions) -> None:
        device = choose_device(torch, options)
        network = _load(torch, weights, device)
        image, constants = _constants(torch, device, network, weights, dict(options.inputs))
        called = _called(network, image, constants)
        bands = options.bands or first_kernel_bands(network.parameters())
        layout = options.layout or _layout(torch, called, device, weights, bands, options.times)
        why = (
            str(Phrase("from ModelFormat"))
            if options.layout
            else str(Phrase("the first order accepted by the network"))
        )
        times = (options.times or 1) if "T" in layout else 1
        declared = NetworkInput(bands=bands, layout=layout, times=times, name=image, why=why)
        super().__init__(torch, device, weights.name, called, declared, options)


def _load(torch: Any, weights: Path, device: Any) -> Any:
    try:
        network = torch.jit.load(str(weights), map_location=device).eval()
        halved = any(each.dtype in (torch.float16, torch.bfloat16) for each in _tensors_of(network))
        return _InFloats(network.float(), weights) if halved else network
    except (*RUN_FAILURES, EOFError, OSError, MemoryError, torch.jit.Error) as error:
        raise opening_failure(weights, error, last_line(error)) from error


def _tensors_of(network: Any) -> Iterator[Any]:
    yield from network.parameters()
    yield from network.buffers()


class _InFloats:
    """A network of half precision in 32-bit floats; code that requires half precision raises a named error."""

    def __init__(self, network: Any, weights: Path) -> None:
        self._network, self._weights = network, weights

    def __getattr__(self, name: str) -> Any:
        return getattr(self._network, name)

    def __call__(self, *values: Any, **named: Any) -> Any:
        try:
            return self._network(*values, **named)
        except RuntimeError as error:
            if not any(kind in str(error) for kind in HALVES):
                raise
            reason = Phrase("its code converts the image to half precision; export it in 32-bit floats")
            raise NetworkMismatchError(weights=self._weights.name, reason=reason) from error


def _constants(
    torch: Any, device: Any, network: Any, weights: Path, given: Mapping[str, Constant]
) -> tuple[str, dict[str, Any]]:
    """Returns the name of the image, empty for a network without one, and the values of the other inputs."""
    # The first argument is the network itself.
    arguments = network.forward.schema.arguments[1:]
    check_names(weights, given, [argument.name for argument in arguments])
    needed = [each for each in arguments if not each.has_default_value() and each.name not in given]
    image = next(iter(needed or [each for each in arguments if each.name not in given]), None)
    if len(needed) > 1 or (image is None and given):
        raise undeclared_inputs(weights, [(argument.name, "") for argument in needed or arguments])
    if image is not None and str(image.type) == IMAGES:
        raise other_task_error(weights.name, DETECTION)
    if image is not None and str(image.type) != "Tensor":
        reason = Phrase("its input is of the type {type}", {"type": image.type})
        raise NetworkMismatchError(weights=weights.name, reason=reason)
    values = {each.name: _value(torch, device, each, weights, given) for each in arguments if each.name in given}
    return image.name if image is not None else "", values


def _value(torch: Any, device: Any, argument: Any, weights: Path, given: Mapping[str, Constant]) -> Any:
    """Returns the value of an input: floating-point numbers are 32-bit, PyTorch's default."""
    value, kind = given[argument.name], str(argument.type)
    if kind in ("Tensor", "Optional[Tensor]"):
        numbers = np.asarray(value)
        return torch.as_tensor(numbers.astype(np.float32) if numbers.dtype.kind == "f" else numbers).to(device)
    if kind == "float" and isinstance(value, (int, float)):
        return float(value)
    if kind == type(value).__name__:
        return value
    values = {"name": argument.name, "value": value, "type": kind}
    reason = Phrase("Inputs sets {name} to {value}, but its type is {type}", values)
    raise NetworkMismatchError(weights=weights.name, reason=reason)


def _called(network: Any, image: str, constants: Mapping[str, Any]) -> Any:
    """Returns a function of the image alone."""
    if not constants:
        return network
    return lambda pixels: network(**{image: pixels}, **constants)


def _layout(torch: Any, network: Any, device: Any, weights: Path, bands: int | None, times: int | None) -> str:
    """Returns the axis of the bands: last only if the network runs with them there and not with them first.

    With several dates, or without an image, only one layout is possible.
    """
    if not bands:
        return NCHW
    runs = partial(_runs, torch, network, device, bands, times or 1)
    for layout in (NCHW, NHWC) if (times or 1) == 1 else ():
        if runs(layout):
            return layout
    found = [layout for layouts in WITH_DATES.values() for layout in layouts if runs(layout)]
    if not found and (times or 1) > 1:
        found = [layout for layout in (NCHW, NHWC) if runs(layout)][:1]
    if len(found) > 1:
        reason = Phrase("ModelFormat must be set to {layouts}", {"layouts": " or ".join(found)})
        raise NetworkMismatchError(weights=weights.name, reason=reason)
    return found[0] if found else NCHW


def _runs(torch: Any, network: Any, device: Any, bands: int, times: int, layout: str) -> bool:
    dates = times if "T" in layout else 1
    sizes = {"N": TRIAL if takes_rows(layout) else 1, "C": bands // dates, "H": TRIAL, "W": TRIAL, "T": dates}
    try:
        with torch.inference_mode():
            network(torch.zeros([sizes[axis] for axis in layout], device=device))
    except (*RUN_FAILURES, MemoryError, torch.jit.Error):
        return False
    return True
