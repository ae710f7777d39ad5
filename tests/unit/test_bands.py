# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.bands.choice import BandChoice, choose_bands
from classify_pixels.inference.bands.mapping import BandMapping, read_band_mapping
from classify_pixels.inference.errors import AmbiguousBandError, BandMappingError, MissingBandsError
from classify_pixels.inference.models import ModelDefinition
from classify_pixels.inference.notices import BandSource
from classify_pixels.inference.raster import RasterBand

# Band 3 of the raster is an alpha band, which is not offered.
BANDS = (RasterBand(1, "Red"), RasterBand(2, "Green"), RasterBand(4, "NIR"), RasterBand(5, "Green"))
SENTINEL_2 = ["B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B8A", "B9", "B11", "B12"]
CENTRES = [0.443, 0.492, 0.560, 0.665, 0.704, 0.741, 0.783, 0.833, 0.865, 0.945, 1.614, 2.202]


def model(*bands: Any, names: Sequence[str] = (), wavelengths: Sequence[float] = ()) -> ModelDefinition:
    return ModelDefinition(
        "model", "net.onnx", 64, 64, bands, (), band_names=tuple(names), wavelengths=tuple(wavelengths)
    )


def raster(*names: str, wavelengths: Sequence[float] = ()) -> tuple[RasterBand, ...]:
    centres = [*wavelengths, *[None] * len(names)]
    return tuple(RasterBand(n, name, centre) for n, (name, centre) in enumerate(zip(names, centres), start=1))


def choose(definition: ModelDefinition, bands: Sequence[RasterBand], mapping: Any = None) -> tuple[BandChoice, ...]:
    return choose_bands(definition, bands, read_band_mapping(mapping), "scene.tif")


def numbers(choices: Sequence[BandChoice]) -> list[int]:
    return [choice.band.number for choice in choices]


def how(choices: Sequence[BandChoice]) -> list[BandSource]:
    return [choice.how for choice in choices]


# --- by number, as in Esri's ------------------------------------------------------------------------------


def test_numbers_count_the_offered_bands_from_0() -> None:
    choices = choose(model(0, 2, 1), BANDS)
    assert numbers(choices) == [1, 4, 2]
    assert how(choices) == [BandSource.NUMBER] * 3
    assert [choice.label for choice in choices] == ["1", "2", "3"]


def test_a_band_may_be_used_twice() -> None:
    assert numbers(choose(model(1, "nir", 1), BANDS)) == [2, 4, 2]


def test_a_missing_number_is_named_as_users_count() -> None:
    with pytest.raises(MissingBandsError, match=r"needs band 5, scene\.tif has 4 bands \(Red, Green, NIR, Green\)"):
        choose(model(0, 4), BANDS)


@pytest.mark.parametrize(
    "bands",
    [
        raster("", "", ""),
        raster("Band 1", "Band 2", "Band 3"),
        raster("red", "green", "thermal"),
        raster("red", "green", "blue", "blue"),
        raster("B2", "B3", "B4", "B5"),
    ],
    ids=["no names", "names of GDAL", "one name is missing", "one name twice", "Landsat's numbers"],
)
def test_names_that_do_not_settle_all_bands_leave_numbers_as_they_are(bands: tuple[RasterBand, ...]) -> None:
    choices = choose(model(0, 1, 2, names=["blue", "green", "red"]), bands)
    assert numbers(choices) == [1, 2, 3]
    assert how(choices) == [BandSource.NUMBER] * 3
    assert [choice.label for choice in choices] == ["blue", "green", "red"]


@given(st.data())
def test_without_names_every_model_gets_the_bands_of_its_numbers(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 12))
    references = data.draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=12))
    assert numbers(choose(model(*references), raster(*[""] * count))) == [n + 1 for n in references]


# --- by number, with names that settle all bands -----------------------------------------------------------


@given(st.permutations(SENTINEL_2))
def test_descriptions_find_the_bands_of_a_numbered_model_in_any_order(names: list[str]) -> None:
    wanted = ["B2", "B3", "B4", "B8"]
    choices = choose(model(0, 1, 2, 3, names=wanted), raster(*names))
    assert [choice.band.name for choice in choices] == wanted
    assert how(choices) == [BandSource.NAME] * 4


def test_common_names_find_the_bands_of_a_numbered_model() -> None:
    choices = choose(model(0, 1, 2, 3, names=["blue", "green", "red", "NIR1"]), raster(*SENTINEL_2))
    assert [choice.band.name for choice in choices] == ["B2", "B3", "B4", "B8"]
    assert how(choices) == [BandSource.NAME] * 4


