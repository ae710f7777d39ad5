# SPDX-License-Identifier: GPL-2.0-or-later
"""Metadata of an ONNX network: of Deepness models, and of Ultralytics' semantic ones.

Sources of the keys: the plugin Deepness (github.com/PUTvision/qgis-plugin-deepness), whose values are JSON, and the
exporter of Ultralytics (docs.ultralytics.com), which writes Python literals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..errors import ModelKeyError
from ..phrase import Phrase, printable
from .definition import MOST_BANDS, CellSizes, ModelClass, ModelDefinition, Normalization
from .emd.emd_classes import default_color
from .json_text import read_value
from .keys import Keys
from .other_task import other_task_error

SEGMENTATION = ("segmentor", "segmentation")
TILE_KEYS = ("tile_size", "tiles_size")
NAME_KEYS = ("class_names", "names")
MEAN, STD = "standardization_mean", "standardization_std"
OTHER_TYPES = {
    "det_conf": "Detector",
    "det_iou_thresh": "Detector",
    "det_type": "Detector",
    "reg_output_scaling": "Regressor",
}
ULTRALYTICS = "Ultralytics"

# Keys that distinguish these models from others; `names` alone occurs in many.
SIGNS = frozenset(
    "model_type class_names resolution tile_size tiles_size tiles_overlap standardization_mean standardization_std "
    "seg_thresh seg_small_segment".split()
)

# Pixels of these models are bytes.
WHITE = 255.0
# Their resolution is in centimetres a pixel.
CENTIMETRES = 0.01

# Larger tiles would try a network on gigabytes.
LARGEST_TILE = 8192

# A tile with fewer strides would have no core between its halos; then the stride is better measured.
LEAST_STRIDES = 4


@dataclass(frozen=True)
class OnnxMetadata:
    """The metadata of a network, whose `output` is in use; `values` are parsed.

    Some exporters include the `channels` of the image and the `stride`. Metadata of other kinds of models are ignored.
    """

    values: Mapping[str, Any]
    model: str
    output: int = 0
    channels: int | None = None
    stride: int | None = None

    @property
    def keys(self) -> Keys:
        """The values, checked as they are read."""
        return Keys(self.values, self.model)

    @property
    def says_nothing(self) -> bool:
        """True if no key is one of these models'."""
        return not self.values

    @property
    def tile(self) -> int | None:
        """The width and height of a tile in pixels."""
        key = next((key for key in TILE_KEYS if self.values.get(key) is not None), None)
        if key is None:
            return None
        if self.keys.positive(key) > LARGEST_TILE:
            expected = Phrase("an integer up to {most}", {"most": LARGEST_TILE})
            raise ModelKeyError(model=self.model, key=key, value=self.values[key], expected=expected)
        return self.keys.positive(key)

    @property
    def bands(self) -> int | None:
        """The number of bands, if known from the standardisation or the exporter."""
        return len(self.keys.items(MEAN)) or self.channels

    @property
    def class_names(self) -> tuple[str, ...]:
        """The names of the classes from 0, empty if there are none."""
        key = next((key for key in NAME_KEYS if self.values.get(key)), None)
        return () if key is None else read_names(self.values[key], self.model, key, self.output)

    def applied_to(self, plain: ModelDefinition, channels: int, whole_numbers: bool = False) -> ModelDefinition:
        """Returns the definition of a network from these files, completed from `plain`.

        A network that takes `whole_numbers` gets unscaled bytes: 0 to 1 would round to nothing.
        """
        if self.says_nothing:
            return plain
        tile = min(plain.tile_height, plain.tile_width)
        return replace(
            plain,
            classes=values_of_names(self.class_names, channels) or plain.classes,
            normalization=None if whole_numbers else _normalization(self.keys, len(plain.bands)),
            padding=_padding(self.keys, tile),
            threshold=self.keys.fraction("seg_thresh", default=plain.threshold),
            stride=self.stride if self._lies_on_stride(plain) else plain.stride,
            cell_sizes=_cell_sizes(self.keys),
            ignored=self._ignored(plain, channels, whole_numbers),
        )

    def _lies_on_stride(self, plain: ModelDefinition) -> bool:
        """True for tiles that are multiples of the stride, and large enough for a halo of one stride on each side."""
        sides = plain.tile_height, plain.tile_width
        stride = self.stride
        return stride is not None and all(side % stride == 0 and side >= LEAST_STRIDES * stride for side in sides)

    def _ignored(self, plain: ModelDefinition, channels: int, whole_numbers: bool) -> tuple[str, ...]:
        """Returns unknown keys, and keys without effect on this network."""
        ignored = set(self.values) - SIGNS - {"names"}
        if self.values.get("seg_small_segment"):
            ignored.add("seg_small_segment")
        if channels != 1:
            ignored.add("seg_thresh")
        if whole_numbers or self.values.get(MEAN) is None or self.values.get(STD) is None:
            ignored |= {MEAN, STD}
        if self.tile not in (plain.tile_height, plain.tile_width):
            ignored |= set(TILE_KEYS)
        return tuple(sorted(ignored & set(self.values)))


