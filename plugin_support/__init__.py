# SPDX-License-Identifier: GPL-2.0-or-later
"""What the Processing algorithms and the desktop share: settings, translation, HTTP and sources of rasters."""
