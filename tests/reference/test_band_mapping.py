# SPDX-License-Identifier: GPL-2.0-or-later
"""Dynamic World on a scene with more bands than it needs, whose values still have Sentinel-2's offset."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.bands.channels import channels_of, read_numbers, unapplied_scales
from classify_pixels.inference.bands.choice import BandChoice, choose_bands
from classify_pixels.inference.bands.mapping import read_band_mapping
from classify_pixels.inference.bands.value_ranges import band_table, range_warnings, sample_ranges
from classify_pixels.inference.models import ModelDefinition, open_model, read_model_reference
from classify_pixels.inference.notices import BandSource, Note
from classify_pixels.inference.raster import GdalInput, GdalSource
from classify_pixels.inference.runtimes import BackendOptions, open_backend
from tests.runs import read


@pytest.fixture
def model(reference_data: Path, tmp_path: Path) -> Any:
    return open_model(read_model_reference(str(reference_data / "models/dynamicworld/dynamicworld.emd")), tmp_path)


def classes(model: Any, scene: Path, mapping: object = None, offset: object = None) -> np.ndarray:
    """Runs the whole scene at once and as it is, as the authors did."""
    with closing(GdalSource(GdalInput(str(scene)))) as source:
        choices = choose_bands(model.definition, source.bands, read_band_mapping(mapping), source.name)
        source.select(channels_of(choices, (), read_numbers(offset, "INPUT_OFFSET")))
        pixels, valid = source.read(source.grid.window)
    assert valid.all()
    with closing(open_backend(model.weights, BackendOptions(bands=9))) as backend:
        return backend.run(pixels[None])[0].argmax(axis=0)


def chosen(definition: ModelDefinition, scene: Path, mapping: object = None) -> tuple[BandChoice, ...]:
    with closing(GdalSource(GdalInput(str(scene)))) as source:
        return choose_bands(definition, source.bands, read_band_mapping(mapping), source.name)


@pytest.fixture
def scenes(reference_data: Path) -> Path:
    return reference_data / "scenes"


@pytest.fixture
def prepared_classes(model: Any, scenes: Path) -> np.ndarray:
    return classes(model, scenes / "s2_amazon_dw9_boa_dn_epsg4326.tif")


@pytest.mark.parametrize(
    "mapping",
    [None, "2,3,4,5,6,7,8,11,12", "B2,B3,B4,B5,B6,B7,B8,B11,B12", "B8=nir;9=swir22", {"B2": 2}],
    ids=["found by name", "numbers", "names", "common names", "one band"],
)
def test_bands_by_name_and_an_offset_give_the_classes_of_the_prepared_scene(
    model: Any, scenes: Path, prepared_classes: np.ndarray, mapping: object
) -> None:
    scene = scenes / "s2_amazon_12b_dn_epsg4326.tif"
    assert np.array_equal(classes(model, scene, mapping, offset=-1000), prepared_classes)


def test_the_prepared_scene_gives_the_authors_classes(prepared_classes: np.ndarray, reference_data: Path) -> None:
    truth = read(reference_data / "truth" / "s2_amazon__dynamicworld_minus1000_class.tif")
    assert np.array_equal(prepared_classes, truth)


def test_values_as_stored_give_the_authors_classes_of_values_as_stored(
    model: Any, scenes: Path, reference_data: Path
) -> None:
    """All pixels but one, whose two best classes have equal scores to six digits."""
    truth = read(reference_data / "truth" / "s2_amazon__dynamicworld_asstored_class.tif")
    found = classes(model, scenes / "s2_amazon_12b_dn_epsg4326.tif")
    assert (found != truth).sum() <= 1


def test_the_table_says_which_bands_feed_dynamic_world(model: Any, scenes: Path) -> None:
    with closing(GdalSource(GdalInput(str(scenes / "s2_amazon_12b_dn_epsg4326.tif")))) as source:
        choices = choose_bands(model.definition, source.bands, read_band_mapping(None), source.name)
        source.select(channels_of(choices))
        lines = band_table(choices, sample_ranges(source, source.grid.window))
    assert (lines[0].kind, lines[0].values["label"], lines[0].values["band"]) == (Note.BAND_BY_NAME, "B2", "2 B2")
    assert lines[0].values["range"].startswith("11")
    assert [choice.band.name for choice in choices] == list(model.definition.band_names)


@pytest.mark.parametrize(
    ("scene", "warned"),
    [
        ("l7_olinda/l7_olinda_6b_toa_x10000_utm25s.tif", "0.0001"),
        ("l5_amazon_6b_toa_x10000_uint16_utm22n.tif", "0.0001"),
        ("l7_olinda/L7_ETMs.tif", "0.01"),
        ("l5_amazon_6b_toa_utm22n.tif", ""),
        ("ukis_sentinel2_6b_toa_nocrs.tif", ""),
    ],
)
def test_a_cloud_model_of_reflectance_warns_of_other_values(
    reference_data: Path, scenes: Path, tmp_path: Path, scene: str, warned: str
) -> None:
    path = tmp_path / "model.emd"
    path.write_bytes((reference_data / "models/ukis_csmask/model_6b_l1c.emd").read_bytes())
    (tmp_path / "model_6b_l1c.onnx").touch()
    definition = open_model(read_model_reference(str(path)), tmp_path).definition
    with closing(GdalSource(GdalInput(str(scenes / scene)))) as source:
        choices = choose_bands(definition, source.bands, read_band_mapping(None), source.name)
        channels = channels_of(choices)
        source.select(channels)
        found = range_warnings(definition, sample_ranges(source, source.grid.window), channels)
    assert [event.values["scale"] for event in found] == [warned] * bool(warned)


def test_bands_of_a_wider_scene_feed_the_cloud_model(reference_data: Path, scenes: Path, tmp_path: Path) -> None:
    """Its bands are called by common names, the scene's by Sentinel-2's numbers."""
    path = tmp_path / "model.emd"
    path.write_bytes((reference_data / "models/ukis_csmask/model_6b_l2a.emd").read_bytes())
    (tmp_path / "model_6b_l2a.onnx").touch()
    definition = open_model(read_model_reference(str(path)), tmp_path).definition
    choices = chosen(definition, scenes / "s2_amazon_12b_dn_epsg4326.tif")
    assert [choice.band.name for choice in choices] == ["B2", "B3", "B4", "B8", "B11", "B12"]


def test_a_scale_that_a_file_carries_is_told(scenes: Path) -> None:
    with closing(GdalSource(GdalInput(str(scenes / "odd/rio-tiler/cog_scale_epsg4326.tif")))) as source:
        choices = [BandChoice(band.name, band, BandSource.NUMBER) for band in source.bands]
    (warning,) = unapplied_scales(choices, channels_of(choices))
    assert warning.values == {"scale": "0.0001,0.001", "offset": "1000,2000"}
