# SPDX-License-Identifier: GPL-2.0-or-later
"""A GeoTIFF that appears under its name only when it is complete."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

from numpy.typing import NDArray
from osgeo import gdal

from ..errors import OutputWriteError
from ..grid import Grid
from ..window import Window
from .format import BLOCK, RasterFormat
from .gdal_call import GdalError, close_dataset, gdal_call
from .georeference import georeference, keep_crs
from .overviews import build_overviews

# Cells of a side of what is read at once when a file is checked: some rows of blocks.
PART = 4 * BLOCK

# Files of an earlier raster of the same name that would be taken for parts of the new one.
STALE_SUFFIXES = (".ovr", ".msk", ".aux.xml", ".vat.dbf")


@dataclass(frozen=True)
class BandLayout:
    """The bands of a file: GDAL's type, their names, and their NoData value."""

    gdal_type: int
    names: tuple[str, ...]
    no_data: float


class GeoTiffFile:
    """A raster on its way to the disk, under a temporary name beside its own; it is written in windows."""

    def __init__(
        self, output: Path, grid: Grid, layout: BandLayout, metadata: Mapping[str, str], form: RasterFormat
    ) -> None:
        self._output = output
        # The name is always the same, so that what a killed run left is overwritten and removed.
        self._part = output.with_name(f".{output.name}.part.tif")
        self._cog = self._part.with_suffix(".cog.tif")
        self._grid = grid
        self._layout = layout
        self._form = form
        self._replaced: list[tuple[Path, Path | None]] = []
        self._dataset: Any = self.attempt(self._create, metadata)

    @property
    def style(self) -> Path:
        """The temporary name of the QGIS style beside the file."""
        return self._part.with_suffix(".qml")

    def set_up(self, prepare: Callable[[Any], None]) -> None:
        """Prepares the dataset before its first row, for what GDAL cannot add later."""
        self.attempt(prepare, self._dataset)

    def write(self, window: Window, values: NDArray[Any]) -> None:
        """Takes the values (bands, height, width) of a window; whole blocks are fastest and smallest."""
        self.attempt(self._write_bands, window, values)

    def complete(self, overviews: int, describe: Callable[[Any], None]) -> None:
        """Adds overviews by a resampling method of GDAL, and describes the result through a read-only dataset.

        What is described then goes to the .aux.xml beside the file, as GDAL has it.
        """
        self.attempt(self._close)
        self.attempt(build_overviews, self._part, overviews, self._layout.no_data)
        if self._form.cloud_optimized:
            self.attempt(self._optimize)
        self.attempt(keep_crs, self._finished, self._grid)
        self.attempt(self._read_again)
        self.attempt(lambda: describe(gdal_call(gdal.Open, str(self._finished))))

    def publish(self) -> None:
        """Renames the parts into place, the raster last: whoever sees it sees all of it.

        Where that fails, all is as it was before.
        """
        stale = [Path(f"{self._output}{suffix}") for suffix in STALE_SUFFIXES]
        if self._output.exists():
            stale += [self._output.with_suffix(suffix) for suffix in (".qml", ".tfw")]
        try:
            for part, final in self._parts():
                if part.exists():
                    self._keep(final)
                    os.replace(part, final)
                    stale = [path for path in stale if path != final]
            for path in stale:
                self._keep(path)
                path.unlink(missing_ok=True)
        except OSError as error:
            self.restore()
            raise OutputWriteError(output=self._output, reason=error.strerror or error) from error

    def restore(self) -> None:
        """Takes back what was published: what had these names before has them again."""
        while self._replaced:
            final, kept = self._replaced.pop()
            if kept is None:
                final.unlink(missing_ok=True)
            else:
                os.replace(kept, final)

    def remove(self) -> None:
        """Deletes what has not been published."""
        dataset, self._dataset = self._dataset, None
        if dataset is not None:
            # A disk that is full is so still, and has been told.
            with suppress(GdalError):
                close_dataset(dataset)
        for path in self._part.parent.iterdir():
            if path.name.startswith(self._part.stem):
                path.unlink(missing_ok=True)

    def attempt(self, step: Callable[..., Any], *args: Any) -> Any:
        """Returns what a step returns; its failure becomes an OutputWriteError."""
        try:
            return gdal_call(step, *args)
        except (GdalError, OSError) as error:
            raise OutputWriteError(output=self._output, reason=error) from error

    @property
    def _finished(self) -> Path:
        return self._cog if self._form.cloud_optimized else self._part

    def _keep(self, final: Path) -> None:
        """Keeps what has a name until this file is removed, under one that goes with it."""
        kept = self._part.with_name(f"{self._part.stem}.kept{len(self._replaced)}")
        if not final.is_file():
            self._replaced.append((final, None))
            return
        try:
            # A second name: whoever looks meanwhile still finds the first.
            os.link(final, kept)
        except OSError:
            os.replace(final, kept)
        self._replaced.append((final, kept))

    def _parts(self) -> list[tuple[Path, Path]]:
        return [
            (_sidecar(self._finished), _sidecar(self._output)),
            (self.style, self._output.with_suffix(".qml")),
            (self._finished, self._output),
        ]

    def _create(self, metadata: Mapping[str, str]) -> Any:
        size = (self._grid.width, self._grid.height, len(self._layout.names))
        create = gdal.GetDriverByName("GTiff").Create
        dataset = gdal_call(create, str(self._part), *size, self._layout.gdal_type, self._form.gtiff_options)
        georeference(dataset, self._grid)
        dataset.SetMetadata(dict(metadata))
        for number, name in enumerate(self._layout.names, start=1):
            band = dataset.GetRasterBand(number)
            band.SetNoDataValue(self._layout.no_data)
            band.SetDescription(name)
        return dataset

    def _write_bands(self, window: Window, values: NDArray[Any]) -> None:
        # All bands at once: band by band, blocks would leave GDAL's cache before their last band is there.
        gdal_call(self._dataset.WriteArray, values, window.x, window.y)

    def _close(self) -> None:
        close_dataset(self._dataset)
        self._dataset = None

    def _optimize(self) -> None:
        """Copies file and overviews into a cloud-optimized GeoTIFF; only GDAL 3.1 and newer can."""
        driver = gdal.GetDriverByName("COG")
        if driver is None:
            raise GdalError("this GDAL cannot write cloud-optimized GeoTIFFs")
        dataset = gdal_call(gdal.Open, str(self._part))
        gdal_call(driver.CreateCopy, str(self._cog), dataset, 0, self._form.cog_options)

    def _read_again(self) -> None:
        """Reads every block: GDAL 3.10 says nothing of blocks that a full disk cut short."""
        dataset = gdal_call(gdal.Open, str(self._finished))
        for number in range(1, dataset.RasterCount + 1):
            band = dataset.GetRasterBand(number)
            for level in (band, *(band.GetOverview(index) for index in range(band.GetOverviewCount()))):
                _read_all(level)


def _read_all(band: Any) -> None:
    """Reads a band part by part; of parts that GDAL reads in threads of its own it may tell a failure only by None."""
    for y in range(0, band.YSize, PART):
        for x in range(0, band.XSize, PART):
            if gdal_call(band.ReadAsArray, x, y, min(PART, band.XSize - x), min(PART, band.YSize - y)) is None:
                raise GdalError("a block of it cannot be read again")


def _sidecar(path: Path) -> Path:
    return Path(f"{path}.aux.xml")
