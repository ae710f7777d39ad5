# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls into GDAL whose failures become exceptions, whatever mode the rest of QGIS has put GDAL in."""

from __future__ import annotations

from typing import Any, Callable

from osgeo import gdal


class GdalError(Exception):
    """GDAL's own words for a call that failed, its number of the failure or 0, and what it returned all the same."""

    def __init__(self, words: str, number: int = 0, result: Any = None) -> None:
        super().__init__(words)
        self.number, self.result = number, result


def gdal_call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Returns what the function returns, or raises GdalError.

    gdal.UseExceptions() would change the behaviour of other plugins in the same process, and they may
    have called it: so both of GDAL's ways to report a failure are understood here.
    """
    gdal.ErrorReset()
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        result = function(*args, **kwargs)
    except RuntimeError as error:
        raise GdalError(str(error), gdal.GetLastErrorNo()) from error
    finally:
        gdal.PopErrorHandler()
    if gdal.GetLastErrorType() >= gdal.CE_Failure:
        raise GdalError(gdal.GetLastErrorMsg(), gdal.GetLastErrorNo(), result)
    return result


def gdal_open(name: str, flags: int) -> Any:
    """Returns the dataset of a name, None where no driver knows it; raises a GdalError where it cannot be opened.

    A dataset that is there counts, as for GDAL's own programs: what GDAL complains of, as damaged metadata, need not
    concern the pixels.
    """
    try:
        return gdal_call(gdal.OpenEx, name, flags)
    except GdalError as error:
        if error.result is None:
            raise
        return error.result


def close_dataset(dataset: Any) -> None:
    """Writes what GDAL still holds and closes: only now does a full disk show. Raises GdalError."""
    if dataset.this is None:
        return  # closed already, with a failure
    gdal_call(dataset.FlushCache)
    # Newer versions of GDAL, which have it, write the directory of a GeoTIFF no earlier. Older ones write it when the
    # last reference goes, and a profiler in another thread, as in Dask's workers, may hold one for a while.
    if hasattr(dataset, "Close"):
        gdal_call(dataset.Close)
        return
    try:
        gdal_call(type(dataset).__swig_destroy__, dataset)
    finally:
        dataset.this = None
