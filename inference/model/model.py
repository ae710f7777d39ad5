# SPDX-License-Identifier: GPL-2.0-or-later
"""A model that can be run: its definition and the place of its weights."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PureWindowsPath
from typing import Any

from ..errors import FrameworkError, ModelUnreadableError, WeightsMissingError
from .definition import ModelDefinition
from .emd import parse_emd, read_emd_text
from .package import find_definition, unpack_package
from .reference import ModelReference

WEIGHTS_SUFFIXES = (".onnx", ".pt", ".pth", ".torchscript")
FOREIGN_SUFFIXES = {
    ".pb": "TensorFlow",
    ".tflite": "TensorFlow Lite",
    ".h5": "Keras",
    ".keras": "Keras",
    ".model": "CNTK",
}


@dataclass(frozen=True)
class Model:
    """A model as it was found; `definition` is None for bare weights, which do not describe themselves.

    `described_in` is the .emd or .dlpk that it came in.
    """

    name: str
    weights: Path
    definition: ModelDefinition | None
    described_in: Path | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """The files that the model is read from."""
        return tuple(str(path) for path in (self.weights, self.described_in) if path is not None)


def open_model(reference: ModelReference, cache: Path) -> Model:
    """Returns the model that a reference stands for; packages are unpacked into the cache folder."""
    if reference.path is None:
        return _described(parse_emd(reference.document or {}, "(JSON)"), "(JSON)", None, None)
    path = reference.path
    if not os.path.isfile(path):
        raise ModelUnreadableError(model=path, reason="there is no such file")
    suffix = path.suffix.lower()
    if suffix == ".dlpk":
        folder = unpack_package(path, cache)
        return replace(_read_emd(find_definition(path, folder), within=folder), described_in=path)
    if suffix in (".emd", ".json"):
        return replace(_read_emd(path, within=None), described_in=path)
    _check_suffix(path, path.name)
    return Model(path.stem, path, None)


def _read_emd(path: Path, within: Path | None) -> Model:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelUnreadableError(model=path, reason=error) from error
    document: Mapping[str, Any] = read_emd_text(text, path.name)
    return _described(parse_emd(document, path.name), path.name, path.parent, within)


def _described(definition: ModelDefinition, name: str, folder: Path | None, within: Path | None) -> Model:
    _check_framework(definition, name)
    weights = _find_weights(definition.weights, folder, within)
    if weights is None:
        raise WeightsMissingError(weights=definition.weights, model=name)
    return Model(definition.name, weights, definition)


def _check_framework(definition: ModelDefinition, name: str) -> None:
    if definition.framework.lower() in ("tensorflow", "keras", "cntk"):
        raise FrameworkError(model=name, framework=definition.framework)
    _check_suffix(Path(definition.weights.replace("\\", "/")), name)


def _check_suffix(weights: Path, name: str) -> None:
    suffix = weights.suffix.lower()
    if suffix not in WEIGHTS_SUFFIXES:
        raise FrameworkError(model=name, framework=FOREIGN_SUFFIXES.get(suffix, f"the framework of {weights.name}"))


def _find_weights(named: str, folder: Path | None, within: Path | None) -> Path | None:
    """Looks where the definition says, then beside it: definitions travel between machines with foreign paths.

    A package's weights are only looked for inside the package.
    """
    candidates = [Path(named), Path(named.replace("\\", "/"))]
    if folder is not None:
        name = PureWindowsPath(named).name
        candidates = [folder / path for path in candidates] + [folder / name, *_any_case(folder, name)]
    return next((path for path in candidates if path.is_file() and _is_inside(path, within)), None)


def _any_case(folder: Path, name: str) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if path.name.lower() == name.lower()]


def _is_inside(path: Path, within: Path | None) -> bool:
    return within is None or within.resolve() in path.resolve().parents
