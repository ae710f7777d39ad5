# SPDX-License-Identifier: GPL-2.0-or-later
"""A VRT that shows the class maps of a collection as one layer."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from osgeo import gdal

from ...errors import OutputWriteError
from ...new_files import PART, new_token, open_new
from ...publishing import KEPT, Step, publish, scratch_beside
from ..gdal_call import GdalError, gdal_call, gdal_text
from ..read.source import grid_of, open_raster
from ..scene.crs import same_crs
from ..write.qml import is_own_style


def write_results_vrt(path: Path, results: Sequence[Path]) -> bool:
    """Writes the VRT and its style; False unless the class maps share a CRS and are north-up.

    It refers to the class maps by relative paths and has their colours, names and NoData. The last one is on top. It is
    renamed into place when complete.
    """
    if not results or not _fit_together(results):
        return False
    own = results[0].with_suffix(".qml")
    style = own if is_own_style(own) else None
    # In the same folder, because its paths are relative.
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
    """Removes the outdated VRT and style of an earlier run."""
    try:
        _put_in_place(path, None, None)
    except OSError as error:
        raise OutputWriteError(output=path, reason=error.strerror or error) from error


def _put_in_place(path: Path, part: Path | None, style: Path | None) -> None:
    """Renames the VRT into place and copies the style, unless a foreign style exists."""
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
    """Names are passed as text: an open raster would keep its absolute path."""
    dataset = gdal.BuildVRT(str(part), [str(path) for path in results], resolution="highest")
    first = gdal.Open(str(results[0]))
    band, own = dataset.GetRasterBand(1), first.GetRasterBand(1)
    band.SetDescription(gdal_text(own.GetDescription()))
    epochs = {grid_of(open_raster(str(path))).epoch for path in results}
    if first.GetSpatialRef() is not None and len(epochs) == 1:
        # Without it, GDAL drops the coordinate epoch.
        dataset.SetSpatialRef(first.GetSpatialRef())
    names = [*map(gdal_text, own.GetCategoryNames() or [])]
    if names:
        band.SetCategoryNames(names)
    dataset.FlushCache()
