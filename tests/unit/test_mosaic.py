# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters put together as one, pixel by pixel against numpy and GDAL's own programs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.errors import BandTypeError, GridError, ItemBandsError, RasterUnreadableError
from classify_pixels.inference.events import Noted
from classify_pixels.inference.grid import Grid
from classify_pixels.inference.notices import Note
from classify_pixels.inference.raster import Extent, GdalInput, GdalSource, GridRequest, open_scene
from classify_pixels.inference.raster.collection import Collection
from classify_pixels.inference.raster.collection.mosaic import mosaic
from classify_pixels.inference.raster.read.input_files import input_files
from classify_pixels.inference.raster.scene.warped_source import on_grid
from classify_pixels.inference.window import Window
from tests.unit.rasters import TRANSFORM, random_pixels, wkt, write_raster
from tests.unit.runs import names_in


def placed(columns: float, rows: float = 0.0, cell: float = 10.0) -> tuple[float, ...]:
    return (TRANSFORM[0] + 10 * columns, cell, 0.0, TRANSFORM[3] - 10 * rows, 0.0, -cell)


def collection(*paths: Path | GdalInput) -> Collection:
    items = (path if isinstance(path, GdalInput) else GdalInput(str(path)) for path in paths)
    return Collection(tuple(items), "scenes")


def read(raster: GdalInput) -> tuple[np.ndarray, np.ndarray, Grid]:
    with closing(GdalSource(raster)) as source:
        return (*source.read(source.grid.window), source.grid)


def kind_and(note: Noted, *names: str) -> tuple[object, ...]:
    """Returns the kind of a note and some of its values."""
    return (note.kind, *(note.values[name] for name in names))


@pytest.fixture
def a(tmp_path: Path) -> Path:
    pixels = np.arange(1, 41, dtype=np.uint16).reshape(2, 4, 5)
    return write_raster(tmp_path / "a.tif", pixels, names=["red", "green"])


def numbered(start: int, bands: int = 2, height: int = 4, width: int = 5) -> np.ndarray:
    return np.arange(start, start + bands * height * width, dtype=np.uint16).reshape(bands, height, width)


def test_later_items_lie_on_top_and_gaps_do_not_count(a: Path, tmp_path: Path) -> None:
    b = write_raster(tmp_path / "b.tif", numbered(101), transform=placed(3, 1))
    c = write_raster(tmp_path / "c.tif", numbered(201), transform=placed(-7, -2))
    raster, notes = mosaic(collection(a, b, c))
    pixels, valid, grid = read(raster)
    assert (grid.width, grid.height, grid.origin) == (15, 7, (TRANSFORM[0] - 70, TRANSFORM[3] + 20))
    expected, covered = np.zeros((2, 7, 15)), np.zeros((7, 15), bool)
    for path, x, y in ((numbered(1), 7, 2), (numbered(101), 10, 3), (numbered(201), 0, 0)):
        expected[:, y : y + 4, x : x + 5], covered[y : y + 4, x : x + 5] = path, True
    np.testing.assert_array_equal(pixels, expected)
    np.testing.assert_array_equal(valid, covered)
    assert not notes
    with closing(GdalSource(raster)) as source:
        assert [band.name for band in source.bands] == ["red", "green"]
        assert source.name == "scenes"


def test_the_order_of_the_list_decides(a: Path, tmp_path: Path) -> None:
    b = write_raster(tmp_path / "b.tif", numbered(101))
    assert read(mosaic(collection(a, b))[0])[0][0, 0, 0] == 101
    assert read(mosaic(collection(b, a))[0])[0][0, 0, 0] == 1


def test_pixels_are_those_of_gdalbuildvrt(a: Path, tmp_path: Path) -> None:
    b = write_raster(tmp_path / "b.tif", numbered(101), transform=placed(4, 2), no_data=110)
    own = gdal.BuildVRT("", [str(a), str(b)], hideNodata=True).ReadAsArray()
    pixels, valid, _ = read(mosaic(collection(a, b))[0])
    covered = np.broadcast_to(valid, own.shape)
    np.testing.assert_array_equal(pixels[covered], own[covered])


