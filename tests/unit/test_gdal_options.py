# SPDX-License-Identifier: GPL-2.0-or-later
"""GDAL's memory and threads during a run, and what they were before it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from osgeo import gdal

from classify_pixels.inference.raster.gdal_options import (
    BLOCK_CACHE,
    LARGEST_CACHE,
    SMALLEST_CACHE,
    USUAL_CACHE,
    gdal_settings,
)

THREADS = "GDAL_NUM_THREADS"


@pytest.fixture(autouse=True)
def unchanged() -> Iterator[None]:
    """Every test leaves GDAL as it was."""
    before = gdal.GetCacheMax(), gdal.GetConfigOption(THREADS)
    yield
    after = gdal.GetCacheMax(), gdal.GetConfigOption(THREADS)
    assert after == before


def test_a_run_bounds_the_cache_and_says_the_threads() -> None:
    with gdal_settings(3):
        assert gdal.GetCacheMax() == SMALLEST_CACHE
        assert gdal.GetConfigOption(THREADS) == "3"
        with BLOCK_CACHE.wanted(USUAL_CACHE):
            assert gdal.GetCacheMax() == USUAL_CACHE
        assert gdal.GetCacheMax() == SMALLEST_CACHE


def test_all_is_as_before_where_a_run_fails() -> None:
    with pytest.raises(ValueError, match="failed"), gdal_settings(2), BLOCK_CACHE.wanted(USUAL_CACHE):
        raise ValueError("failed")


def test_runs_that_overlap_have_the_larger_cache_and_leave_all_as_before() -> None:
    first, second, tiles = gdal_settings(2), gdal_settings(3), BLOCK_CACHE.wanted(USUAL_CACHE)
    first.__enter__()
    tiles.__enter__()
    second.__enter__()
    assert gdal.GetConfigOption(THREADS) == "3"
    # The second run only opens its raster: that takes nothing from the tiles of the first.
    assert gdal.GetCacheMax() == USUAL_CACHE
    tiles.__exit__(None, None, None)
    first.__exit__(None, None, None)
    assert gdal.GetCacheMax() == SMALLEST_CACHE
    second.__exit__(None, None, None)


def test_a_smaller_cache_of_the_users_stays() -> None:
    before = gdal.GetCacheMax()
    gdal.SetCacheMax(8 * 2**20)
    try:
        with gdal_settings(1), BLOCK_CACHE.wanted(LARGEST_CACHE):
            assert gdal.GetCacheMax() == 8 * 2**20
    finally:
        gdal.SetCacheMax(before)
