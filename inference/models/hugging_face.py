# SPDX-License-Identifier: GPL-2.0-or-later
"""Side files of networks from Hugging Face's transformers or optimum.

Source of the keys: the configurations and image processors of transformers (huggingface.co/docs/transformers), which
are config.json and preprocessor_config.json; some exporters write NETWORK.onnx.json with keys of both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import ModelKeyError, NetworkMismatchError, SideFileError
from ..phrase import Phrase
from ..unique_keys import TwoValuesError
from .definition import MOST_BANDS, ModelClass, ModelDefinition, Normalization
from .json_text import read_json
from .keys import Keys
from .onnx_metadata import LARGEST_TILE, read_names, values_of_names
from .other_task import other_task_error
from .side_file import read_side_file

CONFIG, PREPROCESSOR = "config.json", "preprocessor_config.json"

# optimum keeps the files one folder above, if the network is in a folder of this name.
ONNX_FOLDER = "onnx"
NETWORK = "model.onnx"

# Keys that identify a configuration, and keys of an image processor.
SIGNS = frozenset({"id2label", "architectures", "input_height", "input_width"})
PROCESSING = frozenset({"image_mean", "image_std", "do_normalize", "do_rescale", "rescale_factor"})

# Architectures are named after their task, such as SegformerForSemanticSegmentation.
TASK = re.compile(r"[A-Za-z0-9_]+For([A-Z][A-Za-z0-9]+)")
SEMANTIC = "SemanticSegmentation"

RESCALE = 1 / 255
LEAST_FACTOR = 1e-12
RGB = 3


@dataclass(frozen=True)
class HuggingFaceFiles:
    """The configuration of a network and of its image processor, each empty if absent."""

    config: Keys
    processor: Keys

    @property
    def says_nothing(self) -> bool:
        """True if the network has no such side file."""
        return not self.config.document and not self.processor.document

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files in use."""
        return tuple(dict.fromkeys(keys.model for keys in (self.config, self.processor) if keys.document))

    @property
    def tile(self) -> int | None:
        """The width and height in pixels of resized images, the larger one if they differ."""
        size = self.processor.value("size")
        if isinstance(size, Mapping):
            return _longest(self.processor.inner("size"), ("height", "width", "shortest_edge"))
        if isinstance(size, list):
            return None
        return self.processor.optional_positive("size", LARGEST_TILE) or _longest(
            self.config, ("input_height", "input_width")
        )

    @property
    def bands(self) -> int | None:
        """The number of bands."""
        said = (self.config.optional_positive(key, MOST_BANDS) for key in ("input_channels", "num_channels"))
        return next((bands for bands in said if bands), None) or len(self.processor.items("image_mean")) or None

    @property
    def class_names(self) -> tuple[str, ...]:
        """The names of the classes from 0, empty if there are none."""
        names = self.config.value("id2label")
        return read_names(names, self.config.model, "id2label") if names else ()

    def applied_to(self, plain: ModelDefinition, channels: int, whole_numbers: bool = False) -> ModelDefinition:
        """Returns the definition of a network from these files, completed from `plain`.

        A network that takes `whole_numbers` gets unscaled bytes.
        """
        if self.says_nothing:
            return plain
        flipped = self.processor.truth("do_flip_channel_order") and len(plain.bands) == RGB
        return replace(
            plain,
            bands=plain.bands[::-1] if flipped else plain.bands,
            classes=self._classes(channels) or plain.classes,
            normalization=None if whole_numbers else self._normalization(len(plain.bands)),
            said_beside=self.files,
        )

    def _classes(self, channels: int) -> tuple[ModelClass, ...]:
        names = self.class_names
        # A single channel holds class numbers, or the score of one of two classes.
        if names and channels not in (1, len(names)):
            values = {"channels": channels, "file": self.config.model, "classes": len(names)}
            reason = Phrase("it returns {channels} channels, but {file} lists {classes} classes", values)
            raise NetworkMismatchError(weights=self.config.model, reason=reason)
        return values_of_names(names, channels)

    def _normalization(self, bands: int) -> Normalization | None:
        """Returns (x * rescale_factor - image_mean) / image_std, None without a file of the processor.

        A processor rescales unless this is switched off, and normalises if it has a mean.
        """
        keys = self.processor
        if keys.absent:
            return None
        factor = 1.0
        if not keys.has("do_rescale") or keys.truth("do_rescale"):
            factor = keys.number("rescale_factor", least=LEAST_FACTOR) or RESCALE
        mean, std = (0.0,) * bands, (1.0,) * bands
        if keys.truth("do_normalize") if keys.has("do_normalize") else keys.has("image_mean"):
            mean, std = self._per_band("image_mean", bands), self._per_band("image_std", bands)
        if 0.0 in std:
            raise ModelKeyError(
                model=keys.model, key="image_std", value=list(std), expected=Phrase("numbers other than 0")
            )
        return Normalization((0.0,) * bands, (1 / factor,) * bands, mean, std)

    def _per_band(self, key: str, bands: int) -> tuple[float, ...]:
        """Reads one number per band, or one for all."""
        single = self.processor.value(key)
        numbers = (
            self.processor.required_numbers(key) if single is None or isinstance(single, list)
            else [self.processor.finite(key)] * bands
        )  # fmt: skip
        if len(numbers) != bands:
            expected = Phrase("a list of {bands} numbers", {"bands": bands})
            raise ModelKeyError(model=self.processor.model, key=key, value=numbers, expected=expected)
        return tuple(numbers)


