# SPDX-License-Identifier: GPL-2.0-or-later
"""What counts as several rasters, and which ones they are."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.errors import CollectionError, ItemsUnreadableError, RasterUnreadableError
from classify_pixels.inference.raster import GdalInput
from classify_pixels.inference.raster.collection import (
    Collection,
    cell_size_of_items,
    item_name,
    item_names,
    mosaic,
    read_collection,
)
from tests.unit.rasters import TRANSFORM, build_vrt, random_pixels, write_raster
from tests.unit.runs import names_in

PIXELS = random_pixels(2, 4, 5)


def east(columns: float) -> tuple[float, ...]:
    return (TRANSFORM[0] + 10 * columns, *TRANSFORM[1:])


def uris(collection: Collection | None) -> list[str]:
    assert collection is not None
    return [item.uri for item in collection.items]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with three rasters, their sidecars and other files."""
    folder = tmp_path / "scenes"
    (folder / "deeper").mkdir(parents=True)
    write_raster(folder / "b.tif", PIXELS, mask=np.ones((4, 5)), mask_inside=False)
    write_raster(folder / "a.TIF", PIXELS, transform=east(5))
    write_raster(folder / "deeper" / "d.tif", PIXELS)
    write_raster(folder / ".hidden.part.tif", PIXELS)
    gdal.Translate(str(folder / "c.img"), str(folder / "b.tif"), format="HFA")
    dataset = gdal.Open(str(folder / "b.tif"))
    dataset.GetRasterBand(1).ComputeStatistics(False)
    dataset.BuildOverviews("NEAREST", [2])
    del dataset
    (folder / "notes.txt").write_text("1 2 3")
    (folder / "broken.dat").write_bytes(b"nothing")
    return folder


def test_a_folder_is_its_rasters_sorted_by_name(folder: Path) -> None:
    assert {"b.tif.aux.xml", "b.tif.ovr", "b.tif.msk"} <= set(names_in(folder))
    collection = read_collection(str(folder))
    assert uris(collection) == [f"{folder}/{name}" for name in ("a.TIF", "b.tif", "c.img")]
    assert collection is not None
    assert collection.name == "scenes"
    assert set(collection.files) >= {f"{folder}/a.TIF", f"{folder}/b.tif"}
    assert uris(read_collection(f"{folder}/")) == uris(collection)


def test_a_mosaic_of_a_folders_rasters_is_no_raster_of_its_own(folder: Path) -> None:
    before = uris(read_collection(folder))
    gdal.BuildVRT(str(folder / "all.vrt"), [str(folder / "a.TIF"), str(folder / "b.tif")]).FlushCache()
    assert uris(read_collection(folder)) == before
    build_vrt(folder / "one.vrt", folder / "a.TIF")
    assert f"{folder}/one.vrt" in uris(read_collection(folder))


