# SPDX-License-Identifier: GPL-2.0-or-later
"""Failures of runs whose strips are made by several processes."""

from __future__ import annotations

from .base import ClassifyPixelsError


class InputNotPortableError(ClassifyPixelsError):
    """The raster or the mask exists in this process only, so no other one can read it."""

    sentence = (
        "{input} exists only in this program, so other processes cannot read it. Save it as a file, for example a "
        "GeoTIFF, and use that file."
    )


class StripPlaceError(ClassifyPixelsError):
    """The place for strips does not hold those of the job."""

    sentence = "{place} does not hold the strips of the job for {output}. Begin the job again with this place."


class JobMismatchError(ClassifyPixelsError):
    """A process would make strips that do not fit those of the others."""

    sentence = (
        "The strips of {output} cannot be made here: {reason}. Use the same files, the same device and the same "
        "versions on all machines, or begin the job again."
    )


class StripsMissingError(ClassifyPixelsError):
    """The files cannot be made yet, because strips are missing."""

    sentence = "{count} of {total} strips of {output} are missing: {strips}. Make these strips, then finish again."


class ObjectStoreError(ClassifyPixelsError):
    """A bucket could not be read or written, also after several tries."""

    sentence = (
        "{object} cannot be read or written: {reason}. Check the name, the network and the permissions, then run again."
    )


class JobFileError(ClassifyPixelsError):
    """The place holds no job that can be read."""

    sentence = "{place} holds no job that can be read. Begin the job again with this place."


class ModelCopyError(ClassifyPixelsError):
    """The place does not hold the model's files as they were when the job was begun."""

    sentence = "The file {file} of the model in {place} is missing or damaged. Begin the job again with this place."
