# SPDX-License-Identifier: GPL-2.0-or-later
"""The place of a result on the map, as far as a GeoTIFF holds it, and what would give it a wrong one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from osgeo import gdal, osr

from ...errors import PlacingFileError
from ...grid import Grid
from ..gdal_call import GdalError, gdal_call
from ..scene.crs import spatial_reference

# Files beside a raster without a place from which GDAL takes one. Only those of MapInfo's rasters do, not its tables.
WORLD_FILES, MAPINFO_FILE = (".tfw", ".wld", ".tifw", ".tiffw"), ".tab"
LONGEST_TAB = 100_000

# Axes lie in another order in files than in the definitions of CRSs, and files keep no names.
SAME = ["IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES", "CRITERION=EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS"]


def georeference(dataset: Any, grid: Grid) -> None:
    """Gives a dataset the place of a grid."""
    if grid.transform is not None:
        dataset.SetGeoTransform(grid.transform)
    if grid.polynomials:
        dataset.SetMetadata(dict(grid.polynomials), "RPC")
    if grid.control_points or grid.crs:
        _set_crs(dataset, grid)


def keep_crs(path: Path, grid: Grid) -> None:
    """Writes the grid's CRS into the .aux.xml of a finished GeoTIFF that reads as another one; raises a GdalError.

    GeoTIFF has no words for some, and its codes win over what is said beside them.
    """
    if not grid.crs:
        return
    dataset = gdal_call(gdal.Open, str(path))
    if _is_same(dataset, grid):
        return
    # To a dataset that is only read, GDAL keeps this beside the file.
    _set_crs(dataset, grid)
    gdal_call(dataset.FlushCache)
    del dataset
    if not _is_same(gdal_call(gdal.Open, str(path)), grid):
        raise GdalError("its CRS cannot be read again")


def has_crs_of(path: Path, grid: Grid) -> bool:
    """Tells whether a finished GeoTIFF is still in the grid's CRS, which may have been kept beside it."""
    try:
        return not grid.crs or _is_same(gdal_call(gdal.Open, str(path)), grid)
    except GdalError:
        return False


def crs_lies_beside(path: Path) -> bool:
    """Tells whether the right CRS of a GeoTIFF is in its .aux.xml, and not in the file itself."""
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
    """Raises where a file beside the output would give a place to a result that has none, or another one."""
    if grid.transform is not None:
        return
    names = {output.with_suffix(f(suffix)) for suffix in (*WORLD_FILES, MAPINFO_FILE) for f in (str.lower, str.upper)}
    for beside in sorted(names):
        # That of a raster which is replaced goes with it.
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
