# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.models import Normalization, normalize

values = st.floats(-1e4, 1e4, width=32)


@st.composite
def cases(draw: Any) -> tuple[np.ndarray, Normalization]:
    bands = draw(st.integers(1, 4))

    def per_band(strategy: Any) -> tuple[float, ...]:
        return tuple(draw(st.lists(strategy, min_size=bands, max_size=bands)))

    minimum, width = per_band(values), per_band(st.floats(1, 1e4))
    maximum = tuple(low + w for low, w in zip(minimum, width))
    pixels = np.array(draw(st.lists(values, min_size=6 * bands, max_size=6 * bands)), np.float32)
    stats = Normalization(minimum, maximum, per_band(st.floats(-1, 1)), per_band(st.floats(0.1, 10)))
    return pixels.reshape(1, bands, 2, 3), stats


@given(cases())
def test_the_formula_band_by_band(case: tuple[np.ndarray, Normalization]) -> None:
    pixels, stats = case
    before = pixels.copy()
    result = normalize(pixels, stats)
    for band in range(pixels.shape[1]):
        scaled = (pixels[:, band].astype(float) - stats.minimum[band]) / (stats.maximum[band] - stats.minimum[band])
        expected = (scaled - stats.mean[band]) / stats.std[band]
        # A float's 24 bits are shared by the pixel, which may be far from zero, and the offset.
        size = (
            1
            + abs(expected).max()
            + abs(stats.minimum[band]) / (stats.maximum[band] - stats.minimum[band]) / stats.std[band]
        )
        np.testing.assert_allclose(result[:, band], expected, rtol=0, atol=4e-7 * size)
    assert result.dtype == np.float32
    assert (pixels == before).all()


def test_nothing_is_clipped() -> None:
    pixels = np.array([-100.0, 0.0, 100.0, 900.0], np.float32).reshape(1, 1, 2, 2)
    stats = Normalization((0.0,), (100.0,), (0.5,), (0.25,))
    assert normalize(pixels, stats).ravel().tolist() == [-6.0, -2.0, 2.0, 34.0]


@given(cases())
def test_pixels_are_normalized_in_place_where_they_may_be(case: tuple[np.ndarray, Normalization]) -> None:
    pixels, stats = case
    expected = normalize(pixels, stats)
    assert normalize(pixels, stats, out=pixels) is pixels
    np.testing.assert_array_equal(pixels, expected)
