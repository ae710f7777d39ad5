# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of state dicts and exported programs."""

from __future__ import annotations

from .base import ClassifyPixelsError


class ArchitectureUnsupportedError(ClassifyPixelsError):
    """The tensors belong to an unsupported architecture."""

    sentence = (
        "The weights {weights} belong to {architecture}, which cannot be rebuilt without its code. Export the network "
        "to TorchScript or ONNX in the Python that trained it, and set ModelFile to that file:  {export}"
    )


class StateDictMismatchError(ClassifyPixelsError):
    """The tensors resemble those of a known architecture, but do not fit it."""

    sentence = (
        "The weights {weights} do not fit {architecture}: {reason}. "
        "Check that the file is complete, or export the network to TorchScript or ONNX."
    )


class PickleRefusedError(ClassifyPixelsError):
    """A checkpoint contains more than tensors."""

    sentence = (
        "The checkpoint {weights} was not opened: it contains {content}, which only unpickling can load, and a pickle "
        "can run any program. Save network.state_dict() alone, or export the network to TorchScript or ONNX."
    )


class ExportedProgramError(ClassifyPixelsError):
    """An exported program contains something unsupported."""

    sentence = (
        "The exported program {weights} is not supported: {reason}. "
        "Save it again with torch.export.save of a current PyTorch, or export the network to ONNX."
    )
