# SPDX-License-Identifier: GPL-2.0-or-later
"""Overviews against what numpy says of the next finer level, and against GDAL's own where sides can be halved."""

from __future__ import annotations

import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from osgeo import gdal

from classify_pixels.inference.raster.gdal_call import GdalError
from classify_pixels.inference.raster.write.overviews import build_overviews, overview_levels

TILED = ["TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512", "COMPRESS=DEFLATE"]
NO_DATA = 255


def some_classes(height: int, width: int) -> NDArray[np.uint8]:
    """Patches of classes and of NoData, with single cells of other ones."""
    generator = np.random.default_rng(height * width)
    patches = generator.choice([1, 4, 7, NO_DATA], (height // 6 + 1, width // 6 + 1))
    pixels = np.kron(patches, np.ones((6, 6)))[:height, :width].astype(np.uint8)
    single = generator.random(pixels.shape) < 0.1
    pixels[single] = generator.choice([1, 4, 7, NO_DATA], single.sum())
    return pixels


def write(path: Path, values: NDArray[Any], no_data: float, options: list[str]) -> None:
    bands, height, width = values.shape
    kind = gdal.GDT_Byte if values.dtype == np.uint8 else gdal.GDT_Float32
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), width, height, bands, kind, options)
    for number in range(1, bands + 1):
        dataset.GetRasterBand(number).SetNoDataValue(no_data)
    dataset.WriteArray(values)
    dataset.FlushCache()


def levels(path: Path, band: int = 1) -> list[NDArray[Any]]:
    """The full band and its overviews, finest first."""
    dataset = gdal.Open(str(path))
    full = dataset.GetRasterBand(band)
    return [full.ReadAsArray(), *(full.GetOverview(i).ReadAsArray() for i in range(full.GetOverviewCount()))]


def quarters(finer: NDArray[Any], no_data: float) -> NDArray[Any]:
    """The four cells of each cell of the next coarser level; beyond the end there is no data."""
    height, width = (cells + cells % 2 for cells in finer.shape)
    padded = np.full((height, width), no_data, finer.dtype)
    padded[: finer.shape[0], : finer.shape[1]] = finer
    return padded.reshape(height // 2, 2, width // 2, 2).swapaxes(1, 2).reshape(height // 2, width // 2, 4)


@pytest.mark.parametrize("options", [TILED, ["TILED=NO", "COMPRESS=LZW"], []], ids=["tiled", "rows", "plain"])
@pytest.mark.parametrize("size", [(1400, 700), (513, 40), (601, 2101), (1, 1025), (2048, 1)])
def test_each_cell_is_the_most_frequent_class_of_the_four_below_it(
    size: tuple[int, int], options: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "classes.tif"
    write(path, some_classes(*size)[None], NO_DATA, options)
    build_overviews(path, gdal.GRIORA_Mode, NO_DATA)
    found = levels(path)
    assert max(found[-1].shape) <= 512 < max(found[-2].shape)
    for finer, coarser in zip(found, found[1:]):
        cells = quarters(finer, NO_DATA)
        assert coarser.shape == cells.shape[:2]
        counts = np.stack([(cells == value).sum(axis=2) for value in (1, 4, 7)], axis=2)
        chosen = np.stack([coarser == value for value in (1, 4, 7)], axis=2)
        empty = counts.sum(axis=2) == 0
        np.testing.assert_array_equal(coarser == NO_DATA, empty)
        # Of classes that are equally frequent any will do.
        assert (counts[chosen] == counts.max(axis=2)[~empty]).all()


@pytest.mark.parametrize("size", [(601, 1103), (1024, 512), (1025, 1)])
def test_scores_are_the_means_of_those_that_there_are(size: tuple[int, int], tmp_path: Path) -> None:
    path, generator = tmp_path / "scores.tif", np.random.default_rng(1)
    scores = generator.random((3, *size)).astype(np.float32)
    scores[:, generator.random(size) < 0.3] = np.nan
    write(path, scores, math.nan, TILED)
    build_overviews(path, gdal.GRIORA_Average, math.nan)
    for band in (1, 2, 3):
        found = levels(path, band)
        np.testing.assert_array_equal(found[0], scores[band - 1])
        for finer, coarser in zip(found, found[1:]):
            cells = np.ma.masked_invalid(quarters(finer, math.nan))
            np.testing.assert_allclose(coarser, cells.mean(axis=2).filled(np.nan), rtol=1e-5)


def test_they_are_gdals_own_where_sides_can_be_halved(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours.tif", tmp_path / "theirs.tif"
    write(ours, some_classes(1024, 2048)[None], NO_DATA, TILED)
    shutil.copy(ours, theirs)
    build_overviews(ours, gdal.GRIORA_Mode, NO_DATA)
    dataset = gdal.Open(str(theirs), gdal.GA_Update)
    dataset.BuildOverviews("MODE", [2, 4])
    del dataset
    for mine, other in zip(levels(ours), levels(theirs)):
        np.testing.assert_array_equal(mine, other)


def test_a_file_of_one_block_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "classes.tif"
    write(path, some_classes(512, 300)[None], NO_DATA, TILED)
    before = path.read_bytes()
    build_overviews(path, gdal.GRIORA_Mode, NO_DATA)
    assert path.read_bytes() == before


def test_a_file_that_is_none_is_gdals_error(tmp_path: Path) -> None:
    path = tmp_path / "classes.tif"
    path.write_bytes(b"II*\x00 and no more")
    with pytest.raises(GdalError):
        build_overviews(path, gdal.GRIORA_Mode, NO_DATA)


@pytest.mark.parametrize(("largest", "factors"), [(1, []), (512, []), (513, [2]), (1025, [2, 4]), (4096, [2, 4, 8])])
def test_the_coarsest_fits_into_a_block(largest: int, factors: list[int]) -> None:
    assert list(overview_levels(largest)) == factors