def read_onnx_metadata(metadata: Mapping[str, str], model: str, output: int = 0) -> OnnxMetadata:
    """Returns the metadata of a network for its output of this number; `model` names it in errors.

    Models for tasks other than segmentation are refused.
    """
    values = {key: _decoded(text) for key, text in metadata.items()}
    _check_type(values, model)
    if values.get("author") == ULTRALYTICS:
        return _of_ultralytics(values, model, output)
    return OnnxMetadata(values if SIGNS & set(values) else {}, model, output)


def _of_ultralytics(values: Mapping[str, Any], model: str, output: int) -> OnnxMetadata:
    """Returns Ultralytics' metadata with Deepness' keys: both take bytes divided by 255."""
    keys = Keys(values, model)
    said: dict[str, Any] = {key: values[key] for key in ("names",) if keys.has(key)}
    sizes = keys.value("imgsz")
    sides = [Keys({"imgsz": side}, model).optional_positive("imgsz", LARGEST_TILE) for side in _listed(sizes)]
    # Tiles are square, and images of any shape were resized to one size.
    said["tile_size"] = max((side or 0 for side in sides), default=0) or None
    channels = keys.optional_positive("channels", MOST_BANDS)
    return OnnxMetadata(said, model, output, channels, keys.optional_positive("stride", LARGEST_TILE))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _decoded(text: str) -> Any:
    """Reads a value; some exporters encode JSON texts twice, such as "10" in quotes."""
    value = read_value(text)
    return read_value(value) if isinstance(value, str) else value


def _check_type(values: Mapping[str, Any], model: str) -> None:
    kind = str(values.get("model_type") or "").strip()
    if not kind:
        kind = next((name for key, name in OTHER_TYPES.items() if key in values), "")
    if not kind and values.get("author") == ULTRALYTICS and values.get("task") != "semantic":
        kind = f"{ULTRALYTICS} {values.get('task')}"
    if kind and kind.lower() not in SEGMENTATION:
        raise other_task_error(model, kind)


def read_names(value: Any, model: str, key: str, output: int = 0) -> tuple[str, ...]:
    """Reads {"0": name}, a list of such for several outputs, or a list of names."""
    error = ModelKeyError(model=model, key=key, value=value, expected=Phrase("names of the classes 0, 1, 2 and so on"))
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        value = value[0] if len(value) == 1 else value[output] if output < len(value) else None
    if isinstance(value, list):
        value = dict(enumerate(value))
    if not isinstance(value, dict):
        raise error
    numbered = {str(number).strip(): name for number, name in value.items()}
    if set(numbered) != {str(number) for number in range(len(numbered))}:
        raise error
    return tuple(printable(str(numbered[str(number)]).strip()) for number in range(len(numbered)))


def values_of_names(names: tuple[str, ...], channels: int) -> tuple[ModelClass, ...]:
    """Returns classes with the name's number as the value, plus one if 0 is reserved for background."""
    has_background = len(names) == 1 if channels == 1 else channels == len(names) + 1
    first = 1 if has_background else 0
    return tuple(ModelClass(value, name, default_color(value)) for value, name in enumerate(names, start=first))


def _normalization(keys: Keys, bands: int) -> Normalization:
    """Returns (x / 255 - mean) / std; both lists are required, otherwise they are ignored."""
    mean, std = (0.0,) * bands, (1.0,) * bands
    if keys.items(MEAN) and keys.items(STD):
        mean, std = _per_band(keys, MEAN, bands), _per_band(keys, STD, bands)
    if 0.0 in std:
        raise ModelKeyError(
            model=keys.model, key=STD, value=list(std), expected=Phrase("a list of numbers other than 0")
        )
    return Normalization((0.0,) * bands, (WHITE,) * bands, mean, std)


def _per_band(keys: Keys, key: str, bands: int) -> tuple[float, ...]:
    numbers = tuple(keys.required_numbers(key))
    if len(numbers) != bands:
        expected = Phrase("a list of {bands} numbers", {"bands": bands})
        raise ModelKeyError(model=keys.model, key=key, value=list(numbers), expected=expected)
    return numbers


def _padding(keys: Keys, tile: int) -> int | None:
    """Returns half of the overlap, a percentage of the tile: each of two neighbours drops a half."""
    percent = keys.number("tiles_overlap", least=0, most=100)
    return None if percent is None else int(tile * percent / 200)


def _cell_sizes(keys: Keys) -> CellSizes | None:
    centimetres = keys.number("resolution", least=0)
    if not centimetres:
        return None
    size = (centimetres * CENTIMETRES,) * 2
    return CellSizes(size, size)
