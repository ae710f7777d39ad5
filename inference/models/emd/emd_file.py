# SPDX-License-Identifier: GPL-2.0-or-later
"""Esri model definitions (.emd): JSON read into a ModelDefinition and written back.

Keys as in Esri's documentation of the format (github.com/Esri/raster-deep-learning); `ClassifyPixels` is this plugin's
key, which other readers ignore.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from pathlib import Path, PurePath
from typing import Any

from ...errors import ModelKeyError, ModelKeyMissingError, ModelUnreadableError, TrainingTemplateError
from ...phrase import Phrase, printable
from ...unique_keys import TwoValuesError
from ..architecture import Architecture, refuse_unsupported
from ..definition import (
    CLASS_NUMBERS,
    LAYOUTS,
    LOGITS,
    MOST_BANDS,
    PROBABILITIES,
    BandReference,
    ModelDefinition,
    Normalization,
)
from ..foreign_framework import check_framework
from ..json_text import read_json
from ..keys import Keys
from ..other_task import other_task_error
from .emd_bands import read_band_names, read_wavelengths
from .emd_cell_sizes import read_cell_sizes, write_cell_sizes
from .emd_classes import read_classes
from .emd_inputs import read_inputs, read_times, write_further_inputs
from .emd_network import (
    is_arcgis_learn,
    is_road_extractor,
    other_task,
    read_architecture,
    read_augmentation,
    read_framework,
    read_ignored_channels,
    read_preprocessing,
    write_architecture,
    write_parameters,
    write_preprocessing,
)
from .emd_statistics import imagenet_statistics, read_statistics, with_limits, write_limits, write_statistics
from .emd_template import is_template_without_weights

# The first occurs in definitions, the second in messages of ArcGIS.
PIXEL_MODEL_TYPES = ("imageclassification", "classifypixels", "pixelclassification", "semanticsegmentation")
OWN_KEY = "ClassifyPixels"
PIXEL_SPACE = "PIXEL_SPACE"

# The final activation of a network, which determines the meaning of its output.
ACTIVATIONS = {
    "sigmoid": PROBABILITIES, "softmax": PROBABILITIES, "none": LOGITS, "linear": LOGITS, "logits": LOGITS,
    "argmax": CLASS_NUMBERS,
}  # fmt: skip

# Upper limit for the tile size.
LARGEST_TILE, LARGEST_BATCH = 16_384, 4_096

# Maximum number of reported keys without effect.
MOST_IGNORED = 1_000

# Keys that are read, and keys that never change a pixel; all others are reported as ignored, and most with a warning.
KEYS_READ = frozenset(
    """
    Framework ModelConfiguration ModelType ModelFile ModelName ModelFormat InputLayout ImageHeight ImageWidth
    ExtractBands Bands BandNames Classes NormalizationStats BatchSize Padding ModelPadding Threshold Description
    Version ModelVersion ModelParameters ImageSpaceUsed test_time_augmentation ClassifyPixels MinCellSize MaxCellSize
    SupportsVariableTileSize ignore_mapped_class radiometric_offset_correction OutputActivation
    """.split()
)
# This plugin's keys within the object ClassifyPixels.
OWN_KEYS_READ = frozenset(
    """
    Stride Halo Input Output OutputActivation Times Inputs Lowest Highest MinCellSize MaxCellSize
    """.split()
)
KEYS_WITHOUT_EFFECT = frozenset(
    """
    LearningRate accuracy per_class_metrics ArcGISLearnVersion backend
    resize_to IsMultispectral IsImageNetNormalization ImageryType DoNormalize
    CropSizeFixed BlackenAroundFeature PerProcessGPUMemoryFraction
    ModelConfigurationFile ModelFileConfigurationClass DatasetType RoadOrientation
    """.split()
)
# arcgis.learn's values of metrics have keys that begin with this.
METRIC = "monitored_"
# Parameters of other authors' models that change the network's input; the others describe its layers and its training.
PARAMETERS = "ModelParameters"
OF_VALUES = frozenset(
    """
    mean means std stds stddev std_dev min max normalize normalise normalization normalisation norm scale offset
    rescale clip image_mean image_std
    """.split()
)


def read_emd_text(text: str, model: str) -> Mapping[str, Any]:
    """Returns the JSON object of a model definition; `model` names it in errors.

    Accepts NaN and Infinity tokens, which Python's json module writes into real files.
    """
    try:
        document = read_json(text, unique=True)
    except TwoValuesError as error:
        raise ModelKeyError(model=model, key=error.key, value=error.value, expected=Phrase("set only once")) from error
    except (ValueError, RecursionError) as error:
        raise ModelUnreadableError(model=model, reason=Phrase("it is not JSON ({error})", {"error": error})) from error
    if not isinstance(document, dict):
        raise ModelUnreadableError(model=model, reason=Phrase("its JSON is not an object"))
    return document


def parse_emd(document: Mapping[str, Any], model: str) -> ModelDefinition:
    """Returns the definition in the JSON object of an .emd; `model` names it in errors."""
    keys = Keys(document, model)
    _check_runs(keys)
    height, width = keys.positive("ImageHeight", LARGEST_TILE), keys.positive("ImageWidth", LARGEST_TILE)
    bands = _bands(keys)
    own = keys.inner(OWN_KEY)
    name, preprocessing = printable(keys.text("ModelName") or PurePath(model).stem), read_preprocessing(keys)
    architecture = read_architecture(keys, name, height)
    known = KEYS_READ | KEYS_WITHOUT_EFFECT | ({"Preprocessing"} if preprocessing else set())
    return ModelDefinition(
        name=name,
        weights=_weights(keys, architecture, len(bands)),
        framework=read_framework(keys),
        tile_height=height,
        # arcgis.learn's tiles are square, and their height takes precedence.
        tile_width=height if is_arcgis_learn(keys) else width,
        bands=bands,
        classes=read_classes(keys),
        layout=_layout(keys),
        band_names=read_band_names(keys),
        wavelengths=read_wavelengths(document.get("ModelParameters")),
        normalization=with_limits(_normalization(keys, bands), own, len(bands)),
        batch_size=keys.optional_positive("BatchSize", LARGEST_BATCH),
        padding=keys.optional_count("Padding"),
        model_padding=keys.optional_count("ModelPadding"),
        threshold=keys.fraction("Threshold", default=0.5),
        test_time_augmentation=read_augmentation(keys),
        pixel_space=keys.text("ImageSpaceUsed").upper() == PIXEL_SPACE,
        stride=own.optional_positive("Stride"),
        halo=own.optional_count("Halo"),
        inference_function=keys.text("InferenceFunction"),
        input_name=own.text("Input"),
        output_name=own.text("Output"),
        output_activation=_activation(keys) or _activation(own),
        cell_sizes=read_cell_sizes(document, own),
        description=keys.text("Description"),
        version=printable(keys.text("Version") or keys.text("ModelVersion")),
        architecture=architecture,
        ignored_channels=read_ignored_channels(keys),
        preprocessing=preprocessing,
        times=read_times(own, len(bands)),
        inputs=read_inputs(own),
        ignored=tuple(printable(key) for key in _ignored(document, known, own)),
    )


def _ignored(document: Mapping[str, Any], known: Set[str], own: Keys) -> list[str]:
    """Returns the keys without effect, with their parent object: this plugin's, and parameters that change values."""
    unknown = {f"{OWN_KEY}.{key}" for key in set(own.document or {}) - OWN_KEYS_READ}
    parameters = document.get(PARAMETERS)
    if isinstance(parameters, Mapping):
        unknown |= {f"{PARAMETERS}.{key}" for key in parameters if key.lower() in OF_VALUES}
    others = {key for key in set(document) - known if not key.startswith(METRIC)}
    return sorted(others | unknown)[:MOST_IGNORED]


