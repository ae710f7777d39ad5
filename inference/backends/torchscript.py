# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs TorchScript networks with PyTorch; a pickle is never executed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..errors import WeightsUnreadableError
from .backend import NCHW, NetworkInput
from .options import BackendOptions
from .runtime import import_runtime
from .script_code import check_script
from .torch_backend import RUN_FAILURES, TorchBackend, first_kernel_bands, last_line
from .torch_device import choose_device


class TorchScriptBackend(TorchBackend):
    """A TorchScript network on one device; TorchScript declares no sizes, so only the bands are known."""

    def __init__(self, weights: Path, options: BackendOptions) -> None:
        torch = import_runtime("torch", options.runtimes)
        # Before it is loaded, because its code may run then.
        check_script(torch, weights)
        device = choose_device(torch, options)
        network = _load(torch, weights, device)
        bands = options.bands or first_kernel_bands(network.parameters())
        declared = NetworkInput(bands=bands, layout=options.layout or NCHW)
        super().__init__(torch, device, weights.name, network, declared, options)


def _load(torch: Any, weights: Path, device: Any) -> Any:
    try:
        return torch.jit.load(str(weights), map_location=device).eval()
    except (*RUN_FAILURES, EOFError, OSError, MemoryError, torch.jit.Error) as error:
        raise WeightsUnreadableError(weights=weights, reason=last_line(error)) from error
