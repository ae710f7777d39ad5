# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from classify_pixels.inference.bands.choice import BandChoice
from classify_pixels.inference.bands.value_ranges import (
    band_table,
    contradiction,
    range_warnings,
    sample_ranges,
    suggested_scale,
    trained_ranges,
)
from classify_pixels.inference.events import Noted
from classify_pixels.inference.models import ModelDefinition, Normalization
from classify_pixels.inference.notices import BandSource, Note
from classify_pixels.inference.raster import Channel, GdalInput, GdalSource, RasterBand
from classify_pixels.inference.window import Window
from tests.unit.rasters import write_raster

REFLECTANCE = Normalization((0.0, 0.0), (1.0, 1.0), (0.27, 0.33), (0.24, 0.23))
TIMES_10000 = Normalization((0.0, 0.0), (10_000.0, 10_000.0), (0.12, 0.3), (0.05, 0.1))
IMAGENET_LIKE = Normalization((0.0, 0.0), (255.0, 255.0), (0.45, 0.4), (0.2, 0.2))


class Recorder:
    """A source that keeps what is read of it; each pixel holds its column."""

    def __init__(self, valid: bool = True) -> None:
        self.windows: list[Window] = []
        self._valid = valid

    def read_bands(self, window: Window) -> tuple[np.ndarray, np.ndarray]:
        self.windows.append(window)
        columns = np.arange(window.x, window.right, dtype=np.float32)
        pixels = np.broadcast_to(columns, (2, window.height, window.width))
        return pixels, np.full((1, window.height, window.width), self._valid)


def definition(stats: Normalization | None) -> ModelDefinition:
    return ModelDefinition("model", "net.onnx", 64, 64, (0, 1), (), normalization=stats)


def warnings(stats: Normalization | None, *ranges: Any, scale: float = 1.0) -> list[dict[str, Any]]:
    channels = [Channel(n, scale) for n in range(1, len(ranges) + 1)]
    return [event.values for event in range_warnings(definition(stats), ranges, channels)]


# --- samples ------------------------------------------------------------------------------------------------


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(1, 2000), st.integers(1, 2000))
def test_at_most_nine_small_windows_that_never_overlap_are_read(x: int, y: int, width: int, height: int) -> None:
    source, wanted = Recorder(), Window(x, y, width, height)
    sample_ranges(source, wanted)
    assert 1 <= len(source.windows) <= 9
    assert all(window.intersection(wanted) == window and not window.empty for window in source.windows)
    assert all(max(window.width, window.height) <= 64 for window in source.windows)
    pairs = [(a, b) for i, a in enumerate(source.windows) for b in source.windows[:i]]
    assert all(a.intersection(b).empty for a, b in pairs)


def test_samples_reach_all_corners_of_the_wanted_window() -> None:
    source = Recorder()
    (low, high), _ = sample_ranges(source, Window(10_000, 0, 30_000, 30_000))
    assert low < 16_000
    assert high > 34_000


def test_a_small_window_is_read_whole() -> None:
    source = Recorder()
    sample_ranges(source, Window(5, 5, 100, 2))
    assert sum(window.width * window.height for window in source.windows) == 200


def test_where_no_pixel_counts_there_is_no_range() -> None:
    assert sample_ranges(Recorder(valid=False), Window(0, 0, 10, 10)) == (None, None)


def test_ranges_of_a_real_raster_leave_out_no_data_and_extremes(tmp_path: Path) -> None:
    pixels = np.tile(np.arange(100, dtype=np.float32), (2, 100, 1)) + 1
    pixels[1] *= 10
    pixels[:, :20] = -9999
    pixels[:, 50, 0] = 1e9
    path = write_raster(tmp_path / "scene.tif", pixels, no_data=-9999)
    with closing(GdalSource(GdalInput(str(path)))) as source:
        source.select([Channel(2, 0.1, 5.0), Channel(1)])
        ranges = sample_ranges(source, source.grid.window)
    assert ranges == (pytest.approx((7.98 + 0.02, 104), abs=1.5), pytest.approx((3, 99), abs=1.5))