def test_wavelengths_on_both_sides_find_the_bands_of_a_numbered_model() -> None:
    bands = raster(*[""] * 12, wavelengths=CENTRES)
    choices = choose(model(0, 1, 2, wavelengths=[0.482, 0.655, 0.865]), bands)
    assert numbers(choices) == [2, 4, 9]
    assert how(choices) == [BandSource.WAVELENGTH] * 3


def test_common_names_find_wavelengths() -> None:
    bands = raster("", "", "", "", wavelengths=[0.833, 0.665, 0.560, 0.492])
    assert numbers(choose(model(0, 1, 2, 3, names=["blue", "green", "red", "nir"]), bands)) == [4, 3, 2, 1]


def test_two_model_bands_never_share_a_band_that_was_found_by_wavelength() -> None:
    bands = raster("", "", wavelengths=[0.66, 0.83])
    assert how(choose(model(0, 1, wavelengths=[0.655, 0.665]), bands)) == [BandSource.NUMBER] * 2


def test_descriptions_come_before_wavelengths() -> None:
    bands = raster("nir", "red", wavelengths=[0.66, 0.83])
    assert numbers(choose(model(0, 1, names=["red", "nir"], wavelengths=[0.66, 0.83]), bands)) == [2, 1]


def test_names_of_all_training_bands_are_picked_by_number() -> None:
    names = ["coastal", "blue", "green", "red", "nir"]
    choices = choose(model(3, 4, names=names), raster("nir", "red"))
    assert numbers(choices) == [2, 1]


def test_names_beside_reordered_numbers_may_mean_either_order_and_are_not_used() -> None:
    choices = choose(model(2, 1, 0, names=["red", "green", "blue"]), raster("red", "green", "blue"))
    assert numbers(choices) == [3, 2, 1]
    assert how(choices) == [BandSource.NUMBER] * 3


# --- by name ------------------------------------------------------------------------------------------------


def test_names_are_found_in_any_case() -> None:
    assert numbers(choose(model("nir", " RED "), BANDS)) == [4, 1]


@pytest.mark.parametrize("names", [["B8", "nir"], ["nir", "B8A"], ["NIR", "NIR1"]])
def test_an_exact_description_comes_before_a_common_name(names: list[str]) -> None:
    assert numbers(choose(model("nir"), raster(*names))) == [1 + [name.lower() for name in names].index("nir")]


def test_a_name_is_understood_through_the_common_names() -> None:
    assert numbers(choose(model("near infrared", "SWIR1"), raster("B2", "B8", "B11", "B12"))) == [2, 3]


def test_a_narrow_near_infrared_stands_in_for_a_missing_wide_one() -> None:
    assert numbers(choose(model("nir"), raster("red", "nir08"))) == [2]


def test_a_name_is_found_by_wavelength() -> None:
    choices = choose(model("red", "swir22"), raster("a", "b", "c", wavelengths=[0.56, 0.665, 2.2]))
    assert numbers(choices) == [2, 3]
    assert how(choices) == [BandSource.WAVELENGTH] * 2


def test_stacs_common_name_counts() -> None:
    assert numbers(choose(model("nir08"), [RasterBand(1, "B4"), RasterBand(2, "B5", common_name="nir08")])) == [2]


def test_what_envi_appends_to_a_name_does_not_count() -> None:
    assert numbers(choose(model("NIR"), raster("red (665.0 Nanometers)", "nir (842.5 Nanometers)"))) == [2]


def test_a_missing_name_is_quoted() -> None:
    with pytest.raises(MissingBandsError, match=r'needs band "SWIR", scene\.tif has 1 bands\..*Band mapping'):
        choose(model("SWIR"), [RasterBand(1, "")])


@pytest.mark.parametrize(
    ("wanted", "bands", "candidates"),
    [
        ("Green", BANDS, "2 Green, 5 Green"),
        ("nir", raster("a", "b", wavelengths=[0.833, 0.865]), "1 a, 2 b"),
        ("rededge", raster("rededge", "rededge"), "1 rededge, 2 rededge"),
    ],
)
def test_an_ambiguous_name_is_an_error(wanted: str, bands: tuple[RasterBand, ...], candidates: str) -> None:
    with pytest.raises(AmbiguousBandError, match=f'of scene.tif match the model.s band "{wanted}": {candidates}'):
        choose(model(wanted), bands)


def test_landsats_numbers_are_not_taken_for_sentinel_2s() -> None:
    with pytest.raises(MissingBandsError, match='needs band "red"'):
        choose(model("red"), raster("B1", "B2", "B3", "B4", "B5", "B7"))


