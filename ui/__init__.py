# SPDX-License-Identifier: GPL-2.0-or-later
"""Widgets, the panel and the background task of the desktop."""