def test_differing_values_of_no_data_never_hide_values_of_the_others(tmp_path: Path) -> None:
    """Value 7 is NoData in the first and data in the second, value 9 the other way round."""
    first = np.array([[[7, 9, 7, 9]]], np.uint8)
    second = np.array([[[9, 9, 7, 7]]], np.uint8)
    a = write_raster(tmp_path / "a.tif", first, no_data=7)
    b = write_raster(tmp_path / "b.tif", second, no_data=9)
    pixels, valid, _ = read(mosaic(collection(a, b))[0])
    np.testing.assert_array_equal(valid, [[False, True, True, True]])
    np.testing.assert_array_equal(pixels, [[[0, 9, 7, 7]]])


def test_a_pixel_counts_where_one_of_its_bands_does_and_only_used_bands_are_asked(tmp_path: Path) -> None:
    from classify_pixels.inference.raster import Channel

    a = write_raster(tmp_path / "a.tif", np.array([[[0, 5]], [[6, 0]]], np.uint8), no_data=0)
    b = write_raster(tmp_path / "b.tif", np.array([[[0, 0]], [[0, 8]]], np.uint8), no_data=0, transform=placed(2))
    raster, _ = mosaic(collection(a, b))
    pixels, valid, _ = read(raster)
    np.testing.assert_array_equal(valid, [[True, True, False, True]])
    np.testing.assert_array_equal(pixels, [[[0, 5, 0, 0]], [[6, 0, 0, 8]]])
    with closing(GdalSource(raster)) as source:
        source.select([Channel(1)])
        _, valid = source.read(source.grid.window)
    np.testing.assert_array_equal(valid, [[False, True, False, False]])


def test_masks_and_alpha_bands_stay(tmp_path: Path) -> None:
    mask = np.array([[True, False]])
    a = write_raster(tmp_path / "a.tif", np.array([[[1, 2]]], np.uint8), mask=mask)
    with_alpha = np.array([[[3, 4]], [[0, 255]]], np.uint8)
    b = write_raster(tmp_path / "b.tif", with_alpha, alpha=2, transform=placed(1))
    pixels, valid, _ = read(mosaic(collection(a, b))[0])
    np.testing.assert_array_equal(valid, [[True, False, True]])
    np.testing.assert_array_equal(pixels, [[[1, 0, 4]]])


def test_alpha_beside_no_data_hides_what_either_hides(tmp_path: Path) -> None:
    pixels = np.array([[[1, 2, 9]], [[255, 0, 255]]], np.uint8)
    a = write_raster(tmp_path / "a.tif", pixels, alpha=2)
    dataset = gdal.Open(str(a), gdal.GA_Update)
    dataset.GetRasterBand(1).SetNoDataValue(9)
    del dataset
    b = write_raster(tmp_path / "b.tif", np.array([[[5]]], np.uint8), transform=placed(3))
    found, valid, _ = read(mosaic(collection(a, b))[0])
    np.testing.assert_array_equal(valid, [[True, False, False, True]])
    np.testing.assert_array_equal(found, [[[1, 0, 0, 5]]])


def test_no_data_that_a_user_gave_counts_for_its_item_only(a: Path, tmp_path: Path) -> None:
    b = write_raster(tmp_path / "b.tif", numbered(1), transform=placed(5))
    raster, _ = mosaic(collection(GdalInput(str(a), {1: ((3.0, 3.0),), 2: ((23.0, 23.0),)}), b))
    _, valid, _ = read(raster)
    assert not valid[0, 2]
    assert valid.sum() == 39


