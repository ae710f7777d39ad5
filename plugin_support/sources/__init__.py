# SPDX-License-Identifier: GPL-2.0-or-later
"""Sources of rasters and models other than files: layers, services, portals and data stores.

Images of web maps are requested here, by the addresses that QGIS would use: QGIS draws an image that failed as an empty
one, and reports it to nobody (tiles of a WMS or WMTS since 3.40, tiles of ArcGIS map services in all versions). It
draws tiles on other cells, since 3.42 up to a pixel too wide. Tiles are those of the level with the cells nearest to
the requested ones. GDAL's drivers send credentials to other hosts, cannot be cancelled, and do not retry. MBTiles files
are read by GDAL.
"""
