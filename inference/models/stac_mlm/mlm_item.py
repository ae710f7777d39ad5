# SPDX-License-Identifier: GPL-2.0-or-later
"""STAC items with the Machine Learning Model extension (mlm:…), read into a ModelDefinition.

Source of the format: github.com/stac-extensions/mlm, versions 1.0 to 1.6.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import PurePosixPath
from typing import Any

from ...errors import ModelKeyError, ModelKeyMissingError
from ...phrase import Phrase, printable
from ..definition import LAYOUTS, MOST_BANDS, ModelClass, ModelDefinition, Normalization
from ..emd.emd_classes import default_color
from ..keys import LARGEST, Keys
from ..other_task import other_task_error
from .mlm_bands import ItemBands, read_item_bands
from .mlm_scaling import CLIP, CLIP_VALUES, OLD_TYPE, read_scaling

PREFIX = "mlm:"
MODEL_ROLE = "mlm:model"
TASKS = ("semantic-segmentation", "segmentation", "classification")
CLASS_LISTS = ("classification:classes", "classification_classes")
ROWS, COLUMNS = ("height", "y", "rows"), ("width", "x", "columns", "cols")
DATES = ("time", "t", "times", "temporal", "date")
CHANNELS = ("channel", "channels", "band", "bands")

# The tile size of networks whose item permits any size.
ANY_SIZE = 256

# Supported files, in order of preference.
PREFERRED = (".onnx", ".pt2", ".safetensors", ".torchscript", ".pt", ".pth", ".pb")


def is_mlm_item(document: Mapping[str, Any]) -> bool:
    """True for a STAC item that describes a model."""
    properties = document.get("properties")
    is_item = document.get("type") == "Feature" and isinstance(properties, Mapping)
    return is_item and any(str(key).startswith(PREFIX) for key in properties or ())


def parse_mlm_item(document: Mapping[str, Any], model: str) -> ModelDefinition:
    """Returns the definition in an item; `model` names it in errors."""
    item = Keys(document, model)
    properties = item.inner("properties")
    _check_tasks(properties)
    source = _only_input(properties)
    structure = source.inner("input")
    sizes, layout = _read_shape(structure)
    channels, times = sizes["C"], sizes["T"] or 1
    asset = model_asset(document, model)
    bands = read_item_bands(source, document, asset, channels)
    normalization = read_scaling(source, len(bands.references))
    if times > 1:
        # Names and wavelengths are those of one date, and do not distinguish the dates.
        bands, normalization = _of_dates(bands, times, model), _repeated(normalization, times)
    return ModelDefinition(
        name=printable(properties.text("mlm:name") or item.text("id") or PurePosixPath(model).stem),
        weights=str(asset["href"]).split("?")[0].split("#")[0],
        framework=str(asset.get("mlm:framework") or properties.text("mlm:framework")),
        tile_height=sizes["H"] or ANY_SIZE,
        tile_width=sizes["W"] or ANY_SIZE,
        bands=bands.references,
        classes=_read_classes(properties),
        layout=layout,
        band_names=bands.names,
        wavelengths=bands.wavelengths,
        normalization=normalization,
        times=times if times > 1 else None,
        description=properties.text("description"),
        version=printable(properties.text("version")),
        ignored=_ignored(source, properties),
    )


def model_asset(document: Mapping[str, Any], model: str) -> Mapping[str, Any]:
    """Returns the asset with the weights: the preferred one of those with the role of a model."""
    assets = document.get("assets")
    found = [
        asset
        for asset in (assets.values() if isinstance(assets, Mapping) else ())
        if isinstance(asset, Mapping) and MODEL_ROLE in _list(asset.get("roles")) and isinstance(asset.get("href"), str)
    ]
    if not found:
        raise ModelKeyMissingError(model=model, key=f"assets with the role {MODEL_ROLE}")
    return min(found, key=_rank)


def _ignored(source: Keys, properties: Keys) -> tuple[str, ...]:
    """Returns the ignored properties of an item."""
    keys = [key for key in ("resize_type", "pre_processing_function") if source.has(key)]
    if source.has(CLIP_VALUES) and source.text(OLD_TYPE) != CLIP:
        keys.append(CLIP_VALUES)
    if any(output.has("post_processing_function") for output in _outputs(properties)):
        keys.append("post_processing_function")
    return tuple(sorted(keys))


def _outputs(properties: Keys) -> list[Keys]:
    return [Keys(entry, properties.model) for entry in properties.items("mlm:output") if isinstance(entry, dict)]


def _rank(asset: Mapping[str, Any]) -> int:
    suffix = PurePosixPath(str(asset["href"]).split("?")[0]).suffix.lower()
    return PREFERRED.index(suffix) if suffix in PREFERRED else len(PREFERRED)


def _check_tasks(properties: Keys) -> None:
    tasks = properties.items("mlm:tasks")
    if tasks and not set(TASKS) & {str(task) for task in tasks}:
        raise other_task_error(properties.model, ", ".join(map(str, tasks)))


def _only_input(properties: Keys) -> Keys:
    inputs = properties.required_items("mlm:input")
    if len(inputs) != 1 or not isinstance(inputs[0], Mapping):
        names = [str(entry.get("name")) for entry in inputs if isinstance(entry, Mapping)]
        raise ModelKeyError(model=properties.model, key="mlm:input", value=names, expected=Phrase("one image"))
    return Keys(inputs[0], properties.model)


def _of_dates(bands: ItemBands, times: int, model: str) -> ItemBands:
    """Returns the bands of several dates by number, date by date."""
    count = times * len(bands.references)
    if count > MOST_BANDS:
        expected = Phrase("at most {most} bands over all dates", {"most": MOST_BANDS})
        raise ModelKeyError(model=model, key="mlm:input.input.shape", value=count, expected=expected)
    return ItemBands(tuple(range(count)))


def _repeated(normalization: Normalization | None, times: int) -> Normalization | None:
    """Returns the normalisation of one date's bands, repeated for all dates."""
    if normalization is None:
        return None
    return Normalization(*(getattr(normalization, each.name) * times for each in fields(normalization)))