@pytest.mark.parametrize(
    ("first", "second", "mixed"),
    [("uint8", "uint16", "UInt16"), ("uint16", "int16", "Int32"), ("int16", "float32", "Float32")],
)
def test_the_type_holds_the_values_of_all_items(first: str, second: str, mixed: str, tmp_path: Path) -> None:
    highest = np.iinfo(second).max if second != "float32" else 0.3
    a = write_raster(tmp_path / "a.tif", np.full((1, 2, 2), np.iinfo(first).max, first))
    b = write_raster(tmp_path / "b.tif", np.full((1, 2, 2), highest, second), transform=placed(2))
    raster, notes = mosaic(collection(a, b))
    pixels, _, _ = read(raster)
    np.testing.assert_array_equal(pixels[0, 0], np.array([np.iinfo(first).max] * 2 + [highest] * 2, np.float32))
    assert kind_and(notes[0], "raster", "mixed") == (Note.ITEM_TYPE, str(b), mixed)


def test_large_integers_keep_every_digit(tmp_path: Path) -> None:
    values = np.array([[[2**24 + 1, 5], [2**31 - 1, 7]]], np.int32)
    a = write_raster(tmp_path / "a.tif", values, no_data=5)
    b = write_raster(tmp_path / "b.tif", values, transform=placed(2))
    dataset = gdal.Open(mosaic(collection(a, b))[0].uri)
    found = dataset.GetRasterBand(1).ReadAsArray()
    np.testing.assert_array_equal(found[:, 2:], values[0])
    np.testing.assert_array_equal(found[:, :2], np.where(values[0] == 5, 0, values[0]))


def test_another_cell_size_is_warped_to_the_first_and_said(a: Path, tmp_path: Path) -> None:
    b = write_raster(tmp_path / "b.tif", numbered(101, height=2, width=3), transform=placed(5, 0, 20))
    raster, notes = mosaic(collection(a, b))
    pixels, valid, grid = read(raster)
    assert grid.width == 11
    np.testing.assert_array_equal(pixels[:, :, 5:], numbered(101, height=2, width=3).repeat(2, 1).repeat(2, 2))
    assert valid.all()
    assert len(notes) == 1
    assert kind_and(notes[0], "own", "other") == (Note.WARPED_FROM_CELLS, "20 x 20", "10 x 10")


@pytest.mark.parametrize("resampling", ["nearest", "bilinear"])
def test_another_crs_is_warped_as_gdalwarp_does_it(resampling: str, tmp_path: Path) -> None:
    a = write_raster(tmp_path / "a.tif", random_pixels(1, 60, 60) + 100)
    b = tmp_path / "b.tif"
    ramp = (200 + np.add.outer(np.arange(50), np.arange(50))).astype(np.float32)[np.newaxis]
    east = write_raster(tmp_path / "east.tif", ramp, transform=placed(60), no_data=0)
    gdal.Warp(str(b), str(east), dstSRS="EPSG:4326")
    raster, notes = mosaic(collection(a, b), resampling)
    pixels, valid, grid = read(raster)
    xmin, ymin, xmax, ymax = grid.bounds
    bounds = (xmin + 600, ymin, xmax, ymax)
    own = gdal.Warp(
        "", str(b), format="MEM", dstSRS="EPSG:32633", outputBounds=bounds, xRes=10, yRes=10, resampleAlg=resampling
    ).ReadAsArray()
    right = np.s_[:, grid.width - own.shape[1] :]
    np.testing.assert_array_equal(valid[right], own != 0)
    differences = np.abs(pixels[0][right] - own)
    # GDAL finds places within an eighth of a cell, block by block: nearest then takes another cell here and there.
    assert np.median(differences) == 0 if resampling == "nearest" else differences.max() < 0.125
    assert (differences > 0.125).mean() < 0.1
    assert kind_and(notes[0], "other") == (Note.WARPED_FROM_CRS, "WGS 84 / UTM zone 33N")


def test_cells_between_the_firsts_are_moved_and_said(a: Path, tmp_path: Path) -> None:
    b = write_raster(tmp_path / "b.tif", numbered(101), transform=placed(5.3))
    raster, notes = mosaic(collection(a, b))
    np.testing.assert_array_equal(read(raster)[0][:, :, 5:], numbered(101))
    assert kind_and(notes[0]) == (Note.ITEM_MOVED,)


