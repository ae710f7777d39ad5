# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks that take whole numbers, and values that would be lost in them."""

from __future__ import annotations

from typing import Any

import pytest

from classify_pixels.inference.bands import whole_number_warnings
from classify_pixels.inference.models import Normalization

BYTES = (0, 255)
TO_UNIT = Normalization((0.0,), (255.0,), (0.0,), (1.0,))


def warnings(limits: Any, *ranges: Any, stats: Normalization | None = None) -> list[Any]:
    return [
        (event.values["range"], event.values["least"], event.values["most"])
        for event in whole_number_warnings(limits, stats, ranges)
    ]


@pytest.mark.parametrize(
    ("limits", "values"),
    [
        (BYTES, (0.0, 255.0)),
        (BYTES, (3.5, 200.0)),
        # A mask, or a scene that is nearly black.
        (BYTES, (0.0, 1.0)),
        ((0, 65_535), (200.0, 9000.0)),
        ((-128, 127), (-100.0, 100.0)),
        (None, (0.0, 9000.0)),
        (None, (0.02, 0.4)),
    ],
)
def test_values_that_fit_are_no_matter(limits: Any, values: Any) -> None:
    assert warnings(limits, values) == []


@pytest.mark.parametrize("values", [(200.0, 9000.0), (-20.0, 100.0), (0.02, 0.4), (-1.2, 1.3)])
def test_values_that_are_cut_off_or_rounded_to_nothing_are_told(values: Any) -> None:
    assert warnings(BYTES, values) == [(f"{values[0]:g} … {values[1]:g}", 0, 255)]


def test_values_count_as_they_are_after_normalisation() -> None:
    assert warnings(BYTES, (10.0, 204.0), stats=TO_UNIT) == [("0.03922 … 0.8", 0, 255)]


def test_nothing_is_said_of_bands_without_values() -> None:
    assert warnings(BYTES, None, (0.0, 9000.0)) == warnings(BYTES) == []
