# SPDX-License-Identifier: GPL-2.0-or-later
"""The live preview: a small part of the map, classified in memory and drawn over the canvas."""
