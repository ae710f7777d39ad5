# SPDX-License-Identifier: GPL-2.0-or-later
"""A model fitted to its network: the definition checked against the network's behaviour."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from ..errors import ArgumentError, NetworkMismatchError, NetworkRunError
from ..models import (
    GivenArguments,
    Model,
    ModelArguments,
    ModelDefinition,
    NetworkFacts,
    definition_of_network,
    read_network_facts,
    resolve_arguments,
)
from ..phrase import Phrase
from ..runtimes import Backend, GivenOutput, OutputForm, takes_rows
from ..tiling import TileShape
from .augmentation import MAP_SPACE, PIXEL_SPACE, Orientation
from .decision import AboveThreshold, Decision, LargestScore, ReadyClasses, choose_decision
from .labels import classes_of_labels, fitted_to_labels
from .output_values import SeenValues, seen_values
from .precision import changed_share
from .probe import LARGEST_STRIDE, Probe, Probing, find_probe, find_size
from .steadiness import check_steady
from .tile_choice import TileReasons, choose_tiles, default_stride, needs_probe
from .trial import LARGEST_CALL, Trial, check_ends, check_rows, odd_period, trial_size, try_network

# Tile size of networks that accept any size, if the definition has none.
DEFAULT_TILE = 256

# Longest side of a tile that is run to measure memory: that of most runs. The memory of a larger one is calculated.
LONGEST_MEASURED = 1280

# Maximum rows of a decoder's score block; encoders return features of larger blocks.
MOST_TIMES_UNNAMED = 8


@dataclass(frozen=True)
class PreparedModel:
    """A model ready for a run; the batch is `fixed` if the network accepts no other.

    `form` is the reading of the network's output. For descriptions, `outputs` are all that the network gave for a tile
    of the `trial_size` (batch, height, width), and `seen` are the values of a single channel. `changed` is the share of
    pixels of a random image whose class differs from that in single precision, None if that is the network's own or
    unknown.
    """

    definition: ModelDefinition
    arguments: ModelArguments
    shape: TileShape
    decision: Decision
    batch_size: int
    fixed_batch: bool
    channels: int
    form: OutputForm = OutputForm()
    orientations: tuple[Orientation, ...] = ()
    reasons: TileReasons = TileReasons()
    outputs: tuple[GivenOutput, ...] = ()
    trial_size: tuple[int, int, int] = (1, 0, 0)
    seen: SeenValues | None = None
    changed: float | None = None

    @property
    def measured_sizes(self) -> list[tuple[int, int, int, int]]:
        """The sizes of images (N, bands, height, width) that show the memory of a call: tiles, or fixed batches.

        The last one is that of the run, unless that is very large; those before it are a quarter and half as high and
        wide, if the network takes them.
        """
        shape, bands = self.shape, len(self.definition.bands)
        batch, around = self.batch_size if self.fixed_batch else 1, 2 * shape.margin + shape.rest

        def aligned(side: int) -> int:
            return max(shape.stride, (side - around) // shape.stride * shape.stride) + around

        if shape.fixed:
            return [(batch, bands, shape.height, shape.width)]
        longest = min(LONGEST_MEASURED, math.isqrt(LARGEST_CALL // (batch * bands)))
        height, width = aligned(min(longest, shape.height)), aligned(min(longest, shape.width))
        return [(batch, bands, aligned(height // part), aligned(width // part)) for part in (4, 2, 1)]


def prepare_model(
    model: Model, given: GivenArguments, backend: Backend, probing: Probing | None = None
) -> PreparedModel:
    """Returns the model fitted to its network, which is run on zeros, and on random images if zeros are not conclusive.

    A halo and stride that are not declared are measured by running the network on random images, or assumed if
    there is no `probing`. Raises RunCancelledError if that is cancelled.
    """
    if probing is not None:
        probing = replace(probing, reading=_reading(model, given))
    # A raster function overrides its definition.
    definition = backend.describe(model.definition or describe_network(model, backend, given.tile_size))
    declared = [argument.name for argument in backend.arguments]
    arguments = resolve_arguments(given, definition, declared)
    # Known names that the network itself declares mean nothing here.
    given = given.without(declared)
    height, width = _tile_size(definition, arguments, backend)
    fixed, bands = backend.input.height is not None, len(definition.bands)
    assumed = definition.stride or default_stride(fixed, height, width)
    batch_size = _batch_size(arguments, backend)
    size = trial_size(backend, batch_size, bands, height, width, assumed)
    told = (definition.stride, definition.model_padding, len(definition.classes))
    trial = try_network(definition.weights, backend, bands, size, *told)
    definition = fitted_to_labels(definition, backend.labels, trial.channels)
    seen = _seen(backend, definition, trial)
    decision = choose_decision(definition, arguments, trial.channels, trial.dtype, seen)
    _check_background(decision, given)
    _check_coarse(definition, decision, seen, trial.form.times)
    form = replace(trial.form, logits=isinstance(decision, AboveThreshold) and decision.logits)
    backend.settle(form)
    if not _keeps_state(model):
        check_steady(definition.weights, backend, bands, trial.size, definition.normalization is not None)
    if fixed and trial.margin and definition.model_padding is None:
        check_ends(definition, backend, trial)
    period = trial.period or 1
    stride = assumed if assumed % period == 0 else period
    asked = probing if needs_probe(definition, arguments) else None
    probe = _probe(model, definition, backend, trial, asked)
    shape = TileShape(height, width, stride, 0, fixed, trial.margin)
    shape, reasons = choose_tiles(definition, arguments, shape, probe, stride_found=stride != assumed)
    shape = replace(shape, rest=0 if fixed else _rest(backend, bands, trial, shape.stride))
    shape = _sized(model, definition, arguments, shape, backend, probing)
    return PreparedModel(
        definition,
        arguments,
        shape,
        decision,
        batch_size,
        fixed_batch=backend.input.batch is not None,
        channels=trial.channels,
        form=form,
        orientations=_orientations(definition, arguments, shape.height, shape.width),
        reasons=reasons,
        outputs=trial.outputs,
        trial_size=trial.size,
        seen=seen,
        changed=changed_share(
            backend, decision, len(definition.bands), trial.size, definition.normalization is not None
        ),
    )


def _reading(model: Model, given: GivenArguments) -> str:
    """Returns all that decides on a network's scores besides its files, as text; see `backend_options`."""
    told = model.definition
    if told is None:
        return given.output or ""
    names = [told.input_name, given.output or told.output_name]
    return repr([*names, told.inputs, told.layout, told.times, told.architecture])


