# SPDX-License-Identifier: GPL-2.0-or-later
"""Failures of what is written."""

from __future__ import annotations

from .base import ClassifyPixelsError


class OutputFormatError(ClassifyPixelsError):
    """The output cannot be a GeoTIFF."""

    sentence = "The output {output} cannot be a GeoTIFF: {reason}. Give the name of a file that ends in .tif."


class OutputReferenceError(ClassifyPixelsError):
    """A reference to an output names neither a path nor a service."""

    sentence = "The output {reference} cannot be read. Give a path, a uri, or serviceProperties with a plain name."


class CreationOptionsError(ClassifyPixelsError):
    """The creation options are no pairs of name and value, or would damage the class values."""

    sentence = "The creation options {options} cannot be used: {reason}. Write them as COMPRESS=LZW|FORMAT=COG."


class OutputFolderError(ClassifyPixelsError):
    """The output folder is missing or cannot be written to."""

    sentence = "The output folder {folder} cannot be used: {reason}. Choose a folder that exists and is writable."


class OutputIsInputError(ClassifyPixelsError):
    """The output would overwrite an input, or another output."""

    sentence = "The output {output} is also an input or another output. Choose another name for it."


class OutputWriteError(ClassifyPixelsError):
    """Writing the output failed, for example because the disk is full."""

    sentence = "The output {output} cannot be written: {reason}. Check the free space of its folder."


class PlacingFileError(ClassifyPixelsError):
    """A file beside the output would give a place to a result that has none."""

    sentence = (
        "The file {file} would give the output {output} a georeference that the input raster does not have. Choose "
        "another output name, or move that file elsewhere."
    )


class OutputNotReplacedError(ClassifyPixelsError):
    """A finished output could not get its name; everything is as it was before."""

    sentence = (
        "The finished output cannot be saved as {output}: {reason}. The previous files are unchanged. Fix the cause, "
        "for example by closing the program that has the file open, and run again."
    )


class OutputNotRestoredError(ClassifyPixelsError):
    """A finished output could not get its name, and not all of what was there before could get its name back."""

    sentence = (
        "The output {output} was saved only in part, and the previous files could not all be restored: {reason}. The "
        "files left over are in {folder}. Move the older ones back before you run again."
    )


class OutputNameError(ClassifyPixelsError):
    """The name of the output is too long for what is written beside it."""

    sentence = (
        "The output name {output} is too long: it has {length} bytes, and the disk allows {most} once the suffixes of "
        "the files beside it are added. Choose a shorter name."
    )


class OutputBusyError(ClassifyPixelsError):
    """Another run is writing the same output."""

    sentence = "Another run is writing {output}. Wait until it has finished, or choose another name."


class StripsFolderError(ClassifyPixelsError):
    """The hidden folder for finished strips, or the lock in it, is a link to what is somebody else's."""

    sentence = (
        "{place} is a link, but the run keeps its progress on {output} there. Delete the link, or choose another "
        "output name."
    )


class StripChangedError(ClassifyPixelsError):
    """A finished strip is no longer what was written."""

    sentence = "The finished strip {strip} was changed or damaged. Run again: only this strip will be computed anew."
