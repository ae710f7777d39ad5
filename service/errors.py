# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors that only a service has."""

from __future__ import annotations

from collections.abc import Mapping

from ..inference.errors import ClassifyPixelsError


class ReferenceRefusedError(ClassifyPixelsError):
    """A reference names something outside the stores and hosts of the service."""

    sentence = (
        "{parameter}: the reference {reference} is refused: {reason}. Enter a uri such as "
        "/rasterStores/NAME/file.tif in one of the stores {stores}."
    )


class OutputNameRefusedError(ClassifyPixelsError):
    """The name of the result is not a plain name."""

    sentence = (
        "{parameter}: the name {name} is refused. Enter up to 100 letters, digits, underscores, hyphens and points, "
        "beginning with a letter or a digit."
    )


class ParameterMissingError(ClassifyPixelsError):
    """A required parameter has no value."""

    sentence = "{parameter} is missing. It is required."


class ParameterUnknownError(ClassifyPixelsError):
    """A parameter of another name than those of the operation."""

    sentence = "{parameter} is not a parameter of this operation; its parameters are {known}."


class ParameterRefusedError(ClassifyPixelsError):
    """A parameter has a form that a service cannot honour."""

    sentence = "{parameter}: {reason}."


class QueueFullError(ClassifyPixelsError):
    """As many jobs wait as the service takes."""

    sentence = "{count} jobs wait already. Try again later."


class ShareFullError(ClassifyPixelsError):
    """As many jobs of an owner wait as one owner may have."""

    sentence = "{count} of your jobs wait already, the largest number for one owner. Try again later."


class StoreUnavailableError(ClassifyPixelsError):
    """The database of the jobs is locked, its disk is full, or it cannot be written."""

    sentence = "The database of the jobs cannot be used now: {reason}. Try again later."


class JobUnknownError(ClassifyPixelsError):
    """No job of this owner has this id."""

    sentence = "The job {job} is unknown."


class ItemUnknownError(ClassifyPixelsError):
    """No item of this owner has this id."""

    sentence = "The item {item} is unknown."


class JobEndedError(ClassifyPixelsError):
    """A job that has ended cannot be cancelled."""

    sentence = "The job {job} has ended already."


class ResultMissingError(ClassifyPixelsError):
    """A job has no result, or not yet."""

    sentence = "The job {job} has no result: {reason}."


class JobLostError(ClassifyPixelsError):
    """The process of a job ended several times without a result."""

    sentence = "The process of the job ended {count} times without a result, the last time with status {status}."


class JobFolderError(ClassifyPixelsError):
    """The folder for the files of a job cannot be made."""

    sentence = "The folder of the job cannot be written: {reason}. Ask the administrator of the service."


class JobTimeError(ClassifyPixelsError):
    """A job took longer than the service allows."""

    sentence = "The job took more than {seconds} seconds and was ended. Classify a smaller extent."


class TokenMissingError(ClassifyPixelsError):
    """A request without a token."""

    sentence = "A token is required."


class TokenInvalidError(ClassifyPixelsError):
    """A request with an unknown token."""

    sentence = "The token is invalid."


class TokensExceededError(ClassifyPixelsError):
    """A token from an address that has sent too many wrong ones."""

    sentence = "Too many wrong tokens came from this address. Try again in a minute."


class SettingsError(ClassifyPixelsError):
    """A file of settings, or a combination of settings, cannot be used."""

    sentence = "{file}: {reason}."


class FetchError(ClassifyPixelsError):
    """A file on a named host could not be read."""

    sentence = "The address {address} could not be read: {reason}."


# The HTTP statuses of errors; of all others it is 400.
STATUSES: Mapping[type[ClassifyPixelsError], int] = {
    JobUnknownError: 404,
    ResultMissingError: 404,
    TokenInvalidError: 401,
    TokenMissingError: 401,
    TokensExceededError: 429,
    ShareFullError: 429,
    QueueFullError: 503,
    StoreUnavailableError: 503,
}
