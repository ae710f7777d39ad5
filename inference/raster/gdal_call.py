# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls into GDAL whose failures become exceptions, regardless of GDAL's exception mode in QGIS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Callable

from osgeo import gdal

# libjpeg fills a truncated file with grey and warns: "Premature end of JPEG file", or "of data segment".
TRUNCATED = "premature end of"


class GdalError(Exception):
    """GDAL's message for a failed call, its error number or 0, and its return value."""

    def __init__(self, words: str, number: int = 0, result: Any = None) -> None:
        super().__init__(words)
        self.number, self.result = number, result


def gdal_call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Returns the function's result, or raises GdalError.

    gdal.UseExceptions() would change the behaviour of other plugins in the same process, and they may have called it:
    both of GDAL's ways to report a failure are handled, because older versions cannot change it for a single thread.
    """
    with _errors_to("CPLQuietErrorHandler"):
        result = function(*args, **kwargs)
    if gdal.GetLastErrorType() >= gdal.CE_Failure:
        raise GdalError(gdal.GetLastErrorMsg(), gdal.GetLastErrorNo(), result)
    return result


def gdal_read(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Returns the pixels that the function reads, or raises GdalError, even if GDAL itself continues.

    GDAL returns a damaged tile of an MBTiles file or a GeoPackage as an empty one and clears its error with the next
    tile; a truncated JPEG is only a warning.
    """
    failures: list[tuple[str, int]] = []

    def collect(kind: int, number: int, words: str) -> None:
        if kind >= gdal.CE_Failure or TRUNCATED in words.lower():
            failures.append((words, number))

    with _errors_to(collect):
        result = function(*args, **kwargs)
    if failures:
        raise GdalError(*failures[-1], result)
    return result


@contextmanager
def _errors_to(handler: str | Callable[[int, int, str], None]) -> Iterator[None]:
    """Passes GDAL's errors in the block to a handler; an exception of GDAL becomes a GdalError."""
    gdal.ErrorReset()
    gdal.PushErrorHandler(handler)
    try:
        with _without_exceptions():
            yield
    except RuntimeError as error:
        raise GdalError(str(error), gdal.GetLastErrorNo()) from error
    finally:
        gdal.PopErrorHandler()


def _without_exceptions() -> AbstractContextManager[Any]:
    """Returns a context in which this thread gets errors by their handler: with exceptions, GDAL 3.7 and later drops
    those of a call that succeeds.
    """
    return gdal.ExceptionMgr(useExceptions=False) if hasattr(gdal, "ExceptionMgr") else nullcontext()


def gdal_open(name: str, flags: int, drivers: Sequence[str] = ()) -> Any:
    """Returns the dataset of a name, None if no driver recognises it; raises a GdalError if it cannot be opened.

    As in GDAL's own programs, a returned dataset counts: reported errors, such as damaged metadata, need not concern
    the pixels. With `drivers`, no other driver is tried.
    """
    try:
        return gdal_call(gdal.OpenEx, name, flags, *([list(drivers)] if drivers else []))
    except GdalError as error:
        if error.result is None:
            raise
        return error.result


def gdal_text(text: str | bytes | None) -> str:
    """Returns a text of a file; bytes that are not UTF-8, of which GDAL makes bytes or surrogates, become U+FFFD."""
    data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text or b""
    return data.decode("utf-8", "replace")


def delete_file(name: str) -> bool:
    """Deletes a file of GDAL's file systems; returns False if it is absent or remains.

    With exceptions, GDAL reports an absent file as an unknown error.
    """
    try:
        return bool(gdal_call(gdal.Unlink, name) == 0)
    except GdalError:
        return False


def close_dataset(dataset: Any) -> None:
    """Flushes and closes, which may reveal a full disk. Raises GdalError."""
    if dataset.this is None:
        return  # closed before, with a failure
    gdal_call(dataset.FlushCache)
    # Newer versions of GDAL have it and write the directory of a GeoTIFF only then. Older ones write it with the last
    # reference, which a profiler in another thread may hold for a while, as in Dask's workers.
    if hasattr(dataset, "Close"):
        gdal_call(dataset.Close)
        return
    try:
        gdal_call(type(dataset).__swig_destroy__, dataset)
    finally:
        dataset.this = None
