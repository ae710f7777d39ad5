# SPDX-License-Identifier: GPL-2.0-or-later
"""Several rasters given as one input, and the one raster that they make together."""

from .collection import Collection, item_name, item_names, read_collection, split_value
from .mosaic import mosaic
from .results_vrt import remove_results_vrt, write_results_vrt

__all__ = [
    "Collection",
    "item_name",
    "item_names",
    "mosaic",
    "read_collection",
    "remove_results_vrt",
    "split_value",
    "write_results_vrt",
]
