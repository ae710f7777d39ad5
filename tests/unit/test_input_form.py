# SPDX-License-Identifier: GPL-2.0-or-later
"""The axes of inputs: how they are told apart, and pixels brought into them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.errors import ModelKeyError, NetworkMismatchError
from classify_pixels.inference.models import parse_emd, write_emd
from classify_pixels.inference.runtimes import BackendOptions
from classify_pixels.inference.runtimes.input_form import choose_layout, to_layout
from classify_pixels.inference.runtimes.output_form import OutputForm, fitting_axes
from tests.networks import class_definition

NETWORK = Path("n.onnx")


@pytest.mark.parametrize("layout", ["NCHW", "NHWC", "NTCHW", "NCTHW", "NTHWC", "NC", "NTC", "NCT"])
def test_each_pixel_finds_its_place(layout: str) -> None:
    images, times, bands, height, width = 2, 3, 4, 5, 6
    pixels = np.arange(images * times * bands * height * width, dtype=np.float32)
    pixels = pixels.reshape(images, times * bands, height, width)
    found = to_layout(pixels, layout, times)
    for n, t, c, h, w in np.ndindex(images, times, bands, height, width):
        row = (n * height + h) * width + w
        place = {"N": n if "H" in layout else row, "T": t, "C": c if "T" in layout else t * bands + c, "H": h, "W": w}
        assert found[tuple(place[axis] for axis in layout)] == pixels[n, t * bands + c, h, w]


@pytest.mark.parametrize(
    ("sizes", "options", "layout"),
    [
        ([None, 5], {}, "NC"),
        ([None, 1, 5], {}, "NTC"),
        ([None, 5, 1], {}, "NCT"),
        ([None, 3, 4], {"times": 3, "bands": 12}, "NTC"),
        ([None, 4, 3], {"times": 3, "bands": 12}, "NCT"),
        ([None, None, 4], {"times": 3, "bands": 12}, "NTC"),
        ([None, 3, 3], {"times": 3, "bands": 9, "layout": "NCT"}, "NCT"),
        ([1, 3, 1, 64, 64], {}, "NCTHW"),
        ([1, 1, 3, 64, 64], {}, "NTCHW"),
        ([1, 1, 64, 64, 3], {}, "NTHWC"),
        ([1, 1, 1, 64, 64], {}, "NTCHW"),
        ([1, 1, 3, 64, 64], {"bands": 3, "layout": "NCHW"}, "NTCHW"),
        ([None, 2, 3, None, None], {"times": 2, "bands": 6}, "NTCHW"),
        ([None, 3, 2, None, None], {"times": 2, "bands": 6}, "NCTHW"),
        ([None, 2, None, None, 3], {"times": 2, "bands": 6}, "NTHWC"),
    ],
)
def test_layouts_are_told_by_their_sizes(sizes: list[int | None], options: dict[str, Any], layout: str) -> None:
    assert choose_layout(NETWORK, sizes, BackendOptions(**options)) == layout


@pytest.mark.parametrize(
    ("sizes", "options", "match"),
    [
        ([None, 3, 4], {}, '"Times": 3'),
        ([None, 3, 4], {"times": 2, "bands": 12}, "12 bands of 2 dates"),
        ([None, 3, 3], {"times": 3, "bands": 9}, "NTC or NCT"),
        ([1, 3, 3, 64, 64], {"times": 3, "bands": 9}, "NTCHW or NCTHW"),
        ([1, None, None, 64, 64], {"times": 3, "bands": 9}, "NTCHW or NCTHW"),
        ([1, 3, 64, 64], {"layout": "NTC"}, "ModelFormat is NTC"),
        ([1, 2, 4, 64, 64], {"times": 3, "bands": 12, "layout": "NTCHW"}, "3 dates"),
    ],
)
def test_what_several_layouts_fit_or_none_is_refused(
    sizes: list[int | None], options: dict[str, Any], match: str
) -> None:
    with pytest.raises(NetworkMismatchError, match=match):
        choose_layout(NETWORK, sizes, BackendOptions(**options))


@pytest.mark.parametrize("axes", ["NTCHW", "NCTHW", "NTHWC", "NC", "NTC", "NCT", "N"])
def test_outputs_of_one_date_and_rows_become_images(axes: str) -> None:
    images, channels, height, width = 2, 1 if axes == "N" else 3, 4, 5
    scores = np.random.default_rng(1).random((images, channels, height, width), np.float32)
    given = to_layout(scores, "NC" if axes == "N" else axes)
    given = given[:, 0] if axes == "N" else given
    assert axes in fitting_axes(given.shape, (images, height, width))
    assert (OutputForm(axes=axes).read(given, (images, height, width)) == scores).all()
    assert not OutputForm(axes=axes).is_of((7, *given.shape[1:]), (images, height, width))


def test_an_output_of_several_dates_is_no_image() -> None:
    assert fitting_axes((1, 2, 3, 8, 8), (1, 8, 8)) == ()


def definition(**own: Any) -> dict[str, Any]:
    return class_definition(NETWORK, 6, (0, 1), 64, ClassifyPixels=own)


def test_dates_and_inputs_are_read_and_written_back() -> None:
    inputs = {"t": 1.5, "size": [64, 64], "on": True, "grid": [[1, 2], [3, 4]]}
    found = parse_emd(definition(Times=3, Inputs=inputs), "m")
    assert found.times == 3
    assert dict(found.inputs) == {"t": 1.5, "size": (64, 64), "on": True, "grid": ((1, 2), (3, 4))}
    assert parse_emd(write_emd(found), "m") == found


@pytest.mark.parametrize(
    ("own", "match"),
    [
        ({"Times": 4}, "Times"),
        ({"Times": 0}, "Times"),
        ({"Times": 10**30}, "Times"),
        ({"Times": "many"}, "Times"),
        ({"Inputs": [1]}, "Inputs"),
        ({"Inputs": {"t": "now"}}, "Inputs.t"),
        ({"Inputs": {"t": None}}, "Inputs.t"),
        ({"Inputs": {"t": []}}, "Inputs.t"),
        ({"Inputs": {"t": [[1], [1, 2]]}}, "Inputs.t"),
        ({"Inputs": {"t": [[[[[[[[1]]]]]]]]}}, "Inputs.t"),
        ({"Inputs": {"t": float("nan")}}, "Inputs.t"),
        ({"Inputs": {"t": {"a": 1}}}, "Inputs.t"),
        ({"Inputs": {"t": [0] * 70_000}}, "at most"),
    ],
)
def test_what_is_no_date_or_value_is_refused(own: dict[str, Any], match: str) -> None:
    with pytest.raises(ModelKeyError, match=match):
        parse_emd(definition(**own), "m")
