# SPDX-License-Identifier: GPL-2.0-or-later
"""GDAL's memory and threads during a run, and what they were before it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from osgeo import gdal

from classify_pixels.inference.raster.settings import READ_CACHE, SMALLEST_CACHE, gdal_settings, overview_settings

CHUNK, THREADS = "GDAL_OVR_CHUNKYSIZE", "GDAL_NUM_THREADS"


@pytest.fixture(autouse=True)
def unchanged() -> Iterator[None]:
    """Every test leaves GDAL as it was."""
    before = gdal.GetCacheMax(), gdal.GetConfigOption(CHUNK), gdal.GetConfigOption(THREADS)
    yield
    after = gdal.GetCacheMax(), gdal.GetConfigOption(CHUNK), gdal.GetConfigOption(THREADS)
    assert after == before


def test_a_run_bounds_the_cache_and_says_the_threads() -> None:
    with gdal_settings(3):
        assert gdal.GetCacheMax() <= READ_CACHE
        assert gdal.GetConfigOption(THREADS) == "3"


def test_all_is_as_before_where_a_run_fails() -> None:
    with pytest.raises(ValueError, match="failed"), gdal_settings(2), overview_settings(5000, 1):
        raise ValueError("failed")


def test_runs_that_overlap_leave_all_as_before() -> None:
    first, second, overviews = gdal_settings(2), gdal_settings(3), overview_settings(1000, 1)
    first.__enter__()
    overviews.__enter__()
    second.__enter__()
    assert gdal.GetConfigOption(THREADS) == "3"
    first.__exit__(None, None, None)
    assert gdal.GetCacheMax() == SMALLEST_CACHE
    overviews.__exit__(None, None, None)
    assert gdal.GetCacheMax() == READ_CACHE
    second.__exit__(None, None, None)


def test_rows_at_once_are_those_of_the_thread_that_builds_overviews() -> None:
    with overview_settings(1000, 1), ThreadPoolExecutor(1) as other:
        assert gdal.GetConfigOption(CHUNK) is not None
        assert other.submit(gdal.GetConfigOption, CHUNK).result() is None


def test_a_smaller_cache_of_the_users_stays() -> None:
    before = gdal.GetCacheMax()
    gdal.SetCacheMax(8 * 2**20)
    try:
        with gdal_settings(1), overview_settings(100_000, 4):
            assert gdal.GetCacheMax() == 8 * 2**20
    finally:
        gdal.SetCacheMax(before)


@given(st.integers(1, 2**21), st.sampled_from([1, 2, 4]))
def test_overviews_take_no_more_memory_for_wider_files(width: int, cell_bytes: int) -> None:
    with overview_settings(width, cell_bytes):
        assert gdal.GetCacheMax() <= READ_CACHE
        rows = int(gdal.GetConfigOption(CHUNK))
    # Beyond 65536 cells the least number of rows decides.
    assert rows * min(width, 2**16) <= 2**22
    assert rows >= 1
