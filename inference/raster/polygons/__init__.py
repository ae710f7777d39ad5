# SPDX-License-Identifier: GPL-2.0-or-later
"""A class map as polygons: one for each patch, the connected cells of a class.

GDAL polygonizes the map in pieces of whole rows (`pieces.py`); a patch that crosses their seams is joined from its
outlines (`seams.py`). Cells are connected by their edges only, as in `gdal.Polygonize`, so the result equals that of
the whole map. Memory depends on the size of a piece and on the open patches, not on the map. GEOS's union would need
hundreds of bytes per vertex of such a patch; its outlines, in whole cells, need eight.

Areas and means are exact: the sum over a patch is taken along its outlines from a summed-area table of the piece.
"""
