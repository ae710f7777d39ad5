# SPDX-License-Identifier: GPL-2.0-or-later
"""Widgets of the algorithms' parameters in Processing's dialogs.

QGIS 4.4 removes the Python class from which they derive; there, Processing's plain fields are shown.
"""
