# SPDX-License-Identifier: GPL-2.0-or-later
"""Points drawn from class maps, and rasters that are no class maps, against numpy."""

from __future__ import annotations

import math
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, osr

from classify_pixels.inference.accuracy import (
    PointReference,
    RasterReference,
    Sample,
    map_reading,
    read_numbers_per_class,
)
from classify_pixels.inference.errors import (
    ClassMapError,
    ClassNumbersError,
)
from classify_pixels.inference.notices import Caution, Note
from classify_pixels.inference.raster import GdalInput

from .accuracy_maps import CELL, LEGEND, X0, Y0, Log, assess, draw, points
from .rasters import write_raster

# --- sample points ------------------------------------------------------------------------------------


def cells_of(sample: Sample) -> list[tuple[int, int]]:
    return [(round((Y0 - p.y) / CELL - 0.5), round((p.x - X0) / CELL - 0.5)) for p in sample.points]


def test_points_are_distinct_pixels_of_their_class(class_map: Path, pixels: np.ndarray) -> None:
    sample = draw(class_map, numbers={1: 20, 2: 30, 3: 0})
    cells = cells_of(sample)
    assert len(set(cells)) == 50
    assert [point.map_class.value for point in sample.points] == [int(pixels[cell]) for cell in cells]
    assert Counter(point.map_class.name for point in sample.points) == {"Water": 20, "Forest": 30}
    # In random order, the class of a point does not follow from its number.
    values = [point.map_class.value for point in sample.points]
    assert values != sorted(values)


def test_the_seed_decides_on_the_points(class_map: Path) -> None:
    assert cells_of(draw(class_map, seed=4)) == cells_of(draw(class_map, seed=4))
    assert set(cells_of(draw(class_map, seed=4))) != set(cells_of(draw(class_map, seed=5)))


def test_the_number_follows_from_the_target(class_map: Path) -> None:
    assert len(draw(class_map, target=0.05, expected={None: 0.9}).points) == 36
    assert len(draw(class_map, total=90, allocation="EQUAL").points) == 90


def test_all_pixels_of_a_small_class_are_drawn(tmp_path: Path) -> None:
    values = np.ones((1, 20, 20), np.uint8)
    values[0, 3, 4:7] = 2
    log = Log()
    sample = draw(write_raster(tmp_path / "m.tif", values), log, numbers={None: 10})
    assert Counter(point.map_class.value for point in sample.points) == {1: 10, 2: 3}
    assert Caution.FEW_PIXELS in log.kinds