def test_rows_that_run_north_are_turned(a: Path, tmp_path: Path) -> None:
    transform = (TRANSFORM[0], 10.0, 0.0, TRANSFORM[3] - 40, 0.0, 10.0)
    flipped = write_raster(tmp_path / "flipped.tif", numbered(1)[:, ::-1], transform=transform)
    b = write_raster(tmp_path / "b.tif", numbered(101), transform=placed(5))
    for items in ((flipped, b), (b, flipped)):
        raster, notes = mosaic(collection(*items))
        pixels, valid, _ = read(raster)
        assert valid.all()
        np.testing.assert_array_equal(pixels, np.concatenate([numbered(1), numbered(101)], axis=2))
        assert len(notes) == 1


def test_more_bands_than_the_first_are_left_out_and_said(a: Path, tmp_path: Path) -> None:
    b = write_raster(tmp_path / "b.tif", numbered(101, bands=3), transform=placed(5))
    raster, notes = mosaic(collection(a, b))
    np.testing.assert_array_equal(read(raster)[0][:, :, 5:], numbered(101))
    assert kind_and(notes[0], "count") == (Note.ITEM_BANDS_LEFT_OUT, 2)


def test_fewer_bands_than_the_first_are_refused(a: Path, tmp_path: Path) -> None:
    b = write_raster(tmp_path / "b.tif", numbered(101, bands=1))
    with pytest.raises(ItemBandsError, match="has 1 bands"):
        mosaic(collection(a, b))


def with_control_points(path: Path, crs: str) -> Path:
    write_raster(path, numbered(1), transform=None, epsg=None)
    dataset = gdal.Open(str(path), gdal.GA_Update)
    corners = [(0, 0), (5, 0), (0, 4), (5, 4)]
    dataset.SetGCPs([gdal.GCP(10 + c / 1000, 50 - r / 1000, 0, c, r) for c, r in corners], crs)
    return path


def test_what_cannot_be_put_together_is_refused(a: Path, tmp_path: Path) -> None:
    plain = write_raster(tmp_path / "plain.tif", numbered(1), transform=None, epsg=None)
    other = write_raster(tmp_path / "other.tif", numbered(1), epsg=None)
    points, degrees = (with_control_points(tmp_path / f"{crs[:3]}.tif", crs) for crs in ("", wkt(4326)))
    broken = tmp_path / "missing.tif"
    complexes = write_raster(tmp_path / "complex.tif", np.zeros((2, 2, 2), np.complex64))
    for items, error in (
        ((plain, a), GridError),
        ((a, other), GridError),
        ((other, a), GridError),
        ((other, degrees), GridError),
        ((points, degrees), GridError),
        ((degrees, points), GridError),
        ((a, points), GridError),
        ((a, broken), RasterUnreadableError),
        ((a, complexes), BandTypeError),
    ):
        with pytest.raises(error):
            mosaic(collection(*items))


def test_one_item_stays_as_it_is_and_gdals_own_mosaic_is_taken(a: Path) -> None:
    assert mosaic(collection(a)) == (GdalInput(str(a)), ())
    whole = GdalInput("GTI:index.gpkg")
    assert mosaic(Collection((GdalInput(str(a)),) * 2, "index", whole)) == (whole, ())


def test_a_warped_mosaic_keeps_its_gaps(a: Path, tmp_path: Path) -> None:
    """What TARGET_CRS and CELL_SIZE do with it."""
    b = write_raster(tmp_path / "b.tif", numbered(101), transform=placed(7), no_data=101)
    raster, _ = mosaic(collection(a, b))
    pixels, valid, grid = read(raster)
    fine = Grid(24, 8, (TRANSFORM[0], 5.0, 0.0, TRANSFORM[3], 0.0, -5.0), grid.crs)
    with closing(on_grid(raster, fine, "nearest")) as source:
        found, still_valid = source.read(fine.window)
        assert {str(a), str(b)} <= set(source.files)
    np.testing.assert_array_equal(still_valid, valid.repeat(2, 0).repeat(2, 1))
    np.testing.assert_array_equal(found, pixels.repeat(2, 1).repeat(2, 2))


