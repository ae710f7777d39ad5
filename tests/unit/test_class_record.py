# SPDX-License-Identifier: GPL-2.0-or-later
"""Classes that rasters name, read from files that GDAL alone has written."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.models import ModelClass
from classify_pixels.inference.raster import read_class_record

WATER, HEATH = ModelClass(1, "Water", (0, 0, 255)), ModelClass(4, "Heath & moor", (160, 90, 40))


def write(path: Path, prepare: Any) -> Path:
    """Writes a small raster whose band is prepared by a function."""
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 4, 3, 1, gdal.GDT_Byte)
    dataset.GetRasterBand(1).WriteArray(np.ones((3, 4), np.uint8))
    dataset.SetMetadataItem("MODEL", "A model")
    prepare(dataset.GetRasterBand(1))
    return path


def table(order: tuple[str, ...]) -> gdal.RasterAttributeTable:
    """Returns an attribute table whose columns lie in any order under any title."""
    kinds = {
        "value": (gdal.GFT_Integer, gdal.GFU_MinMax, (1, 4)),
        "name": (gdal.GFT_String, gdal.GFU_Name, ("Water", "Heath & moor")),
        "count": (gdal.GFT_Real, gdal.GFU_PixelCount, (12.0, 3.0)),
        "red": (gdal.GFT_Integer, gdal.GFU_Red, (0, 160)),
        "green": (gdal.GFT_Integer, gdal.GFU_Green, (0, 90)),
        "blue": (gdal.GFT_Integer, gdal.GFU_Blue, (255, 40)),
    }
    result = gdal.RasterAttributeTable()
    result.SetRowCount(2)
    for column, name in enumerate(order):
        kind, usage, values = kinds[name]
        result.CreateColumn(f"column {column}", kind, usage)
        for row, value in enumerate(values):
            setter = {
                gdal.GFT_Integer: result.SetValueAsInt,
                gdal.GFT_Real: result.SetValueAsDouble,
                gdal.GFT_String: result.SetValueAsString,
            }[kind]
            setter(row, column, value)
    return result


@pytest.mark.parametrize(
    "order",
    [("value", "name", "count", "red", "green", "blue"), ("blue", "green", "red", "count", "name", "value")],
)
def test_attribute_table_is_read_by_its_usages(order: tuple[str, ...], tmp_path: Path) -> None:
    path = write(tmp_path / "table.tif", lambda band: band.SetDefaultRAT(table(order)))
    record = read_class_record(str(path))
    assert [count.legend_class for count in record.classes] == [WATER, HEATH]
    assert [count.pixels for count in record.classes] == [12, 3]
    assert record.items["MODEL"] == "A model"


def test_names_and_colours_without_a_table(tmp_path: Path) -> None:
    def prepare(band: Any) -> None:
        colors = gdal.ColorTable()
        for listed in (WATER, HEATH):
            colors.SetColorEntry(listed.value, (*listed.color, 255))
        band.SetColorTable(colors)
        band.SetCategoryNames(["", WATER.name, "", "", HEATH.name])

    record = read_class_record(str(write(tmp_path / "names.tif", prepare)))
    assert [count.legend_class for count in record.classes] == [WATER, HEATH]


def test_raster_without_classes_has_none(tmp_path: Path) -> None:
    path = write(tmp_path / "plain.tif", lambda band: None)
    before = sorted(tmp_path.iterdir())
    assert read_class_record(str(path)).classes == ()
    assert sorted(tmp_path.iterdir()) == before


def test_what_is_no_raster_has_no_classes(tmp_path: Path) -> None:
    (tmp_path / "text.tif").write_text("no raster", encoding="utf-8")
    for path in (tmp_path / "text.tif", tmp_path / "absent.tif"):
        assert read_class_record(str(path)).classes == ()


@pytest.mark.parametrize(
    ("written", "read"),
    [((12.5, 0.0), [12.5, 0.0]), ((math.nan, 7.0), [None, 7.0]), ((0.0, 0.0), [None, 0.0]), (None, [None, None])],
    ids=["known", "one unknown", "0 of earlier versions", "no column"],
)
def test_an_area_that_is_not_known_is_none(
    written: tuple[float, ...] | None, read: list[float | None], tmp_path: Path
) -> None:
    def prepare(band: Any) -> None:
        classes = table(("value", "name", "count", "red", "green", "blue"))
        classes.SetValueAsDouble(1, 2, 0.0)
        if written is not None:
            classes.CreateColumn("Area", gdal.GFT_Real, gdal.GFU_Generic)
            for row, area in enumerate(written):
                classes.SetValueAsDouble(row, 6, area)
        band.SetDefaultRAT(classes)

    record = read_class_record(str(write(tmp_path / "table.tif", prepare)))
    assert [count.area for count in record.classes] == read
