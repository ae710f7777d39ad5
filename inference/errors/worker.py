# SPDX-License-Identifier: GPL-2.0-or-later
"""Failures of the other Python that runs a network in a process of its own."""

from __future__ import annotations

from .base import ClassifyPixelsError


class WorkerStartError(ClassifyPixelsError):
    """The Python that was named for PyTorch cannot be started, or does not answer."""

    sentence = (
        "The Python {python} cannot run networks: {reason}. Name another one, or none, in Settings > Options > "
        "Classify Pixels."
    )


class InterpreterLacksError(ClassifyPixelsError):
    """The Python that was named has no runtime for the network."""

    sentence = "{runtime} cannot be used in {python} ({reason}). Install it there, or name another Python."


class WorkerVersionError(ClassifyPixelsError):
    """The process runs files of another version of the plugin."""

    sentence = "The process of {python} speaks version {found} instead of {expected}. Restart QGIS after an upgrade."


class WorkerMessageError(ClassifyPixelsError):
    """What goes between QGIS and the process cannot be understood, or is too long."""

    sentence = (
        "QGIS cannot communicate with the process of {python}: {reason}. Restart QGIS. If that does not help, choose "
        "another Python, or none, in Settings > Options > Classify Pixels."
    )


class WorkerDiedError(ClassifyPixelsError):
    """The process that ran the network ended in the middle of it."""

    sentence = (
        "The process of {python} that ran the network ended with {reason}; its last words: {line}. "
        "Try smaller tiles, a smaller batch or the CPU."
    )
