# SPDX-License-Identifier: GPL-2.0-or-later
"""Shared by Processing and the desktop: settings, translation, HTTP and sources of rasters."""
