# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of the arguments and the environment of a run."""

from __future__ import annotations

from .base import ClassifyPixelsError


class ArgumentsUnreadableError(ClassifyPixelsError):
    """The model arguments are neither JSON nor name-value pairs."""

    sentence = 'The model arguments {text} cannot be read. Write them as "padding 32;batch_size 4" or as JSON.'


class ArgumentUnknownError(ClassifyPixelsError):
    """A model argument has an unknown name."""

    sentence = "The model argument {name} is unknown. Arguments of this model: {known}."


class ArgumentError(ClassifyPixelsError):
    """A model argument has an invalid value."""

    sentence = "The model argument {name} has the value {value}; it must be {expected}."


class ParameterValueError(ClassifyPixelsError):
    """A parameter has a value of an unsupported type."""

    sentence = "The parameter {name} has the value {value}, which cannot be used: {reason}. Enter another value."


class PatchSizeError(ClassifyPixelsError):
    """The smallest patch of the polygons is not a number of pixels."""

    sentence = "The minimum patch in polygons is {value}. Enter a whole number of pixels, such as 20."


class MemoryEndedError(ClassifyPixelsError):
    """The machine ran out of memory in a step that smaller tiles do not shrink."""

    sentence = (
        "The run ran out of memory. Close other programs, choose a smaller extent, or lower "
        "Parallel processing factor, tile_size or batch_size."
    )


class ParallelFactorError(ClassifyPixelsError):
    """The parallel processing factor is neither a number nor a percentage."""

    sentence = (
        "The parallel processing factor {value} cannot be used. Enter a number such as 4 or a percentage such as 75%."
    )


class CellLimitError(ClassifyPixelsError):
    """The limit on the cells of a result is not a number of cells."""

    sentence = (
        "CLASSIFY_PIXELS_MOST_CELLS has the value {value}. Set it to the maximum number of cells in a result, such as "
        "1e12."
    )


class ProcessorTypeError(ClassifyPixelsError):
    """The processor type is unknown."""

    sentence = "The processor type {value} is unknown. Choose AUTO, CPU or GPU."


class MemoryShortError(ClassifyPixelsError):
    """A run needs more memory than is free, and its tiles cannot shrink further."""

    sentence = (
        "The run needs about {needed} MB of memory, but only {free} MB are free. Close other programs, or lower "
        "Parallel processing factor or batch_size."
    )
