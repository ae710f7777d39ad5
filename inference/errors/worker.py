# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of the worker, a separate Python process that runs a network."""

from __future__ import annotations

from .base import ClassifyPixelsError


class WorkerStartError(ClassifyPixelsError):
    """The Python selected for PyTorch does not start or respond."""

    sentence = (
        "The Python {python} cannot run networks: {reason}. Choose another Python, or none, in Settings > Options > "
        "Classify Pixels."
    )


class InterpreterLacksError(ClassifyPixelsError):
    """The selected Python has no runtime for the network."""

    sentence = "{runtime} cannot be used in {python} ({reason}). Install it there, or choose another Python."


class WorkerVersionError(ClassifyPixelsError):
    """The worker runs another version of the plugin."""

    sentence = "The worker of {python} has version {found} instead of {expected}. Restart QGIS after an upgrade."


class WorkerMessageError(ClassifyPixelsError):
    """A message between QGIS and the worker is unreadable or too long."""

    sentence = (
        "QGIS cannot communicate with the worker of {python}: {reason}. Restart QGIS. If that does not help, choose "
        "another Python, or none, in Settings > Options > Classify Pixels."
    )


class WorkerDiedError(ClassifyPixelsError):
    """The worker ended while it ran the network."""

    sentence = (
        "The worker of {python} ended with {reason}; its last output: {line}. "
        "Try smaller tiles, a smaller batch or the CPU."
    )


class WorkerOpeningError(WorkerDiedError):
    """The worker ended while it opened the network."""

    sentence = (
        "The worker of {python} ended with {reason} while it opened the network {weights}; its last output: {line}. "
        "The file is damaged, harmful or too large for the memory of this computer. Download it again from a source "
        "you trust."
    )
