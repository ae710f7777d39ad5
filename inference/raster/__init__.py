# SPDX-License-Identifier: GPL-2.0-or-later
"""Where pixels come from and where classes go to; the only place that knows GDAL."""

from .collection import Collection, read_collection, split_value
from .extent import Extent
from .format import RasterFormat, read_format
from .grid_plan import GridPlan, GridRequest
from .legend import ClassCount, Legend, legend_of
from .mask import Mask, MaskedSource, PolygonMask
from .scene import Scene, open_scene
from .sink import GeoTiffSink, ScoreSink, check_output
from .source import Channel, GdalInput, GdalSource, RasterBand, RasterSource, open_raster
from .warp import RESAMPLING

__all__ = [
    "RESAMPLING",
    "Channel",
    "ClassCount",
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
    "RasterSource",
    "Scene",
    "ScoreSink",
    "check_output",
    "legend_of",
    "open_raster",
    "open_scene",
    "read_collection",
    "read_format",
    "split_value",
]
