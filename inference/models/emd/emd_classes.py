# SPDX-License-Identifier: GPL-2.0-or-later
"""The list of classes in a model definition."""

from __future__ import annotations

import colorsys

from ...errors import ModelKeyError
from ...phrase import Phrase, printable
from ..definition import MOST_CLASSES, Color, ModelClass
from ..keys import Keys


def read_classes(keys: Keys) -> tuple[ModelClass, ...]:
    """Returns the classes in the order of the definition, which is that of the network's channels."""
    items = keys.required_items("Classes")
    if len(items) > MOST_CLASSES:
        expected = Phrase("at most {most} classes", {"most": MOST_CLASSES})
        raise ModelKeyError(model=keys.model, key="Classes", value=f"of {len(items)} items", expected=expected)
    classes = tuple(_class(item, keys.model, number) for number, item in enumerate(items))
    values = [c.value for c in classes]
    if not classes or len(set(values)) != len(values):
        raise ModelKeyError(
            model=keys.model, key="Classes", value=values, expected=Phrase("a list of classes with distinct values")
        )
    return classes


def _class(item: object, model: str, number: int) -> ModelClass:
    """Reads one class; ClassValue and ClassName are older spellings, and names may be numbers."""
    if not isinstance(item, dict):
        raise ModelKeyError(model=model, key=f"Classes[{number}]", value=item, expected=Phrase("an object"))
    given = item.get("Value", item.get("ClassValue"))
    value = _whole_number(given)
    # Results have 32 bits at most, and one further value must be free for NoData.
    if value is None or abs(value) > 2**31 - 2:
        raise ModelKeyError(model=model, key=f"Classes[{number}].Value", value=given, expected=Phrase("an integer"))
    name = printable(str(item.get("Name", item.get("ClassName", value))).strip())
    return ModelClass(value, name, _color(item.get("Color"), model, number))


def _whole_number(value: object) -> int | None:
    """Reads 1, 1.0 and "1" alike, as other programs write them; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, int):
        return value
    try:
        number = float(value)
    except ValueError:
        return None
    return int(number) if number.is_integer() else None


def _color(color: object, model: str, number: int) -> Color:
    """Reads [r, g, b]; training definitions write [-1, -1, -1] for "no colour"."""
    if color is None or color == [-1, -1, -1]:
        return default_color(number)
    if isinstance(color, list) and len(color) >= 3 and all(_is_byte(part) for part in color[:3]):
        return int(color[0]), int(color[1]), int(color[2])
    raise ModelKeyError(
        model=model, key=f"Classes[{number}].Color", value=color, expected=Phrase("three numbers from 0 to 255")
    )


def _is_byte(part: object) -> bool:
    return isinstance(part, (int, float)) and not isinstance(part, bool) and 0 <= part <= 255


def default_color(number: int) -> Color:
    """Returns the default colour of a class: hues at golden-angle intervals, so that neighbours differ."""
    red, green, blue = colorsys.hsv_to_rgb((number * 0.381966) % 1.0, 0.65, 0.85)
    return round(red * 255), round(green * 255), round(blue * 255)
