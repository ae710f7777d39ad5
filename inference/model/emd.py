# SPDX-License-Identifier: GPL-2.0-or-later
"""Esri model definitions (.emd): JSON read into a ModelDefinition and written back.

Keys as in Esri's documentation of the format (github.com/Esri/raster-deep-learning); `ClassifyPixels`
is a key of ours that other readers ignore.
"""

from __future__ import annotations

import json
from typing import Any, Mapping, Optional

from ..errors import ModelKeyError, ModelTypeError, ModelUnreadableError
from .definition import BandReference, Color, ModelClass, ModelDefinition, Normalization
from .keys import Keys

PIXEL_MODEL_TYPES = ("imageclassification", "classifypixels", "pixelclassification", "semanticsegmentation")
LAYOUTS = ("NCHW", "NHWC")
OWN_KEY = "ClassifyPixels"

# Keys that are read, and keys that never change a pixel; whatever else is there is reported as ignored.
KEYS_READ = frozenset(
    "Framework ModelConfiguration ModelType ModelFile ModelName ModelFormat ImageHeight ImageWidth ExtractBands "
    "Bands BandNames Classes NormalizationStats BatchSize Padding ModelPadding Threshold Description Version "
    "ModelVersion".split()
) | {OWN_KEY}
KEYS_WITHOUT_EFFECT = frozenset(
    "LearningRate ModelParameters accuracy per_class_metrics ArcGISLearnVersion SupportsVariableTileSize backend "
    "resize_to IsMultispectral IsImageNetNormalization ImageryType DoNormalize ImageSpaceUsed MinCellSize "
    "MaxCellSize CropSizeFixed BlackenAroundFeature".split()
)


def read_emd_text(text: str, model: str) -> Mapping[str, Any]:
    """Returns the JSON object of a model definition; `model` names it in errors.

    NaN and Infinity tokens are accepted: Python's json module writes them, so real files hold them.
    """
    try:
        document = json.loads(text)
    except ValueError as error:
        raise ModelUnreadableError(model=model, reason=f"it is not JSON ({error})") from error
    if not isinstance(document, dict):
        raise ModelUnreadableError(model=model, reason="its JSON is not an object")
    return document


def parse_emd(document: Mapping[str, Any], model: str) -> ModelDefinition:
    """Returns the definition that the JSON object of an .emd describes; `model` names it in errors."""
    keys = Keys(document, model)
    _check_model_type(keys)
    height, width = keys.positive("ImageHeight"), keys.positive("ImageWidth")
    bands = _bands(keys)
    own = keys.inner(OWN_KEY)
    return ModelDefinition(
        name=keys.text("ModelName") or model,
        weights=keys.required_text("ModelFile"),
        framework=keys.text("Framework"),
        tile_height=height,
        tile_width=width,
        bands=bands,
        classes=_classes(keys),
        layout=_layout(keys),
        band_names=tuple(str(name) for name in keys.items("BandNames") or keys.items("Bands")),
        normalization=_normalization(keys.inner("NormalizationStats"), bands),
        batch_size=keys.optional_positive("BatchSize"),
        padding=keys.optional_count("Padding"),
        model_padding=keys.optional_count("ModelPadding"),
        threshold=keys.fraction("Threshold", default=0.5),
        stride=own.optional_positive("Stride"),
        halo=own.optional_count("Halo"),
        description=keys.text("Description"),
        version=keys.text("Version") or keys.text("ModelVersion"),
        ignored=tuple(sorted(set(document) - KEYS_READ - KEYS_WITHOUT_EFFECT)),
    )


def write_emd(definition: ModelDefinition) -> dict[str, Any]:
    """Returns the JSON object of an .emd that is read back as the same definition."""
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
        "NormalizationStats": _written_normalization(definition),
        "BatchSize": definition.batch_size,
        "Padding": definition.padding,
        "ModelPadding": definition.model_padding,
        "Description": definition.description,
        "Version": definition.version,
        OWN_KEY: _present({"Stride": definition.stride, "Halo": definition.halo}),
    }
    return {**document, **_present(optional)}


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}


def _check_model_type(keys: Keys) -> None:
    kind = keys.text("ModelType")
    if kind and kind.lower().replace(" ", "") not in PIXEL_MODEL_TYPES:
        raise ModelTypeError(model=keys.model, type=kind)


def _bands(keys: Keys) -> tuple[BandReference, ...]:
    bands = keys.required_items("ExtractBands")
    if not bands or not all(_is_band(band) for band in bands):
        raise ModelKeyError(
            model=keys.model, key="ExtractBands", value=bands, expected="band numbers from 0, or band names"
        )
    return tuple(bands)


