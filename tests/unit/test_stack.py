# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters whose bands are stacked: their order, their cells and their NoData, against numpy on GDAL's own reads."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.errors import (
    CollectionError,
    GridError,
    ItemsUnreadableError,
    RasterUnreadableError,
    StackBandsError,
)
from classify_pixels.inference.raster import GdalInput, GdalSource, GridRequest, open_scene, read_stack
from classify_pixels.inference.raster.collection import Collection
from classify_pixels.inference.raster.collection.mosaic import mosaic
from tests.unit.rasters import TRANSFORM, random_pixels, wkt, write_raster
from tests.unit.test_mosaic import own_part, placed, warped_by_gdal


def stacked(*values: Any) -> Collection:
    collection = read_stack([value if isinstance(value, GdalInput) else str(value) for value in values])
    assert collection is not None
    return collection


def read(collection: Collection) -> tuple[np.ndarray, np.ndarray]:
    with closing(GdalSource(mosaic(collection)[0])) as source:
        return source.read_bands(source.grid.window)


def names_in_order(collection: Collection) -> list[str]:
    return [Path(item.name).stem for item in collection.items]


# --- order ------------------------------------------------------------------------------------------------------


def test_a_list_keeps_its_order_and_a_raster_may_stand_twice(tmp_path: Path) -> None:
    paths = [write_raster(tmp_path / f"{name}.tif", random_pixels(2, 4, 5, seed=ord(name))) for name in "ab"]
    order = [paths[1], paths[0], paths[1]]
    pixels, _ = read(stacked(*order))
    np.testing.assert_array_equal(pixels, np.concatenate([gdal.Open(str(path)).ReadAsArray() for path in order]))


def test_a_folder_is_in_the_order_of_its_names_in_which_numbers_count(tmp_path: Path) -> None:
    for number in (10, 9, 1, 100):
        write_raster(tmp_path / f"day {number}.tif", np.full((1, 2, 2), number, np.uint8))
    collection = read_stack(str(tmp_path))
    assert collection is not None
    assert [int(name.split()[1]) for name in names_in_order(collection)] == [1, 9, 10, 100]
    np.testing.assert_array_equal(read(collection)[0][:, 0, 0], [1, 9, 10, 100])


def stac(folder: Path, *dates: Any, key: str = "datetime") -> Path:
    features = []
    for number, date in enumerate(dates):
        path = write_raster(folder / f"{number}.tif", np.full((1, 2, 2), number + 1, np.uint8))
        assets = {"data": {"href": path.name, "type": "image/tiff", "roles": ["data"]}}
        features.append({"type": "Feature", "id": f"i{number}", "assets": assets, "properties": {key: date}})
    (folder / "items.json").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return folder / "items.json"


@pytest.mark.parametrize("key", ["datetime", "start_datetime"])
def test_items_of_a_stac_file_are_in_the_order_of_their_dates(key: str, tmp_path: Path) -> None:
    """Hours of other zones, fractions of a second, and the largest zone."""
    dates = ("2024-05-01T00:00:00Z", "2024-05-01T00:30:00+02:00", "2024-05-01T00:00:00.5Z", "2023-12-31T23:59:59z")
    collection = read_stack(str(stac(tmp_path, *dates, key=key)))
    assert collection is not None
    np.testing.assert_array_equal(read(collection)[0][:, 0, 0], [4, 2, 1, 3])


@pytest.mark.parametrize(
    ("dates", "match"),
    [
        (("2024-05-01T00:00:00Z", None), "i1 has no datetime"),
        (("2024-05-01T00:00:00Z", "yesterday"), "i1 has no datetime"),
        (("2024-05-01T00:00:00Z", "2024-13-41T99:00:00Z"), "i1 has no datetime"),
        (("2024-05-01T00:00:00Z", {"a": []}), "i1 has no datetime"),
        (("0001-01-01T00:00:00+23:59", "2024-05-01T00:00:00Z"), "i0 has no datetime"),
        (("2024-05-01T00:00:00Z", "2024-05-01T02:00:00+02:00"), "same date"),
    ],
)
def test_dates_that_give_no_order_are_refused(dates: Any, match: str, tmp_path: Path) -> None:
    path = stac(tmp_path, *dates)
    with pytest.raises(CollectionError, match=match):
        read_stack(str(path))


def test_one_raster_is_no_stack(tmp_path: Path) -> None:
    assert read_stack(str(write_raster(tmp_path / "a.tif", random_pixels(2, 4, 5)))) is None


# --- cells ------------------------------------------------------------------------------------------------------


def test_other_cells_and_crs_come_to_those_of_the_first_as_gdalwarp_brings_them(tmp_path: Path) -> None:
    rows, columns = np.mgrid[0:60, 0:70]
    ramp = (np.sin(columns / 9) + np.cos(rows / 8))[np.newaxis].astype(np.float32) * 10 + 100
    first = write_raster(tmp_path / "first.tif", ramp)
    shifted = write_raster(tmp_path / "shifted.tif", ramp, transform=placed(3.4, -2.2))
    coarse = write_raster(tmp_path / "coarse.tif", ramp, transform=placed(-20, -20, 20.0))
    gdal.Warp(str(tmp_path / "degrees.tif"), str(shifted), dstSRS="EPSG:4326", dstNodata=0)
    items = [first, shifted, coarse, tmp_path / "degrees.tif"]
    scene = open_scene(stacked(*items), GridRequest(), "bilinear")
    with closing(scene.source) as source:
        assert (source.grid.width, source.grid.height) == (70, 60)
        pixels, counts = source.read_bands(source.grid.window)
    xmin, ymax = TRANSFORM[0], TRANSFORM[3]
    for number, item in enumerate(items):
        expected = gdal.Warp(
            "", str(item), format="MEM", dstSRS=wkt(32633), outputBounds=(xmin, ymax - 600, xmin + 700, ymax),
            width=70, height=60, resampleAlg="bilinear", dstAlpha=True, errorThreshold=0,
        ).ReadAsArray()  # fmt: skip
        covered = expected[-1] != 0
        # At the rim of the two a share of a cell decides.
        assert (counts[number] == covered).mean() > 0.97
        both = counts[number] & covered
        assert both.sum() > 1000
        assert np.abs(pixels[number] - expected[0])[both].max() < 0.05


