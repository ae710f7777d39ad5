# SPDX-License-Identifier: GPL-2.0-or-later
"""Translates the texts that users see."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication

CONTEXT = "ClassifyPixels"


def tr(text: str) -> str:
    """Returns the text in the language of the user."""
    return QCoreApplication.translate(CONTEXT, text)
