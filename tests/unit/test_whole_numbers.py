# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks that take whole numbers, and values that would be lost in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto

from classify_pixels.inference.bands import whole_number_warnings
from classify_pixels.inference.models import Normalization, read_model_reference
from classify_pixels.inference.notices import Caution
from classify_pixels.inference.raster import GdalInput
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from tests.networks import identity_network
from tests.unit.rasters import read_raster, write_raster
from tests.unit.runs import Recorder

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


@pytest.mark.parametrize(("scale", "told"), [((), True), ((0.025,), False)])
def test_a_run_tells_and_a_scale_mends(scale: tuple[float, ...], told: bool, tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(200, 9000, size=(3, 40, 50)).astype(np.uint16)
    scene = write_raster(tmp_path / "scene.tif", pixels)
    network = identity_network(tmp_path / "n.onnx", 3, input_type=TensorProto.UINT8)
    progress = Recorder()
    request = ClassificationRequest(
        GdalInput(str(scene)),
        read_model_reference(network),
        tmp_path / "map.tif",
        input_scale=scale,
        environment=Environment(cache=tmp_path / "cache"),
    )
    classify_pixels(request, progress)
    assert bool(progress.said(Caution.WHOLE_NUMBERS)) == told
    expected = np.clip(np.rint(pixels * np.float32(scale[0] if scale else 1)), 0, 255).argmax(axis=0)
    np.testing.assert_array_equal(read_raster(tmp_path / "map.tif"), expected)
