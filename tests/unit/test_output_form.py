# SPDX-License-Identifier: GPL-2.0-or-later
"""Which output of a network is used, what its axes are, and what becomes of its numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.errors import ArgumentError
from classify_pixels.inference.runtimes.output_form import (
    GivenOutput,
    OutputForm,
    chosen_output,
    fitting_axes,
    lacking,
    sigmoid,
)

IMAGE = (1, 64, 48)


def given(*shape: int, dtype: str = "<f4", name: str = "") -> GivenOutput:
    return GivenOutput(name, shape, dtype)


@pytest.mark.parametrize(
    ("axes", "shape"),
    [
        ("NCHW", (2, 5, 8, 6)), ("NHWC", (2, 8, 6, 5)), ("NHW", (2, 8, 6)),
        ("CHW", (5, 8, 6)), ("HWC", (8, 6, 5)), ("HW", (8, 6)),
    ],
)  # fmt: skip
def test_every_form_becomes_images_with_channels(axes: str, shape: tuple[int, ...]) -> None:
    output = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    read = OutputForm(0, axes).read(output)
    sizes = {"N": 1, "C": 1, **dict(zip(axes, shape))}
    assert read.shape == tuple(sizes[axis] for axis in "NCHW")
    named = dict(zip(axes, np.indices(shape)))
    places = [named.get(axis, np.zeros(shape, int)) for axis in "NCHW"]
    assert (read[tuple(places)] == output).all()


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.bool_])
def test_fractions_and_truth_values_become_32_bit_floats(dtype: Any) -> None:
    read = OutputForm().read(np.array([[[[0, 1]]]], dtype))
    assert read.dtype == np.float32
    assert read.tolist() == [[[[0, 1]]]]


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.int64])
def test_whole_numbers_stay_whole(dtype: Any) -> None:
    assert OutputForm().read(np.array([[[[0, 7]]]], dtype)).dtype == dtype


def test_a_sigmoid_is_above_a_half_exactly_where_the_logit_is_above_0() -> None:
    tiny = np.float32(1e-30)
    logits = np.array([-1e30, -200, -1, -1e-9, -tiny, -0.0, 0, tiny, 1e-9, 1e-3, 1, 200, 1e30], np.float32)
    found = sigmoid(logits)
    assert found.dtype == np.float32
    assert ((found > 0.5) == (logits > 0)).all()
    assert (np.diff(found) >= 0).all()
    exact = 1 / (1 + np.exp(-logits.astype(np.float64).clip(-700, 700)))
    np.testing.assert_allclose(found, exact, rtol=0, atol=1e-6)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_sigmoid_hides_no_score_that_is_not_finite(bad: float) -> None:
    assert np.isnan(sigmoid(np.array([bad], np.float32))).all()


@pytest.mark.parametrize(
    ("shape", "image", "axes"),
    [
        ((1, 5, 64, 48), IMAGE, ("NCHW",)),
        ((1, 64, 48, 5), IMAGE, ("NHWC",)),
        ((1, 5, 60, 44), IMAGE, ("NCHW",)),
        ((1, 16, 16, 16), (1, 16, 16), ("NCHW", "NHWC")),
        ((1, 24, 24, 16), (1, 24, 24), ("NHWC",)),
        ((5, 64, 48), IMAGE, ("CHW",)),
        ((64, 48, 5), IMAGE, ("HWC",)),
        ((1, 64, 48), IMAGE, ("NHW", "CHW")),
        ((3, 64, 48), (3, 64, 48), ("NHW",)),
        ((64, 48), IMAGE, ("HW",)),
        ((2, 5, 64, 48), IMAGE, ()),
        ((1, 3), IMAGE, ()),
        ((1, 5, 65, 49), IMAGE, ()),
        ((1, 5, 0, 0), IMAGE, ()),
    ],
)
def test_axes_are_those_that_fit(shape: Any, image: Any, axes: tuple[str, ...]) -> None:
    assert fitting_axes(shape, image) == axes


def test_what_is_lacking() -> None:
    assert lacking("NCHW", (1, 5, 60, 40), IMAGE) == (4, 8)
    assert lacking("NHWC", (1, 60, 40, 5), IMAGE) == (4, 8)
    assert lacking("NCHW", (1, 5, 66, 40), IMAGE) is None
    assert lacking("NHW", (1, 5, 60, 40), IMAGE) is None


@pytest.mark.parametrize(
    ("outputs", "classes", "chosen"),
    [
        ([given(1, 4, 64, 48), given(1, 4, 64, 48)], 4, 0),
        ([given(1, 4, 16, 12), given(1, 4, 64, 48)], 4, 1),
        ([given(1, 64, 64, 48), given(1, 4, 64, 48)], 4, 1),
        ([given(1, 64, 64, 48), given(1, 4, 64, 48)], 3, 1),
        ([given(1, 64, 64, 48), given(1, 4, 64, 48)], None, 0),
        # How sure a network is of its class, beside the class.
        ([given(1, 64, 48), given(1, 64, 48, dtype="<i8")], None, 1),
        ([given(1, 64, 48), given(1, 64, 48, dtype="<i8")], 2, 1),
        ([given(1, 64, 48), given(1, 64, 48, dtype="<i8")], 4, 1),
        ([given(1, 1, 64, 48), given(1, 64, 48, 1, dtype="|b1")], 1, 1),
        ([given(1, 4, 64, 48), given(1, 64, 48, dtype="<i8")], 4, 0),
        ([given(1, 64, 48), given(1, 4, 64, 48)], 4, 1),
        ([given(1, 64, 48, dtype="<i8"), given(1, 4, 64, 48)], 4, 1),
        ([given(1, 64, 48, dtype="<i8"), given(1, 64, 64, 48)], 4, 0),
        ([given(1, 1000), given(1, 4, 64, 48)], 4, 1),
        ([given(dtype="|O"), given(1, 7)], None, 0),
    ],
)
def test_the_output_of_the_classes_is_used(outputs: list[GivenOutput], classes: int | None, chosen: int) -> None:
    assert chosen_output(outputs, IMAGE, "", classes) == chosen


def test_an_output_may_be_asked_for_whatever_it_is() -> None:
    outputs = [given(1, 4, 64, 48, name="out"), given(1, 7, name="aux.0")]
    assert chosen_output(outputs, IMAGE, "aux.0") == chosen_output(outputs, IMAGE, "1") == 1
    with pytest.raises(ArgumentError, match=r"output .* must be out \(or 0\) or aux\.0 \(or 1\)"):
        chosen_output(outputs, IMAGE, "2")
