# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs TorchScript networks with PyTorch; a pickle is never executed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..errors import NetworkMismatchError, WeightsUnreadableError
from ..phrase import Phrase
from .backend import NetworkInput
from .options import BackendOptions
from .output_form import NCHW, NHWC
from .runtime import import_runtime
from .script_code import check_script
from .torch_backend import RUN_FAILURES, TorchBackend, first_kernel_bands, last_line
from .torch_device import choose_device

# Side of the image that shows where a network has its bands.
TRIAL = 64


class TorchScriptBackend(TorchBackend):
    """A TorchScript network on one device; TorchScript declares no sizes, so only the bands are known."""

    def __init__(self, weights: Path, options: BackendOptions) -> None:
        torch = import_runtime("torch", options.runtimes)
        # Before it is loaded, because its code may run then.
        check_script(torch, weights)
        device = choose_device(torch, options)
        network = _load(torch, weights, device)
        _check_inputs(network, weights.name)
        bands = options.bands or first_kernel_bands(network.parameters())
        declared = NetworkInput(bands=bands, layout=options.layout or _layout(torch, network, device, bands))
        super().__init__(torch, device, weights.name, network, declared, options)


def _load(torch: Any, weights: Path, device: Any) -> Any:
    try:
        return torch.jit.load(str(weights), map_location=device).eval()
    except (*RUN_FAILURES, EOFError, OSError, MemoryError, torch.jit.Error) as error:
        raise WeightsUnreadableError(weights=weights, reason=last_line(error)) from error


def _check_inputs(network: Any, weights: str) -> None:
    """Tells a network that takes something else than one image."""
    # The first argument is the network itself.
    arguments = network.forward.schema.arguments[1:]
    needed = [argument for argument in arguments if not argument.has_default_value()]
    if len(needed) > 1:
        reason = Phrase(
            "it has the inputs {inputs} instead of one image", {"inputs": ", ".join(each.name for each in needed)}
        )
        raise NetworkMismatchError(weights=weights, reason=reason)
    if arguments and str(arguments[0].type) != "Tensor":
        reason = Phrase("its input is of the type {type}", {"type": arguments[0].type})
        raise NetworkMismatchError(weights=weights, reason=reason)


def _layout(torch: Any, network: Any, device: Any, bands: int | None) -> str:
    """Returns where a network has its bands: last only where it runs with them there and not with them first."""
    for layout in (NCHW, NHWC) if bands else ():
        sizes = {"N": 1, "C": bands, "H": TRIAL, "W": TRIAL}
        try:
            with torch.inference_mode():
                network(torch.zeros([sizes[axis] for axis in layout], device=device))
        except (*RUN_FAILURES, MemoryError, torch.jit.Error):
            continue
        return layout
    return NCHW
