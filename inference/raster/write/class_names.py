# SPDX-License-Identifier: GPL-2.0-or-later
"""The classes that a raster says it holds: in its attribute table, or as category names with a colour table."""

from __future__ import annotations

from typing import Any

from osgeo import gdal

from ...errors import ClassTableError
from ...models.definition import Color, ModelClass
from ...models.emd.emd_classes import default_color
from ...phrase import Phrase
from ..gdal_call import GdalError, gdal_call

# Usages are not always set, so the names that programs give to such columns count as well.
VALUE = (gdal.GFU_MinMax, ("value", "classvalue"))
NAME = (gdal.GFU_Name, ("name", "class", "classname", "class_name", "label"))
COLORS = ((gdal.GFU_Red, ("red", "r")), (gdal.GFU_Green, ("green", "g")), (gdal.GFU_Blue, ("blue", "b")))


def read_class_names(uri: str) -> tuple[ModelClass, ...]:
    """Returns the classes of a raster's first band; raises ClassTableError where it names none."""
    try:
        dataset = gdal_call(gdal.OpenEx, uri, gdal.OF_RASTER)
    except GdalError as error:
        raise ClassTableError(classes=uri, reason=error) from error
    if dataset is None or dataset.RasterCount == 0:
        raise ClassTableError(classes=uri, reason=Phrase("GDAL finds no raster band there"))
    band = dataset.GetRasterBand(1)
    table = band.GetDefaultRAT()
    classes = _of_table(table) if table is not None else ()
    classes = classes or _of_categories(band)
    if not classes:
        raise ClassTableError(
            classes=uri, reason=Phrase("the raster has neither an attribute table nor category names")
        )
    return classes


def _of_table(table: Any) -> tuple[ModelClass, ...]:
    """Reads a row per class; a table without values or names, as one of a histogram, holds none."""
    value, name = _column(table, *VALUE), _column(table, *NAME)
    if value is None or name is None:
        return ()
    colors = [_column(table, *part) for part in COLORS]
    return tuple(
        ModelClass(
            table.GetValueAsInt(row, value),
            table.GetValueAsString(row, name),
            _color(row, [None if part is None else table.GetValueAsInt(row, part) for part in colors]),
        )
        for row in range(table.GetRowCount())
    )


def _column(table: Any, usage: int, names: tuple[str, ...]) -> int | None:
    columns = range(table.GetColumnCount())
    found = [column for column in columns if table.GetUsageOfCol(column) == usage]
    found += [column for column in columns if table.GetNameOfCol(column).lower().replace(" ", "") in names]
    return found[0] if found else None


def _of_categories(band: Any) -> tuple[ModelClass, ...]:
    """Reads a class per name; empty names fill the gaps between the values."""
    table = band.GetColorTable()
    return tuple(
        ModelClass(value, name, _color(value, [] if table is None else list(table.GetColorEntry(value)[:3])))
        for value, name in enumerate(band.GetCategoryNames() or [])
        if name.strip()
    )


def _color(number: int, parts: list[Any]) -> Color:
    if len(parts) != len(COLORS) or not all(isinstance(part, int) and 0 <= part <= 255 for part in parts):
        return default_color(number)
    return parts[0], parts[1], parts[2]
