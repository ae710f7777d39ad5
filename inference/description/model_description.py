# SPDX-License-Identifier: GPL-2.0-or-later
"""What is understood of a model: its definition, and what its network says where it can be opened here."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..backends import NetworkInput, open_backend
from ..bands import ModelBand, model_bands, trained_ranges
from ..errors import ClassifyPixelsError, RunCancelledError
from ..model import (
    Model,
    ModelClass,
    ModelDefinition,
    ModelReference,
    RasterFunction,
    open_model,
    parse_definition,
    read_document,
)
from ..network import Decision, PreparedModel, prepare_model
from ..network.opening import backend_options
from ..phrase import Phrase
from ..probing import Probing
from ..request import Environment
from .argument_description import ArgumentDescription, describe_arguments

# Who says a number: the definition, the network's own shape, a trial of the network, or nobody.
DEFINITION, NETWORK, PROBED, ASSUMED = "definition", "network", "probed", "assumed"
FOUND = "found"


@dataclass(frozen=True)
class Measure:
    """A number or size in pixels, who says it, and why it is that where the definition does not."""

    pixels: tuple[int, ...]
    origin: str
    reason: str | Phrase = ""


@dataclass(frozen=True)
class BandDescription:
    """A band of a model; `values` are those that it was typically trained on, None where nobody says.

    `statistics` are its minimum, maximum, mean and standard deviation of the normalisation.
    """

    band: ModelBand
    statistics: tuple[float, float, float, float] | None = None
    values: tuple[float, float] | None = None


@dataclass(frozen=True)
class NetworkDescription:
    """What an opened network says: the device that runs it, what it takes and gives, and its own arguments."""

    device: str
    input: NetworkInput
    channels: int
    decision: Decision
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True)
class ModelDescription:
    """All that is understood of a model.

    `definition` is None for bare weights that were not opened, `size` counts the bytes of the weights and is None
    where they were not found. `classes` are those that a result may hold. `function` is the Python raster function
    beside the model. `network` is None where it was not opened; `problem` says why it cannot be.
    """

    name: str
    source: str
    weights: str
    size: int | None = None
    definition: ModelDefinition | None = None
    bands: tuple[BandDescription, ...] = ()
    classes: tuple[ModelClass, ...] = ()
    tile: Measure | None = None
    halo: Measure | None = None
    stride: Measure | None = None
    arguments: tuple[ArgumentDescription, ...] = ()
    function: RasterFunction | None = None
    network: NetworkDescription | None = None
    problem: ClassifyPixelsError | None = None

    @property
    def runs(self) -> bool | None:
        """Whether the model can be run here, None where nobody tried."""
        return None if self.network is None and self.problem is None else self.network is not None


def describe_model(
    reference: ModelReference,
    cache: Path,
    runtimes: Path | None = None,
    processor: str = "AUTO",
    gpu: int = 0,
    open_network: bool = True,
    allowed: frozenset[str] = frozenset(),
    torch_python: Path | None = None,
    probing: Probing | None = None,
) -> ModelDescription:
    """Returns what is understood of a model; raises a ClassifyPixelsError where it cannot be read.

    With `open_network` its runtime is imported and the network runs once, or more often where `probing` has to find
    its padding and stride; what goes wrong then is the description's `problem`. Without it only the definition is
    read. The other settings are those of an Environment.
    """
    source = str(reference.path or "(JSON)")
    try:
        model = open_model(reference, cache, allowed)
    except ClassifyPixelsError as error:
        return _without_weights(reference, cache, source, error)
    if not open_network:
        return _described(source, model, None)
    environment = Environment(cache=cache, runtimes=runtimes, processor=processor, gpu=gpu, torch_python=torch_python)
    try:
        with closing(open_backend(model.weights, backend_options(model, environment, {}))) as backend:
            prepared = prepare_model(model, {}, backend, probing)
            network = NetworkDescription(
                backend.device, backend.input, prepared.channels, prepared.decision, backend.arguments
            )
    # It is one of our errors as well, but no problem of the model.
    except RunCancelledError:
        raise
    except ClassifyPixelsError as error:
        return _described(source, model, None, problem=error)
    return _described(source, model, prepared, network=network)


def _without_weights(
    reference: ModelReference, cache: Path, source: str, problem: ClassifyPixelsError
) -> ModelDescription:
    """Describes a model whose weights are missing or do not run here; raises where there is no definition either."""
    try:
        document = read_document(reference, cache)
        definition = parse_definition(document, Path(source).name) if document is not None else None
    except ClassifyPixelsError as error:
        raise problem from error
    if definition is None:
        raise problem
    description = ModelDescription(definition.name, source, definition.weights, problem=problem)
    return replace(description, **_parts(definition, None, DEFINITION, ()))


def _described(
    source: str,
    model: Model,
    prepared: PreparedModel | None,
    network: NetworkDescription | None = None,
    problem: ClassifyPixelsError | None = None,
) -> ModelDescription:
    size = model.weights.stat().st_size
    description = ModelDescription(
        model.name, source, model.weights.name, size, function=model.function, network=network, problem=problem
    )
    definition = prepared.definition if prepared else model.definition
    if definition is None:
        return description
    author = DEFINITION if model.definition else ASSUMED
    return replace(description, **_parts(definition, prepared, author, network.arguments if network else ()))


def _parts(
    definition: ModelDefinition, prepared: PreparedModel | None, author: str, declared: tuple[str, ...]
) -> dict[str, Any]:
    """Returns the fields of a description that the definition of this author gives, and an opened network."""
    return {
        "definition": definition,
        "bands": describe_bands(definition),
        "classes": prepared.decision.classes if prepared else definition.classes,
        "tile": _tile(definition, prepared, author),
        "halo": _halo(definition, prepared),
        "stride": _stride(definition, prepared),
        "arguments": describe_arguments(definition, prepared, declared),
    }


def describe_bands(definition: ModelDefinition) -> tuple[BandDescription, ...]:
    """Returns the bands of a model with the values that it normalises by."""
    stats = definition.normalization
    bands = model_bands(definition)
    if stats is None:
        return tuple(BandDescription(band) for band in bands)
    rows = zip(stats.minimum, stats.maximum, stats.mean, stats.std)
    return tuple(BandDescription(*columns) for columns in zip(bands, rows, trained_ranges(stats)))


def _tile(definition: ModelDefinition, prepared: PreparedModel | None, author: str) -> Measure:
    if prepared is None:
        return Measure((definition.tile_width, definition.tile_height), author)
    size = (prepared.shape.width, prepared.shape.height)
    if prepared.shape.fixed:
        return Measure(size, NETWORK)
    return Measure(size, author if size == (definition.tile_width, definition.tile_height) else PROBED)


def _halo(definition: ModelDefinition, prepared: PreparedModel | None) -> Measure | None:
    stated = (definition.model_padding, definition.halo, definition.padding)
    said = next((halo for halo in stated if halo is not None), None)
    if said is not None:
        return Measure((said,), DEFINITION)
    return _chosen(prepared.shape.halo, prepared.reasons.padding) if prepared else None


def _stride(definition: ModelDefinition, prepared: PreparedModel | None) -> Measure | None:
    if definition.stride is not None:
        return Measure((definition.stride,), DEFINITION)
    return _chosen(prepared.shape.stride, prepared.reasons.stride) if prepared else None


def _chosen(pixels: int, reason: str | Phrase) -> Measure:
    return Measure((pixels,), PROBED if str(reason).startswith(FOUND) else ASSUMED, reason)
