# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.bands.model_bands import model_bands
from classify_pixels.inference.models import ModelDefinition, parse_emd, write_emd
from tests.networks import class_definition


def parse(**changes: Any) -> ModelDefinition:
    return parse_emd({**class_definition(Path("net.onnx"), 3, [1, 2], 64), **changes}, "model")


@pytest.mark.parametrize(
    ("keys", "names"),
    [
        ({"BandNames": ["a", "b", "c"], "Bands": ["x"]}, ("a", "b", "c")),
        ({"Bands": ["a", None, "c"]}, ("a", "", "c")),
        ({"ModelParameters": {"band_names": ["a", "b", "c"]}}, ("a", "b", "c")),
        ({"ModelParameters": {"band_names": "a"}}, ()),
        ({"ModelParameters": "none"}, ()),
        ({}, ()),
    ],
)
def test_names_of_bands(keys: dict[str, Any], names: tuple[str, ...]) -> None:
    assert parse(**keys).band_names == names


@pytest.mark.parametrize(
    ("wavelengths", "expected"),
    [
        ([0.49, 0.56, 0.665], (0.49, 0.56, 0.665)),
        ([490, 560, 665.0], (0.49, 0.56, 0.665)),
        ([10.9, 12.0], (10.9, 12.0)),
        ([490, None, 665], ()),
        ([0, 1, 2], ()),
        ([-1.0], ()),
        (["0.49"], ()),
        ([True], ()),
        ([10**400], ()),
        ([float("nan")], ()),
        ({"red": 1}, ()),
        (None, ()),
    ],
)
def test_wavelengths_in_micrometres_or_nanometres(wavelengths: object, expected: tuple[float, ...]) -> None:
    assert parse(ModelParameters={"wavelengths": wavelengths}).wavelengths == pytest.approx(expected)


def test_model_parameters_are_not_reported_as_ignored() -> None:
    assert "ModelParameters" not in parse(ModelParameters={"backbone": "resnet34"}).ignored


@given(st.lists(st.floats(0.1, 99), max_size=12))
def test_wavelengths_are_written_and_read_back(wavelengths: list[float]) -> None:
    definition = parse(ModelParameters={"wavelengths": wavelengths})
    assert definition.wavelengths == tuple(wavelengths)
    assert parse_emd(write_emd(definition), "model") == definition


@pytest.mark.parametrize(
    ("references", "names", "expected"),
    [
        ([0, 1, 2], ["a", "b", "c"], ["a", "b", "c"]),
        ([3, 1], ["a", "b", "c", "d"], ["d", "b"]),
        ([7, 8, 9], ["a", "b", "c"], ["a", "b", "c"]),
        ([2, 1, 0], ["a", "b", "c"], ["1", "2", "3"]),
        ([0, 1, 2], ["a", "b"], ["1", "2", "3"]),
        (["x", "y"], ["a", "b", "c"], ["x", "y"]),
        ([0, 1], ["a", " "], ["a", "2"]),
    ],
)
def test_labels_of_model_bands(references: list[Any], names: list[str], expected: list[str]) -> None:
    definition = parse(ExtractBands=references, BandNames=names)
    assert [band.label for band in model_bands(definition)] == expected


def test_wavelengths_are_picked_like_names() -> None:
    definition = parse(ExtractBands=[2, 0], ModelParameters={"wavelengths": [0.4, 0.5, 0.6]})
    assert [band.wavelength for band in model_bands(definition)] == [0.6, 0.4]
