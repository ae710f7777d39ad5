# SPDX-License-Identifier: GPL-2.0-or-later
"""Python raster functions beside a model, run only with the user's permission.

They run in a worker with QGIS's Python, or the one set for PyTorch: Cancel ends them, and they change nothing in QGIS.
"""
