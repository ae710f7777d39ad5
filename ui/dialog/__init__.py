# SPDX-License-Identifier: GPL-2.0-or-later
"""Widgets of the algorithms' parameters in Processing's dialogs."""
