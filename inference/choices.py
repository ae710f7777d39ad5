# SPDX-License-Identifier: GPL-2.0-or-later
"""Values among which a user chooses; front ends list them without importing the engine."""

from __future__ import annotations

PROCESSOR_TYPES = ("AUTO", "CPU", "GPU")

# The NoData rules (`run/no_data_rule.py`).
AUTO, ANY, ALL = "AUTO", "ANY", "ALL"
NODATA_RULES = (AUTO, ANY, ALL)

# Resampling methods, as gdalwarp names them except for the first.
RESAMPLING = ("nearest", "bilinear", "cubic", "cubicspline", "lanczos", "average", "mode")

# Allocations of sample points (`accuracy/allocation.py`), and the largest random seed.
MIXED, PROPORTIONAL, EQUAL = "MIXED", "PROPORTIONAL", "EQUAL"
ALLOCATIONS = (MIXED, PROPORTIONAL, EQUAL)
LARGEST_SEED = 2**31 - 1

# File suffixes of polygons, the default first.
POLYGON_SUFFIXES = (".gpkg", ".geojson", ".shp", ".fgb")
