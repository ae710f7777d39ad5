# SPDX-License-Identifier: GPL-2.0-or-later
"""Class metadata of a raster: values, names, colours and counts, and the origin of a class map."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from osgeo import gdal

from ...errors import ClassTableError
from ...models.definition import Color, ModelClass
from ...models.emd.emd_classes import default_color
from ...phrase import Phrase
from ..gdal_call import GdalError, gdal_call, gdal_text
from .legend import ClassCount

# Columns of an attribute table by GDAL's usages, which are independent of column names.
USAGES = {
    "value": (gdal.GFU_MinMax, gdal.GFU_Min),
    "name": (gdal.GFU_Name,),
    "pixels": (gdal.GFU_PixelCount,),
    "red": (gdal.GFU_Red,),
    "green": (gdal.GFU_Green,),
    "blue": (gdal.GFU_Blue,),
}
AREA = "Area"

# Tables of other programs lack usages, so their usual column names are recognised as well.
TITLES = {
    "value": ("value", "classvalue"),
    "name": ("name", "class", "classname", "class_name", "label"),
    "red": ("red", "r"),
    "green": ("green", "g"),
    "blue": ("blue", "b"),
}
COLORS = ("red", "green", "blue")

# A table with more rows is not a legend, but a list of values.
MOST_CLASSES = 4096


@dataclass(frozen=True)
class ClassRecord:
    """The classes of a raster, in the order of its table, and the metadata items of the file."""

    classes: tuple[ClassCount, ...] = ()
    items: Mapping[str, str] = field(default_factory=dict)


def read_class_record(uri: str) -> ClassRecord:
    """Returns a raster's class metadata, from the attribute table, otherwise from category names and colours.

    It is empty if the raster cannot be opened or has no class metadata.
    """
    try:
        dataset = gdal_call(gdal.Open, uri)
    except GdalError:
        return ClassRecord()
    if dataset is None or not dataset.RasterCount:
        return ClassRecord()
    band = dataset.GetRasterBand(1)
    table = band.GetDefaultRAT()
    classes = _classes_of_table(table) if table is not None else ()
    items = {gdal_text(key): gdal_text(value) for key, value in (dataset.GetMetadata() or {}).items()}
    return ClassRecord(classes or _classes_of_names(band), items)


def read_class_names(uri: str) -> tuple[ModelClass, ...]:
    """Returns the classes of a raster's first band; raises ClassTableError if it has none."""
    try:
        dataset = gdal_call(gdal.OpenEx, uri, gdal.OF_RASTER)
    except GdalError as error:
        raise ClassTableError(classes=uri, reason=error) from error
    if dataset is None or dataset.RasterCount == 0:
        raise ClassTableError(classes=uri, reason=Phrase("GDAL finds no raster band in it"))
    band = dataset.GetRasterBand(1)
    table = band.GetDefaultRAT()
    classes = _named_classes(table) if table is not None else ()
    classes = classes or _named_categories(band)
    if not classes:
        raise ClassTableError(
            classes=uri, reason=Phrase("the raster has neither an attribute table nor category names")
        )
    return classes


def _classes_of_table(table: Any) -> tuple[ClassCount, ...]:
    columns = {what: _column(table, usages) for what, usages in USAGES.items()}
    if columns["value"] is None or columns["name"] is None or table.GetRowCount() > MOST_CLASSES:
        return ()
    titles = [gdal_text(table.GetNameOfCol(column)) for column in range(table.GetColumnCount())]
    area = titles.index(AREA) if AREA in titles else None
    return tuple(_count(table, row, columns, area) for row in range(table.GetRowCount()))


def _column(table: Any, usages: tuple[int, ...], titles: tuple[str, ...] = ()) -> int | None:
    columns = range(table.GetColumnCount())
    found = [column for column in columns if table.GetUsageOfCol(column) in usages]
    found += [column for column in columns if gdal_text(table.GetNameOfCol(column)).lower().replace(" ", "") in titles]
    return found[0] if found else None


def _count(table: Any, row: int, columns: Mapping[str, int | None], area: int | None) -> ClassCount:
    def whole(what: str) -> int:
        column = columns[what]
        return 0 if column is None else int(table.GetValueAsDouble(row, column))

    name = gdal_text(table.GetValueAsString(row, columns["name"]))
    color = (whole("red") & 255, whole("green") & 255, whole("blue") & 255)
    pixels = whole("pixels")
    square_metres = math.nan if area is None else table.GetValueAsDouble(row, area)
    # Files of earlier versions have 0 for unknown areas.
    known = not math.isnan(square_metres) and (square_metres > 0 or not pixels)
    return ClassCount(ModelClass(whole("value"), name, color), pixels, square_metres if known else None)


def _classes_of_names(band: Any) -> tuple[ClassCount, ...]:
    """Returns the named values; those between them have an empty name."""
    names = [*map(gdal_text, band.GetCategoryNames() or [])]
    table = band.GetColorTable()
    found = [(value, name) for value, name in enumerate(names[:MOST_CLASSES]) if name]
    return tuple(ClassCount(ModelClass(value, name, _color(table, value)), 0, None) for value, name in found)


def _color(table: Any, value: int) -> Color:
    if table is None or value >= table.GetCount():
        return (128, 128, 128)
    red, green, blue = table.GetColorEntry(value)[:3]
    return red, green, blue


def _named_classes(table: Any) -> tuple[ModelClass, ...]:
    """Reads a row per class; a table without values or names, such as a histogram, has none."""
    value, name, *colors = (_column(table, USAGES[what][:1], TITLES[what]) for what in ("value", "name", *COLORS))
    if value is None or name is None:
        return ()
    return tuple(
        ModelClass(
            table.GetValueAsInt(row, value),
            gdal_text(table.GetValueAsString(row, name)),
            _own_color(row, [None if part is None else table.GetValueAsInt(row, part) for part in colors]),
        )
        for row in range(table.GetRowCount())
    )


def _named_categories(band: Any) -> tuple[ModelClass, ...]:
    """Reads a class per name; empty names fill the gaps between the values."""
    table = band.GetColorTable()
    return tuple(
        ModelClass(value, name, _own_color(value, [] if table is None else list(table.GetColorEntry(value)[:3])))
        for value, name in enumerate(map(gdal_text, band.GetCategoryNames() or []))
        if name.strip()
    )


def _own_color(number: int, parts: list[Any]) -> Color:
    if len(parts) != len(COLORS) or not all(isinstance(part, int) and 0 <= part <= 255 for part in parts):
        return default_color(number)
    return parts[0], parts[1], parts[2]