# --- as given ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, BandMapping()),
        ("", BandMapping()),
        ("  ", BandMapping()),
        ([], BandMapping()),
        ({}, BandMapping()),
        ("4,3,2", BandMapping((4, 3, 2))),
        ("4; B3 ;near infrared", BandMapping((4, "B3", "near infrared"))),
        ('[4, "B3"]', BandMapping((4, "B3"))),
        ([4, "3", 2.0], BandMapping((4, 3, 2))),
        (4, BandMapping((4,))),
        ("red=4;nir=B8", BandMapping((), (("red", 4), ("nir", "B8")))),
        ("1 = 4, 2 = 3", BandMapping((), (("1", 4), ("2", 3)))),
        ('{"red": 4, "nir": "B8"}', BandMapping((), (("red", 4), ("nir", "B8")))),
        ({"red": "4", 2: "B8"}, BandMapping((), (("red", 4), ("2", "B8")))),
    ],
)
def test_forms_of_a_mapping(value: object, expected: BandMapping) -> None:
    assert read_band_mapping(value) == expected


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("4,,2", "'' is neither a band number"),
        ("{red: 4}", "not JSON"),
        pytest.param("[" * 100_000, "not JSON", id="deep"),
        ("red=4;nir", '"nir" is not a raster band'),
        ("red=", "'' is neither"),
        ("red=4;red=5", "appears twice"),
        ('{"red": 4, "red": 5}', "appears twice"),
        ([1.5], "1.5 is neither"),
        ([True], "True is neither"),
        ([float("inf")], "inf is neither"),
        ({"red": None}, "None is neither"),
        ([[1]], r"\[1\] is neither"),
    ],
)
def test_a_mapping_that_cannot_be_read(value: object, reason: str) -> None:
    with pytest.raises(BandMappingError, match=f"{reason}.*such as 4,3,2"):
        read_band_mapping(value)


@given(st.text(max_size=30))
def test_any_text_is_a_mapping_or_a_named_error(text: str) -> None:
    with contextlib.suppress(BandMappingError):
        assert isinstance(read_band_mapping(text), BandMapping)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=9))
def test_a_list_of_numbers_is_read_back_from_its_text(given_numbers: list[int]) -> None:
    assert read_band_mapping(",".join(map(str, given_numbers))).in_order == tuple(given_numbers)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("3,2,1", [3, 2, 1]),
        ("nir, red, B", [4, 3, 1]),
        ("1=3;2=2;3=1", [3, 2, 1]),
        ("red=nir", [4, 2, 1]),
        ("b=2;RED=1;green=3", [1, 3, 2]),
    ],
)
def test_a_mapping_wins_over_everything(value: str, expected: list[int]) -> None:
    bands = raster("B", "green", "red", "nir")
    definition = model(0, 1, 2, names=["red", "green", "B"])
    choices = choose(definition, bands, value)
    assert numbers(choices) == expected
    assert BandSource.GIVEN in how(choices)


def test_bands_that_a_mapping_leaves_out_are_found_without_it() -> None:
    choices = choose(model("red", "nir", "panorama"), raster("nir", "x", "red"), "panorama=2")
    assert numbers(choices) == [3, 1, 2]
    assert how(choices) == [BandSource.NAME, BandSource.NAME, BandSource.GIVEN]


def test_numbers_of_a_mapping_are_those_of_gdal() -> None:
    assert numbers(choose(model(0), BANDS, "4")) == [4]


def test_a_model_band_is_found_by_its_common_name() -> None:
    assert numbers(choose(model(0, 1, names=["B4", "B8"]), raster("a", "b"), "near infrared=1;red=2")) == [
        2,
        1,
    ]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("1,2", "band mapping 1,2 cannot be used: the model has 3 bands"),
        (
            "1,2,3",
            r"3 cannot be used: it does not identify one band of scene\.tif; bands: 1 Red, 2 Green, 4 NIR",
        ),
        ("1,2,0", "0 cannot be used"),
        ("1,2,swir", "swir cannot be used"),
        ("1,2,green", "green cannot be used: it does not identify one band"),
        ("blue=1", "blue cannot be used: it does not identify one band of the model; bands: red, nir, 3"),
        ("4=1", "4 cannot be used"),
        ("red=1;1=2", "red=1;1=2 cannot be used: a model band appears twice"),
    ],
)
def test_a_mapping_that_does_not_fit(value: str, reason: str) -> None:
    with pytest.raises(BandMappingError, match=reason):
        choose(model(0, 1, 2, names=["red", "nir", ""]), BANDS, value)
