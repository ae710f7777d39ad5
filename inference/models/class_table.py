# SPDX-License-Identifier: GPL-2.0-or-later
"""Parsing of user-written class tables: rows of value, name and colour, or JSON."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import ClassTableError
from ..phrase import Phrase
from .definition import ModelClass
from .emd.emd_classes import read_classes
from .keys import Keys

COLUMNS = 3
JSON_SUFFIXES = (".json", ".emd")
SHORT_COLOR = re.compile(r"#?([0-9a-fA-F])([0-9a-fA-F])([0-9a-fA-F])")
LONG_COLOR = re.compile(r"#?([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")


def read_class_table(value: object) -> tuple[ModelClass, ...]:
    """Returns the classes in the order of the input, which is that of the network's channels; none if empty.

    Accepts rows (value, name, colour), flat or in separate lists; objects with Value, Name and Color, or a model
    definition with Classes; an object of names by value; any of these as JSON or in a .json file; and
    `1,Water,#4169e1,2,Forest,#006400`. Colours are #rrggbb or three numbers from 0 to 255.
    """
    content = _parsed(value) if isinstance(value, (str, Path)) else value
    if content in (None, "", [], (), {}):
        return ()
    if isinstance(content, Mapping):
        content = content.get("Classes", content)
    items = [item for item in _items(content, value) if item]
    return read_classes(Keys({"Classes": items}, "(CLASSES)")) if items else ()


def _parsed(value: str | Path) -> object:
    text = str(value).strip()
    if Path(text).suffix.lower() in JSON_SUFFIXES:
        try:
            text = Path(text).read_text(encoding="utf-8-sig").strip()
        except (OSError, UnicodeDecodeError, ValueError) as error:
            raise ClassTableError(classes=value, reason=error) from error
    if not text.startswith(("{", "[")):
        return _cells(text)
    try:
        content: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = Phrase("it is not JSON ({error})", {"error": error})
        raise ClassTableError(classes=_shown(value), reason=reason) from error
    return content


def _cells(text: str) -> list[str]:
    """Returns the cells of rows separated by commas, semicolons or lines."""
    # Spreadsheets write semicolons if the comma is the decimal separator.
    rows = csv.reader(text.splitlines(), delimiter=";" if ";" in text else ",", skipinitialspace=True)
    try:
        return [cell for row in rows for cell in row]
    except csv.Error as error:
        raise ClassTableError(classes=_shown(text), reason=error) from error


def _items(content: object, value: object) -> list[dict[str, Any]]:
    if isinstance(content, Mapping):
        return [_named(key, item) for key, item in content.items()]
    if not isinstance(content, Sequence) or isinstance(content, (str, bytes)):
        raise ClassTableError(classes=_shown(value), reason=Phrase("they are neither rows nor JSON"))
    if all(isinstance(item, Mapping) for item in content):
        return [_object(item) for item in content]
    if all(isinstance(item, (list, tuple)) for item in content):
        return [_row(item, value) for item in content]
    if all(_is_empty(cell) for cell in content):
        return []
    if len(content) % COLUMNS:
        reason = Phrase("{count} cells do not form rows of {columns}", {"count": len(content), "columns": COLUMNS})
        raise ClassTableError(classes=_shown(value), reason=reason)
    rows = zip(*(content[column::COLUMNS] for column in range(COLUMNS)))
    return [_row(list(row), value) for row in rows]


def _row(row: Sequence[object], value: object) -> dict[str, Any]:
    """Reads value, name and colour, the last two optional; the dialog may add empty rows."""
    if all(_is_empty(cell) for cell in row):
        return {}
    if len(row) > COLUMNS:
        reason = Phrase("the row {row} has more than {columns} cells", {"row": list(row), "columns": COLUMNS})
        raise ClassTableError(classes=_shown(value), reason=reason)
    return _class(*row)


def _is_empty(cell: object) -> bool:
    return cell is None or not str(cell).strip()


def _object(item: Mapping[str, Any]) -> dict[str, Any]:
    # Older definitions use ClassValue and ClassName, and attribute tables Classname.
    keys = {str(key).lower().replace("class", ""): content for key, content in item.items()}
    return _class(keys.get("value"), keys.get("name"), keys.get("color", keys.get("colour")))


def _named(key: object, item: object) -> dict[str, Any]:
    """Reads a name, or an object with a name and a colour, under its value."""
    return _object({"value": key, **item}) if isinstance(item, Mapping) else _class(key, item)


def _class(value: object = None, name: object = None, color: object = None) -> dict[str, Any]:
    return {"Value": _number(value), "Name": _number(value) if name in (None, "") else name, "Color": _color(color)}


def _number(value: object) -> object:
    """Returns the whole number in a cell, otherwise the cell unchanged, which the definition then refuses."""
    try:
        number = float(str(value))
        return int(number) if number == int(number) else value
    except (ValueError, OverflowError):
        return value


def _color(color: object) -> object:
    """Returns a colour as a list of numbers, None if empty, otherwise unchanged."""
    if color in (None, ""):
        return None
    if isinstance(color, (list, tuple)):
        return list(color)
    text = str(color).strip()
    short, long = SHORT_COLOR.fullmatch(text), LONG_COLOR.fullmatch(text)
    if short or long:
        digits = [2 * digit for digit in short.groups()] if short else (long.groups() if long else ())
        return [int(pair, 16) for pair in digits]
    parts = re.split(r"[\s,;]+", text.strip("[]() "))
    return [int(part) for part in parts] if all(part.isdecimal() for part in parts) else color


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 200 else text[:200] + "…"