def test_windows_and_threads_see_the_same_pixels(tmp_path: Path) -> None:
    paths = []
    for number in range(6):
        pixels = random_pixels(2, 40, 50, seed=number)
        cell = 10.0 if number % 2 else 7.0
        transform = placed(30 * number, 3 * number, cell)
        paths.append(write_raster(tmp_path / f"{number}.tif", pixels, transform=transform, no_data=float(pixels.min())))
    raster, _ = mosaic(collection(*paths), "bilinear")
    pixels, valid, grid = read(raster)
    windows = [Window(x, y, 17, 13) for x in range(0, grid.width, 17) for y in range(0, grid.height, 13)]
    with closing(GdalSource(raster)) as source, ThreadPoolExecutor(4) as pool:
        for window, (part, counts) in zip(windows, pool.map(source.read, windows)):
            inside = window.intersection(grid.window)
            rows, columns = inside.within(grid.window)
            np.testing.assert_array_equal(part[:, : inside.height, : inside.width], pixels[:, rows, columns])
            np.testing.assert_array_equal(counts[: inside.height, : inside.width], valid[rows, columns])


def test_nothing_is_written_and_the_files_are_known(a: Path, tmp_path: Path) -> None:
    b = write_raster(tmp_path / "b.tif", numbered(101), transform=placed(5, 0, 20))
    vrt = tmp_path / "both.vrt"
    gdal.BuildVRT(str(vrt), [str(a)]).FlushCache()
    before = names_in(tmp_path)
    items = collection(a, b, vrt)
    tmp_path.chmod(0o555)
    try:
        raster, _ = mosaic(items)
        read(raster)
        assert names_in(tmp_path) == before
    finally:
        tmp_path.chmod(0o755)
    assert set(items.files) == {str(a), str(b), str(vrt)}
    assert set(input_files(raster.uri)) == set(items.files)


@pytest.mark.parametrize("kind", [np.float32, np.uint8])
@pytest.mark.parametrize("bands", [1, 2, 6])
def test_below_the_corners_of_a_warped_item_the_one_below_shows(bands: int, kind: type, tmp_path: Path) -> None:
    """GDAL takes the alpha band of a view for a mask only where there are one or three bands of bytes."""
    below = np.full((bands, 60, 60), 7, kind)
    a = write_raster(tmp_path / "a.tif", below)
    side = 10 / np.sqrt(2)
    rhomb = (TRANSFORM[0] + 300, side / 2, side / 2, TRANSFORM[3] - 250, side / 2, -side / 2)
    b = write_raster(tmp_path / "b.tif", np.full((bands, 40, 40), 9, kind), transform=rhomb)
    pixels, valid, _ = read(mosaic(collection(a, b))[0])
    assert valid[:60, :60].all()
    assert set(np.unique(pixels[:, :60, :60])) == {7, 9}
    assert (pixels == 9).sum() == pytest.approx(bands * 40 * 40 / 4, rel=0.1)


# --- brought to another grid -------------------------------------------------------------------------------


def warped_by_gdal(path: Path, grid: Grid, resampling: str) -> tuple[np.ndarray, np.ndarray]:
    values = gdal.Warp(
        "", str(path), format="MEM", dstSRS=grid.crs, outputBounds=grid.bounds, width=grid.width, height=grid.height,
        resampleAlg=resampling, dstAlpha=True, errorThreshold=0, warpOptions=["UNIFIED_SRC_NODATA=PARTIAL"],
    ).ReadAsArray()  # fmt: skip
    return values[:-1], values[-1] != 0


