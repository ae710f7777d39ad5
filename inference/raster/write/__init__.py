# SPDX-License-Identifier: GPL-2.0-or-later
"""Class maps and scores as GeoTIFF, with legend, attribute table and style."""
