# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks in arcgis.learn's definitions, for weights that are bare tensors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import ModelKeyError
from ...phrase import Phrase
from ..architecture import Architecture
from ..definition import Preprocessing
from ..input_values import BANDS
from ..keys import Keys

ARCGIS_LEARN = "arcgis.learn"
PARAMETERS, SIZES = "ModelParameters", "pyramid_sizes"
DETECTORS = "SingleShotDetector RetinaNet FasterRCNN YOLOv3 MaskRCNN MMDetection DETReg RTDetrV2".split()
# Models for several dates, all wavelengths or weather forecasts, without classes for pixels.
OTHER_TASKS: dict[tuple[str, ...], str] = {
    ("_psetae_inferencing", "psetae"): "PSETAE",
    ("_hyperspectral3drcnet_inferencing", "hyperspectral3drcnet"): "Hyperspectral3DRCNet",
    ("_climax", "climax"): "ClimaX",
    **{(name.lower(),): f"{name} (object detection)" for name in DETECTORS},
    ("featureclassifier",): "FeatureClassifier (classification of whole images)",
}
# Definitions of Esri's published models lack the key Framework. These names are arcgis.learn's; that of a plain U-Net
# identifies it only together with a key specific to arcgis.learn.
CONFIGURATIONS = frozenset(
    """
    _unet _psp _deeplab_infrencing _tiny_unet _model_extension_inferencing _road_infrencing change_detection
    _psetae_inferencing _hyperspectral3drcnet_inferencing _climax
    """.split()
)
OWN_NAMES = frozenset(
    """
    unetclassifier pspnetclassifier tinyunetclassifier mmsegmentation samlora hededgedetector bdcnedgedetector
    multitaskroadextractor connectnet changedetector modelextension
    """.split()
).union(*OTHER_TASKS)
COMMON_NAMES, OWN_SIGNS = frozenset({"unet", "deeplab"}), frozenset({"ArcGISLearnVersion", "SupportsVariableTileSize"})
STATE_DICT = ".pth"
# For these the key test_time_augmentation is not the argument's default.
NEVER_AUGMENTED = ("_unet", "_deeplab_infrencing")
# Spelled as in arcgis.learn.
ROADS = "_road_infrencing"
LARGEST_CHANNEL = 65_535


def is_arcgis_learn(keys: Keys) -> bool:
    """True for a definition written by arcgis.learn."""
    return read_framework(keys).startswith(ARCGIS_LEARN)


def read_framework(keys: Keys) -> str:
    """Returns the framework, deduced from arcgis.learn's own names if the definition lacks the key."""
    # For arcgis.learn the key holds the path of a Python module within that package.
    if keys.has("Framework"):
        return keys.text("Framework")
    if keys.text("ModelConfiguration").lower() in CONFIGURATIONS:
        return ARCGIS_LEARN
    name, is_signed = keys.text("ModelName").lower(), not OWN_SIGNS.isdisjoint(keys.document or {})
    is_named = name in OWN_NAMES or (name in COMMON_NAMES and is_signed)
    bare = keys.text("ModelFile").lower().endswith(STATE_DICT) or not keys.text("ModelFile")
    return ARCGIS_LEARN if is_named and bare else ""


def other_task(keys: Keys) -> str:
    """Returns the name of arcgis.learn's model for another task, empty for pixel classification.

    Their definitions declare image classification all the same.
    """
    named = {keys.text("ModelConfiguration").lower(), keys.text("ModelName").lower()}
    found = (task for names, task in OTHER_TASKS.items() if not named.isdisjoint(names))
    return next(found, "") if is_arcgis_learn(keys) else ""


def is_road_extractor(keys: Keys) -> bool:
    """True for arcgis.learn's road extractors, which take raw raster values."""
    return is_arcgis_learn(keys) and keys.text("ModelConfiguration").lower() == ROADS


def read_architecture(keys: Keys, name: str, chip: int) -> Architecture | None:
    """Returns the definition's architecture, None if it is not arcgis.learn's.

    `chip` is the tile size, fixed unless SupportsVariableTileSize is set.
    """
    if not is_arcgis_learn(keys):
        return None
    found = (keys.document or {}).get(PARAMETERS)
    parameters = Keys(found if isinstance(found, dict) else None, keys.model)
    return Architecture(
        name=name,
        configuration=keys.text("ModelConfiguration"),
        backbone=parameters.text("backbone"),
        pyramid_sizes=_pyramid_sizes(parameters),
        chip=None if keys.truth("SupportsVariableTileSize") else chip,
    )


def write_architecture(architecture: Architecture | None) -> dict[str, Any]:
    """Returns the keys outside ModelParameters that `read_architecture` reads back."""
    if architecture is None:
        return {}
    return {"ModelConfiguration": architecture.configuration, "SupportsVariableTileSize": architecture.chip is None}


def write_parameters(architecture: Architecture | None) -> dict[str, Any]:
    """Returns the keys of ModelParameters that `read_architecture` reads back."""
    if architecture is None:
        return {}
    return {"backbone": architecture.backbone, SIZES: list(architecture.pyramid_sizes)}


def read_augmentation(keys: Keys) -> bool:
    """Returns the default for test-time augmentation."""
    asked, configuration = keys.truth("test_time_augmentation"), keys.text("ModelConfiguration").lower()
    return asked and not (is_arcgis_learn(keys) and configuration in NEVER_AUGMENTED)


def read_ignored_channels(keys: Keys) -> tuple[int, ...]:
    """Returns the channels of ignore_mapped_class, excluded from the argmax; always including channel 0.

    They are channel indices, not class values.
    """
    channels = keys.items("ignore_mapped_class")
    # Not isinstance: for Python, true and false are whole numbers too.
    if not all(type(channel) is int and 0 <= channel <= LARGEST_CHANNEL for channel in channels):
        raise ModelKeyError(
            model=keys.model, key="ignore_mapped_class", value=channels, expected=Phrase("a list of channels from 0")
        )
    return tuple(sorted({0, *channels})) if channels else ()


def read_preprocessing(keys: Keys) -> Preprocessing | None:
    """Returns the conversion of reflectances to a service's values, None if no known service is named."""
    service = next((name for name in BANDS if name.lower() == keys.text("Preprocessing").lower()), None)
    return Preprocessing(service, keys.truth("radiometric_offset_correction")) if service else None


def write_preprocessing(preprocessing: Preprocessing | None) -> Mapping[str, Any]:
    """Returns the keys that `read_preprocessing` reads back."""
    if preprocessing is None:
        return {}
    return {
        "Preprocessing": preprocessing.service,
        "radiometric_offset_correction": preprocessing.radiometric_offset_correction or None,
    }


def _pyramid_sizes(parameters: Keys) -> tuple[int, ...]:
    sizes = parameters.items(SIZES)
    if not all(type(size) is int and 0 < size <= 64 for size in sizes) or len(sizes) > 16:
        raise ModelKeyError(
            model=parameters.model, key=f"{PARAMETERS}.{SIZES}", value=sizes, expected=Phrase("a list of small numbers")
        )
    return tuple(sizes)
