# SPDX-License-Identifier: GPL-2.0-or-later
"""A GeoTIFF that appears under its name only when it is complete."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

from numpy.typing import NDArray
from osgeo import gdal

from ...errors import OutputWriteError
from ...grid import Grid
from ...new_files import PART, make_new_folder, new_token, sync_file
from ...publishing import KEPT, Step
from ...window import Window
from ..gdal_call import GdalError, close_dataset, gdal_call
from ..gdal_options import WRITING, overview_options, thread_options
from .format import BLOCK, RasterFormat
from .georeference import georeference, keep_crs
from .overviews import build_overviews
from .qml import is_own_style
from .shared_style import style_sharer

# Side of a window in cells when a file is checked: some rows of blocks.
READ_CELLS = 4 * BLOCK

# Side files of an earlier raster of the same name that would affect the new one.
STALE_SUFFIXES = (".ovr", ".msk", ".aux.xml", ".vat.dbf")


@dataclass(frozen=True)
class BandLayout:
    """The bands of a file: GDAL's type, their names, and their NoData value."""

    gdal_type: int
    names: tuple[str, ...]
    no_data: float


class GeoTiffFile:
    """A raster being written by windows, in a separate hidden folder next to the output."""

    def __init__(
        self, output: Path, grid: Grid, layout: BandLayout, metadata: Mapping[str, str], form: RasterFormat
    ) -> None:
        self._output = output
        self._grid = grid
        self._layout = layout
        self._form = form
        self._dataset: Any = None
        self._settled = False
        self._scratch: Path = self.attempt(new_scratch, output)
        self._part: Path = self._scratch / "raster.tif"
        self._cog: Path = self._scratch / "cloud.tif"
        with ExitStack() as undone:
            undone.callback(self.remove)
            self._dataset = self.attempt(self._create, metadata)
            undone.pop_all()

    @property
    def style(self) -> Path:
        """The temporary name of the QGIS style file."""
        return self._scratch / "raster.qml"

    @property
    def keeps_style(self) -> bool:
        """True if the output's style file is foreign; it is not replaced."""
        style = self._output.with_suffix(".qml")
        return os.path.lexists(style) and not is_own_style(style)

    @property
    def shares_style(self) -> Path | None:
        """Another raster whose style file would be that of the output, which gets none."""
        return style_sharer(self._output)

    def set_up(self, prepare: Callable[[Any], None]) -> None:
        """Prepares the dataset before its first row with properties that GDAL cannot add later."""
        self.attempt(prepare, self._dataset)

    def write(self, window: Window, values: NDArray[Any]) -> None:
        """Writes the values (bands, height, width) of a window; whole blocks are fastest and smallest."""
        self.attempt(self._write_bands, window, values)

    def complete(self, overviews: int, describe: Callable[[Any], None] | None = None) -> None:
        """Adds overviews by a resampling method of GDAL, and describes the result through a read-only dataset.

        GDAL writes the description to the .aux.xml file.
        """
        self.attempt(self._close)
        self.attempt(build_overviews, self._part, overviews, self._layout.no_data)
        if self._form.cloud_optimized:
            self.attempt(self._optimize)
        self.attempt(keep_crs, self._finished, self._grid)
        self.attempt(self._read_again)
        self.attempt(self._describe, describe)
        for part, _ in self._parts():
            self.attempt(sync_file, part)

    def rehearse(self) -> None:
        """Writes an empty file with the final settings, to detect refusals by GDAL before the run."""
        self.attempt(self._close)
        if self._form.cloud_optimized:
            self.attempt(self._optimize)

    @property
    def steps(self) -> list[Step]:
        """The renaming steps that publish the output.

        An older raster is never visible with foreign side files: its own are removed first, and the new ones come last.
        Otherwise the raster comes last, so that it is visible only when complete.
        """
        stale = [Path(f"{self._output}{suffix}") for suffix in STALE_SUFFIXES]
        replaced = os.path.lexists(self._output)
        # Those of another raster of the same stem stay.
        if replaced and self.shares_style is None:
            stale += [self._output.with_suffix(suffix) for suffix in (".qml", ".tfw")]
        if self.keeps_style:
            stale = [path for path in stale if path.suffix != ".qml"]
        *beside, raster = self._parts()
        named = [raster, *beside] if replaced else [*beside, raster]
        removed = [Step(path, None, self._kept) for path in stale if os.path.lexists(path)]
        return [*removed, *(Step(final, part, self._kept) for part, final in named)]

    def settle(self) -> None:
        """Removes leftovers of earlier attempts at this output, once it is published."""
        self._settled = True
        for folder in scratch_folders(self._output):
            shutil.rmtree(folder, ignore_errors=True)

    def remove(self) -> None:
        """Deletes unpublished files; files that could not be restored remain."""
        dataset, self._dataset = self._dataset, None
        if dataset is not None:
            # A full disk has been reported already.
            with suppress(GdalError):
                close_dataset(dataset)
        del dataset
        if self._settled or not self._kept.exists():
            shutil.rmtree(self._scratch, ignore_errors=True)

    def attempt(self, step: Callable[..., Any], *args: Any) -> Any:
        """Returns the result of a step; its failure becomes an OutputWriteError."""
        try:
            with thread_options(WRITING):
                return gdal_call(step, *args)
        except (GdalError, OSError) as error:
            raise OutputWriteError(output=self._output, reason=error) from error

    @property
    def _finished(self) -> Path:
        return self._cog if self._form.cloud_optimized else self._part

    @property
    def _kept(self) -> Path:
        return self._scratch / KEPT

    def _parts(self) -> list[tuple[Path, Path]]:
        """Returns the existing files of the output with their final names; the raster comes last."""
        beside = [(_sidecar(self._finished), _sidecar(self._output))]
        if not self.keeps_style and self.shares_style is None:
            beside.append((self.style, self._output.with_suffix(".qml")))
        return [*(names for names in beside if names[0].exists()), (self._finished, self._output)]

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
        # All bands at once: band by band, blocks would leave GDAL's cache before their last band is written.
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
        with thread_options(overview_options(self._form.overview_compression)):
            gdal_call(driver.CreateCopy, str(self._cog), dataset, 0, self._form.cog_options)

    def _describe(self, describe: Callable[[Any], None] | None) -> None:
        """Writes the .aux.xml and reads it back: GDAL does not report truncation by a full disk."""
        if describe is not None:
            describe(gdal_call(gdal.Open, str(self._finished)))
        sidecar = _sidecar(self._finished)
        if describe is None and not sidecar.exists():
            return
        # The truncation may split a character.
        text = sidecar.read_bytes().decode(errors="replace")
        if gdal_call(gdal.ParseXMLString, text) is None:
            raise GdalError("its .aux.xml cannot be read again")

    def _read_again(self) -> None:
        """Reads every block: GDAL 3.10 does not report blocks truncated by a full disk."""
        dataset = gdal_call(gdal.Open, str(self._finished))
        for number in range(1, dataset.RasterCount + 1):
            band = dataset.GetRasterBand(number)
            for level in (band, *(band.GetOverview(index) for index in range(band.GetOverviewCount()))):
                _read_all(level)


