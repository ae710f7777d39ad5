# SPDX-License-Identifier: GPL-2.0-or-later
"""Failures of networks that come as bare tensors or as exported programs."""

from __future__ import annotations

from .base import ClassifyPixelsError


class ArchitectureUnsupportedError(ClassifyPixelsError):
    """The tensors belong to a network that is not rebuilt here."""

    sentence = (
        "The weights {weights} are those of {architecture}, which cannot be rebuilt here. Export the network to "
        "TorchScript or ONNX in the Python that made it, and name that file as ModelFile:  {export}"
    )


class StateDictMismatchError(ClassifyPixelsError):
    """The tensors are like those of a known network, but do not make one."""

    sentence = (
        "The weights {weights} do not make up {architecture}: {reason}. "
        "Check that the file is complete, or export the network to TorchScript or ONNX."
    )


class PickleRefusedError(ClassifyPixelsError):
    """A checkpoint holds more than tensors."""

    sentence = (
        "The checkpoint {weights} was not opened: it holds {content}, which takes a pickle to load, and a pickle may "
        "run any program. Save network.state_dict() alone, or export the network to TorchScript or ONNX."
    )


class ExportedProgramError(ClassifyPixelsError):
    """An exported program holds what is not run here."""

    sentence = (
        "The exported program {weights} cannot be run here: {reason}. "
        "Save it again with torch.export.save of a current PyTorch, or export the network to ONNX."
    )