@pytest.mark.parametrize(
    "asked", [GridRequest(cell_size=(7.0, 7.0)), GridRequest(crs=wkt(32632), cell_size=(23.0, 23.0))]
)
def test_each_item_is_brought_straight_to_an_asked_grid(asked: GridRequest, tmp_path: Path) -> None:
    rows, columns = np.mgrid[0:90, 0:80]
    ramp = (np.sin(columns / 9) + np.cos(rows / 8))[np.newaxis].astype(np.float32) * 10 + 100
    items = [
        write_raster(tmp_path / "a.tif", ramp),
        write_raster(tmp_path / "b.tif", ramp, transform=placed(1.3, 2.7, 13.0)),
    ]
    scene = open_scene(stacked(*items), asked, "bilinear")
    with closing(scene.source) as source:
        pixels, counts = source.read_bands(source.grid.window)
        grid = source.grid
    for number, item in enumerate(items):
        # One call of GDAL on part of an item reads a margin around it, which makes its kernel a little wider.
        part = own_part(grid, item)
        expected, covered = warped_by_gdal(item, part, "bilinear")
        window = grid.cover(part.bounds)
        inside = np.s_[window.y : window.bottom, window.x : window.right]
        both = counts[number][inside] & covered
        assert both.sum() > 500
        assert np.abs(pixels[number][inside] - expected[0])[both].max() < 0.2


@pytest.mark.parametrize("transform", [None, (500_000.0, 7.0, 7.0, 5_200_000.0, 7.0, -7.0)])
def test_equal_cells_need_no_place_on_the_map_and_may_be_turned(transform: Any, tmp_path: Path) -> None:
    epsg = None if transform is None else 32633
    items = [
        write_raster(tmp_path / f"{n}.tif", random_pixels(2, 9, 8, seed=n), transform=transform, epsg=epsg)
        for n in range(3)
    ]
    pixels, counts = read(stacked(*items))
    np.testing.assert_array_equal(pixels, np.concatenate([gdal.Open(str(path)).ReadAsArray() for path in items]))
    assert counts.all()


# --- NoData -----------------------------------------------------------------------------------------------------


def test_each_item_keeps_its_own_nodata_masks_and_edges(tmp_path: Path) -> None:
    values = np.array([[[1, 7, 9, 4]]], np.uint8)
    first = write_raster(tmp_path / "a.tif", values, no_data=7)
    second = write_raster(tmp_path / "b.tif", values, no_data=9)
    third = write_raster(tmp_path / "c.tif", values, mask=np.array([[False, True, True, True]]))
    shifted = write_raster(tmp_path / "d.tif", values, transform=placed(2))
    given = GdalInput(str(write_raster(tmp_path / "e.tif", values)), {1: ((4.0, 4.0),)})
    pixels, counts = read(stacked(first, second, third, shifted, given))
    expected = np.array([[1, 0, 1, 1], [1, 1, 0, 1], [0, 1, 1, 1], [0, 0, 1, 1], [1, 1, 1, 0]], bool)
    np.testing.assert_array_equal(counts[:, 0], expected)
    own = np.array([[1, 7, 9, 4], [1, 7, 9, 4], [1, 7, 9, 4], [0, 0, 1, 7], [1, 7, 9, 4]])
    np.testing.assert_array_equal(pixels[:, 0], np.where(expected, own, 0))


def test_types_do_not_mix(tmp_path: Path) -> None:
    kinds = ("uint8", "int16", "float32", "int32")
    items = [write_raster(tmp_path / f"{kind}.tif", np.full((1, 2, 2), 200, kind)) for kind in kinds]
    dataset = gdal.Open(mosaic(stacked(*items))[0].uri)
    names = [gdal.GetDataTypeName(dataset.GetRasterBand(number).DataType) for number in range(1, 5)]
    assert names == ["Byte", "Int16", "Float32", "Int32"]


# --- what cannot be stacked -------------------------------------------------------------------------------------


def test_what_cannot_be_stacked_is_refused(tmp_path: Path) -> None:
    a = write_raster(tmp_path / "a.tif", random_pixels(2, 9, 8))
    plain = write_raster(tmp_path / "plain.tif", random_pixels(2, 9, 7), transform=None, epsg=None)
    without = write_raster(tmp_path / "without.tif", random_pixels(2, 9, 8), epsg=None)
    fewer, more = (write_raster(tmp_path / f"{n}.tif", random_pixels(n, 9, 8)) for n in (1, 3))
    apart = write_raster(tmp_path / "apart.tif", random_pixels(2, 9, 8), transform=placed(500))
    for items, error in (
        ((a, fewer), StackBandsError),
        ((a, more), StackBandsError),
        ((a, a, apart), CollectionError),
        ((a, plain), GridError),
        ((a, without), GridError),
        ((without, a), GridError),
        ((a, tmp_path / "missing.tif"), RasterUnreadableError),
        ((a, tmp_path / "missing.tif", tmp_path / "gone.tif"), ItemsUnreadableError),
    ):
        with pytest.raises(error):
            mosaic(stacked(*items))
