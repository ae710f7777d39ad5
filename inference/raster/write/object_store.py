# SPDX-License-Identifier: GPL-2.0-or-later
"""Small objects of a bucket, by GDAL's file systems for object stores; failed calls are repeated, then reported."""

from __future__ import annotations

import time
from typing import Any, Callable, TypeVar

from osgeo import gdal

from ...errors import ObjectStoreError
from ..gdal_call import GdalError, delete_file, gdal_call
from ..gdal_options import HTTP_OPTIONS, thread_options

# Buckets of Amazon and of stores with its protocol, of Google, and of Azure (gdal.org/user/virtual_file_systems.html).
STORES = ("/vsis3/", "/vsigs/", "/vsiaz/")

# Seconds before each further try; more follow GDAL's own tries of a single request.
PAUSES = (0.5, 2.0, 8.0)

# Options for the address of a store, none of them a secret.
ADDRESS_OPTIONS = (
    "AWS_S3_ENDPOINT",
    "AWS_HTTPS",
    "AWS_VIRTUAL_HOSTING",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_REQUEST_PAYER",
    "AZURE_STORAGE_ACCOUNT",
    "CPL_GS_ENDPOINT",
)

Result = TypeVar("Result")


def is_object_store(name: str) -> bool:
    """True for a name or prefix in a bucket, as GDAL names it."""
    return name.startswith(STORES)


def store_address() -> dict[str, str]:
    """Returns GDAL's options for the addresses of stores, as they are set in this process; none of them is a secret."""
    set_here = {name: gdal.GetConfigOption(name) for name in ADDRESS_OPTIONS}
    return {name: value for name, value in set_here.items() if value is not None}


def set_store_address(options: dict[str, str]) -> None:
    """Sets GDAL's options for the addresses of stores, except those already set in this process."""
    for name in ADDRESS_OPTIONS:
        if name in options and gdal.GetConfigOption(name) is None:
            gdal.SetConfigOption(name, options[name])


def read_object(name: str) -> bytes | None:
    """Returns the content of an object, None where there is none; raises an ObjectStoreError."""
    return _tried(name, lambda: _read(name))


def write_object(name: str, content: bytes) -> None:
    """Writes an object, which appears whole or not at all; raises an ObjectStoreError."""
    _tried(name, lambda: _write(name, content))


def object_names(prefix: str) -> tuple[str, ...]:
    """Returns the names of all objects directly below a prefix; raises an ObjectStoreError.

    GDAL 3.6 returns none as well if the store refused or was too busy: the caller knows one that must be among them.
    """

    def listed() -> tuple[str, ...]:
        # GDAL's cached list of the bucket lacks objects that other processes have written since.
        gdal.VSICurlPartialClearCache(prefix)
        gdal.VSIErrorReset()
        return tuple(gdal_call(gdal.ReadDir, f"{prefix}/") or ())

    return _tried(prefix, listed)


def delete_object(name: str) -> None:
    """Deletes an object; one that is not there is no failure. Raises an ObjectStoreError."""

    def deleted() -> None:
        if not delete_file(name) and _read(name) is not None:
            raise GdalError(gdal.VSIGetLastErrorMsg() or "it cannot be deleted")

    _tried(name, deleted)


def _read(name: str) -> bytes | None:
    gdal.VSICurlPartialClearCache(name)
    gdal.VSIErrorReset()
    file = gdal_call(gdal.VSIFOpenExL, name, "rb", True)
    if file is None:
        _raise_unless_missing()
        return None
    try:
        gdal_call(gdal.VSIFSeekL, file, 0, 2)
        size = gdal_call(gdal.VSIFTellL, file)
        gdal_call(gdal.VSIFSeekL, file, 0, 0)
        content = bytes(gdal_call(gdal.VSIFReadL, 1, size, file) or b"") if size else b""
    finally:
        gdal.VSIFCloseL(file)
    # GDAL 3.6 reports an object that the store refused, or was too busy to return, as an empty one. None of ours is.
    if len(content) != size or not size:
        raise GdalError(f"{len(content)} of {size or 'an unknown number of'} bytes could be read")
    return content


def _raise_unless_missing() -> None:
    """Raises a GdalError where an object is not known to be absent: the store may have failed, or refused."""
    words = gdal.VSIGetLastErrorMsg() or ""
    if words and not any(each in words for each in ("404", "NoSuchKey", "No such", "not exist", "BlobNotFound")):
        raise GdalError(words)


def _write(name: str, content: bytes) -> None:
    gdal.VSIErrorReset()
    file = gdal_call(gdal.VSIFOpenExL, name, "wb", True)
    if file is None:
        raise GdalError(gdal.VSIGetLastErrorMsg() or "it cannot be opened for writing")
    try:
        written = gdal_call(gdal.VSIFWriteL, content, 1, len(content), file) if content else 0
    finally:
        # Only now is the object put into the bucket.
        failed = gdal_call(gdal.VSIFCloseL, file)
    if failed or written != len(content):
        raise GdalError(gdal.VSIGetLastErrorMsg() or gdal.GetLastErrorMsg() or "it was written in part only")
    gdal.VSICurlPartialClearCache(name)


def _tried(name: str, call: Callable[[], Result]) -> Result:
    """Returns the result of a call, repeated after failures; raises an ObjectStoreError."""
    given: dict[str, Any] = {key: value for key, value in HTTP_OPTIONS.items() if gdal.GetConfigOption(key) is None}
    with thread_options(given):
        for pause in (*PAUSES, None):
            try:
                return call()
            except GdalError as error:
                if pause is None:
                    raise ObjectStoreError(object=name, reason=error) from error
            time.sleep(pause)
    raise AssertionError("the last try returns or raises")
