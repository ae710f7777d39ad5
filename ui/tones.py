# SPDX-License-Identifier: GPL-2.0-or-later
"""Colours of states and messages with a contrast of at least 4.5:1 on light and on dark backgrounds.

The contrast is that of the Web Content Accessibility Guidelines 2.1, https://www.w3.org/TR/WCAG21/#contrast-minimum.
"""

from __future__ import annotations

from qgis.PyQt.QtGui import QColor, QPalette

# For light and for dark backgrounds.
TONES = {
    "good": ("#1a6b32", "#6fd08c"),
    "warning": ("#8a5a00", "#f0b429"),
    "error": ("#b3261e", "#ff9b92"),
    "link": ("#0b57a4", "#8cc4ff"),
    "progress": ("#57606a", "#b6bec7"),
}
# Style of a field with a wrong text; themes differ in the background of fields, so it has its own.
WRONG_FIELD = "color: #b3261e; background-color: #ffffff"
# Relative luminance at which black and white text have equal contrast.
HALF = 0.179


def tone(kind: str, palette: QPalette) -> QColor:
    """Returns the colour of a kind of message on the palette's base."""
    light, dark = TONES[kind]
    return QColor(light if luminance(palette.color(QPalette.ColorRole.Base)) > HALF else dark)


def luminance(color: QColor) -> float:
    """Returns the relative luminance of a colour, 0 to 1."""
    red, green, blue = (_linear(part) for part in (color.redF(), color.greenF(), color.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.03928 else float(((part + 0.055) / 1.055) ** 2.4)
