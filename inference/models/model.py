# SPDX-License-Identifier: GPL-2.0-or-later
"""A runnable model: its definition and the path of its weights."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PureWindowsPath
from typing import Any

from ..errors import (
    ArchitectureUnsupportedError,
    ClassifyPixelsError,
    FrameworkError,
    FunctionNotAllowedError,
    ModelKeyMissingError,
    ModelUnreadableError,
    TrainingTemplateError,
    WeightsMissingError,
)
from ..phrase import Phrase
from .architecture import refuse_unsupported
from .definition import ModelDefinition
from .emd.emd_file import parse_emd, read_emd_text
from .emd.emd_template import is_template
from .foreign_framework import FRAMEWORKS, check_framework, foreign_framework
from .function_files import RasterFunction, UnpackedPackage, is_own_function, read_function
from .hugging_face import network_in
from .model_file import SAVED_MODEL, check_file, saved_model_in
from .package import find_definition, unpack_package
from .reference import ModelReference
from .stac_mlm.mlm_item import is_mlm_item, parse_mlm_item

WEIGHTS_SUFFIXES = (
    ".onnx", ".pt", ".pth", ".ckpt", ".torchscript", ".pt2", ".safetensors", ".pb", ".tflite", ".xml", ".pdmodel"
)  # fmt: skip

# arcgis.learn's format: the tensors of a network, without its graph.
STATE_DICT = ".pth"

# Parsed, a definition takes some twenty times its size.
LARGEST_DEFINITION = 16 * 1024**2


@dataclass(frozen=True)
class Model:
    """An opened model; `definition` is None for bare weights, which have no metadata.

    `described_in` is its .emd or .dlpk. `function` is its Python raster function; if the user has allowed that, its
    code replaces the weights.
    """

    name: str
    weights: Path
    definition: ModelDefinition | None
    described_in: Path | None = None
    function: RasterFunction | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """The source files of the model."""
        return tuple(str(path) for path in (self.weights, self.described_in) if path is not None)


@dataclass(frozen=True)
class _Origin:
    """The origin of a definition: its file, the required folder of its files, and its package."""

    name: str
    file: Path | None = None
    within: Path | None = None
    package: UnpackedPackage | None = None
    allowed: frozenset[str] = frozenset()


def open_model(reference: ModelReference, cache: Path, allowed: frozenset[str] = frozenset()) -> Model:
    """Returns the model of a reference; packages are unpacked into the cache folder.

    `allowed` holds the SHA-256 of packages whose Python raster functions may run.
    """
    if reference.path is None:
        return _described(
            parse_definition(reference.document or {}, "(JSON)"), _Origin("(JSON)", within=reference.folder)
        )
    path = reference.path
    if not os.path.isfile(path):
        if os.path.isdir(path):
            network = network_in(path)
            if network is not None:
                return replace(open_model(ModelReference(path=network), cache, allowed), name=path.name)
            main = saved_model_in(path)
            if main == path:
                raise ModelUnreadableError(model=path, reason=Phrase("it is a folder"))
            return open_model(ModelReference(path=main), cache, allowed)
        raise ModelUnreadableError(model=path, reason=Phrase("the file does not exist"))
    check_file(path)
    suffix = path.suffix.lower()
    if suffix == ".dlpk":
        package = unpack_package(path, cache)
        emd = find_definition(path, package.folder)
        origin = _Origin(emd.name, emd, package.folder, package, allowed)
        return replace(_read_emd(emd, origin), described_in=path)
    if suffix in (".emd", ".json"):
        return replace(_read_emd(path, _Origin(path.name, path, allowed=allowed)), described_in=path)
    _check_suffix(path, path.name)
    return Model(path.absolute().parent.name if path.name.lower() == SAVED_MODEL else path.stem, path, None)


def read_document(reference: ModelReference, cache: Path) -> Mapping[str, Any] | None:
    """Returns the JSON of a definition, even if its weights are missing or unsupported; None for bare weights."""
    path = reference.path
    if path is None:
        return reference.document
    if path.suffix.lower() == ".dlpk":
        return _read_json(find_definition(path, unpack_package(path, cache).folder))
    return _read_json(path) if path.suffix.lower() in (".emd", ".json") else None


def parse_definition(document: Mapping[str, Any], model: str) -> ModelDefinition:
    """Returns the definition in the JSON of an .emd or of a STAC item; `model` names it in errors."""
    return parse_mlm_item(document, model) if is_mlm_item(document) else parse_emd(document, model)


def _read_emd(path: Path, origin: _Origin) -> Model:
    return _described(parse_definition(_read_json(path), path.name), origin)


def _read_json(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > LARGEST_DEFINITION:
            reason = Phrase("it is larger than {size} MB", {"size": LARGEST_DEFINITION // 1024**2})
            raise ModelUnreadableError(model=path, reason=reason)
        # Editors on Windows prepend a byte order mark.
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ModelUnreadableError(model=path, reason=Phrase("its text is not UTF-8; save it as UTF-8")) from error
    except OSError as error:
        raise ModelUnreadableError(model=path, reason=error) from error
    return read_emd_text(text, path.name)


def _described(definition: ModelDefinition, origin: _Origin) -> Model:
    folder = origin.file.parent if origin.file else origin.within
    weights = _find_file(definition.weights, folder, origin.within) if definition.weights else None
    function = _find_function(definition, weights, origin)
    if function is not None and function.allowed:
        return Model(definition.name, function.path, definition, function=function)
    _check_runs(definition, origin.name, function, weights)
    if weights is None:
        raise _missing(definition, origin.name)
    check_file(weights)
    return Model(definition.name, weights, definition, function=function)


def _missing(definition: ModelDefinition, name: str) -> ClassifyPixelsError:
    """Returns the error for missing weights, or the reason why they could not run anyway."""
    if is_template(definition):
        return TrainingTemplateError(model=name)
    # Other PyTorch files may hold networks of any architecture.
    weights = PureWindowsPath(definition.weights)
    if weights.suffix.lower() == STATE_DICT:
        try:
            refuse_unsupported(Path(weights.name), definition.architecture, len(definition.bands))
        except ArchitectureUnsupportedError as error:
            return error
    return WeightsMissingError(weights=definition.weights, model=name)


def _find_function(definition: ModelDefinition, weights: Path | None, origin: _Origin) -> RasterFunction | None:
    """Returns the raster function of the model, from in or below the definition's folder only."""
    if origin.file is None or not is_own_function(definition.inference_function):
        return None
    folder = origin.file.parent
    path = _find_file(definition.inference_function, folder, origin.within or folder)
    return None if path is None else read_function(path, origin.file, weights, origin.package, origin.allowed)


