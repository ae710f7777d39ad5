# SPDX-License-Identifier: GPL-2.0-or-later
"""A class map without small patches, by GDAL's sieve over the whole map."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal

from ...window import Window
from ..gdal_call import close_dataset, gdal_call

# Rows of a block. GDAL reads and writes whole rows in turn, so that each block is compressed once.
ROWS = 16
OPTIONS = ["COMPRESS=DEFLATE", "ZLEVEL=1", f"BLOCKYSIZE={ROWS}", "BIGTIFF=IF_SAFER"]

# Bytes that GDAL's sieve takes for each patch that it starts.
STARTED_BYTES = 48

# GDAL's number for cells that connect by their edges only.
FOUR = 4


class NumberFile:
    """Class numbers of a whole map in a temporary file; 0 is NoData.

    `started` is the number of patches that GDAL's sieve starts on its way through the rows, before it joins some.
    """

    def __init__(self, path: Path, width: int, height: int, highest: int) -> None:
        self._path, self._size = path, (width, height)
        self._type = gdal.GDT_Byte if highest <= np.iinfo(np.uint8).max else gdal.GDT_Int32
        self._dataset = self._created(path)
        self._above: NDArray[Any] = np.zeros(width, np.int32)
        self.started = 0

    def write(self, window: Window, numbers: NDArray[Any]) -> None:
        """Writes the numbers (height, width) of whole rows, which follow each other from call to call."""
        self.started += _started(numbers, self._above)
        self._above = numbers[-1].copy()
        gdal_call(self._dataset.GetRasterBand(1).WriteArray, numbers, window.x, window.y)

    def read(self, window: Window) -> NDArray[Any]:
        """Returns the numbers (height, width) of a window."""
        band = self._dataset.GetRasterBand(1)
        numbers: NDArray[Any] = gdal_call(band.ReadAsArray, window.x, window.y, window.width, window.height)
        return numbers

    def sieve(self, least: int, report: Callable[[float], bool]) -> None:
        """Merges patches below `least` cells into their largest neighbours, as `gdal.SieveFilter` does.

        `report` receives the finished share, and returns False to end it. Raises a GdalError.
        """
        dataset, self._dataset = self._dataset, None
        close_dataset(dataset)
        # Older versions of GDAL write the directory of a file when its last reference goes.
        del dataset
        source = gdal_call(gdal.Open, str(self._path))
        self._path = self._path.with_name(f"sieved-{self._path.name}")
        self._dataset = self._created(self._path)
        band, target = source.GetRasterBand(1), self._dataset.GetRasterBand(1)
        # The numbers are their own mask.
        gdal_call(
            gdal.SieveFilter, band, band, target, least, FOUR, callback=lambda share, *_: 1 if report(share) else 0
        )
        gdal_call(self._dataset.FlushCache)

    def close(self) -> None:
        """Closes the file."""
        self._dataset = None

    def _created(self, path: Path) -> Any:
        return gdal_call(gdal.GetDriverByName("GTiff").Create, str(path), *self._size, 1, self._type, OPTIONS)


def _started(numbers: NDArray[Any], above: NDArray[Any]) -> int:
    """Returns the runs of equal numbers in rows that do not continue at their first cell the patch above it."""
    first = np.ones(numbers.shape, bool)
    np.not_equal(numbers[:, 1:], numbers[:, :-1], out=first[:, 1:])
    first[0] &= numbers[0] != above
    first[1:] &= numbers[1:] != numbers[:-1]
    return int(np.count_nonzero(first))
