# SPDX-License-Identifier: GPL-2.0-or-later
"""Sources of rasters and models other than files: layers, services, portals and data stores.

Tiles of XYZ and WMTS layers are fetched here, from the level with the cells nearest to the requested ones: QGIS would
draw them on other cells, and a failed tile as an empty one; GDAL's drivers send credentials to other hosts, cannot be
cancelled, and do not retry. MBTiles files are read by GDAL. QGIS still draws tiles of a WMS (WMS-C), of a WMTS whose
time QGIS chooses, and tiles whose colours encode heights: since 3.42 up to a pixel too wide, and since 3.40 without an
error for a tile that failed with status 500.
"""
