# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import contextlib
import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.bands.channels import channels_of, parameter_text, read_numbers, unapplied_scales
from classify_pixels.inference.bands.choice import BandChoice
from classify_pixels.inference.errors import InputNumbersError
from classify_pixels.inference.events import Warned
from classify_pixels.inference.notices import Caution
from classify_pixels.inference.raster import Channel, RasterBand

CHOICES = (BandChoice("red", RasterBand(4, "B4"), "by name"), BandChoice("nir", RasterBand(8, "B8"), "by name"))


def scaled(*scales: tuple[float, float]) -> tuple[BandChoice, ...]:
    return tuple(
        BandChoice(str(n), RasterBand(n, "", None, "", scale, offset), "by number")
        for n, (scale, offset) in enumerate(scales, start=1)
    )


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        (None, ()),
        ("", ()),
        ("  ", ()),
        ([], ()),
        (0, (0.0,)),
        (0.0001, (0.0001,)),
        ("1e-4", (0.0001,)),
        ("-1000", (-1000.0,)),
        ("1, 2,3", (1.0, 2.0, 3.0)),
        ("1 2\t3", (1.0, 2.0, 3.0)),
        ("1;2", (1.0, 2.0)),
        ("[1, 2]", (1.0, 2.0)),
        ([1, "2", 3.5], (1.0, 2.0, 3.5)),
        ((1, 2), (1.0, 2.0)),
    ],
)
def test_forms_of_numbers(value: object, numbers: tuple[float, ...]) -> None:
    assert read_numbers(value, "INPUT_SCALE") == numbers


@pytest.mark.parametrize(
    "value", ["x", "nan", "inf", math.nan, math.inf, True, [None], {"a": 1}, "1,x", [[1]], 10**400]
)
def test_what_is_no_number_is_named(value: object) -> None:
    with pytest.raises(InputNumbersError, match="INPUT_OFFSET has the value .*; it must be a number, or one for each"):
        read_numbers(value, "INPUT_OFFSET")


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=9), st.sampled_from([",", " ", "; ", ", "]))
def test_numbers_are_read_back_from_their_text(numbers: list[float], separator: str) -> None:
    assert read_numbers(separator.join(map(repr, numbers)), "INPUT_SCALE") == tuple(numbers)


@given(st.text(max_size=20))
def test_any_text_is_numbers_or_a_named_error(text: str) -> None:
    with contextlib.suppress(InputNumbersError):
        assert all(math.isfinite(number) for number in read_numbers(text, "INPUT_SCALE"))


@pytest.mark.parametrize(
    ("scale", "offset", "channels"),
    [
        ((), (), (Channel(4), Channel(8))),
        ((0.0001,), (), (Channel(4, 0.0001), Channel(8, 0.0001))),
        ((), (-1000.0,), (Channel(4, 1.0, -1000.0), Channel(8, 1.0, -1000.0))),
        ((2.0, 3.0), (5.0, 6.0), (Channel(4, 2.0, 5.0), Channel(8, 3.0, 6.0))),
    ],
)
def test_channels(scale: Sequence[float], offset: Sequence[float], channels: tuple[Channel, ...]) -> None:
    assert channels_of(CHOICES, scale, offset) == channels


@pytest.mark.parametrize(
    ("scale", "offset", "message"),
    [
        (
            (1.0, 2.0, 3.0),
            (),
            "INPUT_SCALE has the value 1,2,3; it must be one number or 2 \\(one per band of the model\\)",
        ),
        ((), (1.0, 2.0, 3.0), "INPUT_OFFSET has the value 1,2,3"),
        ((0.0,), (), "INPUT_SCALE has the value 0; it must be other than 0"),
        ((1.0, 0.0), (), "INPUT_SCALE has the value 1,0; it must be other than 0"),
    ],
)
def test_numbers_that_do_not_fit(scale: Sequence[float], offset: Sequence[float], message: str) -> None:
    with pytest.raises(InputNumbersError, match=message):
        channels_of(CHOICES, scale, offset)


@pytest.mark.parametrize(("numbers", "text"), [((0.0001, 0.0001), "0.0001"), ((1.0, 0.5), "1,0.5"), ((), "")])
def test_parameter_text(numbers: Sequence[float], text: str) -> None:
    assert parameter_text(numbers) == text


def test_a_scale_that_the_file_carries_is_told_with_the_parameters_that_apply_it() -> None:
    choices = scaled((0.0001, -0.1), (0.0001, -0.1))
    (warning,) = unapplied_scales(choices, channels_of(choices))
    assert warning == Warned(Caution.SCALES_UNAPPLIED, {"scale": "0.0001", "offset": "-0.1"})
    applied = channels_of(choices, read_numbers("0.0001", "INPUT_SCALE"), read_numbers("-0.1", "INPUT_OFFSET"))
    assert unapplied_scales(choices, applied) == ()


def test_scales_that_differ_are_told_per_band() -> None:
    choices = scaled((0.0001, 1000.0), (1.0, 0.0), (0.001, 2000.0))
    (warning,) = unapplied_scales(choices, channels_of(choices))
    assert warning.values == {"scale": "0.0001,1,0.001", "offset": "1000,0,2000"}


@pytest.mark.parametrize("scale", [0.0, math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("offset", [0.0, math.nan, math.inf])
def test_no_advice_that_cannot_be_taken(scale: float, offset: float) -> None:
    """Not even where other bands have numbers that could be used."""
    choices = scaled((0.0001, 5.0), (scale, offset))
    (warning,) = unapplied_scales(choices, channels_of(choices))
    assert warning.kind is Caution.SCALES_UNUSABLE


def test_bands_without_a_scale_are_not_worth_a_word() -> None:
    assert unapplied_scales(CHOICES, channels_of(CHOICES)) == ()