# --- the table ------------------------------------------------------------------------------------------------


def test_a_band_that_is_no_data_where_others_are_not_has_the_range_of_its_own_values(tmp_path: Path) -> None:
    pixels = np.stack([np.full((60, 60), 50), np.full((60, 60), 70)]).astype(np.int16)
    pixels[1, :, :40] = -99
    with closing(GdalSource(GdalInput(str(write_raster(tmp_path / "s.tif", pixels, no_data=-99))))) as source:
        assert sample_ranges(source, source.grid.window) == ((50, 50), (70, 70))


def test_the_table_has_a_line_per_model_band() -> None:
    choices = [
        BandChoice("red", RasterBand(4, "B4"), BandSource.GIVEN),
        BandChoice("nir", RasterBand(8, "B8"), BandSource.NAME),
        BandChoice("swir16", RasterBand(11, ""), BandSource.WAVELENGTH),
        BandChoice("4", RasterBand(12, "B12"), BandSource.NUMBER),
    ]
    lines = band_table(choices, [(0.0123456, 0.5), None, (-3.0, 12345.678), (0.0, 1.0)])
    assert lines == [
        Noted(Note.BAND_GIVEN, {"label": "red", "band": "4 B4", "range": "0.01235 … 0.5"}),
        Noted(Note.BAND_BY_NAME, {"label": "nir", "band": "8 B8", "range": "-"}),
        Noted(Note.BAND_BY_WAVELENGTH, {"label": "swir16", "band": "11", "range": "-3 … 12346"}),
        Noted(Note.BAND_BY_NUMBER, {"label": "4", "band": "12 B12", "range": "0 … 1"}),
    ]


# --- contradictions ---------------------------------------------------------------------------------------------


def test_what_a_model_was_trained_on() -> None:
    assert trained_ranges(Normalization((100.0,), (300.0,), (0.5,), (0.1,))) == (pytest.approx((140, 260)),)
    # A mere division, as by 255, says nothing of a spread.
    assert trained_ranges(Normalization((0.0,), (255.0,), (0.0,), (1.0,))) == ((0.0, 255.0),)


@pytest.mark.parametrize("top", [300.0, 1116.0, 3000.0, 8000.0, 15_000.0])
def test_reflectance_x_10000_for_a_model_of_0_to_1_is_mended_by_a_ten_thousandth(top: float) -> None:
    (values,) = warnings(REFLECTANCE, (1.0, top), (2.0, top))
    assert values["range"] == f"1 … {top:.0f}"
    assert values["trained"].startswith("-0.45")
    assert values["scale"] == "0.0001"


@pytest.mark.parametrize("top", [0.05, 0.1, 0.4, 1.0, 8.0])
def test_reflectance_of_0_to_1_for_a_model_of_0_to_10000_is_mended_by_ten_thousand(top: float) -> None:
    (values,) = warnings(TIMES_10000, (0.0, top), (0.0, top))
    assert values["scale"] == "10000"


def test_bytes_for_a_model_of_0_to_1_are_mended_by_a_hundredth() -> None:
    (values,) = warnings(REFLECTANCE, (10.0, 110.0), (20.0, 150.0))
    assert values["scale"] == "0.01"


def test_a_scale_that_was_given_is_taken_into_account() -> None:
    (values,) = warnings(REFLECTANCE, (0.01, 4000e4), (0.01, 4000e4), scale=10_000.0)
    assert values["scale"] == "0.0001"


@pytest.mark.parametrize(
    ("stats", "ranges"),
    [
        (REFLECTANCE, [(0.02, 0.15), (0.1, 0.6)]),
        (REFLECTANCE, [(0.3, 1.4), (0.3, 1.4)]),
        (TIMES_10000, [(1191.0, 2116.0), (1168.0, 4788.0)]),
        (IMAGENET_LIKE, [(0.0, 255.0), (0.0, 255.0)]),
        (IMAGENET_LIKE, [(30.0, 600.0), (30.0, 700.0)]),
        (REFLECTANCE, [None, None]),
        (REFLECTANCE, [(0.0, 0.0), (0.0, 0.0)]),
        (None, [(0.0, 1e9), (0.0, 1e9)]),
    ],
)
def test_values_of_the_same_magnitude_are_not_worth_a_word(stats: Any, ranges: Sequence[Any]) -> None:
    assert warnings(stats, *ranges) == []


