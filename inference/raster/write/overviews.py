# SPDX-License-Identifier: GPL-2.0-or-later
"""Overviews of a file, window by window: GDAL's own method takes more memory for wider files, and for more bands."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal

from ...window import Window
from ..gdal_call import close_dataset, gdal_call
from ..gdal_options import overview_options, thread_options
from .format import BLOCK


def build_overviews(path: Path, method: int, no_data: float) -> None:
    """Adds overviews to a GeoTIFF, each by halving the next finer one; raises GdalError.

    `method` is one of GDAL's resampling methods. Cells without data are ignored; for an odd number of cells, the last
    overview cell covers the remaining ones.
    """
    dataset = gdal_call(gdal.OpenEx, str(path), gdal.OF_UPDATE)
    levels = overview_levels(max(dataset.RasterXSize, dataset.RasterYSize))
    if levels:
        # This only allocates space.
        stored = dataset.GetMetadata("IMAGE_STRUCTURE") or {}
        with thread_options(overview_options(stored.get("COMPRESSION", "NONE"), stored.get("PREDICTOR", "1"))):
            gdal_call(dataset.BuildOverviews, "NONE", levels)
    finer = dataset
    for index in range(len(levels)):
        overview = gdal_call(dataset.GetRasterBand(1).GetOverview(index).GetDataset)
        _halve(finer, overview, method, no_data)
        finer = overview
    close_dataset(dataset)


def overview_levels(largest: int) -> Sequence[int]:
    """Returns the factors of overviews, down to one that fits into a block."""
    return [2**power for power in range(1, max(1, math.ceil(math.log2(largest / BLOCK)) + 1))]


def _halve(finer: Any, overview: Any, method: int, no_data: float) -> None:
    """Fills an overview: this thread reads and writes, since datasets are not thread-safe, while another one halves."""
    kind = finer.GetRasterBand(1).DataType
    waiting: deque[tuple[Window, Future[NDArray[Any]]]] = deque()

    def write_oldest() -> None:
        window, halved = waiting.popleft()
        gdal_call(overview.WriteArray, halved.result(), window.x, window.y)

    with ThreadPoolExecutor(1, "halve") as pool:
        for window in _windows(finer, overview):
            waiting.append((window, pool.submit(_halved, _read(finer, window, no_data), kind, method, no_data)))
            if len(waiting) > 1:
                write_oldest()
        while waiting:
            write_oldest()


def _read(finer: Any, window: Window, no_data: float) -> NDArray[Any]:
    """Returns the values (bands, 2 height, 2 width) below a window of an overview; beyond the end there is no data."""
    x, y = 2 * window.x, 2 * window.y
    width, height = min(2 * window.width, finer.RasterXSize - x), min(2 * window.height, finer.RasterYSize - y)
    values = gdal_call(finer.ReadAsArray, x, y, width, height).reshape(-1, height, width)
    room = ((0, 0), (0, 2 * window.height - height), (0, 2 * window.width - width))
    return np.pad(values, room, constant_values=no_data)


def _halved(values: NDArray[Any], kind: int, method: int, no_data: float) -> NDArray[Any]:
    """Returns the values (bands, height, width), of one of GDAL's types, at half the size."""
    bands, height, width = values.shape
    create = gdal.GetDriverByName("MEM").Create
    memory = gdal_call(create, "", width, height, bands, kind)
    for number in range(1, bands + 1):
        memory.GetRasterBand(number).SetNoDataValue(no_data)
    gdal_call(memory.WriteArray, values)
    size = {"buf_xsize": width // 2, "buf_ysize": height // 2}
    halved: NDArray[Any] = gdal_call(memory.ReadAsArray, **size, resample_alg=method)
    return halved.reshape(bands, height // 2, width // 2)


def _windows(finer: Any, overview: Any) -> Iterator[Window]:
    """Yields windows of whole blocks; for a file in strips each is as wide as the file."""
    columns = BLOCK
    if finer.GetRasterBand(1).GetBlockSize()[0] == finer.RasterXSize:
        columns = overview.RasterXSize
    for y in range(0, overview.RasterYSize, BLOCK):
        for x in range(0, overview.RasterXSize, columns):
            yield Window(x, y, min(columns, overview.RasterXSize - x), min(BLOCK, overview.RasterYSize - y))
