# SPDX-License-Identifier: GPL-2.0-or-later
"""The georeference of a result within the limits of GeoTIFF, and checks for conflicting side files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from osgeo import gdal, osr

from ...errors import PlacingFileError
from ...grid import Grid
from ..gdal_call import GdalError, gdal_call
from ..scene.crs import spatial_reference

# Side files from which GDAL georeferences a raster; of .tab files, only MapInfo's raster tables.
WORLD_FILES, MAPINFO_FILE = (".tfw", ".wld", ".tifw", ".tiffw"), ".tab"
LONGEST_TAB = 100_000

# Files have another axis order than CRS definitions, and no names.
SAME = ["IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES", "CRITERION=EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS"]


def georeference(dataset: Any, grid: Grid) -> None:
    """Writes the georeference of a grid to a dataset."""
    if grid.transform is not None:
        dataset.SetGeoTransform(grid.transform)
    if grid.polynomials:
        dataset.SetMetadata(dict(grid.polynomials), "RPC")
    if grid.control_points or grid.crs:
        _set_crs(dataset, grid)


def keep_crs(path: Path, grid: Grid) -> None:
    """Writes the grid's CRS into the .aux.xml of a finished GeoTIFF that is read with another one; raises a GdalError.

    GeoTIFF cannot represent some, and its codes override other parameters.
    """
    if not grid.crs:
        return
    dataset = gdal_call(gdal.Open, str(path))
    if _is_same(dataset, grid):
        return
    # For a read-only dataset, GDAL writes this to a side file.
    _set_crs(dataset, grid)
    gdal_call(dataset.FlushCache)
    del dataset
    if not _is_same(gdal_call(gdal.Open, str(path)), grid):
        raise GdalError("its CRS cannot be read again")


def has_crs_of(path: Path, grid: Grid) -> bool:
    """True if a finished GeoTIFF still has the grid's CRS, possibly in a side file."""
    try:
        return not grid.crs or _is_same(gdal_call(gdal.Open, str(path)), grid)
    except GdalError:
        return False


def crs_lies_beside(path: Path) -> bool:
    """True if the right CRS of a GeoTIFF is in its .aux.xml only."""
    if not Path(f"{path}.aux.xml").exists():
        return False
    try:
        whole = gdal_call(gdal.Open, str(path))
        alone = gdal_call(gdal.OpenEx, str(path), gdal.OF_RASTER, open_options=["GEOREF_SOURCES=INTERNAL"])
    except GdalError:
        return False
    right, other = _crs_of(whole), _crs_of(alone)
    return right is not None and (other is None or not right.IsSame(other, SAME))


def check_unplaced(output: Path, grid: Grid) -> None:
    """Raises if a side file would georeference a result that has no georeference, or change it."""
    if grid.transform is not None:
        return
    names = {output.with_suffix(f(suffix)) for suffix in (*WORLD_FILES, MAPINFO_FILE) for f in (str.lower, str.upper)}
    for beside in sorted(names):
        # The side file of a replaced raster is removed with it.
        replaced = output.exists() and beside.suffix == ".tfw"
        if beside.is_file() and not replaced and (beside.suffix.lower() in WORLD_FILES or _places_raster(beside)):
            raise PlacingFileError(file=beside, output=output)


def _places_raster(tab: Path) -> bool:
    with tab.open("rb") as file:
        return b'"raster"' in file.read(LONGEST_TAB).lower()


def _set_crs(dataset: Any, grid: Grid) -> None:
    reference = spatial_reference(grid.crs, grid.epoch) if grid.crs else osr.SpatialReference()
    if grid.control_points:
        points = [gdal.GCP(p.x, p.y, p.z, p.column, p.row) for p in grid.control_points]
        gdal_call(dataset.SetGCPs, points, reference)
    else:
        gdal_call(dataset.SetSpatialRef, reference)


def _crs_of(dataset: Any) -> osr.SpatialReference | None:
    return dataset.GetSpatialRef() or dataset.GetGCPSpatialRef()


def _is_same(dataset: Any, grid: Grid) -> bool:
    found = _crs_of(dataset)
    return found is not None and bool(found.IsSame(spatial_reference(grid.crs, grid.epoch), SAME))