def _read_all(band: Any) -> None:
    """Reads a band in parts; failures in GDAL's internal threads may be reported only by None."""
    for y in range(0, band.YSize, READ_CELLS):
        for x in range(0, band.XSize, READ_CELLS):
            width, height = min(READ_CELLS, band.XSize - x), min(READ_CELLS, band.YSize - y)
            if gdal_call(band.ReadAsArray, x, y, width, height) is None:
                raise GdalError("a block of it cannot be read again")


def scratch_folder(output: Path) -> Path:
    """Returns an unguessable name for a hidden folder next to an output."""
    return output.with_name(f".{output.name}.{new_token()}{PART}")


def scratch_folders(output: Path) -> list[Path]:
    """Returns the folders left by killed runs of this output."""
    ours = re.compile(re.escape(f".{output.name}.") + rf"[0-9a-f]{{{len(new_token())}}}" + re.escape(PART))
    with os.scandir(output.parent) as entries:
        return [Path(e.path) for e in entries if ours.fullmatch(e.name) and e.is_dir(follow_symlinks=False)]


def new_scratch(output: Path) -> Path:
    """Creates the folder, and deletes those of killed runs, except files that a failed run could not restore."""
    for folder in scratch_folders(output):
        if not (folder / KEPT).exists():
            shutil.rmtree(folder, ignore_errors=True)
    scratch = scratch_folder(output)
    make_new_folder(scratch)
    return scratch


def _sidecar(path: Path) -> Path:
    return Path(f"{path}.aux.xml")
