# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters as sources of pixels.

`read_bands(window)` returns pixels and the validity of each band, with zeros outside the scene and in NoData. The
NoData rule of the run makes one mask of them (`run/no_data_rule.py`). GDAL's cache has the size of the blocks that
neighbouring tiles share (`block_cache.py`): a larger one would fill with blocks that are no longer needed, and freed
ones leave gaps that the process does not return to the system.
"""
