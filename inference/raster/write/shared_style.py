# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters of one stem in a folder, such as a.tif and a.tiff, for which QGIS reads the same style file a.qml."""

from __future__ import annotations

import os
from pathlib import Path

from osgeo import gdal

from ...distinct_files import SWAPPED
from ...errors import OutputStyleError
from ..gdal_call import GdalError, gdal_call
from .qml import is_own_style

# Side files of a raster's stem; GDAL would read some of them as rasters.
SIDE_FILES = frozenset((*SWAPPED, ".ovr", ".msk"))


def style_sharer(output: Path) -> Path | None:
    """Returns another raster in the folder whose style file has the same name, None if there is none.

    The VRT of a folder of results, which has the folder's name, has the classes of each of them.
    """
    excepted = output.name, f"{output.parent.resolve().name}.vrt"
    try:
        with os.scandir(output.parent) as entries:
            names = sorted(entry.name for entry in entries if entry.name not in excepted and entry.is_file())
    except OSError:
        return None
    alike = [output.with_name(name) for name in names if Path(name).stem == output.stem]
    return next((path for path in alike if path.suffix.lower() not in SIDE_FILES and _is_raster(path)), None)


def check_style(output: Path) -> None:
    """Raises an OutputStyleError if QGIS would show the output with the classes of another raster."""
    style = output.with_suffix(".qml")
    other = style_sharer(output) if is_own_style(style) else None
    if other is not None:
        raise OutputStyleError(output=output, style=style.name, other=other.name)


def _is_raster(path: Path) -> bool:
    """True for files of GDAL's raster formats; GeoPackages may hold vector layers alone."""
    try:
        driver = gdal_call(gdal.IdentifyDriverEx, str(path), gdal.OF_RASTER)
        if driver is None or driver.GetMetadataItem(gdal.DCAP_VECTOR) != "YES":
            return driver is not None
        return gdal_call(gdal.OpenEx, str(path), gdal.OF_RASTER) is not None
    except GdalError:
        return False