def write_emd(definition: ModelDefinition) -> dict[str, Any]:
    """Returns the JSON object of an .emd that reads back as the same definition."""
    document: dict[str, Any] = {
        "Framework": definition.framework,
        "ModelType": "ImageClassification",
        "ModelName": definition.name,
        "ModelFile": definition.weights,
        "ImageHeight": definition.tile_height,
        "ImageWidth": definition.tile_width,
        "ExtractBands": list(definition.bands),
        "Classes": [{"Value": c.value, "Name": c.name, "Color": list(c.color)} for c in definition.classes],
        "Threshold": definition.threshold,
    }
    optional = {
        "ModelFormat": definition.layout,
        "BandNames": list(definition.band_names),
        "ModelParameters": _present(
            {"wavelengths": list(definition.wavelengths), **write_parameters(definition.architecture)}
        ),
        **write_architecture(definition.architecture),
        "ignore_mapped_class": list(definition.ignored_channels),
        **write_preprocessing(definition.preprocessing),
        "NormalizationStats": write_statistics(definition.normalization, definition.bands),
        "BatchSize": definition.batch_size,
        "ImageSpaceUsed": PIXEL_SPACE if definition.pixel_space else None,
        "test_time_augmentation": definition.test_time_augmentation or None,
        "OutputActivation": _written_activation(definition.output_activation),
        "Padding": definition.padding,
        "ModelPadding": definition.model_padding,
        "Description": definition.description,
        "Version": definition.version,
        **write_cell_sizes(definition.cell_sizes, own=False),
        OWN_KEY: _present(
            {
                "Stride": definition.stride,
                "Halo": definition.halo,
                "Input": definition.input_name,
                "Output": definition.output_name,
                **write_further_inputs(definition.times, definition.inputs),
                **write_limits(definition.normalization),
                **write_cell_sizes(definition.cell_sizes, own=True),
            }
        ),
    }
    return {**document, **_present(optional)}


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}


