# SPDX-License-Identifier: GPL-2.0-or-later
"""GDAL's cache for tiles, tried on a cache of that size that lets the block go which was used longest ago."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from osgeo import gdal

from classify_pixels.inference.grid import Grid
from classify_pixels.inference.raster import Channel, GdalInput, GdalSource, MaskedSource, reading_for
from classify_pixels.inference.raster.gdal_options import LARGEST_CACHE, SMALLEST_CACHE, USUAL_CACHE
from classify_pixels.inference.raster.scene.warp import warped_view
from classify_pixels.inference.tiling import Strip, StripPlan, TilePlan, TileShape, cut_strips, longest_row, plan_tiles
from classify_pixels.inference.window import Window
from tests.unit.rasters import TRANSFORM, build_vrt, wkt

WIDTH, HEIGHT, BANDS = 6000, 5000, 4
ALL = Window(0, 0, WIDTH, HEIGHT)
# Bytes of a strip of class values, which go through the same cache.
WRITTEN = 4096 * 1024

Block = tuple[int, int]


def written(path: Path, block: int | None, bands: int = BANDS, interleave: str = "PIXEL") -> Path:
    """Makes a file of tiles, or of rows where `block` is None; nobody wrote its cells, so it takes no room."""
    tiled = ["TILED=YES", f"BLOCKXSIZE={block}", f"BLOCKYSIZE={block}"] if block else ["BLOCKYSIZE=16"]
    options = ["SPARSE_OK=YES", "COMPRESS=DEFLATE", f"INTERLEAVE={interleave}", *tiled]
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), WIDTH, HEIGHT, bands, gdal.GDT_UInt16, options)
    dataset.SetGeoTransform(TRANSFORM)
    dataset.SetProjection(wkt(32633))
    return path


def planned(tile: int, halo: int, blended: bool = False, area: Window = ALL) -> tuple[TilePlan, StripPlan]:
    plan = plan_tiles(area, area, TileShape(tile, tile, 8, halo, fixed=False, exact=True))
    return plan, cut_strips(plan, 1, blended)


def cache_of(source: GdalSource | MaskedSource, tile: int, halo: int, blended: bool = False) -> int:
    row = longest_row(*planned(tile, halo, blended))
    return reading_for(source, [tile.read for tile in row], row[0].read == row[0].core, WRITTEN, 2).cache


def cache_of_file(path: Path | str, tile: int, halo: int, blended: bool = False) -> int:
    with closing(GdalSource(GdalInput(str(path)))) as source:
        return cache_of(source, tile, halo, blended)


def times_decoded(strips: Sequence[Strip], width: int, height: int, cache: int) -> int:
    """Returns how often the block is decoded that is decoded most often within its lane."""
    kept: OrderedDict[Block, None] = OrderedDict()
    decoded: Counter[tuple[int, Block]] = Counter()
    for strip in strips:
        for tile in strip:
            for block in blocks_under(tile.read, width, height):
                if block not in kept:
                    decoded[strip.window.x, block] += 1
                kept[block] = None
                kept.move_to_end(block)
                if len(kept) * width * height * 2 * BANDS > cache:
                    kept.popitem(last=False)
    return max(decoded.values())


def blocks_under(window: Window, width: int, height: int) -> Iterator[Block]:
    inside = window.intersection(ALL)
    for y in range(inside.y // height, -(-inside.bottom // height)):
        for x in range(inside.x // width, -(-inside.right // width)):
            yield x, y


SHAPES = [(256, 32), (512, 0), (1136, 56), (1024, 0), (1000, 0), (640, 64), (1024, 256), (2048, 512)]


@pytest.mark.parametrize(("tile", "halo"), SHAPES)
@pytest.mark.parametrize("block", [128, 256, 512, None])
def test_no_block_is_decoded_twice_in_a_lane(tmp_path: Path, tile: int, halo: int, block: int | None) -> None:
    cache = cache_of_file(written(tmp_path / "s.tif", block), tile, halo)
    assert SMALLEST_CACHE <= cache < LARGEST_CACHE
    strips, width, height = planned(tile, halo)[1], block or WIDTH, block or 16
    assert times_decoded(strips, width, height, cache) == 1
    nothing_shared = halo == 0 and block is not None and tile % block == 0
    assert nothing_shared or times_decoded(strips, width, height, cache // 4) > 1


@pytest.mark.parametrize(("tile", "halo"), SHAPES)
@pytest.mark.parametrize("block", [128, 256, 512, None])
def test_where_tiles_are_blended_no_block_is_decoded_twice_in_a_strip(
    tmp_path: Path, tile: int, halo: int, block: int | None
) -> None:
    """Tiles at the edges of a strip are computed for its neighbour once more, and so they are read once more."""
    cache = cache_of_file(written(tmp_path / "s.tif", block), tile, halo, blended=True)
    for strip in planned(tile, halo, blended=True)[1]:
        assert times_decoded([strip], block or WIDTH, block or 16, cache) == 1


def test_a_scene_of_two_rows_of_tiles_has_the_cache_of_either() -> None:
    plan, strips = planned(1136, 56, area=Window(0, 0, 6000, 1200))
    assert [strip.window.height for strip in strips[:2]] == [600, 600]
    assert {tile.read.height for tile in longest_row(plan, strips)} == {656}


def test_the_longest_row_is_that_of_the_widest_lane() -> None:
    plan, strips = planned(1024, 256, blended=True, area=Window(0, 0, 9000, 9000))
    assert len(longest_row(plan, strips)) == max(len(strip.columns) for strip in strips)
    assert {tile.read.height for tile in longest_row(plan, strips)} == {1016}


def test_tiles_of_whole_blocks_need_no_more_than_one_of_them(tmp_path: Path) -> None:
    assert cache_of_file(written(tmp_path / "s.tif", 512), 512, 0) == SMALLEST_CACHE
    assert cache_of_file(written(tmp_path / "other.tif", 384), 512, 0) > SMALLEST_CACHE


@pytest.mark.parametrize(("tile", "halo", "workers", "threads"), [(512, 0, 2, 2), (512, 32, 2, 1), (512, 32, 8, 8)])
def test_blocks_that_tiles_share_are_decoded_in_one_thread(
    tmp_path: Path, tile: int, halo: int, workers: int, threads: int
) -> None:
    """GDAL's threads decode past its cache, so each tile would decode them anew."""
    row = longest_row(*planned(tile, halo))
    with closing(GdalSource(GdalInput(str(written(tmp_path / "s.tif", 512))))) as source:
        reading = reading_for(source, [each.read for each in row], halo == 0, WRITTEN, workers)
    assert reading.threads == threads


