# SPDX-License-Identifier: GPL-2.0-or-later
"""PyTorch's device for a network, and transfers of arrays."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from ...errors import ProcessorError
from ..options import BackendOptions


def choose_device(torch: Any, options: BackendOptions) -> Any:
    """Returns PyTorch's device for the requested processor; raises a ProcessorError if it is unavailable."""
    # PyTorch before 1.12 does not support Metal.
    has_mps = hasattr(torch.backends, "mps") and torch.backends.mps.is_available()
    gpu = "cuda" if torch.cuda.is_available() else "mps" if has_mps else None
    if options.processor == "GPU" and gpu is None:
        raise ProcessorError(runtime="PyTorch", found="CPU")
    if options.processor == "CPU" or gpu is None:
        return torch.device("cpu")
    if gpu == "cuda" and options.gpu >= torch.cuda.device_count():
        raise ProcessorError(runtime="PyTorch", found=f"{torch.cuda.device_count()} GPUs")
    return torch.device(gpu, options.gpu)


def device_name(torch: Any, device: Any) -> str:
    """Returns the device in words, with PyTorch's version."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else device.type
    return f"{name.upper() if name == 'cpu' else name} (PyTorch {torch.__version__})"


def to_device(torch: Any, array: NDArray[Any], device: Any) -> Any:
    """Returns an array as a tensor on the device; copies to CUDA are asynchronous."""
    tensor = torch.from_numpy(array)
    if device.type != "cuda":
        return tensor.to(device)
    return tensor.pin_memory().to(device, non_blocking=True)


def to_array(tensor: Any) -> NDArray[Any]:
    """Returns a tensor as an array; numpy has no bfloat16."""
    known = tensor.float() if tensor.is_floating_point() and tensor.element_size() == 2 else tensor
    array: NDArray[Any] = known.cpu().numpy()
    return array
