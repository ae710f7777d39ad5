# SPDX-License-Identifier: GPL-2.0-or-later
"""Reasons for an unreadable raster: GDAL's messages and numbers, and the system's, become one error."""

from __future__ import annotations

import errno
import os
import re

from osgeo import gdal

from ...errors import (
    RasterAddressError,
    RasterCodecError,
    RasterDatabaseError,
    RasterFormatError,
    RasterMemoryError,
    RasterNameError,
    RasterRightsError,
    RasterUnreadableError,
)
from ...phrase import Phrase
from ..gdal_call import GdalError

# Wording of GDAL 3.4 to 3.12 and its libraries; never translated.
CODEC = ("missing codec", "is not configured", "unsupported compression", "codec not available")
RIGHTS = ("permission denied", "access is denied", "eacces")
MEMORY = ("out of memory", "cannot allocate", "not enough memory", "memory allocation")
FORMAT = ("not recognized as", "not recognised as", "is not available in your installation")
ABSENT = ("no such file or directory", "does not exist")
DATABASE = ("database connection", "connection to server", "pqconnectdb")
SERVER = (
    "curl error", "http response code", "http error code", "failed to connect", "could not resolve", "timed out",
    "config option", "configuration option",
)  # fmt: skip

# GDAL's error numbers for server responses (CPLE_HttpResponse, and those of clouds), and for lack of memory.
SERVER_NUMBERS = range(11, 18)
OUT_OF_MEMORY = 2

REMOTE = re.compile(r"(?:https?|ftp)://|https?%3a|/vsi(?:curl|s3|gs|az|adls|oss|swift|hdfs|webhdfs)", re.IGNORECASE)
DATABASES = re.compile(r"(?:PG|MSSQL|MySQL|OCI|GEOR|GEORASTER|HANA|MongoDBv3|ODBC|postgres(?:ql)?):", re.IGNORECASE)
# Header of a Git LFS pointer file (git-lfs.com, specification of pointers).
LFS_POINTER = b"version https://git-lfs"
# Python's surrogates for bytes that are not UTF-8.
NO_UTF8 = re.compile("[\ud800-\udfff]")
# A prefix with a colon selects a driver of GDAL; a single letter is a drive of Windows.
PREFIX = re.compile(r"([A-Za-z][\w]+):")


def readable_name(uri: str) -> str:
    """Returns a name with bytes that are not UTF-8 as \\xe4; Python keeps them as surrogates."""
    return NO_UTF8.sub(lambda found: f"\\x{ord(found.group()) & 0xFF:02x}", uri)


def is_utf8(uri: str) -> bool:
    """True if GDAL accepts a name; file names of older systems may contain any bytes."""
    return NO_UTF8.search(uri) is None


def check_name(uri: str, name: str) -> None:
    """Raises a RasterNameError for a text that GDAL would truncate, or that cannot be a file name."""
    if "\0" in uri:
        raise RasterNameError(raster=name, reason=Phrase("it contains a null character"))
    if not is_utf8(uri):
        raise RasterNameError(raster=name, reason=Phrase("it is not UTF-8"))


def unreadable(uri: str, name: str, error: GdalError) -> RasterUnreadableError:
    """Returns the error for a raster that GDAL could not open or read; `name` is its name in the message."""
    said = str(error).replace(uri, name).rstrip(". \n")
    words = said.lower()
    return (
        _of_system(uri, name)
        or _of_words(words, name, said, error.number)
        or _of_place(uri, words, name, said, error.number)
        or RasterUnreadableError(raster=name, reason=said)
    )


def unknown_format(uri: str, name: str) -> RasterUnreadableError:
    """Returns the error for an existing raster that no driver of GDAL recognises."""
    start = _start_of(uri)
    if start == b"":
        return RasterUnreadableError(raster=name, reason=Phrase("it is empty"))
    if start is not None and start.startswith(LFS_POINTER):
        reason = Phrase("it is a Git LFS pointer, not the raster itself; run git lfs pull")
        return RasterUnreadableError(raster=name, reason=reason)
    return RasterFormatError(raster=name, reason=Phrase("GDAL does not support its format"), version=gdal.__version__)


def _start_of(uri: str) -> bytes | None:
    """Returns the first bytes of a file, None if it is not a file."""
    try:
        with open(uri, "rb") as file:
            return file.read(len(LFS_POINTER))
    except OSError:
        return None


def _of_system(uri: str, name: str) -> RasterUnreadableError | None:
    """Returns the system's error for a path; None if it exists, or is not a path."""
    if REMOTE.search(uri) or uri.startswith("/vsi") or DATABASES.match(uri) or uri.lstrip().startswith("<"):
        return None
    try:
        # Only opening reveals a lack of permission.
        os.close(os.open(uri, os.O_RDONLY))
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return RasterNameError(raster=name, reason=Phrase("it is too long for a file name"))
        if error.errno in (errno.EACCES, errno.EPERM) and not os.path.isdir(uri):
            return RasterRightsError(raster=name, reason=error.strerror)
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.EINVAL):
            return _absent(uri, name)
    return None


def _absent(uri: str, name: str) -> RasterUnreadableError | None:
    prefix = PREFIX.match(uri)
    if prefix is None:
        return RasterUnreadableError(raster=name, reason=Phrase("the file does not exist"))
    if gdal.GetDriverByName(prefix.group(1)) is None and not uri.lower().startswith(("vrt:", "file:")):
        reason = Phrase("this GDAL has no driver {driver}, and the file does not exist", {"driver": prefix.group(1)})
        return RasterFormatError(raster=name, reason=reason, version=gdal.__version__)
    return None


def _of_words(words: str, name: str, said: str, number: int) -> RasterUnreadableError | None:
    if _says(words, CODEC):
        return RasterCodecError(raster=name, reason=said, version=gdal.__version__)
    if number == OUT_OF_MEMORY or _says(words, MEMORY):
        return RasterMemoryError(raster=name, reason=said)
    if _says(words, RIGHTS):
        return RasterRightsError(raster=name, reason=said)
    return None


def _of_place(uri: str, words: str, name: str, said: str, number: int) -> RasterUnreadableError | None:
    is_absent = _says(words, ABSENT)
    if DATABASES.match(uri) and is_absent:
        # GDAL treated it as a file name.
        return RasterFormatError(raster=name, reason=Phrase("this GDAL has no driver for it"), version=gdal.__version__)
    if DATABASES.match(uri) or _says(words, DATABASE):
        return RasterDatabaseError(raster=name, reason=said)
    if number in SERVER_NUMBERS or _says(words, SERVER) or (REMOTE.search(uri) and is_absent):
        # GDAL caches the failure for a while, without its reason.
        return RasterAddressError(
            raster=name, reason=Phrase("the server does not have the file") if is_absent else said
        )
    if is_absent:
        return RasterUnreadableError(raster=name, reason=Phrase("the file does not exist"))
    if _says(words, FORMAT):
        return unknown_format(uri, name)
    return None


def _says(words: str, signs: tuple[str, ...]) -> bool:
    return any(sign in words for sign in signs)
