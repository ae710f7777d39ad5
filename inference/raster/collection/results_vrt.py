# SPDX-License-Identifier: GPL-2.0-or-later
"""A VRT over the class maps of a collection, so that a map shows them as one layer."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from osgeo import gdal

from ...errors import OutputWriteError
from ...new_files import PART, new_token, open_new
from ...publishing import KEPT, Step, publish, scratch_beside
from ..gdal_call import GdalError, gdal_call
from ..read.source import grid_of, open_raster
from ..scene.crs import same_crs
from ..write.qml import is_own_style


def write_results_vrt(path: Path, results: Sequence[Path]) -> bool:
    """Writes the VRT and its style, and tells whether the class maps share a CRS and so can have one.

    It names the class maps relative to itself and has their colours, names and NoData. The last one lies on
    top. It gets its name when it is complete.
    """
    if not results or not _fit_together(results):
        return False
    own = results[0].with_suffix(".qml")
    style = own if is_own_style(own) else None
    # Beside its place, because it names the class maps from there.
    part = path.with_name(f".{path.stem}.{new_token()}{PART}.vrt")
    try:
        open_new(part).close()
        gdal_call(_build, part, results)
        _put_in_place(path, part, style)
    except (GdalError, OSError) as error:
        raise OutputWriteError(output=path, reason=error) from error
    finally:
        part.unlink(missing_ok=True)
    return True


def remove_results_vrt(path: Path) -> None:
    """Removes the VRT of an earlier run and its style, which would show other maps."""
    try:
        _put_in_place(path, None, None)
    except OSError as error:
        raise OutputWriteError(output=path, reason=error.strerror or error) from error


def _put_in_place(path: Path, part: Path | None, style: Path | None) -> None:
    """Gives the VRT its name, and its place a copy of the style, unless somebody else's is there."""
    beside, copy = path.with_suffix(".qml"), None
    with scratch_beside(path) as scratch:
        if style is not None:
            copy = Path(shutil.copyfile(style, scratch / style.name))
        steps = [Step(path, part, scratch / KEPT)]
        if not os.path.lexists(beside) or is_own_style(beside):
            steps.insert(0, Step(beside, copy, scratch / KEPT))
        publish(steps, path)


def _fit_together(results: Sequence[Path]) -> bool:
    grids = [grid_of(open_raster(str(path))) for path in results]
    north_up = all(grid.transform is not None and grid.north_up for grid in grids)
    return north_up and all(same_crs(grid.crs, grids[0].crs) for grid in grids)


def _build(part: Path, results: Sequence[Path]) -> None:
    """Names go in as text: an open raster would keep its absolute path."""
    dataset = gdal.BuildVRT(str(part), [str(path) for path in results], resolution="highest")
    first = gdal.Open(str(results[0]))
    band, own = dataset.GetRasterBand(1), first.GetRasterBand(1)
    band.SetDescription(own.GetDescription())
    epochs = {grid_of(open_raster(str(path))).epoch for path in results}
    if first.GetSpatialRef() is not None and len(epochs) == 1:
        # Without it, GDAL forgets the coordinate epoch.
        dataset.SetSpatialRef(first.GetSpatialRef())
    names = own.GetCategoryNames()
    if names:
        band.SetCategoryNames(names)
    dataset.FlushCache()
