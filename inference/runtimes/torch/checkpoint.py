# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs networks stored as bare tensors: their architecture is recognised and rebuilt."""

from __future__ import annotations

# Only the name of its error is used: nothing is unpickled.
import pickle  # nosec B403
import re
import struct
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...errors import PickleRefusedError, RuntimeMissingError, StateDictMismatchError, WeightsUnreadableError
from ...phrase import Phrase
from ..backend import NetworkInput
from ..failure import opening_failure
from ..input_form import check_band_count
from ..options import BackendOptions
from ..output_form import NCHW
from ..runtime import import_runtime, install_command
from .architectures import StateDict, build_network, unwrapped
from .device import choose_device
from .safetensors import read_safetensors
from .torch_archive import has_long_name, makes_bytes
from .torch_backend import TRIAL, TorchBackend, last_line
from .training_numbers import training_numbers

# Older versions could be made to execute a pickle even with weights_only (CVE-2025-32434).
SAFE_VERSION = (2, 6)

UNREADABLE = (
    RuntimeError, ValueError, EOFError, OSError, LookupError, TypeError, AttributeError, AssertionError,
    ArithmeticError, MemoryError, struct.error,
)  # fmt: skip
SAFETENSORS = ".safetensors"
ARCHITECTURE = "architecture"

# Maximum number of tensors of any known network.
MOST_TENSORS = 10_000


class CheckpointBackend(TorchBackend):
    """A network rebuilt from its tensors, on one device."""

    def __init__(self, weights: Path, options: BackendOptions) -> None:
        torch = import_runtime("torch", options.runtimes)
        device = choose_device(torch, options)
        state = StateDict(torch, device, read_tensors(torch, weights, options))
        with torch.inference_mode():
            network, bands, self._architecture = build_network(weights, state, options.architecture)
            _try(torch, network, bands, device, weights)
        check_band_count(weights, bands, options.bands)
        chip = options.architecture.chip if options.architecture is not None else None
        why = str(Phrase("the order of all supported architectures"))
        declared = NetworkInput(bands=bands, height=chip, width=chip, layout=NCHW, type="float32", why=why)
        super().__init__(torch, device, weights.name, network, declared, options)

    @property
    def metadata(self) -> Mapping[str, str]:
        """The recognised name of the network."""
        return {ARCHITECTURE: self._architecture}


def read_tensors(torch: Any, weights: Path, options: BackendOptions) -> dict[str, Any]:
    """Returns names and tensors of a checkpoint, in main memory; only tensors are read."""
    is_plain = weights.suffix.lower() == SAFETENSORS
    loaded = read_safetensors(torch, weights) if is_plain else _load(torch, weights, options)
    tensors = unwrapped(loaded)
    if tensors is None or len(tensors) > MOST_TENSORS:
        raise PickleRefusedError(weights=weights.name, content="something other than a dictionary of tensors")
    size = weights.stat().st_size
    for name, tensor in tensors.items():
        if tensor.is_sparse or tensor.is_quantized or tensor.numel() * tensor.element_size() > size:
            reason = Phrase("the tensor {name} is sparse, quantized or larger than the file", {"name": name})
            raise WeightsUnreadableError(weights=weights, reason=reason)
    return tensors


def _load(torch: Any, weights: Path, options: BackendOptions) -> Any:
    _check_version(torch, options)
    if makes_bytes(weights):
        raise PickleRefusedError(weights=weights.name, content="the object bytearray")
    if has_long_name(weights):
        raise PickleRefusedError(weights=weights.name, content="an object with a name of excessive length")
    try:
        with warnings.catch_warnings(), training_numbers(torch):
            warnings.simplefilter("ignore")
            return torch.load(str(weights), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise PickleRefusedError(weights=weights.name, content=_named_object(error)) from error
    except UNREADABLE as error:
        raise opening_failure(weights, error, last_line(error)) from error


def _check_version(torch: Any, options: BackendOptions) -> None:
    version = tuple(int(part) for part in re.findall(r"\d+", str(torch.__version__))[:2])
    if version < SAFE_VERSION:
        versions = {"version": torch.__version__}
        reason = Phrase("version {version} cannot open checkpoints safely; version 2.6 or newer is required", versions)
        raise RuntimeMissingError(runtime="PyTorch", reason=reason, command=install_command("torch", options.runtimes))


def _named_object(error: Exception) -> str:
    """Returns the object that PyTorch refused to create, if named."""
    found = re.search(r"GLOBAL ([\w.]+)", str(error))
    return f"the object {found.group(1)}" if found else "something else than tensors"


def _try(torch: Any, network: Any, bands: int, device: Any, weights: Path) -> None:
    """Runs a small image through the network: this reveals tensors with contradictory shapes."""
    try:
        network(torch.zeros(1, bands, TRIAL, TRIAL, device=device))
    except (RuntimeError, ValueError, IndexError) as error:
        raise StateDictMismatchError(
            weights=weights.name, architecture="a known network", reason=last_line(error)
        ) from error
