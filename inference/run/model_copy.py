# SPDX-License-Identifier: GPL-2.0-or-later
"""The model's files in the place, under their SHA-256: machines that make strips need not see the model itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from ..errors import ModelCopyError, OutputFolderError, WeightsUnreadableError
from ..models import Model, ModelReference
from ..models.hugging_face import files_beside
from ..new_files import write_whole
from ..runtimes import weights_files
from .resume.place import Place

# Name of a file, with folders below that of the model, and the SHA-256 of its content.
ModelFile = tuple[str, str]


def put_model(model: Model, place: Place) -> tuple[ModelFile, ...]:
    """Puts the files of a model into a place, unless they are there; returns them, the one that is opened first."""
    kept, there = [], {*place.names()}
    for name, path in _files(model):
        try:
            content = path.read_bytes()
        except OSError as error:
            raise WeightsUnreadableError(weights=path, reason=error.strerror or error) from error
        digest = hashlib.sha256(content).hexdigest()
        if _stored(digest) not in there:
            place.write(_stored(digest), content)
        kept.append((name, digest))
    return tuple(dict.fromkeys(kept))


def fetched_model(reference: ModelReference, files: Sequence[ModelFile], place: Place, cache: Path) -> ModelReference:
    """Returns the reference to a copy of the model in the cache of this machine, where it is made if needed."""
    if not files:
        return reference
    digest = hashlib.sha256(repr(tuple(files)).encode()).hexdigest()
    folder = cache / f"copy-{digest}"
    for name, expected in files:
        _fetch(name, expected, place, folder)
    return replace(reference, folder=folder) if reference.path is None else ModelReference(path=folder / files[0][0])


def _files(model: Model) -> Iterator[tuple[str, Path]]:
    """Yields names and paths, first that of the file that is opened; what a package holds is in it."""
    if model.described_in is not None:
        yield model.described_in.name, model.described_in
        if model.described_in.suffix.lower() == ".dlpk":
            return
    folder = model.weights.parent
    beside = files_beside(model.weights) if model.definition is None else ()
    for path in (*weights_files(model.weights), *beside):
        # Files that describe a network may be in the folder above it.
        inside = folder in path.parents
        yield (path.relative_to(folder).as_posix() if inside else path.name), path


def _fetch(name: str, expected: str, place: Place, folder: Path) -> None:
    path, parts = folder / name, PurePosixPath(name).parts
    if (
        PurePosixPath(name).is_absolute()
        or not parts
        or any(part == ".." or ":" in part or "\\" in part for part in parts)
    ):
        raise ModelCopyError(file=name, place=place.folder)
    try:
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == expected:
            return
        content = place.read(_stored(expected))
        if content is None or hashlib.sha256(content).hexdigest() != expected:
            raise ModelCopyError(file=name, place=place.folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        raise OutputFolderError(folder=path.parent, reason=error.strerror or error) from error


def _stored(digest: str) -> str:
    return f"{digest}.model"
