# SPDX-License-Identifier: GPL-2.0-or-later
"""The description of a model: its definition, and facts of its network if that can be opened here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..bands import ModelBand, model_bands, trained_ranges
from ..errors import ClassifyPixelsError, RunCancelledError
from ..models import (
    GivenArguments,
    Model,
    ModelClass,
    ModelDefinition,
    ModelReference,
    RasterFunction,
    open_model,
    parse_definition,
    read_document,
)
from ..network import Decision, NetworkSettings, PreparedModel, prepare_model
from ..network.opening import backend_options, opened
from ..network.probe import Probing
from ..notices import HaloReason, StrideReason
from ..phrase import Phrase
from ..progress import SILENT, Progress
from ..runtimes import DeclaredArgument, NetworkInput, NetworkOutput, size_of_files
from .argument_description import ArgumentDescription, describe_arguments
from .choices import Choice, TensorDescription, describe_choices, describe_inputs, describe_outputs

# The source of a number: the definition, the raster function, the network's shape, a trial of it, or none.
DEFINITION, FUNCTION, NETWORK, PROBED, ASSUMED = "definition", "function", "network", "probed", "assumed"


@dataclass(frozen=True)
class Measure:
    """A number or size in pixels, its source, and its reason if it is not from the definition."""

    pixels: tuple[int, ...]
    origin: str
    reason: Phrase | None = None


@dataclass(frozen=True)
class BandDescription:
    """A band of a model; `values` are typical ones of its training, None if unknown.

    `statistics` are its minimum, maximum, mean and standard deviation of the normalisation.
    """

    band: ModelBand
    statistics: tuple[float, float, float, float] | None = None
    values: tuple[float, float] | None = None


@dataclass(frozen=True)
class NetworkDescription:
    """Facts of an opened network: its device, inputs, outputs and arguments.

    `architecture` is the name in its file, if any. `inputs` and `outputs` are complete, and `choices` are the
    decisions of a run.
    """

    device: str
    input: NetworkInput
    channels: int
    decision: Decision
    arguments: tuple[DeclaredArgument, ...] = ()
    output: NetworkOutput = NetworkOutput()
    architecture: str = ""
    inputs: tuple[TensorDescription, ...] = ()
    outputs: tuple[TensorDescription, ...] = ()
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class ModelDescription:
    """The description of a model.

    `definition` is None for bare weights that were not opened, `size` counts the bytes of the weights and is None
    if they were not found. `classes` are those that a result may contain. `function` is the Python raster function
    beside the model. `network` is None if it was not opened; `problem` is the reason why it cannot be.
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
        """True if the model runs here, None if that was not tried."""
        return None if self.network is None and self.problem is None else self.network is not None


def describe_model(
    reference: ModelReference,
    cache: Path,
    runtimes: Path | None = None,
    processor: str = "AUTO",
    open_network: bool = True,
    allowed: frozenset[str] = frozenset(),
    torch_python: Path | None = None,
    probing: Probing | None = None,
    progress: Progress = SILENT,
) -> ModelDescription:
    """Returns the description of a model; raises a ClassifyPixelsError if it cannot be read.

    With `open_network` its runtime is imported and the network runs once, or more often if `probing` has to measure
    its halo and stride; a failure becomes the description's `problem`. Without it only the definition is
    read. The other settings are NetworkSettings. The progress, that of `probing` where there is one, can cancel
    it.
    """
    source = str(reference.path or "(JSON)")
    try:
        model = open_model(reference, cache, allowed)
    except ClassifyPixelsError as error:
        return _without_weights(reference, cache, source, error)
    if not open_network:
        return _described(source, model, None)
    settings = NetworkSettings(cache=cache, runtimes=runtimes, processor=processor, torch_python=torch_python)
    try:
        listener = probing.progress if probing is not None else progress
        with opened(model.weights, backend_options(model, settings, GivenArguments()), listener) as backend:
            prepared = prepare_model(model, GivenArguments(), backend, probing)
            network = NetworkDescription(
                backend.device,
                backend.input,
                prepared.channels,
                prepared.decision,
                backend.arguments,
                backend.output,
                backend.metadata.get("architecture", ""),
                describe_inputs(backend, prepared.definition),
                describe_outputs(prepared),
                describe_choices(backend, prepared, model),
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
    """Describes a model whose weights are missing or do not run here; raises if it has no definition either."""
    try:
        document = read_document(reference, cache)
        definition = parse_definition(document, Path(source).name) if document is not None else None
    except ClassifyPixelsError as error:
        raise problem from error
    if definition is None:
        raise problem
    description = ModelDescription(definition.name, source, definition.weights, problem=problem)
    return replace(description, **_parts(definition, None, DEFINITION))


def _described(
    source: str,
    model: Model,
    prepared: PreparedModel | None,
    network: NetworkDescription | None = None,
    problem: ClassifyPixelsError | None = None,
) -> ModelDescription:
    function = model.function if model.function and model.function.allowed else None
    # The code of a function that runs stands in the place of the weights, which it may do without.
    weights = function.weights if function else model.weights
    name, size = ("", None) if weights is None else (weights.name, size_of_files(weights))
    description = ModelDescription(
        model.name, source, name, size, function=model.function, network=network, problem=problem
    )
    definition = prepared.definition if prepared else model.definition
    if definition is None:
        return description
    author = DEFINITION if model.definition else ASSUMED
    declared = network.arguments if network else ()
    return replace(description, **_parts(definition, prepared, author, declared, function is not None))


def _parts(
    definition: ModelDefinition,
    prepared: PreparedModel | None,
    author: str,
    declared: tuple[DeclaredArgument, ...] = (),
    is_function: bool = False,
) -> dict[str, Any]:
    """Returns the fields of a description from the definition and an opened network."""
    said = FUNCTION if is_function and prepared else DEFINITION
    return {
        "definition": definition,
        "bands": describe_bands(definition),
        "classes": prepared.decision.classes if prepared else definition.classes,
        "tile": _tile(definition, prepared, author),
        "halo": _halo(definition, prepared, said),
        "stride": _stride(definition, prepared, said),
        "arguments": describe_arguments(definition, prepared, declared, is_function),
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


def _halo(definition: ModelDefinition, prepared: PreparedModel | None, author: str) -> Measure | None:
    stated = (definition.model_padding, definition.halo, definition.padding)
    said = next((halo for halo in stated if halo is not None), None)
    if said is not None:
        return Measure((said,), author)
    return _chosen(prepared.shape.halo, prepared.reasons.halo) if prepared else None


def _stride(definition: ModelDefinition, prepared: PreparedModel | None, author: str) -> Measure | None:
    if definition.stride is not None:
        return Measure((definition.stride,), author)
    return _chosen(prepared.shape.stride, prepared.reasons.stride) if prepared else None


def _chosen(pixels: int, reason: Phrase) -> Measure:
    measured = isinstance(reason.text, (HaloReason, StrideReason)) and reason.text.measured
    return Measure((pixels,), PROBED if measured else ASSUMED, reason)
