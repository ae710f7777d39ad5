# SPDX-License-Identifier: GPL-2.0-or-later
"""The desktop: widgets, options, panel and background tasks.

What `plugin.py` adds to QGIS's window at its start are actions, menus and an empty panel. The body of the panel,
dialogs and the options page need the engine and are imported when they are opened.
"""
