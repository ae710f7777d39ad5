# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a result goes to: a GeoTIFF that appears under its name only when it is complete."""

from __future__ import annotations

import math
import os
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal

from ..errors import OutputFolderError, OutputFormatError, OutputIsInputError, OutputWriteError
from ..grid import Grid
from .gdal_call import GdalError, gdal_call
from .legend import ClassCount, Legend, attribute_table, category_names, color_table
from .qml import qml_style
from .tally import ClassTally

BLOCK = 512
CREATION_OPTIONS = (
    "TILED=YES",
    f"BLOCKXSIZE={BLOCK}",
    f"BLOCKYSIZE={BLOCK}",
    "COMPRESS=DEFLATE",
    "NUM_THREADS=ALL_CPUS",
    "BIGTIFF=IF_SAFER",
)
SUFFIXES = (".tif", ".tiff")

# Files of an earlier raster of the same name that would be taken for parts of the new one.
STALE_SIDECARS = (
    "{name}.ovr", "{name}.msk", "{name}.aux.xml", "{name}.vat.dbf", "{stem}.qml", "{stem}.tfw", "{stem}.aux",
)  # fmt: skip


class GeoTiffSink:
    """A class map on its way to the disk; used as a context manager, it removes itself unless finished."""

    def __init__(self, output: Path, grid: Grid, legend: Legend, metadata: Mapping[str, str]) -> None:
        self._output = output
        self._part = output.with_name(f".{output.stem}.{uuid.uuid4().hex[:8]}.part.tif")
        self._part_sidecar = Path(f"{self._part}.aux.xml")
        self._part_style = self._part.with_suffix(".qml")
        self._grid = grid
        self._legend = legend
        self._tally = ClassTally(legend.classes, grid)
        self._next_row = 0
        self._waiting = np.empty((0, grid.width), legend.dtype)
        self._dataset: Any = self._try(self._create, metadata)

    def __enter__(self) -> GeoTiffSink:
        return self

    def __exit__(self, *_: object) -> None:
        self._dataset = None
        for path in (self._part, self._part_sidecar, self._part_style):
            path.unlink(missing_ok=True)

    def write(self, rows: NDArray[Any]) -> None:
        """Takes the next rows (1, height, width); whole blocks are written, the rest waits."""
        self._tally.add(self._next_row + len(self._waiting), rows[0])
        self._waiting = np.concatenate([self._waiting, rows[0]])
        self._write_rows(len(self._waiting) // BLOCK * BLOCK)

    def finish(self) -> tuple[ClassCount, ...]:
        """Completes the file and gives it its name; returns the counts of the classes."""
        self._write_rows(len(self._waiting))
        counts = self._tally.counts()
        self._try(self._close)
        self._try(self._build_overviews)
        self._try(self._describe, counts)
        self._publish()
        return counts

    def _create(self, metadata: Mapping[str, str]) -> Any:
        size = (self._grid.width, self._grid.height)
        create = gdal.GetDriverByName("GTiff").Create
        dataset = gdal_call(create, str(self._part), *size, 1, self._legend.gdal_type, list(CREATION_OPTIONS))
        _georeference(dataset, self._grid)
        dataset.SetMetadata(dict(metadata))
        band = dataset.GetRasterBand(1)
        band.SetNoDataValue(self._legend.no_data)
        band.SetDescription("Class")
        if self._legend.has_color_table:
            band.SetColorTable(color_table(self._legend))
        return dataset

    def _write_rows(self, count: int) -> None:
        if count:
            band = self._dataset.GetRasterBand(1)
            self._try(band.WriteArray, self._waiting[:count], 0, self._next_row)
            self._next_row += count
            self._waiting = self._waiting[count:]

    def _close(self) -> None:
        """Writes what GDAL still holds: only now does a full disk show."""
        self._dataset.FlushCache()
        self._dataset = None

    def _build_overviews(self) -> None:
        """Adds overviews of the most frequent class: an average of class values means nothing."""
        largest = max(self._grid.width, self._grid.height)
        levels = [2**power for power in range(1, max(1, math.ceil(math.log2(largest / BLOCK)) + 1))]
        if largest > BLOCK:
            dataset = gdal_call(gdal.Open, str(self._part), gdal.GA_Update)
            dataset.BuildOverviews("MODE", levels)

    def _describe(self, counts: Sequence[ClassCount]) -> None:
        """Adds names, attribute table and statistics through a read-only dataset: so they go to .aux.xml."""
        dataset = gdal_call(gdal.Open, str(self._part))
        band = dataset.GetRasterBand(1)
        if self._legend.has_color_table:
            band.SetCategoryNames(category_names(self._legend))
        band.SetDefaultRAT(attribute_table(counts))
        statistics = _statistics(counts)
        if statistics is not None:
            band.SetStatistics(*statistics)
        total = self._grid.width * self._grid.height
        share = 100 * sum(count.pixels for count in counts) / total
        band.SetMetadataItem("STATISTICS_VALID_PERCENT", f"{share:.4g}")
        self._part_style.write_text(qml_style(self._legend), encoding="utf-8")

    def _publish(self) -> None:
        """Renames the parts into place, the .tif last: whoever sees it sees all of it."""
        sidecars = {
            self._part_sidecar: Path(f"{self._output}.aux.xml"),
            self._part_style: self._output.with_suffix(".qml"),
        }
        try:
            for pattern in STALE_SIDECARS:
                name = pattern.format(name=self._output.name, stem=self._output.stem)
                self._output.with_name(name).unlink(missing_ok=True)
            for part, final in (*sidecars.items(), (self._part, self._output)):
                os.replace(part, final)
        except OSError as error:
            raise OutputWriteError(output=self._output, reason=error.strerror or error) from error

    def _try(self, step: Any, *args: Any) -> Any:
        try:
            return gdal_call(step, *args)
        except (GdalError, OSError) as error:
            raise OutputWriteError(output=self._output, reason=error) from error


def check_output(output: Path, inputs: Sequence[str]) -> None:
    """Raises where the output cannot be written, or where it would overwrite one of the input files."""
    if output.suffix.lower() not in SUFFIXES:
        raise OutputFormatError(output=output, reason="its name has another ending")
    if not output.parent.is_dir():
        raise OutputFolderError(folder=output.parent, reason="there is no such folder")
    if output.is_dir():
        raise OutputFormatError(output=output, reason="it is a folder")
    if not os.access(output.parent, os.W_OK):
        raise OutputFolderError(folder=output.parent, reason="it is not writable")
    if output.exists() and any(_is_same_file(output, name) for name in inputs):
        raise OutputIsInputError(output=output)


def _is_same_file(output: Path, name: str) -> bool:
    return os.path.exists(name) and os.path.samefile(output, name)


def _georeference(dataset: Any, grid: Grid) -> None:
    if grid.transform is not None:
        dataset.SetGeoTransform(grid.transform)
    if grid.control_points:
        points = [gdal.GCP(p.x, p.y, p.z, p.column, p.row) for p in grid.control_points]
        dataset.SetGCPs(points, grid.crs)
    elif grid.crs:
        dataset.SetProjection(grid.crs)


def _statistics(counts: Sequence[ClassCount]) -> tuple[float, float, float, float] | None:
    """Returns minimum, maximum, mean and standard deviation of the class values, None without a pixel."""
    seen = [(count.legend_class.value, count.pixels) for count in counts if count.pixels]
    if not seen:
        return None
    values, pixels = (np.array(column, np.float64) for column in zip(*seen))
    mean = float(np.average(values, weights=pixels))
    deviation = math.sqrt(float(np.average((values - mean) ** 2, weights=pixels)))
    return float(values.min()), float(values.max()), mean, deviation
