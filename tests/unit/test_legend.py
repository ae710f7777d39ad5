# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from osgeo import gdal

from classify_pixels.inference.models import ModelClass
from classify_pixels.inference.raster import ClassCount, Legend, legend_of
from classify_pixels.inference.raster.write.legend import attribute_table, category_names, color_table


def classes(values: Iterable[int]) -> list[ModelClass]:
    return [ModelClass(value, f"class {value}", (value % 256, 2, 3)) for value in values]


def legend(*values: int) -> Legend:
    return legend_of(classes(values))


@pytest.mark.parametrize(
    ("values", "dtype", "no_data"),
    [
        (range(5), "uint8", 255),
        ([7], "uint8", 255),
        ([255], "uint8", 254),
        ([0, 254, 255], "uint8", 253),
        (range(255), "uint8", 255),
        (range(1, 256), "uint8", 0),
        (range(256), "uint16", 65535),
        ([256], "uint16", 65535),
        ([65535], "uint16", 65534),
        ([65536], "uint32", 4294967295),
        ([2**31 - 2], "uint32", 4294967295),
        ([-1], "int16", 32767),
        ([-1, 32767], "int16", 32766),
        ([-1, 40_000], "int32", 2147483647),
        ([-(2**31) + 2, 2**31 - 2], "int32", 2147483647),
    ],
)
def test_the_smallest_type_and_its_highest_free_value(values: Iterable[int], dtype: str, no_data: int) -> None:
    found = legend(*values)
    assert np.dtype(found.dtype).name == dtype
    assert found.no_data == no_data


@given(st.lists(st.integers(-(2**31) + 2, 2**31 - 2) | st.integers(-3, 300), min_size=1, max_size=300, unique=True))
def test_every_value_and_no_data_fit_and_differ(values: list[int]) -> None:
    found = legend(*values)
    limits = np.iinfo(found.dtype)
    assert all(limits.min <= value <= limits.max for value in [*values, found.no_data])
    assert found.no_data not in values


def test_gdal_knows_the_type() -> None:
    assert gdal.GetDataTypeName(legend(1).gdal_type) == "Byte"
    assert gdal.GetDataTypeName(legend(300).gdal_type) == "UInt16"
    assert gdal.GetDataTypeName(legend(-300).gdal_type) == "Int16"
    assert gdal.GetDataTypeName(legend(70_000).gdal_type) == "UInt32"
    assert gdal.GetDataTypeName(legend(-70_000).gdal_type) == "Int32"


@pytest.mark.parametrize(("value", "expected"), [(1, True), (300, True), (-1, False), (70_000, False)])
def test_only_byte_and_uint16_carry_a_colour_table(value: int, expected: bool) -> None:
    assert legend(value).has_color_table is expected


def test_two_classes_of_one_value_are_one() -> None:
    found = legend_of([ModelClass(0, "Background", (0, 0, 0)), *classes([0, 1])])
    assert [(c.value, c.name) for c in found.classes] == [(0, "class 0"), (1, "class 1")]


def test_classes_keep_their_order() -> None:
    assert [c.value for c in legend(5, 2, 9).classes] == [5, 2, 9]


def test_the_colour_table_has_the_classes_and_a_transparent_no_data() -> None:
    table = color_table(legend(1, 20))
    assert table.GetColorEntry(1) == (1, 2, 3, 255)
    assert table.GetColorEntry(20) == (20, 2, 3, 255)
    assert table.GetColorEntry(255) == (0, 0, 0, 0)


def test_names_stand_at_the_places_of_their_values() -> None:
    assert category_names(legend(3, 1)) == ["", "class 1", "", "class 3"]


@pytest.mark.parametrize(("highest", "named"), [(255, True), (511, True), (512, False), (60000, False)])
def test_many_values_have_no_category_names(highest: int, named: bool) -> None:
    """They go by position: six classes up to 60000 would be 60001 names."""
    assert legend(1, highest).has_category_names == named


def test_negative_values_have_no_category_names() -> None:
    assert not legend(-1, 5).has_category_names


@pytest.mark.parametrize("area", [12.5, 0.0, None])
def test_the_attribute_table_has_a_row_per_class(area: Any) -> None:
    counts = [ClassCount(c, 2**40 + c.value, area) for c in classes([5, -7])]
    table = attribute_table(counts)
    columns = {table.GetNameOfCol(index): index for index in range(table.GetColumnCount())}
    assert [table.GetValueAsInt(row, columns["Value"]) for row in range(2)] == [5, -7]
    assert table.GetValueAsDouble(0, columns["Count"]) == 2**40 + 5
    assert ("Area" in columns) == (area is not None)
    assert area is None or table.GetValueAsDouble(0, columns["Area"]) == area
    assert table.GetValueAsString(1, columns["Name"]) == "class -7"
    assert [table.GetValueAsInt(0, columns[name]) for name in ("Red", "Green", "Blue")] == [5, 2, 3]
    assert table.GetRowCount() == 2
    assert table.GetColOfUsage(gdal.GFU_PixelCount) == columns["Count"]
    assert table.GetColOfUsage(gdal.GFU_Name) == columns["Name"]


def test_an_area_that_is_not_known_among_others_is_not_a_number() -> None:
    table = attribute_table([ClassCount(c, 9, area) for c, area in zip(classes([5, 7]), (None, 3.0))])
    found = [table.GetValueAsDouble(row, 2) for row in range(2)]
    assert math.isnan(found[0])
    assert found[1] == 3.0
