# SPDX-License-Identifier: GPL-2.0-or-later
"""Several rasters as one input: folder, list, tile index, STAC or mosaic, and the raster they form together."""

from .collection import Collection, Item, item_name, item_names, read_collection, read_stack, shown_items, split_value
from .mosaic import cell_size_of_items, mosaic
from .results_vrt import remove_results_vrt, write_results_vrt

__all__ = [
    "Collection",
    "Item",
    "cell_size_of_items",
    "item_name",
    "item_names",
    "mosaic",
    "read_collection",
    "read_stack",
    "remove_results_vrt",
    "shown_items",
    "split_value",
    "write_results_vrt",
]
