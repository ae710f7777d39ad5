# SPDX-License-Identifier: GPL-2.0-or-later
"""Packs a network and its user's definition into a deep learning package, which is tried before it gets its name."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .bands import per_band
from .describe.model_description import ModelDescription, describe_model
from .distinct_files import check_distinct
from .errors import (
    ClassifyPixelsError,
    InputNumbersError,
    OutputFolderError,
    OutputWriteError,
    PackageMemberError,
    PackageOutputError,
    PackagePartMissingError,
    RuntimeMissingError,
)
from .models import Model, ModelDefinition, ModelReference, Normalization, parse_emd, read_network_facts, write_emd
from .models.package_writing import Content, DefinitionParts, definition_document, emd_text, write_dlpk
from .network.opening import opened
from .network.prepared_model import DEFAULT_TILE, describe_network
from .new_files import sync_file
from .notices import Caution
from .phrase import Phrase
from .progress import Progress
from .publishing import KEPT, Step, publish, scratch_beside
from .runtimes import BackendOptions, NetworkInput, weights_files

PACKAGE, DEFINITION = ".dlpk", ".emd"
MEAN, STD, SCALE = "MEAN", "STD", "SCALE"


@dataclass(frozen=True)
class PackageRequest:
    """The contents and the outputs of a package.

    Values are normalised as (value x scale - mean) / std, with one number for all bands or one for each. `files` are
    further members, such as a licence. `emd_output` is a separate definition, which refers to the weights at their
    present path.
    """

    weights: Path
    output: Path
    parts: DefinitionParts
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    scale: tuple[float, ...] = ()
    files: tuple[Path, ...] = ()
    emd_output: Path | None = None


@dataclass(frozen=True)
class PackagedModel:
    """A written package: the JSON object of its definition, and its description after reading it back."""

    document: Mapping[str, Any]
    description: ModelDescription


def package_model(request: PackageRequest, runtimes: Path | None, progress: Progress) -> PackagedModel:
    """Writes a package after reading it back.

    The network is tried from this package first; if that fails, nothing is written. Raises a ClassifyPixelsError.
    """
    _check_places(request)
    parts = _completed(request, runtimes, progress)
    document = definition_document(parts, request.weights.name)
    # Errors of the definition are raised before weights of any size are copied.
    parse_emd(document, request.weights.name)
    try:
        with ExitStack() as stack:
            # On the disks of the outputs: files cannot be renamed across disks.
            scratch = stack.enter_context(scratch_beside(request.output))
            package = scratch / request.output.name
            write_dlpk(package, _members(request, emd_text(document)))
            # On the CPU: a missing or full GPU here is no fault of the package.
            reference = ModelReference(path=package)
            description = describe_model(reference, scratch / "cache", runtimes, "CPU", progress=progress)
            _judge(description.problem, progress)
            steps = [Step(request.output, package, scratch / KEPT)]
            if request.emd_output is not None:
                elsewhere = stack.enter_context(scratch_beside(request.emd_output))
                emd = elsewhere / "model.emd"
                beside = {**document, "ModelFile": _path_from(request.emd_output, request.weights)}
                emd.write_text(emd_text(beside), encoding="ascii")
                steps.insert(0, Step(request.emd_output, emd, elsewhere / KEPT))
            for step in steps:
                sync_file(step.part or step.final)
            publish(steps, request.output)
    except OSError as error:
        raise OutputWriteError(output=request.output, reason=error.strerror or error) from error
    return PackagedModel(document, replace(description, source=str(request.output)))


def _check_places(request: PackageRequest) -> None:
    """Raises if an output has the wrong name or place, or an input is missing."""
    for output, suffix in ((request.output, PACKAGE), (request.emd_output, DEFINITION)):
        if output is None:
            continue
        if output.suffix.lower() != suffix:
            raise PackageOutputError(output=output, suffix=suffix)
        if not output.parent.is_dir():
            raise OutputFolderError(folder=output.parent, reason=Phrase("the folder does not exist"))
        if output.is_dir():
            reason = Phrase("{name} is a folder, but a file must be written there", {"name": output.name})
            raise OutputFolderError(folder=output.parent, reason=reason)
    inputs = (request.weights, *request.files)
    for file in inputs:
        if not os.path.isfile(file):
            raise PackageMemberError(file=file, reason=Phrase("the file does not exist"))
    outputs = [output for output in (request.output, request.emd_output) if output is not None]
    check_distinct(outputs, map(str, inputs))


def _completed(request: PackageRequest, runtimes: Path | None, progress: Progress) -> DefinitionParts:
    """Returns the parts, completed with the bands, the tile size and the metadata of the network."""
    parts = request.parts if request.parts.base else _with_metadata(request.parts, request.weights, runtimes, progress)
    base = parts.base
    if not parts.name and not base.get("ModelName"):
        parts = replace(parts, name=request.weights.stem)
    if not parts.classes and not base.get("Classes"):
        raise PackagePartMissingError(weights=request.weights.name, part="classes", parameter="CLASSES")
    lacks_bands = not parts.bands and not base.get("ExtractBands")
    lacks_tile = parts.tile is None and not base.get("ImageHeight")
    if lacks_bands or lacks_tile:
        taken = _network_input(request.weights, runtimes, progress)
        if lacks_bands:
            parts = replace(parts, bands=_bands_of(taken, request.weights))
        if lacks_tile:
            parts = replace(parts, tile=(taken.height or DEFAULT_TILE, taken.width or DEFAULT_TILE))
    return replace(parts, normalization=_normalization(request, parts) or parts.normalization)


def _with_metadata(parts: DefinitionParts, weights: Path, runtimes: Path | None, progress: Progress) -> DefinitionParts:
    """Returns the parts on the base of the network's own metadata, which apply to bare weights."""
    said = _said_by_metadata(weights, runtimes, progress)
    if said is None:
        return parts
    base = {key: value for key, value in write_emd(said).items() if value != ""}
    # Statistics are written again for a choice of bands other than the network's first ones.
    return replace(parts, base=base, normalization=said.normalization)