def test_a_small_raster_fills_a_part_of_the_cache(tmp_path: Path) -> None:
    path = tmp_path / "small.tif"
    gdal.GetDriverByName("GTiff").Create(str(path), 300, 200, BANDS, gdal.GDT_UInt16).SetGeoTransform(TRANSFORM)
    # In strips of its whole width, by default of at most 8192 bytes.
    for file, filled in ((path, 200 * 300 * 2 * BANDS), (written(tmp_path / "s.tif", 512), SMALLEST_CACHE)):
        with closing(GdalSource(GdalInput(str(file)))) as source:
            reading = reading_for(source, [Window(0, 0, 256, 200)], True, WRITTEN, 2)
        assert reading.cache >= SMALLEST_CACHE
        assert filled <= reading.filled <= min(reading.cache, filled * 1.1 + WRITTEN)


def test_a_mosaic_has_the_blocks_of_its_files_but_nobody_knows_where(tmp_path: Path) -> None:
    path = written(tmp_path / "s.tif", 512)
    assert cache_of_file(build_vrt(tmp_path / "s.vrt", path), 512, 0) > cache_of_file(path, 512, 0)


def test_a_file_for_each_band_counts_as_one_with_all_bands(tmp_path: Path) -> None:
    files = [str(written(tmp_path / f"{number}.tif", 512, bands=1)) for number in range(BANDS)]
    gdal.BuildVRT(str(tmp_path / "s.vrt"), files, separate=True).FlushCache()
    whole = cache_of_file(written(tmp_path / "s.tif", 512), 256, 32)
    assert cache_of_file(tmp_path / "s.vrt", 256, 32) >= whole


def test_bands_apart_count_only_where_they_are_read(tmp_path: Path) -> None:
    with closing(GdalSource(GdalInput(str(written(tmp_path / "s.tif", 512, 8, "BAND"))))) as source:
        every = cache_of(source, 1136, 56)
        source.select([Channel(1), Channel(2)])
        assert cache_of(source, 1136, 56) < every / 2


def test_wide_tiles_of_many_bands_are_bounded(tmp_path: Path) -> None:
    assert cache_of_file(written(tmp_path / "s.tif", 512, bands=13), 4096, 512) == LARGEST_CACHE


def test_a_file_that_is_one_block_counts_once(tmp_path: Path) -> None:
    with closing(GdalSource(GdalInput(str(written(tmp_path / "s.tif", 512))))) as source:
        assert source.blocks is not None
        one = replace(source.blocks, width=WIDTH, height=HEIGHT, columns=1, rows=1)
        assert one.bytes_under(300, 300) == WIDTH * HEIGHT * 2 * BANDS


def test_where_nobody_knows_the_blocks_it_is_the_usual(tmp_path: Path) -> None:
    path = written(tmp_path / "s.tif", 256)
    aside = Grid(WIDTH, HEIGHT, (TRANSFORM[0] + 5, *TRANSFORM[1:]), wkt(32633))
    with closing(GdalSource(warped_view(GdalInput(str(path)), aside, "bilinear"))) as warped:
        assert cache_of(warped, 512, 0) == USUAL_CACHE
    with closing(MaskedSource(GdalSource(GdalInput(str(path))), GdalInput(str(path)))) as masked:
        assert cache_of(masked, 512, 0) == USUAL_CACHE
    mosaic = build_vrt(tmp_path / "s.vrt", path)
    assert cache_of_file(build_vrt(tmp_path / "of_a_mosaic.vrt", mosaic), 512, 0) == USUAL_CACHE
    with closing(GdalSource(GdalInput(str(mosaic)))) as source:
        path.unlink()
        assert cache_of(source, 512, 0) == USUAL_CACHE
