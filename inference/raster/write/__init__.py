# SPDX-License-Identifier: GPL-2.0-or-later
"""Class maps and scores as GeoTIFF, with legend, attribute table and style.

The area of each cell is measured with PROJ's inverse, not derived from a list of equal-area projections, because on an
ellipsoid some of those are inexact (Mollweide by up to 0.7 percent). Areas are whole multiples of a unit, so that sums
of strips are exact.
"""