def _is_band(band: object) -> bool:
    if isinstance(band, str):
        return bool(band.strip())
    return isinstance(band, int) and not isinstance(band, bool) and band >= 0


def _layout(keys: Keys) -> Optional[str]:
    layout = keys.text("ModelFormat").upper() or None
    if layout is not None and layout not in LAYOUTS:
        raise ModelKeyError(model=keys.model, key="ModelFormat", value=layout, expected="NCHW or NHWC")
    return layout


def _classes(keys: Keys) -> tuple[ModelClass, ...]:
    items = keys.required_items("Classes")
    classes = tuple(_class(item, keys.model, number) for number, item in enumerate(items))
    values = [c.value for c in classes]
    if not classes or len(set(values)) != len(values):
        raise ModelKeyError(
            model=keys.model, key="Classes", value=values, expected="a list of classes with distinct values"
        )
    return classes


def _class(item: object, model: str, number: int) -> ModelClass:
    """Reads one class; ClassValue and ClassName are older spellings, and names may be numbers."""
    if not isinstance(item, dict):
        raise ModelKeyError(model=model, key=f"Classes[{number}]", value=item, expected="an object")
    value = item.get("Value", item.get("ClassValue"))
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 2**31 - 2:
        raise ModelKeyError(model=model, key=f"Classes[{number}].Value", value=value, expected="an integer")
    name = str(item.get("Name", item.get("ClassName", value))).strip()
    return ModelClass(value, name, _color(item.get("Color"), model, number))


def _color(color: object, model: str, number: int) -> Color:
    """Reads [r, g, b]; training definitions write [-1, -1, -1] for "no colour"."""
    if color is None or color == [-1, -1, -1]:
        return default_color(number)
    if isinstance(color, list) and len(color) >= 3 and all(_is_byte(part) for part in color[:3]):
        return int(color[0]), int(color[1]), int(color[2])
    raise ModelKeyError(
        model=model, key=f"Classes[{number}].Color", value=color, expected="three numbers from 0 to 255"
    )


def _is_byte(part: object) -> bool:
    return isinstance(part, (int, float)) and not isinstance(part, bool) and 0 <= part <= 255


def default_color(number: int) -> Color:
    """Returns the colour of a class that has none: hues a golden angle apart, so that neighbours differ."""
    import colorsys

    red, green, blue = colorsys.hsv_to_rgb((number * 0.381966) % 1.0, 0.65, 0.85)
    return round(red * 255), round(green * 255), round(blue * 255)


def _normalization(stats: Keys, bands: tuple[BandReference, ...]) -> Optional[Normalization]:
    if stats.absent:
        return None
    names = ("band_min_values", "band_max_values", "scaled_mean_values", "scaled_std_values")
    minimum, maximum, mean, std = (_per_band(stats, name, bands) for name in names)
    if any(low == high for low, high in zip(minimum, maximum)):
        raise ModelKeyError(model=stats.model, key=names[1], value=maximum, expected="different from band_min_values")
    if 0.0 in std:
        raise ModelKeyError(model=stats.model, key=names[3], value=std, expected="a list of numbers other than 0")
    return Normalization(minimum, maximum, mean, std)


def _per_band(stats: Keys, name: str, bands: tuple[BandReference, ...]) -> tuple[float, ...]:
    """Picks the model's bands from an array that has a value per band of the training raster."""
    values = stats.required_numbers(name)
    if all(isinstance(band, int) and band < len(values) for band in bands):
        return tuple(values[band] for band in bands if isinstance(band, int))
    if len(values) == len(bands):
        return tuple(values)
    raise ModelKeyError(
        model=stats.model, key=name, value=values, expected=f"a list with a number for each of the bands {list(bands)}"
    )


def _written_normalization(definition: ModelDefinition) -> Optional[dict[str, Any]]:
    stats = definition.normalization
    if stats is None:
        return None
    arrays = {
        "band_min_values": stats.minimum,
        "band_max_values": stats.maximum,
        "scaled_mean_values": stats.mean,
        "scaled_std_values": stats.std,
    }
    return {name: _full_length(values, definition.bands) for name, values in arrays.items()}


def _full_length(values: tuple[float, ...], bands: tuple[BandReference, ...]) -> list[float]:
    """Undoes `_per_band`: the bands that the model does not use get the value of its first one."""
    numbers = [band for band in bands if isinstance(band, int)]
    if len(numbers) < len(bands):
        return list(values)
    full = [values[0]] * (max(numbers) + 1)
    for band, value in zip(numbers, values):
        full[band] = value
    return full
