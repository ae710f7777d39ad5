# SPDX-License-Identifier: GPL-2.0-or-later
"""The page in QGIS's options, and what it can do: find and install runtimes, clear caches."""
