# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters in and out; the only room of inference/ that imports GDAL.

GDAL's exceptions are never switched on, which would change other plugins in the process; `gdal_call` handles both
modes. Each thread reads through its own dataset.
"""

from .collection import Collection, cell_size_of_items, read_collection, read_stack, split_value
from .gdal_options import BLOCK_CACHE, LARGEST_CACHE, complete_reads, gdal_settings
from .polygons.making import ClassLayers, FileLayer, write_polygons
from .polygons.polygons_vrt import write_polygons_vrt
from .polygons.vector_file import (
    PolygonFile,
    check_layers,
    check_polygon_grid,
    check_polygons,
    count_of_features,
    layer_name,
)
from .read.block_cache import Reading, reading_for
from .read.file_state import file_states
from .read.source import Channel, GdalInput, GdalSource, RasterBand, RasterItem, RasterSource, open_raster
from .scene.cell_size import cell_size_in, described_cell_size, own_cell_size
from .scene.crs import wkt_of_reference
from .scene.extent import Extent
from .scene.grid_plan import MOST_CELLS, GridPlan, GridRequest
from .scene.labels import PointCells, PolygonCells, same_grid
from .scene.mask import Mask, MaskedSource, PolygonMask
from .scene.scene import Scene, open_scene
from .scene.warped_source import on_grid
from .web import AllowedHosts, ServiceInput, TileMatrix, TilesInput, WebInput
from .write.area import CellAreas, cell_areas
from .write.class_record import ClassRecord, read_class_names, read_class_record
from .write.format import RasterFormat, read_format
from .write.georeference import check_unplaced, crs_lies_beside, has_crs_of
from .write.legend import ClassCount, Legend, legend_of
from .write.sink import GeoTiffSink, ScoreSink, check_output, publish_together
from .write.strip_file import StripMosaic, file_windows
from .write.tally import ClassTally, StripCounts

__all__ = [
    "AllowedHosts",
    "reading_for",
    "BLOCK_CACHE",
    "LARGEST_CACHE",
    "MOST_CELLS",
    "CellAreas",
    "Channel",
    "ClassCount",
    "ClassLayers",
    "ClassRecord",
    "ClassTally",
    "Collection",
    "Extent",
    "FileLayer",
    "GdalInput",
    "GdalSource",
    "GeoTiffSink",
    "GridPlan",
    "GridRequest",
    "Legend",
    "Mask",
    "MaskedSource",
    "PointCells",
    "PolygonCells",
    "PolygonFile",
    "PolygonMask",
    "RasterBand",
    "RasterFormat",
    "RasterItem",
    "RasterSource",
    "Reading",
    "Scene",
    "ScoreSink",
    "StripCounts",
    "StripMosaic",
    "ServiceInput",
    "TileMatrix",
    "TilesInput",
    "WebInput",
    "cell_areas",
    "cell_size_in",
    "cell_size_of_items",
    "check_layers",
    "check_output",
    "check_polygon_grid",
    "check_polygons",
    "check_unplaced",
    "complete_reads",
    "count_of_features",
    "layer_name",
    "crs_lies_beside",
    "described_cell_size",
    "file_states",
    "file_windows",
    "gdal_settings",
    "has_crs_of",
    "legend_of",
    "on_grid",
    "open_raster",
    "open_scene",
    "own_cell_size",
    "publish_together",
    "read_class_names",
    "read_class_record",
    "read_collection",
    "read_format",
    "read_stack",
    "same_grid",
    "split_value",
    "wkt_of_reference",
    "write_polygons",
    "write_polygons_vrt",
]