def _sized(
    model: Model, definition: ModelDefinition, arguments: ModelArguments, shape: TileShape, backend: Backend,
    probing: Probing | None,
) -> TileShape:  # fmt: skip
    """Returns the shape with the size of least time."""
    if probing is None or not probing.sizes or not _may_choose_size(model, definition, arguments, shape, backend):
        return shape
    normalized = definition.normalization is not None
    found = find_size(model.weights, backend, len(definition.bands), normalized, shape, probing)
    if not found.agrees:
        return shape
    # The usual tile need not be a square.
    is_usual = found.side == max(shape.height, shape.width)
    height, width = (shape.height, shape.width) if is_usual else (found.side, found.side)
    return replace(shape, height=height, width=width, exact=True)


def _may_choose_size(
    model: Model, definition: ModelDefinition, arguments: ModelArguments, shape: TileShape, backend: Backend
) -> bool:
    """Returns True if the result does not depend on the size of tiles, or a declared halo and stride say so."""
    if shape.fixed or arguments.tile_size is not None or takes_rows(backend.input.layout):
        return False
    # Blended tiles depend on their size.
    if arguments.test_time_augmentation or _keeps_state(model):
        return False
    declared = None not in (definition.stride, definition.halo) and arguments.padding == definition.halo
    return shape.exact or declared


def _keeps_state(model: Model) -> bool:
    """Returns True for a raster function: it may keep state and use random numbers, so only its tile is reliable."""
    return model.function is not None and model.function.allowed


def _seen(backend: Backend, definition: ModelDefinition, trial: Trial) -> SeenValues | None:
    """Returns the values of a single channel, which may have several meanings; None for several channels."""
    if trial.channels > 1:
        return None
    return seen_values(backend, len(definition.bands), trial.size, definition.normalization is not None)


def _check_background(decision: Decision, given: GivenArguments) -> None:
    """Refuses to exclude background if the network, or a threshold, decides between it and the classes."""
    asked = given.predict_background is False
    if asked and not isinstance(decision, LargestScore) and any(c.value == 0 for c in decision.classes):
        expected = Phrase("true for this model: its network has no separate score for background")
        raise ArgumentError(name="predict_background", value="false", expected=expected)


def _check_coarse(definition: ModelDefinition, decision: Decision, seen: SeenValues | None, times: int) -> None:
    """Refuses decided classes that are coarser than the image: between the numbers of two classes lie others."""
    decided = isinstance(decision, ReadyClasses) or (seen is not None and seen.numbers == frozenset((0, 1)))
    if times > 1 and decided:
        reason = Phrase(
            "its class map is {times} times coarser than the image; export it with scores as output, which can "
            "be upsampled",
            {"times": times},
        )
        raise NetworkMismatchError(weights=definition.weights, reason=reason)


def _rest(backend: Backend, bands: int, trial: Trial, stride: int) -> int:
    """Returns by how many pixels outputs are longer than a multiple of the stride, so that nothing is dropped."""
    rest = trial.taken % stride
    if rest == 0:
        return 0
    side = trial.taken - rest + 2 * trial.margin
    try:
        # A network that takes any length takes multiples as well.
        found = backend.run(np.zeros((trial.size[0], bands, side, side), np.float32)).shape[2:]
    except NetworkRunError:
        return rest
    return 0 if found == (side - 2 * trial.margin,) * 2 else rest


