# SPDX-License-Identifier: GPL-2.0-or-later
"""Classes that rasters say they hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.errors import ClassTableError
from classify_pixels.inference.models import ModelClass
from classify_pixels.inference.models.emd.emd_classes import default_color
from classify_pixels.inference.raster import read_class_names
from tests.unit.rasters import write_raster

WATER, FOREST = ModelClass(1, "Water", (65, 105, 225)), ModelClass(7, "Wäld", (0, 100, 0))

pytestmark = pytest.mark.usefixtures("gdal_mode")


@pytest.fixture
def raster(tmp_path: Path) -> Path:
    return write_raster(tmp_path / "map.tif", np.ones((1, 4, 4), np.uint8))


def band_of(path: Path) -> tuple[Any, Any]:
    dataset = gdal.Open(str(path), gdal.GA_Update)
    return dataset, dataset.GetRasterBand(1)


def table(columns: list[tuple[str, int, int, list[Any]]]) -> Any:
    found = gdal.RasterAttributeTable()
    for number, (name, kind, usage, values) in enumerate(columns):
        found.CreateColumn(name, kind, usage)
        setter = found.SetValueAsString if kind == gdal.GFT_String else found.SetValueAsInt
        for row, value in enumerate(values):
            setter(row, number, value)
    return found


COLUMNS = [
    ("Value", gdal.GFT_Integer, gdal.GFU_MinMax, [1, 7]),
    ("Name", gdal.GFT_String, gdal.GFU_Name, ["Water", "Wäld"]),
    ("Red", gdal.GFT_Integer, gdal.GFU_Red, [65, 0]),
    ("Green", gdal.GFT_Integer, gdal.GFU_Green, [105, 100]),
    ("Blue", gdal.GFT_Integer, gdal.GFU_Blue, [225, 0]),
]


@pytest.mark.parametrize("with_usages", [True, False])
def test_an_attribute_table(with_usages: bool, raster: Path) -> None:
    columns = [(n, k, u if with_usages else gdal.GFU_Generic, v) for n, k, u, v in COLUMNS]
    dataset, band = band_of(raster)
    band.SetDefaultRAT(table(columns))
    del dataset, band
    assert read_class_names(str(raster)) == (WATER, FOREST)


def test_names_that_other_programs_give_to_columns(raster: Path) -> None:
    dataset, band = band_of(raster)
    names = [("Count", gdal.GFT_Integer, gdal.GFU_Generic, [9, 9]), *COLUMNS[:2]]
    names[1], names[2] = ("VALUE", *names[1][1:2], 0, [1, 7]), ("Class_Name", *names[2][1:2], 0, ["a", "b"])
    band.SetDefaultRAT(table(names))
    del dataset, band
    assert [(c.value, c.name, c.color) for c in read_class_names(str(raster))] == [
        (1, "a", default_color(0)),
        (7, "b", default_color(1)),
    ]


@pytest.mark.parametrize("with_colors", [True, False])
def test_category_names(with_colors: bool, raster: Path) -> None:
    dataset, band = band_of(raster)
    if with_colors:
        colors = gdal.ColorTable()
        colors.SetColorEntry(1, (65, 105, 225, 255))
        colors.SetColorEntry(7, (0, 100, 0, 255))
        band.SetColorTable(colors)
    band.SetCategoryNames(["", "Water", "", "", "", "", "", "Wäld"])
    del dataset, band
    found = read_class_names(str(raster))
    assert [(c.value, c.name) for c in found] == [(1, "Water"), (7, "Wäld")]
    if with_colors:
        assert found == (WATER, FOREST)


def test_a_raster_that_names_no_class(raster: Path) -> None:
    with pytest.raises(ClassTableError, match="neither an attribute table nor category names"):
        read_class_names(str(raster))


def test_what_is_no_raster(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("a", encoding="utf-8")
    for name in ("text.txt", "absent.tif"):
        with pytest.raises(ClassTableError):
            read_class_names(str(tmp_path / name))
