# SPDX-License-Identifier: GPL-2.0-or-later
"""Where pixels come from and where classes go to; the only place that knows GDAL."""

from .cell_size import cell_size_in, described_cell_size
from .class_names import read_class_names
from .class_record import ClassRecord, read_class_record
from .collection import Collection, cell_size_of_items, read_collection, split_value
from .extent import Extent
from .file_state import file_states
from .format import RasterFormat, read_format
from .georeference import check_unplaced, crs_lies_beside, has_crs_of
from .grid_plan import MOST_CELLS, GridPlan, GridRequest
from .legend import ClassCount, Legend, legend_of
from .mask import Mask, MaskedSource, PolygonMask
from .read_cache import cache_for
from .scene import Scene, open_scene
from .settings import BLOCK_CACHE, LARGEST_CACHE, gdal_settings
from .sink import GeoTiffSink, ScoreSink, check_output, publish_together
from .source import Channel, GdalInput, GdalSource, RasterBand, RasterItem, RasterSource, open_raster
from .strip_file import StripMosaic, file_windows
from .tally import ClassTally, StripCounts
from .warp import RESAMPLING

__all__ = [
    "BLOCK_CACHE",
    "LARGEST_CACHE",
    "MOST_CELLS",
    "RESAMPLING",
    "Channel",
    "ClassCount",
    "ClassRecord",
    "ClassTally",
    "Collection",
    "Extent",
    "GdalInput",
    "GdalSource",
    "GeoTiffSink",
    "GridPlan",
    "GridRequest",
    "Legend",
    "Mask",
    "MaskedSource",
    "PolygonMask",
    "RasterBand",
    "RasterFormat",
    "RasterItem",
    "RasterSource",
    "Scene",
    "ScoreSink",
    "StripCounts",
    "StripMosaic",
    "cache_for",
    "cell_size_in",
    "cell_size_of_items",
    "check_output",
    "check_unplaced",
    "crs_lies_beside",
    "described_cell_size",
    "file_states",
    "file_windows",
    "gdal_settings",
    "has_crs_of",
    "legend_of",
    "open_raster",
    "open_scene",
    "publish_together",
    "read_class_names",
    "read_class_record",
    "read_collection",
    "read_format",
    "split_value",
]