def read_files_beside(weights: Path) -> HuggingFaceFiles:
    """Returns the content of a network's side files; raises a SideFileError for an unreadable one.

    Networks for tasks other than segmentation are refused.
    """
    own = _read(weights.with_name(f"{weights.name}.json"))
    config = own if SIGNS & set(own.document or ()) else _read(_beside(weights, CONFIG))
    processor = own if PROCESSING & set(own.document or ()) else _read(_beside(weights, PREPROCESSOR))
    config = config if SIGNS & set(config.document or ()) else Keys(None, config.model)
    _check_task(config, weights)
    return HuggingFaceFiles(config, processor)


def files_beside(weights: Path) -> tuple[Path, ...]:
    """Returns the candidate side files of a network."""
    candidates = (weights.with_name(f"{weights.name}.json"), _beside(weights, CONFIG), _beside(weights, PREPROCESSOR))
    return tuple(path for path in candidates if path.is_file())


def network_in(folder: Path) -> Path | None:
    """Returns the network in a copy of a repository, None if there is none or the choice is ambiguous."""
    if not (folder / CONFIG).is_file():
        return None
    for candidate in (folder / NETWORK, folder / ONNX_FOLDER / NETWORK):
        if candidate.is_file():
            return candidate
    found = [path for path in sorted(folder.iterdir()) if path.suffix.lower() == ".onnx" and path.is_file()]
    return found[0] if len(found) == 1 else None


def _beside(weights: Path, name: str) -> Path:
    """Returns the path of a file in the folder of a network, or above a folder for networks only."""
    beside = weights.with_name(name)
    above = weights.parent.parent / name
    is_above = weights.absolute().parent.name == ONNX_FOLDER and not beside.exists() and above.is_file()
    return above if is_above else beside


def _read(path: Path) -> Keys:
    """Reads a JSON object, empty if there is no file."""
    text = read_side_file(path)
    if text is None:
        return Keys(None, path.name)
    try:
        document: Any = read_json(text, unique=True)
    except TwoValuesError as error:
        raise SideFileError(file=path, reason=Phrase("it has the key {key} twice", {"key": error.key})) from error
    except (ValueError, RecursionError) as error:
        raise SideFileError(file=path, reason=Phrase("it is not JSON ({error})", {"error": error})) from error
    if not isinstance(document, dict):
        raise SideFileError(file=path, reason=Phrase("it is not a JSON object"))
    return Keys(document, path.name)


def _check_task(config: Keys, weights: Path) -> None:
    named = config.items("architectures") if isinstance(config.value("architectures"), list) else []
    tasks = [TASK.fullmatch(str(name)) for name in named]
    others = [match[0] for match in tasks if match and match[1] != SEMANTIC]
    if others and len(others) == len(named):
        raise other_task_error(weights.name, others[0])


def _longest(keys: Keys, names: tuple[str, ...]) -> int | None:
    return max((keys.optional_positive(name, LARGEST_TILE) or 0 for name in names), default=0) or None
