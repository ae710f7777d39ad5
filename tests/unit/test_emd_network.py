# SPDX-License-Identifier: GPL-2.0-or-later
"""What arcgis.learn's definitions say of their network, and what becomes of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.errors import ModelKeyError, ModelTypeError, NetworkMismatchError
from classify_pixels.inference.models import (
    ModelDefinition,
    Preprocessing,
    fit_preprocessing,
    parse_emd,
    preprocess,
    read_arguments,
    resolve_arguments,
    write_emd,
)
from classify_pixels.inference.models.architecture import Architecture
from classify_pixels.inference.network.decision import choose_decision

LEARN = "arcgis.learn.models._inferencing"


def document(values: tuple[int, ...] = (11, 12, 21), bands: int = 3, **keys: Any) -> dict[str, Any]:
    classes = [{"Value": value, "Name": f"class {value}", "Color": [value % 256, 0, 0]} for value in values]
    return {
        "Framework": LEARN,
        "ModelConfiguration": "_unet",
        "ModelType": "ImageClassification",
        "ModelName": "UnetClassifier",
        "ModelFile": "net.pth",
        "ImageHeight": 400,
        "ImageWidth": 400,
        "ExtractBands": list(range(bands)),
        "Classes": classes,
        "ModelParameters": {"backbone": "resnet34", "backend": "pytorch"},
        "SupportsVariableTileSize": True,
        **keys,
    }


def parsed(**keys: Any) -> ModelDefinition:
    return parse_emd(document(**keys), "model.emd")


def test_the_architecture() -> None:
    assert parsed().architecture == Architecture("UnetClassifier", "_unet", "resnet34", (), None)
    definition = parsed(
        ModelName="PSPNetClassifier",
        ModelConfiguration="_psp",
        ModelParameters={"backbone": "resnet50", "pyramid_sizes": [1, 2, 3, 6], "use_unet": True},
        SupportsVariableTileSize=False,
    )
    assert definition.architecture == Architecture("PSPNetClassifier", "_psp", "resnet50", (1, 2, 3, 6), 400)


def test_other_frameworks_have_none() -> None:
    assert parsed(Framework="PyTorch").architecture is None


@pytest.mark.parametrize("parameters", [None, {}, {"backbone": None, "pyramid_sizes": None}, "text"])
def test_what_the_definition_does_not_say_is_empty(parameters: Any) -> None:
    architecture = parsed(ModelParameters=parameters).architecture
    assert architecture is not None
    assert (architecture.backbone, architecture.pyramid_sizes) == ("", ())


def test_without_the_key_the_tile_size_is_fixed() -> None:
    short = document()
    del short["SupportsVariableTileSize"]
    architecture = parse_emd(short, "model.emd").architecture
    assert architecture is not None
    assert architecture.chip == 400


def test_tiles_are_square_and_their_height_has_the_word() -> None:
    assert (parsed(ImageWidth=300).tile_height, parsed(ImageWidth=300).tile_width) == (400, 400)
    assert parsed(ImageWidth=300, Framework="ONNX").tile_width == 300


@pytest.mark.parametrize(
    ("name", "configuration"),
    [
        ("PSETAE", "_psetae_inferencing"),
        ("Hyperspectral3DRCNet", "_hyperspectral3drcnet_inferencing"),
        ("ClimaX", "_climax"),
    ],
)
def test_models_for_other_tasks_are_refused_by_name(name: str, configuration: str) -> None:
    """Some have no list of classes, which is not what is amiss."""
    keys = document(ModelConfiguration=configuration)
    del keys["Classes"]
    with pytest.raises(ModelTypeError, match=rf"model\.emd is of the type {name}\."):
        parse_emd(keys, "model.emd")
    with pytest.raises(ModelTypeError, match=name):
        parsed(ModelName=name)
    assert parsed(ModelName=name, Framework="PyTorch").name == name


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [("_unet", False), ("_deeplab_infrencing", False), ("_psp", True), ("_model_extension_inferencing", True)],
)
def test_augmentation_is_the_default_where_its_makers_take_it_for_one(configuration: str, expected: bool) -> None:
    keys = {"ModelConfiguration": configuration, "test_time_augmentation": True}
    assert parsed(**keys).test_time_augmentation is expected
    assert resolve_arguments(read_arguments({"test_time_augmentation": "true"}), parsed(**keys)).test_time_augmentation
    assert parsed(**keys, Framework="PyTorch").test_time_augmentation


def test_resize_to_has_no_effect_and_the_keys_are_not_reported() -> None:
    keys = {"resize_to": 224, "ignore_mapped_class": [], "Preprocessing": "LandsatService"}
    assert parsed(**keys).ignored == ()
    assert parsed(**keys).tile_height == 400
    assert parsed(Preprocessing="OtherService").ignored == ("Preprocessing",)


@pytest.mark.parametrize("sizes", [[0], [1.5], ["1"], [True], 6, list(range(1, 40))])
def test_pyramid_sizes_that_are_none(sizes: Any) -> None:
    with pytest.raises(ModelKeyError, match="pyramid_sizes"):
        parsed(ModelParameters={"pyramid_sizes": sizes})


@pytest.mark.parametrize("channels", [[-1], ["2"], [2.0], [True], 2, [70_000]])
def test_ignored_channels_that_are_none(channels: Any) -> None:
    with pytest.raises(ModelKeyError, match="ignore_mapped_class"):
        parsed(ignore_mapped_class=channels)


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"SupportsVariableTileSize": False, "ignore_mapped_class": [3, 1]},
        {"Preprocessing": "SentinelService", "radiometric_offset_correction": True},
        {"ModelParameters": {"backbone": "resnet101", "pyramid_sizes": [1, 2], "wavelengths": [0.5, 0.6, 0.7]}},
    ],
)
def test_it_is_written_as_it_is_read(keys: dict[str, Any]) -> None:
    definition = parsed(**keys)
    assert parse_emd(write_emd(definition), "model.emd") == definition


def test_imagenet_statistics_for_three_bands_without_others() -> None:
    stats = parsed().normalization
    assert stats is not None
    assert (stats.minimum, stats.maximum) == ((0.0,) * 3, (255.0,) * 3)
    assert stats.mean == (0.485, 0.456, 0.406)
    assert parsed(bands=4).normalization is None


def test_road_extractors_take_the_numbers_as_they_are() -> None:
    """Exported to ONNX or TorchScript they run, and get no statistics, not even those in their definition."""
    stats = {
        f"{kind}_values": [value] * 3
        for kind, value in (("band_min", 0.0), ("band_max", 9.0), ("scaled_mean", 0.5), ("scaled_std", 0.2))
    }
    assert parsed(NormalizationStats=stats).normalization is not None
    for keys in ({}, {"NormalizationStats": stats}):
        assert parsed(ModelConfiguration="_road_infrencing", **keys).normalization is None


# --- which channel wins --------------------------------------------------------------------------------


def decided(argmax: list[int], given: dict[str, str] | None = None, **keys: Any) -> list[int]:
    """Returns the classes where these channels, of one more than the classes, have the largest score in turn."""
    definition = parsed(**keys)
    channels = len(definition.classes) + 1
    # Behind the largest one the scores fall with the distance from it, so the runner-up is known.
    output = np.array(
        [[[-abs(channel - largest) - 0.1 * channel for largest in argmax]] for channel in range(channels)]
    )
    decision = choose_decision(definition, resolve_arguments(read_arguments(given), definition), channels, np.float32)
    values = decision.decide(output.astype(np.float32))[0].tolist()
    assert set(values) <= {c.value for c in decision.classes}
    return values


def test_background_is_predicted_only_where_the_class_count_says_so() -> None:
    assert decided([0, 1, 2, 3]) == [11, 11, 12, 21]
    assert decided([0, 1, 2, 3], {"predict_background": "True"}) == [0, 11, 12, 21]
    assert decided([0, 1], values=(7,)) == [0, 7]
    assert decided([0, 1], {"predict_background": "False"}, values=(7,)) == [7, 7]


def test_classes_keep_the_order_of_the_definition() -> None:
    assert decided([1, 2, 3], values=(2, 1, 3)) == [2, 1, 3]
    assert decided([0, 1, 2, 3], values=(0, 1, 2)) == [0, 0, 1, 2]


def test_ignored_channels_never_win_and_background_is_one_of_them() -> None:
    given = {"predict_background": "True"}
    assert decided([0, 1, 2, 3], given, ignore_mapped_class=[2]) == [11, 11, 11, 21]
    assert decided([0, 1, 2, 3], given, ignore_mapped_class=[0]) == [11, 11, 12, 21]
    assert decided([0, 1, 2, 3], given, ignore_mapped_class=[]) == [0, 11, 12, 21]
    assert decided([0, 1, 2, 3], given, ignore_mapped_class=[9]) == [11, 11, 12, 21]


def test_a_definition_that_ignores_every_channel_is_refused() -> None:
    with pytest.raises(NetworkMismatchError, match="exclude every class"):
        decided([0], ignore_mapped_class=[1, 2, 3])


# --- reflectances --------------------------------------------------------------------------------------


def test_landsat_reflectances_become_the_service_s_numbers() -> None:
    pixels = np.array([-0.5, 0.0, 0.3, 1.0, 7.0], np.float32).reshape(1, 1, 1, 5)
    numbers = preprocess(pixels, Preprocessing("LandsatService"))
    expected = [(0 + 0.2) / 0.0000275, 0.2 / 0.0000275, 0.5 / 0.0000275, 1.2 / 0.0000275, 1.2 / 0.0000275]
    np.testing.assert_allclose(numbers.ravel(), expected, rtol=1e-6)
    assert numbers.dtype == np.float32


def test_sentinel_reflectances_become_the_service_s_numbers() -> None:
    pixels = np.array([-0.5, 0.0, 0.12344, 0.12346, 9.0], np.float32).reshape(1, 1, 1, 5)
    assert preprocess(pixels, Preprocessing("SentinelService")).ravel().tolist() == [0, 0, 1234, 1235, 65535]
    shifted = preprocess(pixels, Preprocessing("SentinelService", True)).ravel().tolist()
    assert shifted == [-1000, -1000, 234, 235, 64535]


@pytest.mark.parametrize(("service", "bands"), [("LandsatService", 7), ("SentinelService", 12)])
def test_only_as_many_floating_bands_as_the_service_has_are_reflectances(service: str, bands: int) -> None:
    definition = parsed(bands=bands, Preprocessing=service)
    assert fit_preprocessing(definition, [True] * bands) == definition
    for floating in ([True] * (bands - 1), [True] * (bands - 1) + [False], [False] * bands):
        assert fit_preprocessing(definition, floating).preprocessing is None
    assert fit_preprocessing(parsed(), [True] * 7).preprocessing is None
