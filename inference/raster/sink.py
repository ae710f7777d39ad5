# SPDX-License-Identifier: GPL-2.0-or-later
"""Where class values and scores go to."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal

from ..errors import OutputFolderError, OutputFormatError, OutputIsInputError
from ..grid import Grid
from ..window import Window
from .format import RasterFormat
from .geotiff import BandLayout, GeoTiffFile
from .legend import ClassCount, Legend, attribute_table, category_names, color_table
from .qml import qml_style

SUFFIXES = (".tif", ".tiff")

# The type of scores in files.
SCORE_TYPE = gdal.GDT_Float32


class GeoTiffSink:
    """A class map on its way to the disk; used as a context manager, it removes itself unless published."""

    def __init__(
        self,
        output: Path,
        grid: Grid,
        legend: Legend,
        metadata: Mapping[str, str],
        form: RasterFormat = RasterFormat(),  # noqa: B008  (frozen)
    ) -> None:
        self.legend = legend
        layout = BandLayout(legend.gdal_type, ("Class",), legend.no_data)
        self._file = GeoTiffFile(output, grid, layout, metadata, form)
        self._cells = grid.width * grid.height
        if legend.has_color_table:
            self._file.set_up(lambda dataset: dataset.GetRasterBand(1).SetColorTable(color_table(legend)))

    def __enter__(self) -> GeoTiffSink:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.remove()

    def write(self, window: Window, values: NDArray[Any]) -> None:
        """Takes the class values (1, height, width) of a window."""
        self._file.write(window, values)

    def complete(self, counts: Sequence[ClassCount]) -> None:
        """Completes the file under its temporary name.

        Overviews show the most frequent class: an average of class values means nothing.
        """
        self._file.complete(gdal.GRIORA_Mode, lambda dataset: self._describe(dataset.GetRasterBand(1), counts))

    def publish(self) -> None:
        """Gives the completed file its name."""
        self._file.publish()

    def restore(self) -> None:
        """Takes the file back: what had its name before has it again."""
        self._file.restore()

    def _describe(self, band: Any, counts: Sequence[ClassCount]) -> None:
        if self.legend.has_category_names:
            band.SetCategoryNames(category_names(self.legend))
        band.SetDefaultRAT(attribute_table(counts))
        statistics = _statistics(counts)
        if statistics is not None:
            band.SetStatistics(*statistics)
        share = 100 * sum(count.pixels for count in counts) / self._cells
        band.SetMetadataItem("STATISTICS_VALID_PERCENT", f"{share:.4g}")
        self._file.style.write_text(qml_style(self.legend), encoding="utf-8")


class ScoreSink:
    """A raster of scores on its way to the disk, a band per name; NaN is its NoData."""

    def __init__(
        self, output: Path, grid: Grid, names: Sequence[str], metadata: Mapping[str, str], form: RasterFormat
    ) -> None:
        layout = BandLayout(SCORE_TYPE, tuple(names), math.nan)
        self._file = GeoTiffFile(output, grid, layout, metadata, form)

    def __enter__(self) -> ScoreSink:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.remove()

    def write(self, window: Window, values: NDArray[Any]) -> None:
        """Takes the scores (bands, height, width) of a window."""
        self._file.write(window, values)

    def complete(self) -> None:
        """Completes the file under its temporary name."""
        self._file.complete(gdal.GRIORA_Average, lambda dataset: None)

    def publish(self) -> None:
        """Gives the completed file its name."""
        self._file.publish()

    def restore(self) -> None:
        """Takes the file back: what had its name before has it again."""
        self._file.restore()


def check_output(output: Path, inputs: Sequence[str]) -> None:
    """Raises where the output cannot be written, or where it would overwrite one of the input files."""
    try:
        _check_place(output)
        if output.exists() and any(_is_same_file(output, name) for name in inputs):
            raise OutputIsInputError(output=output)
    except OSError as error:
        raise OutputFolderError(folder=output.parent, reason=error.strerror or error) from error


def _check_place(output: Path) -> None:
    if output.suffix.lower() not in SUFFIXES:
        raise OutputFormatError(output=output, reason="its name has another ending")
    if not output.parent.is_dir():
        raise OutputFolderError(folder=output.parent, reason="there is no such folder")
    if output.is_dir():
        raise OutputFormatError(output=output, reason="it is a folder")
    if not os.access(output.parent, os.W_OK):
        raise OutputFolderError(folder=output.parent, reason="it is not writable")


def _is_same_file(output: Path, name: str) -> bool:
    return os.path.exists(name) and os.path.samefile(output, name)


def _statistics(counts: Sequence[ClassCount]) -> tuple[float, float, float, float] | None:
    """Returns minimum, maximum, mean and standard deviation of the class values, None without a pixel."""
    seen = [(count.legend_class.value, count.pixels) for count in counts if count.pixels]
    if not seen:
        return None
    values, pixels = (np.array(column, np.float64) for column in zip(*seen))
    mean = float(np.average(values, weights=pixels))
    deviation = math.sqrt(float(np.average((values - mean) ** 2, weights=pixels)))
    return float(values.min()), float(values.max()), mean, deviation
