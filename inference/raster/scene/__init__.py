# SPDX-License-Identifier: GPL-2.0-or-later
"""The grid of a result, and the part of a raster that it covers.

`grid_plan.py` plans the grid and refuses absurd ones. On a grid other than its own, a raster is read through a warped
VRT. A collection is read through a VRT of its items, each warped directly to that grid. Both are texts, nothing is
written to the disk. Kernel and positions equal those of one call of `gdalwarp -et 0`, whichever block is read. If a
CRS has no sound position for the whole raster, the suggested grid covers the extent, or the area of use of the CRS
according to PROJ. Rasters without a GDAL name, as web maps, are warped window by window in memory.
"""