def _probe(
    model: Model, definition: ModelDefinition, backend: Backend, trial: Trial, probing: Probing | None
) -> Probe | None:
    if takes_rows(backend.input.layout):
        check_rows(definition, backend)
        return Probe(stride=1, halo=0, exact=True)
    if probing is None or _keeps_state(model):
        return None
    bands, normalized = len(definition.bands), definition.normalization is not None
    # Strides are looked for among the powers of two, unless sizes show that it is none.
    period = trial.period if trial.period and LARGEST_STRIDE % trial.period else None
    stride = definition.stride or period

    def probe(stride: int | None) -> Probe:
        return find_probe(model.weights, backend, bands, normalized, trial.margin, stride, probing, trial.taken)

    found = probe(stride)
    if not found.failure or stride is not None or backend.input.height is not None:
        return found
    period = odd_period(definition.weights, backend, bands)
    return probe(period) if period is not None else found


def _orientations(
    definition: ModelDefinition, arguments: ModelArguments, height: int, width: int
) -> tuple[Orientation, ...]:
    if not arguments.test_time_augmentation:
        return ()
    if definition.pixel_space:
        return PIXEL_SPACE
    if height != width:
        reason = Phrase("its tiles are not square, so test_time_augmentation cannot rotate them")
        raise NetworkMismatchError(weights=definition.weights, reason=reason)
    return MAP_SPACE


def describe_network(model: Model, backend: Backend, tile_size: int | None = None) -> ModelDefinition:
    """Returns a definition for bare weights, from the network's metadata, input and output.

    A requested `tile_size` takes precedence over the network's metadata: it may accept no other.
    """
    facts = read_network_facts(backend.metadata, model.weights, backend.output.number)
    bands = backend.input.bands or facts.bands
    if bands is None:
        raise NetworkMismatchError(
            weights=model.weights.name, reason=Phrase("it does not declare its band count and needs an .emd")
        )
    tile = tile_size or facts.tile or DEFAULT_TILE
    height, width = backend.input.height or tile, backend.input.width or tile
    size = trial_size(backend, backend.input.batch or 1, bands, height, width, default_stride(False, height, width))
    trial = try_network(model.weights.name, backend, bands, size)
    # Only now is the output known that they may speak of.
    facts = read_network_facts(backend.metadata, model.weights, trial.form.number)
    _check_named(model, facts, trial)
    labelled = classes_of_labels(backend.labels, model.weights.name)
    decided = trial.channels == 1 and not (facts.class_names or labelled)
    ready = _ready_classes(model, backend, bands, trial) if decided else None
    plain = definition_of_network(model, bands, trial.channels, height, width, ready, labelled)
    return facts.applied_to(plain, trial.channels, whole_numbers=backend.input.limits is not None)


def _check_named(model: Model, facts: NetworkFacts, trial: Trial) -> None:
    """Refuses scores of large blocks without class names: encoders return such images, which are no scores."""
    if trial.form.times > MOST_TIMES_UNNAMED and not facts.class_names:
        values = {"channels": trial.channels, "times": trial.form.times}
        reason = Phrase(
            "it returns {channels} unnamed channels {times} times coarser than the image, which may be features "
            "instead of scores. If they are scores, name the classes in an .emd or in a config.json beside it",
            values,
        )
        raise NetworkMismatchError(weights=model.weights.name, reason=reason)


def _ready_classes(model: Model, backend: Backend, bands: int, trial: Trial) -> int | None:
    """Returns the number of classes of a channel of class numbers, None if it contains scores."""
    seen = seen_values(backend, bands, trial.size, normalized=False)
    count = seen.class_count() if seen is not None and seen.numbers is not None else None
    whole = np.issubdtype(trial.dtype, np.integer)
    if not whole and (seen is None or seen.numbers is None or seen.numbers <= {0, 1}):
        return None
    if count is None:
        raise NetworkMismatchError(
            weights=model.weights.name,
            reason=Phrase("it returns class numbers without declaring their count and needs an .emd"),
        )
    return count


def _tile_size(definition: ModelDefinition, arguments: ModelArguments, backend: Backend) -> tuple[int, int]:
    """Returns height and width: the argument, otherwise the definition; a fixed size of the network overrides both."""
    asked, fixed = arguments.tile_size, (backend.input.height, backend.input.width)
    if fixed[0] is None or fixed[1] is None:
        return (asked, asked) if asked else (definition.tile_height, definition.tile_width)
    if asked is not None and (asked, asked) != fixed:
        raise ArgumentError(name="tile_size", value=asked, expected=_fixed(fixed[0]))
    if (definition.tile_height, definition.tile_width) != fixed:
        named = f"{definition.tile_width} x {definition.tile_height}"
        values = {"pixels": f"{fixed[1]} x {fixed[0]}", "named": named}
        reason = Phrase("it takes {pixels} pixels, but the definition has {named}", values)
        raise NetworkMismatchError(weights=definition.weights, reason=reason)
    return fixed[0], fixed[1]


def _batch_size(arguments: ModelArguments, backend: Backend) -> int:
    asked, fixed = arguments.batch_size, backend.input.batch
    if fixed is not None and asked is not None and asked != fixed:
        raise ArgumentError(name="batch_size", value=asked, expected=_fixed(fixed))
    return fixed or asked or 1


def _fixed(size: int) -> Phrase:
    return Phrase("{value} (fixed by the network)", {"value": size})
