# SPDX-License-Identifier: GPL-2.0-or-later
"""YAML training configurations of networks by TorchGeo, TerraTorch or other Lightning-based libraries.

Sources of the keys: the command line of Lightning (lightning.ai/docs, LightningCLI), the trainers of TorchGeo
(torchgeo.readthedocs.io), and the tasks and data modules of TerraTorch (terrastackai.github.io/terratorch). Means and
standard deviations are those of values multiplied by constant_scale.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import ModelKeyError, NetworkMismatchError, SideFileError, YamlReaderMissingError
from ..phrase import Phrase, printable
from .definition import MOST_BANDS, MOST_CLASSES, BandReference, ModelDefinition, Normalization
from .keys import Keys
from .onnx_metadata import LARGEST_TILE, read_names, values_of_names
from .other_task import DETECTION, INSTANCES, REGRESSION, SCENES, other_task_error
from .side_file import read_side_file
from .yaml_text import YamlError, YamlMissingError, read_yaml

SUFFIXES = (".yaml", ".yml")
# Names of Lightning's and TerraTorch's copies of a configuration.
GENERAL_NAMES = ("config", "config_deploy")
LARGEST_FILE = 256 * 1024

# Keys that distinguish such a configuration from other files of a general name, and keys of a network's own.
GENERAL_SIGNS = re.compile(r"\b(class_path|img_norm_cfg)\b")
OWN_SIGNS = re.compile(r"\b(class_path|img_norm_cfg|class_names|num_classes|means?|bands)\b")

# Tasks without a class per pixel, by fragments of their class names.
TASKS = (
    (re.compile(r"InstanceSegmentation"), INSTANCES),
    (re.compile(r"Detection"), DETECTION),
    (re.compile(r"Regression|Reconstruction"), REGRESSION),
    (re.compile(r"(?<!Pixel)(?<!Pixelwise)Classification"), SCENES),
    (re.compile(r"(MoCo|SimCLR|BYOL|MAE|Autoencoder|IOBench)\w*Task"), "pretraining"),
)

# In order of precedence.
MEANS, STDS = ("means", "mean"), ("stds", "std")
FACTORS = ("constant_scale", "rescale_factor", "rescale")
NAMES, COUNTS = ("class_names", "classes"), ("num_classes",)
TILES = ("img_size", "image_size", "tile_size", "patch_size")
# Keys of the selected bands, of the raster's bands, and of the network's bands.
PICKED_BANDS, RASTER_BANDS, BANDS = ("output_bands",), ("dataset_bands",), ("bands", "backbone_bands", "model_bands")

# They change the network's input, and are not applied.
TRANSFORMS = ("test_transform", "predict_transform", "no_data_replace")
# A step of transforms that leaves values as they are.
TO_TENSOR = "ToTensorV2"
BYTE, LARGEST_NUMBER = 255.0, 3e38
LEAST_FACTOR = 1e-12


@dataclass(frozen=True)
class TrainingConfig:
    """A training configuration; `model` and `data` hold the arguments of its parts, inner parts last."""

    file: str = ""
    model: tuple[Keys, ...] = ()
    data: tuple[Keys, ...] = ()

    @property
    def says_nothing(self) -> bool:
        """True if there is no such file."""
        return not self.file

    @property
    def tile(self) -> int | None:
        """The width and height of a tile in pixels, the larger one if they differ."""
        crops = _inner(self.model, "tiled_inference_parameters")
        found = _first(crops, ("h_crop", "crop_size")) or _first(self.data, TILES)
        # In a model, the patch is that of a transformer.
        found = found or _first(self.model, TILES[:-1])
        if found is None:
            return None
        keys, key = found
        value = keys.value(key)
        sides = value if isinstance(value, list) else [value]
        return max((Keys({key: side}, keys.model).positive(key, LARGEST_TILE) for side in sides), default=0) or None

    @property
    def bands(self) -> int | None:
        """The number of bands."""
        listed = self._band_list(PICKED_BANDS) or self._band_list(RASTER_BANDS) or self._band_list(BANDS)
        found = _first(self.model, ("in_channels", "in_chans", "num_channels"))
        return len(listed) or (found[0].positive(found[1], MOST_BANDS) if found else None)

    @property
    def class_names(self) -> tuple[str, ...]:
        """The names of the classes from 0, empty if there are none."""
        found = _first((*self.model, *self.data), NAMES)
        if found is None or not isinstance(found[0].value(found[1]), (list, dict)):
            return ()
        return read_names(found[0].value(found[1]), self.file, found[1])

    def applied_to(self, plain: ModelDefinition, channels: int, whole_numbers: bool = False) -> ModelDefinition:
        """Returns the definition of a network from these files, completed from `plain`.

        A network that takes `whole_numbers` gets unscaled values.
        """
        if self.says_nothing:
            return plain
        self._check_count(plain, channels)
        bands, names = self._bands(plain)
        return replace(
            plain,
            bands=bands,
            band_names=names,
            classes=values_of_names(self.class_names, channels) or plain.classes,
            normalization=None if whole_numbers else self._normalization(len(bands)),
            said_beside=(self.file,),
            ignored=tuple(key for key in TRANSFORMS if _says(self.data, key)),
        )

    def _check_count(self, plain: ModelDefinition, channels: int) -> None:
        found = _first((*self.model, *self.data), COUNTS)
        said = found[0].positive(found[1], MOST_CLASSES) if found else None
        count = len(self.class_names) or said
        # A single channel holds class numbers, or the score of one of two classes.
        if count is not None and channels not in (1, count):
            values = {"channels": channels, "file": self.file, "classes": count}
            reason = Phrase("it returns {channels} channels, but {file} lists {classes} classes", values)
            raise NetworkMismatchError(weights=plain.weights, reason=reason)

    def _bands(self, plain: ModelDefinition) -> tuple[tuple[BandReference, ...], tuple[str, ...]]:
        """Returns the bands of the raster, by number from 0, and the band names of the training raster."""
        picked, raster = self._band_list(PICKED_BANDS), self._band_list(RASTER_BANDS)
        listed = raster or picked or self._band_list(BANDS)
        used = picked or listed
        absent = [band for band in used if band not in listed]
        if absent:
            raise self._wrong_bands("output_bands", absent, Phrase("bands of dataset_bands"))
        bands: tuple[BandReference, ...] = tuple(listed.index(band) for band in used) if used else plain.bands
        if len(bands) != len(plain.bands):
            values = {"bands": len(plain.bands), "file": self.file, "listed": len(bands)}
            reason = Phrase("it takes {bands} bands, but {file} lists {listed}", values)
            raise NetworkMismatchError(weights=plain.weights, reason=reason)
        names = tuple(printable(str(band)) if isinstance(band, str) else "" for band in listed)
        return bands, names if any(names) else ()

    def _band_list(self, names: tuple[str, ...]) -> list[BandReference]:
        found = _first((*self.data, *self.model), names)
        if found is None:
            return []
        bands = found[0].value(found[1])
        # Some name a group of bands, such as "rgb", whose order only their own program knows.
        if not isinstance(bands, list):
            return []
        if len(bands) > MOST_BANDS or not all(type(band) in (str, int) for band in bands):
            raise self._wrong_bands(found[1], bands, Phrase("a list of names or numbers of bands"))
        return bands

    def _wrong_bands(self, key: str, value: object, expected: Phrase) -> ModelKeyError:
        return ModelKeyError(model=self.file, key=key, value=value, expected=expected)

    def _normalization(self, bands: int) -> Normalization | None:
        """Returns (x * constant_scale - means) / stds, None if both are absent."""
        sections = (*self.data, *self.model)
        factor = self._factor(sections)
        means, stds = _first(sections, MEANS), _first(sections, STDS)
        if means is None and stds is None and factor == 1:
            return None
        mean = self._per_band(means, bands) if means else (0.0,) * bands
        std = self._per_band(stds, bands) if stds else (1.0,) * bands
        if stds is not None and 0.0 in std:
            raise ModelKeyError(model=self.file, key=stds[1], value=list(std), expected=Phrase("numbers other than 0"))
        return Normalization((0.0,) * bands, (1 / factor,) * bands, mean, std)

    def _factor(self, sections: tuple[Keys, ...]) -> float:
        found = _first(sections, FACTORS)
        if found is None:
            return 1.0
        keys, key = found
        if isinstance(keys.value(key), bool):
            return 1 / BYTE if keys.value(key) else 1.0
        return keys.number(key, least=LEAST_FACTOR, most=1 / LEAST_FACTOR) or 1.0

    def _per_band(self, found: tuple[Keys, str], bands: int) -> tuple[float, ...]:
        """Reads one number per band, or one for all."""
        keys, key = found
        single = not isinstance(keys.value(key), list)
        numbers = [keys.finite(key)] * bands if single else keys.required_numbers(key)
        if any(abs(number) > LARGEST_NUMBER for number in numbers):
            raise ModelKeyError(
                model=self.file, key=key, value=numbers, expected=Phrase("numbers within the range of 32-bit floats")
            )
        if len(numbers) != bands:
            expected = Phrase("a list of {bands} numbers", {"bands": bands})
            raise ModelKeyError(model=self.file, key=key, value=numbers, expected=expected)
        return tuple(numbers)


def read_training_config(weights: Path) -> TrainingConfig:
    """Returns the training configuration of a network, empty if there is none.

    The file has the name of the network, or Lightning's or TerraTorch's. Raises a SideFileError for one that cannot be
    read, a YamlReaderMissingError if PyYAML is missing, and a ModelTypeError if the network was trained for another
    task than segmentation.
    """
    for path, signs in _places(weights):
        text = read_side_file(path, LARGEST_FILE)
        if text is not None and signs.search(text):
            return _config(path, text, weights)
    return TrainingConfig()


def _places(weights: Path) -> Iterator[tuple[Path, re.Pattern[str]]]:
    own, general = (weights.name, weights.stem), GENERAL_NAMES
    for names, signs in ((own, OWN_SIGNS), (general, GENERAL_SIGNS)):
        yield from ((weights.with_name(name + suffix), signs) for name in names for suffix in SUFFIXES)


def _config(path: Path, text: str, weights: Path) -> TrainingConfig:
    try:
        document = read_yaml(text)
    except YamlMissingError as error:
        raise YamlReaderMissingError(file=path) from error
    except YamlError as error:
        raise SideFileError(file=path, reason=error.reason) from error
    if not isinstance(document, dict):
        raise SideFileError(file=path, reason=Phrase("it has no keys"))
    top = Keys(document, path.name)
    model, data = _parts(top, "model"), _parts(top, "data")
    _check_task(top, weights)
    # A flat file has its keys at the top level.
    return TrainingConfig(path.name, (*model, top), (*data, top))


def _parts(top: Keys, name: str) -> tuple[Keys, ...]:
    """Returns the arguments of a part, and those nested in them."""
    part = _section(top, name)
    arguments = _section(part, "init_args") if part.has("init_args") else part
    inner = [_section(arguments, key) for key in ("model_args", "img_norm_cfg", "dataset_kwargs", "dict_kwargs")]
    outer = [_section(top, "img_norm_cfg"), _section(part, "dict_kwargs")]
    return tuple(keys for keys in (arguments, *inner, *outer) if not keys.absent)


def _section(keys: Keys, name: str) -> Keys:
    """Returns an inner mapping, empty for any other value, such as `model: unet`."""
    value = keys.value(name)
    return Keys(value if isinstance(value, dict) else None, keys.model)


def _inner(sections: tuple[Keys, ...], name: str) -> tuple[Keys, ...]:
    return tuple(_section(keys, name) for keys in sections)


def _first(sections: tuple[Keys, ...], names: tuple[str, ...]) -> tuple[Keys, str] | None:
    """Returns the mapping and the name of the first of these keys that is not null."""
    return next(((keys, name) for name in names for keys in sections if keys.has(name)), None)


def _says(sections: tuple[Keys, ...], name: str) -> bool:
    """True if a key has a value that is neither empty nor 0, nor the step that makes tensors of images."""
    found = _first(sections, (name,))
    value = found[0].value(name) if found is not None else None
    steps = [step for step in value if not _makes_tensors(step)] if isinstance(value, list) else value
    return steps not in (None, 0, False, [], {}, "")


def _makes_tensors(step: object) -> bool:
    path = step.get("class_path") if isinstance(step, dict) else step
    return isinstance(path, str) and path.rpartition(".")[2] == TO_TENSOR


def _check_task(top: Keys, weights: Path) -> None:
    path = _section(top, "model").value("class_path")
    named = path.rpartition(".")[2] if isinstance(path, str) else ""
    if "SemanticSegmentation" in named:
        return
    for pattern, task in TASKS:
        if pattern.search(named):
            raise other_task_error(weights.name, f"{printable(named)} ({task})")
