# SPDX-License-Identifier: GPL-2.0-or-later
"""The rasters in a folder."""

from __future__ import annotations

import os

from osgeo import gdal

from ...errors import CollectionError
from ...phrase import Phrase
from ..gdal_call import GdalError, gdal_call
from ..read.unreadable import is_utf8
from .vrt_items import sources_of_mosaic

# Suffixes of side files and other files that are never rasters.
SIDECARS = (
    ".xml", ".ovr", ".msk", ".aux", ".rrd", ".ige", ".tfw", ".jgw", ".pgw", ".j2w", ".wld", ".hdr", ".prj", ".qml",
    ".qgz", ".qgs", ".json", ".geojson", ".shp", ".shx", ".dbf", ".txt", ".csv", ".zip", ".py", ".lock",
)  # fmt: skip

# Raster suffixes: such a file counts as a raster even if it cannot be read.
RASTERS = (
    ".tif", ".tiff", ".jp2", ".j2k", ".img", ".png", ".jpg", ".jpeg", ".vrt", ".bil", ".bip", ".bsq", ".asc", ".nc",
    ".hdf", ".ecw", ".sid", ".ntf", ".nitf", ".kea", ".mrf", ".bmp", ".gif", ".webp", ".ers", ".hgt", ".dem",
)  # fmt: skip


def is_folder(name: str) -> bool:
    """True if a name is a folder, on disk or in one of GDAL's file systems."""
    if not name or name.startswith(("/vsicurl/", "/vsicurl?")) or "://" in name:
        return False
    try:
        status = gdal_call(gdal.VSIStatL, name)
    except GdalError:
        return False
    return status is not None and bool(status.IsDirectory())


def rasters_in(folder: str) -> tuple[str, ...]:
    """Returns the rasters of a folder, sorted by name, without those of its subfolders.

    A folder that GDAL opens itself is one raster: its name alone is returned. A mosaic of the folder's rasters is left
    out to avoid duplicate pixels. A raster that does not open, such as an empty file, is kept.
    """
    if is_raster(folder):
        return (folder,)
    # GDAL returns and accepts names that are not UTF-8 as bytes.
    listed = [os.fsdecode(name) for name in gdal.ReadDir(folder) or ()]
    names = sorted(name for name in listed if not name.startswith("."))
    paths = [f"{folder.rstrip('/')}/{name}" for name in names if not name.lower().endswith(SIDECARS)]
    rasters = [path for path in paths if not is_folder(path) and (is_raster(path) or _is_damaged(path))]
    found = set(rasters)
    kept = tuple(path for path in rasters if not _repeats(path, found))
    if not kept:
        raise CollectionError(collection=folder, reason=Phrase("the folder contains no raster that GDAL can open"))
    return kept


def is_raster(path: str) -> bool:
    """True if GDAL opens a name as a raster."""
    try:
        name = path if is_utf8(path) else os.fsencode(path)
        return gdal_call(gdal.OpenEx, name, gdal.OF_RASTER | gdal.OF_READONLY) is not None
    except (GdalError, UnicodeError):
        return False


def _is_damaged(path: str) -> bool:
    """True if an unreadable file is a raster by name or first bytes: leaving it out would hide a loss."""
    if path.lower().endswith(RASTERS):
        return True
    if not is_utf8(path):
        return False
    driver = gdal_call(gdal.IdentifyDriverEx, path, gdal.OF_RASTER, ["GTiff", "JP2OpenJPEG", "HFA", "PNG", "JPEG"])
    return driver is not None


def _repeats(path: str, others: set[str]) -> bool:
    sources = sources_of_mosaic(path) if path.lower().endswith(".vrt") and is_raster(path) else ()
    return bool(sources) and others.issuperset(sources)
