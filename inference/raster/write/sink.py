# SPDX-License-Identifier: GPL-2.0-or-later
"""Output files of class values and scores."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal

from ...errors import OutputFolderError, OutputFormatError, OutputIsInputError, OutputNameError
from ...grid import Grid
from ...phrase import Phrase
from ...publishing import Step, publish
from ...window import Window
from .format import RasterFormat
from .geotiff import STALE_SUFFIXES, BandLayout, GeoTiffFile, scratch_folder
from .legend import ClassCount, Legend, attribute_table, category_names, color_table
from .qml import qml_style
from .shared_style import check_style

SUFFIXES = (".tif", ".tiff")

# Default for file systems that do not report their limit.
LONGEST_NAME = 255

# The data type of scores in files.
SCORE_TYPE = gdal.GDT_Float32


class GeoTiffSink:
    """A class map being written; as a context manager, it removes itself unless published."""

    def __init__(
        self,
        output: Path,
        grid: Grid,
        legend: Legend,
        metadata: Mapping[str, str],
        form: RasterFormat = RasterFormat(),  # noqa: B008  (frozen)
    ) -> None:
        self.output, self.legend = output, legend
        layout = BandLayout(legend.gdal_type, ("Class",), legend.no_data)
        self.file = GeoTiffFile(output, grid, layout, metadata, form)
        self._cells = grid.width * grid.height
        if legend.has_color_table:
            self.file.set_up(lambda dataset: dataset.GetRasterBand(1).SetColorTable(color_table(legend)))

    def __enter__(self) -> GeoTiffSink:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.remove()

    def write(self, window: Window, values: NDArray[Any]) -> None:
        """Writes the class values (1, height, width) of a window."""
        self.file.write(window, values)

    def complete(self, counts: Sequence[ClassCount]) -> None:
        """Completes the file under its temporary name.

        Overviews show the most frequent class: averages of class values are meaningless.
        """
        self.file.complete(gdal.GRIORA_Mode, lambda dataset: self._describe(dataset.GetRasterBand(1), counts))

    def publish(self) -> None:
        """Renames the completed file to its final name."""
        publish_together([self])

    def _describe(self, band: Any, counts: Sequence[ClassCount]) -> None:
        describe_classes(band, self.legend, counts, self._cells)
        self.file.style.write_text(qml_style(self.legend), encoding="utf-8")


def describe_classes(band: Any, legend: Legend, counts: Sequence[ClassCount], cells: int) -> None:
    """Writes class names, attribute table and statistics into a band with this number of cells."""
    if legend.has_category_names:
        band.SetCategoryNames(category_names(legend))
    band.SetDefaultRAT(attribute_table(counts))
    statistics = _statistics(counts)
    if statistics is not None:
        band.SetStatistics(*statistics)
    share = 100 * sum(count.pixels for count in counts) / cells
    band.SetMetadataItem("STATISTICS_VALID_PERCENT", f"{share:.4g}")


class ScoreSink:
    """A raster of scores being written, a band per name; NaN is its NoData."""

    def __init__(
        self, output: Path, grid: Grid, names: Sequence[str], metadata: Mapping[str, str], form: RasterFormat
    ) -> None:
        self.output = output
        layout = BandLayout(SCORE_TYPE, tuple(names), math.nan)
        self.file = GeoTiffFile(output, grid, layout, metadata, form)

    def __enter__(self) -> ScoreSink:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.remove()

    def write(self, window: Window, values: NDArray[Any]) -> None:
        """Writes the scores (bands, height, width) of a window."""
        self.file.write(window, values)

    def complete(self) -> None:
        """Completes the file under its temporary name."""
        self.file.complete(gdal.GRIORA_Average)

    def publish(self) -> None:
        """Renames the completed file to its final name."""
        publish_together([self])


class CompletedFile(Protocol):
    """The renaming steps that publish a completed file, and the removal of its leftovers afterwards."""

    @property
    def steps(self) -> list[Step]:
        """The steps, in order."""

    def settle(self) -> None:
        """Removes leftovers of earlier attempts."""


class CompletedOutput(Protocol):
    """An output whose file is complete under its temporary name."""

    output: Path

    @property
    def file(self) -> CompletedFile:
        """The completed file."""


def publish_together(sinks: Sequence[CompletedOutput]) -> None:
    """Publishes all completed files, or none; raises the errors of `publish`."""
    publish([step for sink in sinks for step in sink.file.steps], sinks[-1].output)
    for sink in sinks:
        sink.file.settle()


def check_output(output: Path, inputs: Sequence[str]) -> None:
    """Raises if the output cannot be written, or would overwrite one of the input files."""
    if output.suffix.lower() not in SUFFIXES:
        raise OutputFormatError(output=output, reason=Phrase("its name has another suffix"))
    check_place(output, inputs, [Path(f"{output}{suffix}") for suffix in STALE_SUFFIXES])
    check_style(output)


def check_place(output: Path, inputs: Sequence[str], side_files: Sequence[Path]) -> None:
    """Raises if an output or its side files cannot be written, or if it would overwrite one of the input files."""
    try:
        _check_place(output, side_files)
        if output.exists() and any(_is_same_file(output, name) for name in inputs):
            raise OutputIsInputError(output=output)
        # A side file of an earlier result is deleted with it.
        for beside in side_files:
            if beside.exists() and any(_is_same_file(beside, name) for name in inputs):
                raise OutputIsInputError(output=output)
    except OSError as error:
        raise OutputFolderError(folder=output.parent, reason=error.strerror or error) from error


def _check_place(output: Path, side_files: Sequence[Path]) -> None:
    _check_length(output, side_files)
    if not output.parent.is_dir():
        raise OutputFolderError(folder=output.parent, reason=Phrase("the folder does not exist"))
    if output.is_dir():
        raise OutputFormatError(output=output, reason=Phrase("it is a folder"))
    if not os.access(output.parent, os.W_OK):
        raise OutputFolderError(folder=output.parent, reason=Phrase("it is not writable"))
    for beside in side_files:
        if beside.is_dir():
            reason = Phrase("{name} is a folder, but a file must be written there", {"name": beside.name})
            raise OutputFolderError(folder=output.parent, reason=reason)


def _check_length(output: Path, side_files: Sequence[Path]) -> None:
    """Raises if the longest of the output's file names exceeds the limit of the file system."""
    length = _name_length(output)
    # The folder of strips has a shorter name than that of the unfinished file.
    beside = (scratch_folder(output), *side_files)
    most = _longest_name(output.parent) - (max(map(_name_length, beside)) - length)
    if length > most:
        raise OutputNameError(output=output, length=length, most=most)


def _name_length(path: Path) -> int:
    """Returns the length of a name for file systems: in bytes, on Windows in UTF-16 units."""
    return len(path.name.encode("utf-16-le", "surrogatepass")) // 2 if os.name == "nt" else len(os.fsencode(path.name))


def _longest_name(folder: Path) -> int:
    try:
        return os.pathconf(folder, "PC_NAME_MAX") if hasattr(os, "pathconf") else LONGEST_NAME
    except OSError:
        return LONGEST_NAME


def _is_same_file(output: Path, name: str) -> bool:
    return os.path.exists(name) and os.path.samefile(output, name)


def _statistics(counts: Sequence[ClassCount]) -> tuple[float, float, float, float] | None:
    """Returns minimum, maximum, mean and standard deviation of the class values, None without pixels."""
    seen = [(count.legend_class.value, count.pixels) for count in counts if count.pixels]
    if not seen:
        return None
    values, pixels = (np.array(column, np.float64) for column in zip(*seen))
    mean = float(np.average(values, weights=pixels))
    deviation = math.sqrt(float(np.average((values - mean) ** 2, weights=pixels)))
    return float(values.min()), float(values.max()), mean, deviation
