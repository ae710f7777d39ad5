# SPDX-License-Identifier: GPL-2.0-or-later
"""The page in QGIS's options, with search and installation of runtimes and clearing of caches."""
