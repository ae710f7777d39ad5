# SPDX-License-Identifier: GPL-2.0-or-later
"""GDAL's cache for tiles, tried on a cache of that size that lets the block go which was used longest ago."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from osgeo import gdal

from classify_pixels.inference.raster import GdalInput, GdalSource, cache_for
from classify_pixels.inference.raster.settings import LARGEST_CACHE, SMALLEST_CACHE, USUAL_CACHE
from classify_pixels.inference.tiling import Strip, TileShape, cut_strips, plan_tiles, typical
from classify_pixels.inference.window import Window
from tests.unit.rasters import TRANSFORM, build_vrt

SIZE, BANDS = 6000, 4
CELL_BYTES = 2 * BANDS
ALL = Window(0, 0, SIZE, SIZE)

Block = tuple[int, int]


def written(path: Path, block: int | None) -> Path:
    """Makes a file of tiles, or of rows where `block` is None; nobody wrote its cells, so it takes no room."""
    tiled = ["TILED=YES", f"BLOCKXSIZE={block}", f"BLOCKYSIZE={block}"] if block else ["BLOCKYSIZE=16"]
    options = ["SPARSE_OK=YES", "COMPRESS=DEFLATE", "INTERLEAVE=PIXEL", *tiled]
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), SIZE, SIZE, BANDS, gdal.GDT_UInt16, options)
    dataset.SetGeoTransform(TRANSFORM)
    return path


def strips_of(tile: int, halo: int) -> tuple[Strip, ...]:
    return cut_strips(plan_tiles(ALL, ALL, TileShape(tile, tile, 8, halo, fixed=False)), 1, blended=False)


def cache_of(path: Path, strip: Strip) -> int:
    with closing(GdalSource(GdalInput(str(path)))) as source:
        return cache_for(source, [tile.read for tile in strip])


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
                if len(kept) * width * height * CELL_BYTES > cache:
                    kept.popitem(last=False)
    return max(decoded.values())


def blocks_under(window: Window, width: int, height: int) -> Iterator[Block]:
    inside = window.intersection(ALL)
    for y in range(inside.y // height, -(-inside.bottom // height)):
        for x in range(inside.x // width, -(-inside.right // width)):
            yield x, y


@pytest.mark.parametrize(("tile", "halo"), [(256, 32), (512, 0), (1136, 56), (1024, 0), (1000, 0), (640, 64)])
@pytest.mark.parametrize("block", [128, 256, 512, None])
def test_no_block_is_decoded_twice_in_a_lane(tmp_path: Path, tile: int, halo: int, block: int | None) -> None:
    strips = strips_of(tile, halo)
    cache = cache_of(written(tmp_path / "s.tif", block), typical(strips))
    assert SMALLEST_CACHE <= cache < LARGEST_CACHE
    assert times_decoded(strips, block or SIZE, block or 16, cache) == 1
    nothing_shared = halo == 0 and block is not None and tile % block == 0
    assert nothing_shared or times_decoded(strips, block or SIZE, block or 16, cache // 3) > 1


def test_tiles_of_whole_blocks_need_no_more_than_one_of_them(tmp_path: Path) -> None:
    strips = strips_of(512, 0)
    assert cache_of(written(tmp_path / "s.tif", 512), strips[0]) == SMALLEST_CACHE
    assert cache_of(written(tmp_path / "other.tif", 384), strips[0]) > SMALLEST_CACHE


def test_a_mosaic_has_the_blocks_of_its_files_but_nobody_knows_where(tmp_path: Path) -> None:
    strips = strips_of(512, 0)
    path = written(tmp_path / "s.tif", 512)
    assert cache_of(build_vrt(tmp_path / "s.vrt", path), strips[0]) > cache_of(path, strips[0])


def test_wide_tiles_of_many_bands_are_bounded(tmp_path: Path) -> None:
    assert cache_of(written(tmp_path / "s.tif", 512), strips_of(4096, 512)[0]) == LARGEST_CACHE


def test_a_raster_without_files_gets_the_usual(tmp_path: Path) -> None:
    source = GdalSource(GdalInput(str(build_vrt(tmp_path / "s.vrt", written(tmp_path / "s.tif", 256)))))
    with closing(source):
        source.files = ()
        assert cache_for(source, [Window(0, 0, 10, 10)]) == USUAL_CACHE
        source.files = (str(tmp_path / "missing.tif"),)
        assert cache_for(source, [Window(0, 0, 10, 10)]) == USUAL_CACHE