def _check_runs(keys: Keys) -> None:
    """Refuses unsupported models and files that are not models, before missing keys are reported."""
    if is_template_without_weights(keys):
        raise TrainingTemplateError(model=keys.model)
    kind, other = keys.text("ModelType"), other_task(keys)
    if other or (kind and kind.lower().replace(" ", "") not in PIXEL_MODEL_TYPES):
        raise other_task_error(keys.model, other or kind)


def _weights(keys: Keys, architecture: Architecture | None, bands: int) -> str:
    """Returns the file of the weights; if none is named, the error prefers a reason why the network cannot run."""
    weights = keys.text("ModelFile")
    # A Python raster function may contain its network.
    if not weights and not keys.text("InferenceFunction"):
        check_framework(keys.model, Path(), keys.text("Framework"))
        refuse_unsupported(Path("ModelFile"), architecture, bands)
        raise ModelKeyMissingError(model=keys.model, key="ModelFile")
    return weights


def _normalization(keys: Keys, bands: tuple[BandReference, ...]) -> Normalization | None:
    stats = read_statistics(keys.inner("NormalizationStats"), bands)
    if is_road_extractor(keys):
        return None
    # ImageNet has three bands; models with other counts have separate statistics.
    if stats is None and is_arcgis_learn(keys) and len(bands) == 3:
        return imagenet_statistics()
    return stats


def _bands(keys: Keys) -> tuple[BandReference, ...]:
    bands = keys.required_items("ExtractBands")
    if not bands or len(bands) > MOST_BANDS or not all(_is_band(band) for band in bands):
        raise ModelKeyError(
            model=keys.model, key="ExtractBands", value=bands, expected=Phrase("band numbers from 0, or band names")
        )
    return tuple(int(band) if isinstance(band, float) else band for band in bands)


def _is_band(band: object) -> bool:
    if isinstance(band, str):
        return bool(band.strip())
    if isinstance(band, float):
        return band.is_integer() and band >= 0
    return isinstance(band, int) and not isinstance(band, bool) and band >= 0


def _layout(keys: Keys) -> str | None:
    """Returns the order of the input's axes; InputLayout takes precedence, as arcgis.learn always adds ModelFormat."""
    key = "InputLayout" if keys.text("InputLayout") else "ModelFormat"
    layout = keys.text(key).upper() or None
    if layout is not None and layout not in LAYOUTS:
        raise ModelKeyError(model=keys.model, key=key, value=layout, expected=" or ".join(LAYOUTS))
    return layout


def _activation(keys: Keys) -> str:
    """Returns the meaning of a network's output after its final activation, empty if unknown."""
    named = keys.text("OutputActivation")
    if named and named.lower() not in ACTIVATIONS:
        raise ModelKeyError(
            model=keys.model, key="OutputActivation", value=named, expected=Phrase("sigmoid, softmax, none or argmax")
        )
    return ACTIVATIONS[named.lower()] if named else ""


def _written_activation(meaning: str) -> str:
    return next((name for name, known in ACTIVATIONS.items() if known == meaning), "")
