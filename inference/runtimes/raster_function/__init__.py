# SPDX-License-Identifier: GPL-2.0-or-later
"""Python raster functions of a model, run once the user allows them."""