def test_ranges_without_end_are_no_reason_to_warn() -> None:
    stats = Normalization((0.0, 0.0), (1.0, 1.0), (0.0, 0.0), (1e308, 1e308))
    assert warnings(stats, (0.0, 200.0), (0.0, 200.0)) == []


def test_a_single_odd_band_does_not_warn() -> None:
    stats = Normalization((0.0,) * 3, (1.0,) * 3, (0.3,) * 3, (0.2,) * 3)
    assert warnings(stats, (0.0, 0.5), (0.0, 5000.0), (0.0, 0.6)) == []


@given(st.floats(1e-3, 1e5), st.floats(1e-3, 1e5))
def test_the_advice_is_followed_by_silence(top: float, trained: float) -> None:
    stats = Normalization((0.0,), (trained,), (0.4,), (0.2,))
    found = warnings(stats, (0.0, top))
    if found:
        scale = float(found[0]["scale"])
        assert warnings(stats, (0.0, top * scale), scale=scale) == [] or max(top / trained, trained / top) > 280


# --- the scale that is offered ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ranges", "trained", "limits", "scale"),
    [
        ([(1, 3000), (2, 4000)], [(0, 1), (0, 1)], (), 1e-4),
        ([(0, 0.3), (0, 0.4)], [(0, 3000), (0, 4000)], (), 1e4),
        ([(10, 110)], [(0, 1)], (), 1e-2),
        ([(0, 0.9)], [(-51, 299)], (255,), 255.0),
        ([(0, 9000)], [(-51, 299)], (255,), 0.0255),
        # One odd band of three, bands without values, and bands of zeros.
        ([(0, 0.5), (0, 5000), (0, 0.6)], [(0, 1)] * 3, (), None),
        ([None, (0, 5000), None], [(0, 1)] * 3, (), 1e-4),
        ([None, None], [(0, 1)] * 2, (), None),
        ([(0, 0)], [(0, 1)], (), None),
        ([(0, 10)], [(0, 0)], (), None),
        ([], [], (), None),
        ([(-5000, 0)], [(0, 1)], (), 1e-4),
        ([(0.2, 0.9)], [(0, 1)], (), None),
    ],
)
def test_the_scale_that_makes_values_alike(ranges: Any, trained: Any, limits: Any, scale: float | None) -> None:
    found = suggested_scale(ranges, trained, limits)
    assert found == (scale if scale is None else pytest.approx(scale))


@given(st.floats(-1e5, 1e5), st.floats(-1e3, 1e3), st.sampled_from([1.0, 0.5, 3.0]))
@example(2.2250738585072014e-308, 0.0, 0.5)
def test_the_settings_scale_the_values_that_the_model_would_get(top: float, offset: float, own: float) -> None:
    """An offset that was given is part of these values, and so is scaled as well."""
    channels = [Channel(1, own, offset), Channel(2, own, offset)]
    raw = np.array([0.0, top])
    seen = raw * own + offset
    span = (float(seen.min()), float(seen.max()))
    found = contradiction(definition(REFLECTANCE), [span, span], channels)
    if found is None:
        return
    scale = suggested_scale([span, span], trained_ranges(REFLECTANCE), REFLECTANCE.maximum)
    assert scale is not None
    np.testing.assert_allclose(raw * float(found.scale) + float(found.offset or 0), seen * scale, rtol=1e-6, atol=1e-9)


def test_a_warning_names_the_offset_where_there_is_one() -> None:
    channels = [Channel(1, 1.0, -1000.0), Channel(2, 1.0, -1000.0)]
    (warned,) = range_warnings(definition(REFLECTANCE), [(-900.0, 3000.0)] * 2, channels)
    assert (warned.values["scale"], warned.values["offset"]) == ("0.0001", "-0.1")
