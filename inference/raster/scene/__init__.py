# SPDX-License-Identifier: GPL-2.0-or-later
"""Which grid a result has, and which part of a raster it covers."""
