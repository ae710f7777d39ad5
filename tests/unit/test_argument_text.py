# SPDX-License-Identifier: GPL-2.0-or-later
"""Texts that tables write are read back as what was in the tables."""

from __future__ import annotations

import string

from hypothesis import assume, given
from hypothesis import strategies as st

from classify_pixels.inference.bands import ModelBand, read_band_mapping
from classify_pixels.inference.bands.mapping import given_bands
from classify_pixels.inference.bands.search import known_bands
from classify_pixels.inference.models import read_arguments
from classify_pixels.inference.raster import RasterBand
from classify_pixels.ui.dialog.argument_text import arguments_text, mapping_text

names = st.text(string.ascii_lowercase + "_", min_size=1)
values = st.text(string.printable + "äß;{}", min_size=1).map(str.strip)


@given(st.dictionaries(names, values))
def test_arguments_are_read_back(arguments: dict[str, str]) -> None:
    assert dict(read_arguments(arguments_text(arguments)).texts) == arguments


def test_arguments_are_written_as_geoprocessing_writes_them() -> None:
    assert arguments_text({"padding": "32", "batch_size": "4"}) == "padding 32;batch_size 4"
    assert arguments_text({}) == ""


band_names = st.one_of(st.just(""), st.sampled_from(["red", "nir", "Red", "a;b", "x=y", "[1"]), names)


@given(st.lists(band_names, min_size=1, max_size=6), st.data())
def test_bands_are_read_back(labels: list[str], data: st.DataObject) -> None:
    bands = [ModelBand(place, place - 1, name.strip()) for place, name in enumerate(labels, start=1)]
    assume(all(not band.name.isdigit() for band in bands))
    raster = [RasterBand(number, f"band {number}") for number in range(1, 9)]
    chosen = data.draw(st.dictionaries(st.integers(1, len(bands)), st.integers(1, 8)))
    mapping = read_band_mapping(mapping_text(bands, chosen))
    found = given_bands(mapping, bands, known_bands(raster), "raster")
    assert {place: band.number for place, band in found.items()} == chosen


def test_names_of_raster_bands_are_read_back() -> None:
    bands = [ModelBand(1, "red", "red"), ModelBand(2, "nir", "nir")]
    assert mapping_text(bands, {1: "B4", 2: 8}) == "red=B4;nir=8"
    odd = read_band_mapping(mapping_text(bands, {2: "a;b=c"}))
    assert odd.by_band == (("nir", "a;b=c"),)
