# SPDX-License-Identifier: GPL-2.0-or-later
"""Failures of the arguments and of the environment of a run."""

from __future__ import annotations

from .base import ClassifyPixelsError


class ArgumentsUnreadableError(ClassifyPixelsError):
    """The model arguments are neither JSON nor name-value pairs."""

    sentence = 'The model arguments {text} cannot be read. Write them as "padding 32;batch_size 4" or as JSON.'


class ArgumentUnknownError(ClassifyPixelsError):
    """A model argument has a name that nobody knows."""

    sentence = "The model argument {name} is unknown. This model knows: {known}."


class ArgumentError(ClassifyPixelsError):
    """A model argument has a value that it cannot have."""

    sentence = "The model argument {name} has the value {value}; it must be {expected}."


class ParameterValueError(ClassifyPixelsError):
    """A parameter has a value of a kind that no parameter takes."""

    sentence = "The parameter {name} has the value {value}, which cannot be used: {reason}. Give another value."


class MemoryEndedError(ClassifyPixelsError):
    """The memory of the machine was not enough for a step that no smaller tile makes smaller."""

    sentence = (
        "The run ran out of memory. Close other programs, choose a smaller extent, or lower "
        "PARALLEL_PROCESSING_FACTOR, tile_size or batch_size."
    )


class ParallelFactorError(ClassifyPixelsError):
    """The parallel processing factor is neither a number nor a percentage."""

    sentence = "The parallel processing factor {value} cannot be used. Give a number like 4, or a share like 75%."


class CellLimitError(ClassifyPixelsError):
    """The limit of a result's cells is no number of cells."""

    sentence = (
        "CLASSIFY_PIXELS_MOST_CELLS has the value {value}. Set it to the maximum number of cells in a result, such as "
        "1e12."
    )


class ProcessorTypeError(ClassifyPixelsError):
    """The processor type is none of the known ones."""

    sentence = "The processor type {value} is unknown. Choose AUTO, CPU or GPU."


class MemoryShortError(ClassifyPixelsError):
    """A run needs more memory than is free, and its tiles cannot be smaller."""

    sentence = (
        "The run needs about {needed} MB and {free} MB of memory are free. Close other programs, or lower "
        "PARALLEL_PROCESSING_FACTOR or batch_size."
    )