@pytest.mark.parametrize("resampling", ["nearest", "bilinear", "cubic"])
@pytest.mark.parametrize(
    "request_",
    [
        GridRequest(crs=wkt(4326)),
        GridRequest(cell_size=(7.0, 7.0)),
        GridRequest(crs=wkt(32632), cell_size=(23.0, 23.0)),
    ],
    ids=["degrees", "finer", "coarser"],
)
def test_each_item_is_resampled_once(request_: GridRequest, resampling: str, tmp_path: Path) -> None:
    """The items have other CRSs and cells; where one lies alone, its pixels are those of the item by itself."""
    rows, columns = np.mgrid[0:120, 0:100]
    ramp = (np.sin(columns / 3) + np.cos(rows / 2))[np.newaxis].astype(np.float32) * 10 + 100
    west = write_raster(tmp_path / "west.tif", ramp, transform=placed(0))
    middle = write_raster(tmp_path / "middle.tif", ramp, transform=placed(150.3, 0, 13.0))
    east = tmp_path / "east.tif"
    plain = write_raster(tmp_path / "plain.tif", ramp, transform=placed(350))
    gdal.Warp(str(east), str(plain), dstSRS="EPSG:32634", dstNodata=0)
    scene = open_scene(collection(west, middle, east), request_, resampling)
    with closing(scene.source) as source:
        pixels, valid = source.read(source.grid.window)
    for item in (west, middle, east):
        expected, counts = warped_by_gdal(item, own_part(source.grid, item), resampling)
        window = source.grid.cover(own_part(source.grid, item).bounds)
        inside = np.s_[window.y : window.bottom, window.x : window.right]
        assert counts.sum() > 1000
        assert (valid[inside] >= counts).mean() > 0.998
        difference = np.abs(pixels[0][inside] - expected[0])[counts & valid[inside]]
        assert np.quantile(difference, 0.98 if resampling == "nearest" else 1.0) < 0.05
    assert not scene.notes


def own_part(grid: Grid, item: Path) -> Grid:
    """The cells of a grid that GDAL itself would suggest for an item."""
    view = gdal.AutoCreateWarpedVRT(gdal.Open(str(item)), None, grid.crs)
    x, width, _, y, _, height = view.GetGeoTransform()
    bounds = (x, y + view.RasterYSize * height, x + view.RasterXSize * width, y)
    return grid.crop(grid.cover(bounds).intersection(grid.window))


def test_an_item_that_lies_on_the_asked_cells_keeps_its_pixels(tmp_path: Path) -> None:
    west = write_raster(tmp_path / "west.tif", random_pixels(2, 50, 60) + 9, transform=placed(-40))
    east = tmp_path / "east.tif"
    plain = write_raster(tmp_path / "plain.tif", random_pixels(2, 50, 60, seed=1) + 9)
    gdal.Warp(str(east), str(plain), dstSRS="EPSG:4326", dstNodata=0)
    own, own_valid, grid = read(GdalInput(str(east)))
    request = GridRequest(crs=wkt(4326), cell_size=grid.cell_size, snap=grid)
    scene = open_scene(collection(west, east), request, "bilinear")
    with closing(scene.source) as source:
        pixels, valid = source.read(source.grid.cover(grid.bounds))
    assert valid[own_valid].all()
    np.testing.assert_array_equal(pixels[:, own_valid], own[:, own_valid])


def test_items_beside_an_asked_extent_are_left_out(a: Path, tmp_path: Path) -> None:
    b = write_raster(tmp_path / "b.tif", numbered(101), transform=placed(9000))
    bounds = (TRANSFORM[0] + 90_000, TRANSFORM[3] - 40, TRANSFORM[0] + 90_050, TRANSFORM[3])
    request = GridRequest(Extent(bounds, wkt(32633)), cell_size=(5.0, 5.0))
    scene = open_scene(collection(a, b), request, "nearest")
    with closing(scene.source) as source:
        pixels, valid = source.read(scene.area)
    np.testing.assert_array_equal(pixels, numbered(101).repeat(2, 1).repeat(2, 2))
    assert valid.all()
