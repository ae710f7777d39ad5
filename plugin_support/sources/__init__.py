# SPDX-License-Identifier: GPL-2.0-or-later
"""Sources of rasters and models other than files: layers, services, portals and data stores."""
