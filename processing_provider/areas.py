# SPDX-License-Identifier: GPL-2.0-or-later
"""Areas and shares of classes as texts."""

from __future__ import annotations

from collections.abc import Sequence

from ..inference.raster import ClassCount
from ..plugin_support.translation import tr

SQUARE_KILOMETRE, HECTARE = 1e6, 1e4


def area_text(area: float | None) -> str:
    """Returns an area in square metres as km², ha or m², a dash if unknown."""
    if area is None:
        return "-"
    if area >= SQUARE_KILOMETRE:
        return tr("{number} km²").format(number=f"{area / SQUARE_KILOMETRE:.2f}")
    if area >= HECTARE:
        return tr("{number} ha").format(number=f"{area / HECTARE:.2f}")
    return tr("{number} m²").format(number=f"{area:.0f}")


def share_text(pixels: int, total: int) -> str:
    """Returns the share of a class, a dash if there are no pixels."""
    return f"{100 * pixels / total:.1f} %" if total else "-"


def pixels_of(counts: Sequence[ClassCount]) -> int:
    """Returns the pixels of all classes."""
    return sum(count.pixels for count in counts)


def grouped(number: int) -> str:
    """Returns a number with groups of three digits; many readers take a comma for the decimal sign."""
    return f"{number:,}".replace(",", "\u202f")


def color_text(count: ClassCount) -> str:
    """Returns the colour of a class as #rrggbb."""
    return "#{:02x}{:02x}{:02x}".format(*count.legend_class.color)