@pytest.mark.parametrize("name", ["empty.tif", "pointer.TIFF", "page.jp2", "text.vrt", "odd.png"])
@pytest.mark.parametrize(
    "content",
    [b"", b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 132465\n", b"<html>not found</html>"],
    ids=["empty", "pointer", "page"],
)
def test_what_is_called_a_raster_and_is_none_is_not_left_out(name: str, content: bytes, folder: Path) -> None:
    (folder / name).write_bytes(content)
    assert f"{folder}/{name}" in uris(read_collection(folder))


def test_a_mosaic_names_all_of_its_rasters_that_cannot_be_read(folder: Path) -> None:
    for name in ("empty.tif", "other.tif"):
        (folder / name).touch()
    collection = read_collection(folder)
    assert collection is not None
    words = r"2 of 5 rasters cannot be read: .*empty\.tif, .*other\.tif\. First error"
    with pytest.raises(ItemsUnreadableError, match=words):
        mosaic(collection)
    (folder / "other.tif").unlink()
    collection = read_collection(folder)
    assert collection is not None
    with pytest.raises(RasterUnreadableError, match=r"empty\.tif"):
        mosaic(collection)


def test_the_coarsest_and_the_finest_cells_of_several_rasters(tmp_path: Path) -> None:
    shapes = {"a": (10, 0, 0, -10), "b": (5, 0, 0, -20), "turned": (6, 8, 8, -6)}
    for name, (dx, rx, ry, dy) in shapes.items():
        write_raster(tmp_path / f"{name}.tif", PIXELS, transform=(TRANSFORM[0], dx, rx, TRANSFORM[3], ry, dy))
    collection = read_collection(tmp_path)
    assert collection is not None
    coarsest, crs = cell_size_of_items(collection, max)
    assert coarsest == (10, 20)
    assert cell_size_of_items(collection, min)[0] == (5, 10)
    assert "33N" in crs


def test_cells_in_another_crs_count_as_gdal_makes_them(tmp_path: Path) -> None:
    first = write_raster(tmp_path / "a.tif", PIXELS)
    bounds = (15, 48, 15.02, 48.01)
    gdal.Warp(str(tmp_path / "b.tif"), str(first), dstSRS="EPSG:4326", outputBounds=bounds, xRes=0.001, yRes=0.001)
    collection = read_collection(tmp_path)
    assert collection is not None
    size, crs = cell_size_of_items(collection, max)
    back = gdal.Warp("", str(tmp_path / "b.tif"), format="MEM", dstSRS=crs)
    assert size == pytest.approx((back.GetGeoTransform()[1], -back.GetGeoTransform()[5]))
    assert size > (50, 50)


def test_a_folder_in_a_zip_file_is_a_collection(folder: Path, tmp_path: Path) -> None:
    import shutil

    shutil.make_archive(str(tmp_path / "scenes"), "zip", folder)
    inside = f"/vsizip/{tmp_path}/scenes.zip"
    assert uris(read_collection(inside)) == [f"{inside}/{name}" for name in ("a.TIF", "b.tif", "c.img")]


def test_nothing_is_written_beside_the_rasters(folder: Path) -> None:
    before = names_in(folder)
    folder.chmod(0o555)
    try:
        read_collection(folder)
        assert names_in(folder) == before
    finally:
        folder.chmod(0o755)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("nothing")
    with pytest.raises(CollectionError, match="contains no raster"):
        read_collection(tmp_path)


@pytest.mark.parametrize(
    "form",
    [
        lambda a, b: [str(a), str(b)],
        lambda a, b: (a, b),
        lambda a, b: f"{a};{b}",
        lambda a, b: f'"{a}" ; "{b}";',
        lambda a, b: json.dumps([str(a), str(b)]),
        lambda a, b: [GdalInput(str(a)), GdalInput(str(b))],
    ],
)
def test_a_list_keeps_its_order_in_every_form(form, folder: Path) -> None:
    first, second = folder / "b.tif", folder / "a.TIF"
    collection = read_collection(form(first, second))
    assert uris(collection) == [str(first), str(second)]
    assert collection is not None
    assert collection.name == "b and 1 more"


def test_a_list_may_hold_collections(folder: Path) -> None:
    found = uris(read_collection([str(folder / "deeper" / "d.tif"), str(folder)]))
    assert [Path(uri).name for uri in found] == ["d.tif", "a.TIF", "b.tif", "c.img"]


def test_values_of_no_data_that_a_user_gave_stay(folder: Path) -> None:
    item = GdalInput(str(folder / "b.tif"), {1: ((3.0, 3.0),)})
    collection = read_collection([item, str(folder / "a.TIF")])
    assert collection is not None
    assert collection.items[0] is item
    assert read_collection(item) is None


@pytest.mark.parametrize("value", ["b.tif", "missing.tif", "deeper/d.tif", "", "notes.txt"])
def test_a_single_raster_is_none(value: str, folder: Path) -> None:
    assert read_collection(str(folder / value) if value else "") is None
    assert read_collection([str(folder / value)] if value else [""]) is None


@pytest.mark.parametrize("value", ["<WMS/>", '{"uri": "a;b"}', "https://example.org/a.tif", 'NETCDF:"a.nc":b'])
def test_other_names_of_gdal_are_left_to_it(value: str) -> None:
    assert read_collection(value) is None


def test_a_path_with_a_semicolon_is_one_raster(folder: Path) -> None:
    path = write_raster(folder / "odd;name.tif", PIXELS)
    assert read_collection(str(path)) is None


def test_an_empty_list_is_refused() -> None:
    with pytest.raises(CollectionError, match="empty"):
        read_collection([])


def test_the_sources_of_a_vrt_are_items_only_when_they_are_classified_separately(folder: Path) -> None:
    vrt = folder / "all.vrt"
    gdal.BuildVRT(str(vrt), [str(folder / "b.tif"), str(folder / "a.TIF")]).FlushCache()
    assert read_collection(vrt) is None
    collection = read_collection(vrt, separately=True)
    assert [Path(uri) for uri in uris(collection)] == [folder / "b.tif", folder / "a.TIF"]


def test_a_vrt_of_single_bands_is_one_raster(folder: Path) -> None:
    vrt = folder / "stack.vrt"
    gdal.BuildVRT(str(vrt), [str(folder / "b.tif"), str(folder / "a.TIF")], separate=True).FlushCache()
    assert read_collection(vrt, separately=True) is None


def test_a_warped_vrt_is_one_raster(folder: Path) -> None:
    vrt = folder / "warped.vrt"
    gdal.Warp(str(vrt), str(folder / "b.tif"), format="VRT", dstSRS="EPSG:4326").FlushCache()
    assert read_collection(vrt, separately=True) is None


@pytest.mark.parametrize(
    ("uri", "title", "name"),
    [
        ("/data/S2A.v1.tif", "", "S2A.v1"),
        ("<VRTDataset/>", "S2A.v1", "S2A.v1"),
        ('NETCDF:"/data/a.nc":red', "", "a"),
        ("/data/x", "../up/and:away", "_up_and_away"),
        ("/", "", "raster"),
    ],
)
def test_an_items_name_fits_a_file(uri: str, title: str, name: str) -> None:
    assert item_name(GdalInput(uri, title=title)) == name


def test_equal_names_get_numbers() -> None:
    items = [GdalInput(uri) for uri in ("x/a.tif", "y/A.jp2", "z/a_2.tif", "a.tif")]
    assert item_names(items) == ("a", "A_2", "a_2_2", "a_3")