def test_every_pixel_is_drawn_with_equal_probability(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over windows too: 100 draws of 20 of 100 pixels; each is drawn about 20 times, with a deviation of 4."""
    monkeypatch.setattr(map_reading, "CELLS", 30)
    path = write_raster(tmp_path / "m.tif", np.ones((1, 10, 10), np.uint8))
    found = Counter(cell for seed in range(100) for cell in cells_of(draw(path, numbers={None: 20}, seed=seed)))
    assert len(found) == 100
    assert min(found.values()) > 4
    assert max(found.values()) < 36


def test_in_degrees_the_probability_is_that_of_the_area(tmp_path: Path) -> None:
    """A column of cells from the equator to 80 degrees: half of the area is south of 29.5 degrees."""
    values = np.ones((1, 8000, 1), np.uint8)
    path = write_raster(tmp_path / "m.tif", values, transform=(10, 0.01, 0, 80, 0, -0.01), epsg=4326)
    south = np.mean([point.y < 29.5 for point in draw(path, numbers={None: 1000}).points])
    assert south == pytest.approx(0.5, abs=0.05)


def test_drawn_points_come_back_to_their_class(class_map: Path) -> None:
    sample = draw(class_map, numbers={None: 15})
    places = np.array([(point.x, point.y) for point in sample.points])
    values = tuple(point.map_class.value for point in sample.points)
    found = assess(class_map, PointReference("r", places, values, sample.crs, values, "map_class"))
    assert found.measures.overall == 1
    assert found.design.text is Note.STRATIFIED_BY_MAP
    assert [count for _, count in found.strata] == [15, 15, 15]


@pytest.mark.parametrize("numbers", [{1: 5}, {1: 5, 2: 5, 3: 5, 9: 5}])
def test_numbers_must_fit_the_classes(numbers: dict[int, int], class_map: Path) -> None:
    with pytest.raises(ClassNumbersError):
        draw(class_map, numbers=numbers)


def test_numbers_per_class_are_read_in_all_forms() -> None:
    assert read_numbers_per_class("1=75; 2 = 150", "N", 1e6) == {1: 75, 2: 150}
    assert read_numbers_per_class(50, "N", 1e6) == {None: 50}
    assert read_numbers_per_class({"1": 3}, "N", 9) == {1: 3}
    assert read_numbers_per_class("  ", "N", 9) == {}
    for wrong in ("1=", "x", "1=2;1=3", "5;1=2", "-1", "1e9", "nan", "1.5"):
        with pytest.raises(ClassNumbersError):
            read_numbers_per_class(wrong, "N", 1e6, whole=True)


# --- rasters that are no class maps of whole values ---------------------------------------------------


@pytest.mark.parametrize("value", [1.000000001, 1.0000000000001, 2 - 1e-12])
def test_a_double_beside_a_whole_number_is_no_class(value: float, tmp_path: Path, cells: np.ndarray) -> None:
    values = np.ones((1, 40, 50))
    raster = write_raster(tmp_path / "whole.tif", values)
    assert assess(raster, points(cells, [1] * len(cells))).counts.sum() == len(cells)
    values[0, 3, 4] = value
    raster = write_raster(tmp_path / "doubles.tif", values)
    with pytest.raises(ClassMapError, match=re.escape(repr(value))):
        assess(raster, points(cells, [1] * len(cells)))
    with pytest.raises(ClassMapError, match=re.escape(repr(value))):
        draw(raster, numbers={None: 2})


@pytest.mark.parametrize(("scale", "offset"), [(2.0, 0.0), (1.0, 1.0), (0.5, -3.0), (math.nan, 0.0)])
def test_a_scale_of_the_band_is_refused(
    scale: float, offset: float, class_map: Path, tmp_path: Path, pixels: np.ndarray, cells: np.ndarray
) -> None:
    scaled = write_raster(tmp_path / "scaled.tif", pixels[np.newaxis], no_data=255)
    finer = write_raster(
        tmp_path / "finer.tif", pixels.repeat(2, 0)[np.newaxis], transform=(X0, CELL, 0.0, Y0, 0.0, -CELL / 2)
    )
    for path in (scaled, finer):
        dataset = gdal.Open(str(path), gdal.GA_Update)
        dataset.GetRasterBand(1).SetScale(scale)
        dataset.GetRasterBand(1).SetOffset(offset)
        del dataset
    with pytest.raises(ClassMapError, match="scale"):
        assess(scaled, points(cells, [1] * len(cells)))
    with pytest.raises(ClassMapError, match="scale"):
        draw(scaled, numbers={None: 2})
    for path in (scaled, finer):
        with pytest.raises(ClassMapError, match="scale"):
            assess(class_map, RasterReference(GdalInput(str(path)), LEGEND))


def test_cells_beyond_a_pole_are_drawn_last(tmp_path: Path) -> None:
    # Half of the rows are beyond the pole; the others have cells of some square centimetres.
    values = np.ones((1, 40, 50), np.uint8)
    raster = write_raster(tmp_path / "pole.tif", values, transform=(0.0, 1e-8, 0.0, 91.0, 0.0, -0.05), epsg=4326)
    assert sum(point.y > 90 for point in draw(raster, numbers={None: 300}).points) == 0
    assert sum(point.y > 90 for point in draw(raster, numbers={None: 1500}).points) >= 500


def test_cells_of_unknown_area_are_drawn_as_often_as_others(tmp_path: Path) -> None:
    # Half of the columns are beyond the disk of the Earth.
    values = np.ones((1, 40, 50), np.uint8)
    edge = 6_378_137.0
    raster = write_raster(tmp_path / "disk.tif", values, transform=(edge - 25e3, 1e3, 0.0, 20e3, 0.0, -1e3), epsg=None)
    reference = osr.SpatialReference()
    reference.ImportFromProj4("+proj=ortho +lat_0=0 +lon_0=0 +R=6378137 +units=m")
    dataset = gdal.Open(str(raster), gdal.GA_Update)
    dataset.SetProjection(reference.ExportToWkt())
    del dataset
    log, beyond = Log(), 0
    for seed in range(20):
        sample = draw(raster, log, seed=seed, numbers={None: 100})
        beyond += sum(point.x > edge for point in sample.points)
    assert Caution.AREA_UNKNOWN in log.kinds
    assert 850 < beyond < 1150