def _check_runs(definition: ModelDefinition, name: str, function: RasterFunction | None, found: Path | None) -> None:
    """Raises if there is no network that runs here; with a function, the error may be the request for permission."""
    try:
        if not definition.weights:
            raise ModelKeyMissingError(model=name, key="ModelFile")
        weights = found or Path(definition.weights.replace("\\", "/"))
        check_framework(name, weights, definition.framework)
        # A folder that is missing may be a SavedModel.
        if weights.suffix or "" not in FRAMEWORKS.get(definition.framework.lower(), ()):
            _check_suffix(weights, name)
    except (FrameworkError, ModelKeyMissingError) as error:
        if function is None:
            raise
        raise FunctionNotAllowedError(
            model=name, function=function.path.name, fingerprint=function.fingerprint
        ) from error


def _check_suffix(weights: Path, name: str) -> None:
    if weights.suffix.lower() not in WEIGHTS_SUFFIXES:
        raise foreign_framework(name, weights)


def _find_file(named: str, folder: Path | None, within: Path | None) -> Path | None:
    """Looks at the definition's path, then in its folder: definitions contain paths of other machines.

    The files of a package are only looked for inside the package.
    """
    candidates = [Path(named), Path(named.replace("\\", "/"))]
    if folder is not None:
        name = PureWindowsPath(named).name
        # Paths outside a package are never accessed: on Windows that could sign in to a foreign server.
        beside = [] if within is not None and _is_absolute(named) else [folder / path for path in candidates]
        candidates = [*beside, folder / name, *_any_case(folder, name)]
    # Definitions may hold any text: for a name that is too long, pathlib raises and os.path returns False.
    files = (saved_model_in(path) for path in candidates)
    return next((path for path in files if os.path.isfile(path) and _is_inside(path, within)), None)


def _is_absolute(named: str) -> bool:
    return bool(PureWindowsPath(named).anchor)


def _any_case(folder: Path, name: str) -> list[Path]:
    """Returns the files of this name in any spelling; macOS stores accents as separate characters."""
    return [path for path in sorted(folder.iterdir()) if _spelling(path.name) == _spelling(name)]


def _spelling(name: str) -> str:
    return unicodedata.normalize("NFC", name).lower()


def _is_inside(path: Path, within: Path | None) -> bool:
    # Resolved first: dots and links may lead out of a folder.
    return within is None or within.resolve() in path.resolve().parents
