# SPDX-License-Identifier: GPL-2.0-or-later
"""The classes of a result: values, names and colours, and their storage in a file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal

from ...models.definition import ModelClass
from ...redaction import without_markup

# Smallest first; unsigned before signed, because only Byte and UInt16 can carry a colour table.
TYPES = (np.uint8, np.uint16, np.int16, np.uint32, np.int32)
GDAL_TYPES = {
    np.uint8: gdal.GDT_Byte,
    np.uint16: gdal.GDT_UInt16,
    np.int16: gdal.GDT_Int16,
    np.uint32: gdal.GDT_UInt32,
    np.int32: gdal.GDT_Int32,
}
COLOR_TABLE_TYPES = (np.uint8, np.uint16)

# Category names cover all values from 0. Above this value, only the attribute table names the classes.
HIGHEST_CATEGORY = 511


@dataclass(frozen=True)
class ClassCount:
    """A class with its pixels and area in the result; the area is in square metres, None if unknown."""

    legend_class: ModelClass
    pixels: int
    area: float | None


@dataclass(frozen=True)
class Legend:
    """The classes of a result, their smallest data type, and the NoData value."""

    classes: tuple[ModelClass, ...]
    dtype: type[Any]
    no_data: int

    @property
    def gdal_type(self) -> int:
        """GDAL's number of the data type."""
        return int(GDAL_TYPES[self.dtype])

    @property
    def has_color_table(self) -> bool:
        """True if a GeoTIFF of this type can have a colour table."""
        return self.dtype in COLOR_TABLE_TYPES

    @property
    def has_category_names(self) -> bool:
        """True if the class names are stored as category names too, which are indexed by value."""
        return min(c.value for c in self.classes) >= 0 and max(c.value for c in self.classes) <= HIGHEST_CATEGORY


def legend_of(classes: Sequence[ModelClass]) -> Legend:
    """Returns the legend of these classes; NoData is the highest free value of the smallest type.

    If two classes share a value, such as a listed background, the later one names it.
    """
    by_value = {c.value: replace(c, name=_printable(c.name)) for c in classes}
    dtype, no_data = next((dtype, free) for dtype in TYPES if (free := _free_value(set(by_value), dtype)) is not None)
    return Legend(tuple(by_value.values()), dtype, no_data)


def _free_value(values: set[int], dtype: type[Any]) -> int | None:
    """Returns the highest value of the type that no class has, None if the type is too small."""
    lowest, highest = int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)
    if min(values) < lowest or max(values) > highest:
        return None
    return next((value for value in range(highest, lowest - 1, -1) if value not in values), None)


def _printable(name: str) -> str:
    """Removes characters not allowed in XML: control characters, unpaired surrogates.

    Removes HTML too: QGIS's layer properties show category names unescaped.
    """
    return without_markup("".join(character for character in name if character.isprintable()))


def color_table(legend: Legend) -> Any:
    """Returns GDAL's colour table of the classes; NoData is transparent."""
    table = gdal.ColorTable()
    for legend_class in legend.classes:
        table.SetColorEntry(legend_class.value, (*legend_class.color, 255))
    table.SetColorEntry(legend.no_data, (0, 0, 0, 0))
    return table


def class_colors(values: NDArray[Any], classes: Sequence[ModelClass], no_data: int) -> NDArray[np.uint8]:
    """Returns red, green, blue and alpha (height, width, 4) of class values (height, width); NoData is transparent."""
    known = np.array([no_data, *(each.value for each in classes)])
    table = np.array([(0, 0, 0, 0), *((*each.color, 255) for each in classes)], np.uint8)
    order = np.argsort(known, kind="stable")
    return table[order][np.searchsorted(known[order], values)]


def category_names(legend: Legend) -> list[str]:
    """Returns the class names indexed by their values, empty texts between them."""
    names = {c.value: c.name for c in legend.classes}
    return [names.get(value, "") for value in range(max(names) + 1)]


def attribute_table(counts: Sequence[ClassCount]) -> Any:
    """Returns GDAL's raster attribute table: a row per class with its pixels, area (m2), name and colour.

    Without any known area the column is omitted; NaN marks single unknown areas.
    """
    table = gdal.RasterAttributeTable()
    table.SetTableType(gdal.GRTT_THEMATIC)
    area_is_known = any(count.area is not None for count in counts)
    for name, kind, usage in (
        ("Value", gdal.GFT_Integer, gdal.GFU_MinMax),
        ("Count", gdal.GFT_Real, gdal.GFU_PixelCount),
        *([("Area", gdal.GFT_Real, gdal.GFU_Generic)] if area_is_known else []),
        ("Name", gdal.GFT_String, gdal.GFU_Name),
        ("Red", gdal.GFT_Integer, gdal.GFU_Red),
        ("Green", gdal.GFT_Integer, gdal.GFU_Green),
        ("Blue", gdal.GFT_Integer, gdal.GFU_Blue),
    ):
        table.CreateColumn(name, kind, usage)
    table.SetRowCount(len(counts))
    for row, count in enumerate(counts):
        _fill_row(table, row, count, area_is_known)
    return table


def _fill_row(table: Any, row: int, count: ClassCount, area_is_known: bool) -> None:
    table.SetValueAsInt(row, 0, count.legend_class.value)
    table.SetValueAsDouble(row, 1, float(count.pixels))
    if area_is_known:
        table.SetValueAsDouble(row, 2, math.nan if count.area is None else count.area)
    name = 3 if area_is_known else 2
    table.SetValueAsString(row, name, count.legend_class.name)
    for column, part in enumerate(count.legend_class.color, start=name + 1):
        table.SetValueAsInt(row, column, part)
