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


class WebRasterNotPortableError(ClassifyPixelsError):
    """A raster or a mask can be read with QGIS only, so other processes cannot read it."""

    sentence = (
        "{input} cannot be read by other machines: {reason}. Save it as a file, for example a GeoTIFF, and use that "
        "file."
    )


class StripPlaceError(ClassifyPixelsError):
    """The place for strips does not contain those of the job."""

    sentence = "{place} does not contain the strips of the job for {output}. Begin the job again in this place."


class StripPlaceKeptError(ClassifyPixelsError):
    """The strips in the place belong to a finished result."""

    sentence = "The strips in {place} belong to the result of an earlier job. Choose another place."


class JobMismatchError(ClassifyPixelsError):
    """A process would compute strips that differ from those of the others."""

    sentence = (
        "The strips of {output} cannot be computed on this machine: {reason}. Use the same files, device and versions "
        "on all machines, or begin the job again."
    )


class StripsMissingError(ClassifyPixelsError):
    """The output cannot be finished yet, because strips are missing."""

    sentence = "{count} of {total} strips of {output} are missing: {strips}. Compute these strips, then finish again."


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


class DaskMissingError(ClassifyPixelsError):
    """A Dask scheduler was named, but the client's package is not installed."""

    sentence = (
        "The scheduler {scheduler} needs the Python package distributed, which cannot be imported: {reason}. Install "
        "it for this Python with: {command}"
    )


class SchedulerAddressError(ClassifyPixelsError):
    """The value is neither the address of a Dask scheduler nor its file."""

    sentence = (
        "{scheduler} is not a Dask scheduler: {reason}. Give an address, such as tcp://127.0.0.1:8786 or "
        "tls://host:8786, or the path of a scheduler file."
    )


class SchedulerInsecureError(ClassifyPixelsError):
    """The connection to the Dask scheduler is neither local nor protected."""

    sentence = (
        "The scheduler {scheduler} is on another machine and its connection is not protected by TLS: others in the "
        "network could run programs here and on its workers. Use a tls:// address, or set the environment variable "
        "CLASSIFY_PIXELS_SCHEDULER_INSECURE=1 in a network that you trust."
    )


class SchedulerUnreachableError(ClassifyPixelsError):
    """The Dask scheduler does not answer."""

    sentence = "The scheduler {scheduler} cannot be reached: {reason}. Start it, or correct its address, and run again."


class SchedulerLostError(ClassifyPixelsError):
    """The connection to the Dask scheduler was lost during the run."""

    sentence = (
        "The connection to the scheduler {scheduler} was lost. Finished strips are kept in {place}. Start the "
        "scheduler again, then run again to resume."
    )


class ClusterWorkerLostError(ClassifyPixelsError):
    """Several workers in turn ended while they made the same strip."""

    sentence = (
        "Several workers ended while they computed strip {strip}, probably for lack of memory. Give them more memory, "
        "or lower tile_size or batch_size, then run again to resume."
    )


class ClusterWorkerError(ClassifyPixelsError):
    """A worker failed in a way that no other error describes."""

    sentence = (
        "A worker failed on strip {strip}: {reason}. Check that its Python has numpy, GDAL and the model's runtime, "
        "then run again to resume."
    )


class ClusterPythonError(ClassifyPixelsError):
    """Workers have another version of Python than the program that sends them their work."""

    sentence = (
        "The workers of {scheduler} run Python {found}, and this program runs Python {expected}. Use the same version "
        "of Python for both."
    )
