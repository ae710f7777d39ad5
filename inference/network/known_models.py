# SPDX-License-Identifier: GPL-2.0-or-later
"""Models that this machine has opened before: what was found by trying and probing them.

An entry counts for equal weights, definition, arguments, settings, plugin, runtime libraries and machine, all of which
are in its key, and for the device that runs the network once it is open. It is JSON, never code: frozen values of known
classes. An entry that would not be read back as it was is not written.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from ..models import Model, ModelArguments, ModelDefinition, Normalization, Preprocessing
from ..models.architecture import Architecture
from ..models.arguments import Auto
from ..models.definition import CellSizes, ModelClass
from ..models.hugging_face import files_beside
from ..notices import HaloReason, ProbeFailure, StrideReason
from ..phrase import Phrase
from ..runtimes import BackendOptions, GivenOutput, OutputForm, weights_files
from ..runtimes.runtime import TITLES
from ..tiling import TileShape
from ..version import version
from .augmentation import Orientation
from .call_memory import CallMemory
from .decision import AboveThreshold, LargestScore, ReadyClasses
from .output_values import SeenValues
from .prepared_model import PreparedModel
from .probe import files_sha256, memory_class
from .probe.cache import read_document, write_document
from .settings import NetworkOptions
from .tile_choice import TileReasons

# Changes with the method, so that findings of an older one are not used.
METHOD = 6

VALUES = (
    AboveThreshold, Architecture, CallMemory, CellSizes, GivenOutput, LargestScore, ModelArguments, ModelClass,
    ModelDefinition, Normalization, Orientation, OutputForm, Phrase, PreparedModel, Preprocessing, ReadyClasses,
    SeenValues, TileReasons, TileShape,
)  # fmt: skip
CHOICES = (Auto, HaloReason, ProbeFailure, StrideReason)
BY_NAME: dict[str, type[Any]] = {kind.__name__: kind for kind in (*VALUES, *CHOICES)}

# JSON keys for the class of a value, and for its content if that is not named.
KIND, CONTENT = "kind", "content"


@dataclass(frozen=True)
class KnownModel:
    """A prepared model, the memory of its calls, its device in words, and its library."""

    prepared: PreparedModel
    memory: CallMemory
    device: str
    runtime: str


def known_file(model: Model, options: NetworkOptions, backend: BackendOptions) -> Path | None:
    """Returns the file of an entry; None for a raster function, whose code may change or keep state."""
    if model.function is not None:
        return None
    # Bare weights may be described by files beside them; a definition has been read.
    beside = files_beside(model.weights) if model.definition is None else ()
    folders = [*sys.path, *([] if backend.runtimes is None else [str(backend.runtimes)])]
    parts = {
        "method": [METHOD, version()],
        "weights": files_sha256([*weights_files(model.weights), *beside]),
        "name": model.weights.name,
        "definition": repr(model.definition),
        "arguments": repr(options.arguments),
        # The size of tiles is searched for, and the memory of calls measured, within the free memory.
        "sizes": [options.is_large, memory_class()],
        "backend": repr(backend),
        "libraries": [_version(name, folders) for name in TITLES],
        "machine": [platform.node(), platform.machine(), platform.system(), options.settings.workers],
    }
    name = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
    return options.settings.cache / "models" / f"{name}.json"


def read_known(file: Path) -> KnownModel | None:
    """Returns an entry, None if there is none or the file is damaged."""
    document = read_document(file)
    try:
        found = {field.name: _from_json(document[field.name]) for field in fields(KnownModel)} if document else {}
        known = KnownModel(**found)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return None
    return known if isinstance(known.prepared, PreparedModel) and isinstance(known.memory, CallMemory) else None


def write_known(file: Path, known: KnownModel) -> None:
    """Stores an entry, unless a value of it has no form in JSON."""
    try:
        document = {field.name: _to_json(getattr(known, field.name)) for field in fields(KnownModel)}
        equal = {name: _from_json(value) for name, value in json.loads(json.dumps(document)).items()}
    except TypeError:
        return
    if KnownModel(**equal) == known:
        write_document(file, document)


def _version(name: str, folders: list[str]) -> str:
    """Returns the version of an installed library without importing it, empty if there is none."""
    found = next(iter(importlib.metadata.distributions(name=name, path=folders)), None)
    return found.version if found is not None else ""


def _to_json(value: Any) -> Any:
    kind = type(value).__name__
    if isinstance(value, Enum):
        return {KIND: kind, CONTENT: value.name}
    if is_dataclass(value):
        return {KIND: kind, CONTENT: {field.name: _to_json(getattr(value, field.name)) for field in fields(value)}}
    if isinstance(value, (tuple, frozenset)):
        return {KIND: kind, CONTENT: [_to_json(each) for each in value]}
    if isinstance(value, Mapping):
        return {KIND: "dict", CONTENT: {str(key): _to_json(each) for key, each in value.items()}}
    if value is None or type(value) in (str, int, float, bool):
        return value
    raise TypeError(f"{kind} has no form in JSON")


def _from_json(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    kind, content = value[KIND], value[CONTENT]
    if kind in ("tuple", "frozenset"):
        return (tuple if kind == "tuple" else frozenset)(_from_json(each) for each in content)
    if kind == "dict":
        return {key: _from_json(each) for key, each in content.items()}
    known = BY_NAME[kind]
    if issubclass(known, Enum):
        return known[content]
    return known(**{name: _from_json(each) for name, each in content.items()})