def _said_by_metadata(weights: Path, runtimes: Path | None, progress: Progress) -> ModelDefinition | None:
    try:
        with opened(weights, BackendOptions(processor="CPU", runtimes=runtimes), progress) as backend:
            metadata = read_network_facts(backend.metadata, weights, backend.output.number)
            return None if metadata.says_nothing else describe_network(Model(weights.stem, weights, None), backend)
    except RuntimeMissingError:
        return None


def _network_input(weights: Path, runtimes: Path | None, progress: Progress) -> NetworkInput:
    """Returns the network's input, without sizes if the library that opens it is missing."""
    try:
        with opened(weights, BackendOptions(processor="CPU", runtimes=runtimes), progress) as backend:
            return backend.input
    except RuntimeMissingError:
        return NetworkInput()


def _bands_of(taken: NetworkInput, weights: Path) -> tuple[int, ...]:
    if taken.bands is None:
        raise PackagePartMissingError(weights=weights.name, part="bands", parameter="BANDS")
    return tuple(range(taken.bands))


def _normalization(request: PackageRequest, parts: DefinitionParts) -> Normalization | None:
    """Returns value x scale as the range from 0 to 1 / scale, the form of definitions."""
    if not (request.mean or request.std or request.scale):
        return None
    count = len(parts.bands or parts.base["ExtractBands"])
    scale = per_band(request.scale, 1.0, count, SCALE)
    if 0.0 in scale:
        raise InputNumbersError(name=SCALE, value=", ".join(map(str, request.scale)), expected=Phrase("other than 0"))
    mean, std = per_band(request.mean, 0.0, count, MEAN), per_band(request.std, 1.0, count, STD)
    return Normalization((0.0,) * count, tuple(1 / factor for factor in scale), mean, std)


def _members(request: PackageRequest, emd: str) -> dict[str, Content]:
    """Returns the members by name; names that differ only in case would be one file on many disks, so they raise."""
    members: dict[str, Content] = {request.output.stem + DEFINITION: emd.encode("ascii")}
    for name, file in _named_files(request):
        if name.lower() in (member.lower() for member in members):
            raise PackageMemberError(file=file, reason=Phrase("the package has another file with that name"))
        members[name] = file
    return members


def _named_files(request: PackageRequest) -> Iterator[tuple[str, Path]]:
    """Yields each file with its name in the package; an .onnx finds external tensors by their relative path."""
    weights, *beside = weights_files(request.weights)
    yield weights.name, weights
    for file in beside:
        yield file.relative_to(weights.parent).as_posix(), file
    for file in request.files:
        if not any(file.samefile(other) for other in beside):
            yield file.name, file


def _judge(problem: ClassifyPixelsError | None, progress: Progress) -> None:
    if isinstance(problem, RuntimeMissingError):
        # If only the library that would run the network is missing here, the package may still be right.
        progress.warn(Caution.PACKED_UNTRIED, reason=problem)
    elif problem is not None:
        raise problem


def _path_from(emd: Path, weights: Path) -> str:
    """Returns the weights' path relative to a definition's folder; absolute if they are on another drive."""
    try:
        return os.path.relpath(weights, emd.parent).replace(os.sep, "/")
    except ValueError:
        return str(weights.resolve())
