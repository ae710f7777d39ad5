# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of jobs whose strips are computed by several processes."""

from __future__ import annotations

from .base import ClassifyPixelsError


class InputNotPortableError(ClassifyPixelsError):
    """The raster or the mask exists in this process only, so other processes cannot read it."""

    sentence = (
        "{input} exists only in this program, so other processes cannot read it. Save it as a file, for example a "
        "GeoTIFF, and use that file."
    )


class StripPlaceError(ClassifyPixelsError):
    """The folder for strips does not contain those of the job."""

    sentence = "{place} does not contain the strips of the job for {output}. Begin the job again in this folder."


class JobMismatchError(ClassifyPixelsError):
    """A process would compute strips that differ from those of the others."""

    sentence = (
        "The strips of {output} cannot be computed on this machine: {reason}. Use the same files, device and versions "
        "on all machines, or begin the job again."
    )


class StripsMissingError(ClassifyPixelsError):
    """The output cannot be finished yet, because strips are missing."""

    sentence = "{count} of {total} strips of {output} are missing: {strips}. Compute these strips, then finish again."
