# SPDX-License-Identifier: GPL-2.0-or-later
"""Chooses the backend of a PyTorch file by its content: its suffix is not reliable."""

from __future__ import annotations

from pathlib import Path

from ...models.architecture import refuse_unsupported
from ..backend import Backend
from ..options import BackendOptions
from .checkpoint import SAFETENSORS, CheckpointBackend
from .exported_program import ExportedBackend
from .torch_archive import CHECKPOINT, EXPORT, read_kind
from .torchscript import TorchScriptBackend


def open_torch(weights: Path, options: BackendOptions) -> Backend:
    """Returns the backend for TorchScript, an exported program, or bare tensors."""
    kind = CHECKPOINT if weights.suffix.lower() == SAFETENSORS else read_kind(weights)
    if kind == EXPORT:
        return ExportedBackend(weights, options)
    if kind != CHECKPOINT:
        return TorchScriptBackend(weights, options)
    # Refused by name first, to avoid a useless installation of PyTorch.
    refuse_unsupported(weights, options.architecture, options.bands)
    return CheckpointBackend(weights, options)
