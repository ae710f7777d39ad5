# SPDX-License-Identifier: GPL-2.0-or-later
"""The desktop: widgets, options, panel and background tasks."""
