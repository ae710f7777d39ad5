# SPDX-License-Identifier: GPL-2.0-or-later
"""Where pixels come from and where classes go to; the only place that knows GDAL."""

from .extent import Extent, window_of_extent
from .legend import ClassCount, Legend, legend_of
from .sink import GeoTiffSink, check_output
from .source import GdalInput, GdalSource, RasterBand, RasterSource, open_raster

__all__ = [
    "ClassCount",
    "Extent",
    "GdalInput",
    "GdalSource",
    "GeoTiffSink",
    "Legend",
    "RasterBand",
    "RasterSource",
    "check_output",
    "legend_of",
    "open_raster",
    "window_of_extent",
]
