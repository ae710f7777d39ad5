# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.bands.common_names import SENTINEL_2, WAVELENGTHS, common_name, common_names

# Centre wavelengths of Sentinel-2A in micrometres (ESA, Sentinel-2 MSI spectral responses).
SENTINEL_2A = {
    "b1": 0.443, "b2": 0.492, "b3": 0.560, "b4": 0.665, "b5": 0.704, "b6": 0.741, "b7": 0.783, "b8": 0.833,
    "b8a": 0.865, "b9": 0.945, "b10": 1.374, "b11": 1.614, "b12": 2.202,
}  # fmt: skip


@pytest.mark.parametrize("name", WAVELENGTHS)
def test_a_common_name_stands_for_itself(name: str) -> None:
    assert common_name(name) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("B8", "nir"), ("b08", "nir"), ("B8A", "nir08"), ("B02", "blue"), ("NIR1", "nir"), ("Near Infrared", "nir"),
        ("near-infrared", "nir"), ("SWIR 1", "swir16"), ("swir_2", "swir22"), ("Red Edge 2", "rededge075"),
        ("Coastal Aerosol", "coastal"), ("NIR 08", "nir08"), ("Panchromatic", "pan"), ("B10", "cirrus"),
    ],
)  # fmt: skip
def test_spellings(text: str, name: str) -> None:
    assert common_name(text) == name


@pytest.mark.parametrize("text", ["", "Band 1", "swir", "B13", "B0", "b", "temperature", "nir2", "8"])
def test_what_nobody_can_tell_stands_for_nothing(text: str) -> None:
    assert common_name(text) is None


@given(st.sampled_from(sorted(WAVELENGTHS)), st.sampled_from(["", " ", "-", "_"]), st.booleans())
def test_capitals_and_separators_do_not_count(name: str, separator: str, capitals: bool) -> None:
    text = separator.join(name)
    assert common_name(text.upper() if capitals else text) in (name, common_name(name))


@pytest.mark.parametrize(("band", "centre"), SENTINEL_2A.items())
def test_sentinel_2s_bands_lie_within_the_range_of_their_common_name(band: str, centre: float) -> None:
    low, high = WAVELENGTHS[SENTINEL_2[band]]
    assert low <= centre <= high


@pytest.mark.parametrize(
    "texts", [["B2", "B3", "B4", "B8"], ["B02", "B05", "B8A"], ["B4", "B12"], ["B2", "B3", "B4", "B8", "B11"]]
)
def test_sentinel_2s_numbers_are_recognised_together(texts: list[str]) -> None:
    assert common_names(texts) == tuple(common_name(text) for text in texts)


@pytest.mark.parametrize(
    "texts",
    [["B2", "B3", "B4", "B5", "B6", "B7"], ["B1", "B2", "B3"], [f"B{n}" for n in range(1, 12)], ["B4"]],
    ids=["Landsat 8", "three bands", "Landsat 8 with all bands", "one band"],
)
def test_numbers_that_landsat_has_too_stand_for_nothing(texts: list[str]) -> None:
    assert common_names(texts) == (None,) * len(texts)


def test_other_names_count_beside_numbers_that_do_not() -> None:
    assert common_names(["B5", "nir", "QA"]) == (None, "nir", None)
