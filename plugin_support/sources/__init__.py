# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters and models that lie elsewhere than in a file: layers, services, portals and data stores."""