def _read_shape(structure: Keys) -> tuple[dict[str, int | None], str]:
    """Returns the sizes of the axes C, T, H and W, None for any, and the layout."""
    shape, order = structure.required_items("shape"), structure.required_items("dim_order")
    named = [str(name).lower() for name in order]
    layout = _layout(named)
    # The extension's own library writes whole floats.
    sizes = [int(size) if isinstance(size, (int, float)) and 0 < size <= LARGEST else None for size in shape]
    by_name = dict(zip(layout or "", sizes))
    if not layout or len(sizes) != len(layout) or not by_name.get("T", 1):
        raise ModelKeyError(
            model=structure.model,
            key="mlm:input.input.dim_order",
            value=order,
            expected=Phrase(
                "batch, channel, height, width or batch, height, width, channel, with time for several dates, and a "
                "shape with as many numbers"
            ),
        )
    return {axis: by_name.get(axis) for axis in "CTHW"}, layout


def _layout(named: Sequence[str]) -> str | None:
    letters = {"batch": "N"}
    for names, letter in ((ROWS, "H"), (COLUMNS, "W"), (CHANNELS, "C"), (DATES, "T")):
        letters.update(dict.fromkeys(names, letter))
    text = "".join(letters.get(name, "?") for name in named)
    return text if text in LAYOUTS else None


def _read_classes(properties: Keys) -> tuple[ModelClass, ...]:
    """Returns the classes of the first output with classes."""
    outputs = _outputs(properties)
    listed = next((keys.items(key) for keys in outputs for key in CLASS_LISTS if keys.items(key)), None)
    if listed is None:
        raise ModelKeyMissingError(model=properties.model, key="mlm:output with classification:classes")
    classes = tuple(_read_class(entry, properties.model, number) for number, entry in enumerate(listed))
    values = [c.value for c in classes]
    if len(set(values)) != len(values):
        raise ModelKeyError(
            model=properties.model,
            key=CLASS_LISTS[0],
            value=values,
            expected=Phrase("a list of classes with distinct values"),
        )
    return classes


def _read_class(entry: Any, model: str, number: int) -> ModelClass:
    value = entry.get("value") if isinstance(entry, Mapping) else None
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 2**31 - 2:
        raise ModelKeyError(
            model=model, key=f"{CLASS_LISTS[0]}[{number}].value", value=value, expected=Phrase("an integer")
        )
    names = (entry.get(key) for key in ("title", "name", "description"))
    name = printable(next((str(name).strip() for name in names if name), str(value)))
    return ModelClass(value, name, _read_color(entry.get("color_hint"), model, number))


def _read_color(color: Any, model: str, number: int) -> tuple[int, int, int]:
    """Reads RRGGBB, or a list of three numbers, as in the extension's examples."""
    if color is None:
        return default_color(number)
    if isinstance(color, str) and len(color.lstrip("#")) == 6:
        color = [int(part, 16) if _is_hex(part) else -1 for part in re.findall("..", color.lstrip("#"))]
    if isinstance(color, list) and len(color) == 3 and all(isinstance(c, int) and 0 <= c <= 255 for c in color):
        return color[0], color[1], color[2]
    raise ModelKeyError(
        model=model,
        key=f"{CLASS_LISTS[0]}[{number}].color_hint",
        value=color,
        expected=Phrase("six hexadecimal digits"),
    )


def _is_hex(part: str) -> bool:
    return all(letter in "0123456789abcdefABCDEF" for letter in part)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
