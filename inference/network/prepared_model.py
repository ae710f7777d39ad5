# SPDX-License-Identifier: GPL-2.0-or-later
"""A model fitted to its network: what the definition says, checked against what the network does."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..augmentation import MAP_SPACE, PIXEL_SPACE, Orientation
from ..backends import Backend
from ..errors import ArgumentError, NetworkMismatchError
from ..model import (
    Model,
    ModelArguments,
    ModelDefinition,
    definition_of_network,
    read_onnx_metadata,
    read_tile_size,
    resolve_arguments,
)
from ..phrase import Phrase
from ..probing import Probe, Probing, find_probe
from ..tiling import TileShape
from ..window import Window
from .decision import AboveThreshold, Decision, choose_decision
from .tile_choice import TileReasons, choose_tiles, default_stride, needs_probe
from .trial import MEMORY_TRIAL, image_of_zeros, memory_trial_side, trial_size, try_network

# Tile size of networks that take any size and whose maker names none.
DEFAULT_TILE = 256


@dataclass(frozen=True)
class PreparedModel:
    """All that a run has to know of a model; the batch is `fixed` where the network takes no other.

    `tried` counts the pixels of the largest call of the network that was made to prepare it.
    """

    definition: ModelDefinition
    arguments: ModelArguments
    shape: TileShape
    decision: Decision
    batch_size: int
    fixed_batch: bool
    channels: int
    beyond_probability: bool = False
    orientations: tuple[Orientation, ...] = ()
    reasons: TileReasons = TileReasons()
    tried: int = 0

    def pixels_of_call(self, scene: Window) -> int:
        """Returns the pixels of one call; tiles of a free size are no larger than the scene."""
        height, width = self.shape.height, self.shape.width
        if not self.shape.fixed:
            height, width = min(height, scene.height), min(width, scene.width)
        return self.batch_size * height * width

    def memory_of_call(self, growth: int, scene: Window) -> int:
        """Returns the bytes that a call in the run takes, for those that the network took until it was prepared."""
        pixels = self.pixels_of_call(scene)
        return growth * max(pixels, self.tried) // self.tried if self.tried else growth


def prepare_model(
    model: Model, given: Mapping[str, str], backend: Backend, probing: Probing | None = None
) -> PreparedModel:
    """Returns the model fitted to its network, which is run once on a tile of zeros to see its output.

    Padding and stride that nobody says are found by running the network on random images, or assumed where
    there is no `probing`. Raises RunCancelledError where that is cancelled.
    """
    # What a raster function says of itself beats its definition.
    definition = backend.describe(model.definition or describe_network(model, backend, read_tile_size(given)))
    arguments = resolve_arguments(given, definition, [declared.name for declared in backend.arguments])
    height, width = _tile_size(definition, arguments, backend)
    fixed = backend.input.height is not None
    stride = definition.stride or default_stride(fixed, height, width)
    batch_size = _batch_size(arguments, backend)
    size = trial_size(backend, batch_size, len(definition.bands), height, width, stride)
    trial = try_network(definition, backend, *size)
    decision = choose_decision(definition, arguments, trial.channels, trial.dtype)
    asked = probing if needs_probe(definition, arguments, given) else None
    probe = _probe(model, definition, backend, trial.margin, asked)
    assumed = TileShape(height, width, stride, 0, fixed, trial.margin)
    shape, reasons = choose_tiles(definition, arguments, given, assumed, probe)
    tried = max(math.prod(size), probe.tried if probe else 0)
    if not fixed and tried < min(MEMORY_TRIAL**2, shape.height * shape.width):
        side = memory_trial_side(len(definition.bands), shape.stride)
        try_network(definition, backend, 1, side, side)
        tried = side * side
    return PreparedModel(
        definition,
        arguments,
        shape,
        decision,
        batch_size,
        fixed_batch=backend.input.batch is not None,
        channels=trial.channels,
        beyond_probability=trial.beyond_probability and isinstance(decision, AboveThreshold),
        orientations=_orientations(definition, arguments, shape.height, shape.width),
        reasons=reasons,
        tried=tried,
    )


def _probe(
    model: Model, definition: ModelDefinition, backend: Backend, margin: int, probing: Probing | None
) -> Probe | None:
    # A raster function may have any memory and any random choice in it; its maker's tile is what it was made for.
    if probing is None or (model.function is not None and model.function.allowed):
        return None
    normalized = definition.normalization is not None
    return find_probe(model.weights, backend, len(definition.bands), normalized, margin, definition.stride, probing)


def _orientations(
    definition: ModelDefinition, arguments: ModelArguments, height: int, width: int
) -> tuple[Orientation, ...]:
    if not arguments.test_time_augmentation:
        return ()
    if definition.pixel_space:
        return PIXEL_SPACE
    if height != width:
        reason = "its tiles are not square, so test_time_augmentation cannot turn them"
        raise NetworkMismatchError(weights=definition.weights, reason=reason)
    return MAP_SPACE


def describe_network(model: Model, backend: Backend, tile_size: int | None = None) -> ModelDefinition:
    """Makes a definition for bare weights from what the network says, takes and gives.

    A `tile_size` that the user asks for goes before what the network says: it may take no other.
    """
    metadata = read_onnx_metadata(backend.metadata, model.weights.name, backend.output.number)
    bands = backend.input.bands or metadata.bands
    if bands is None:
        raise NetworkMismatchError(weights=model.weights.name, reason="it does not tell its bands, and needs an .emd")
    tile = tile_size or metadata.tile or DEFAULT_TILE
    height, width = backend.input.height or tile, backend.input.width or tile
    size = trial_size(backend, backend.input.batch or 1, bands, height, width, default_stride(False, height, width))
    output = backend.run(image_of_zeros(model.weights.name, size[0], bands, *size[1:]))
    if np.issubdtype(output.dtype, np.integer) and output.shape[1] == 1 and not metadata.class_names:
        raise NetworkMismatchError(
            weights=model.weights.name, reason="it gives ready classes without their number, and needs an .emd"
        )
    channels = output.shape[1]
    plain = definition_of_network(model, bands, channels, height, width)
    return metadata.applied_to(plain, channels, whole_numbers=backend.input.limits is not None)


def _tile_size(definition: ModelDefinition, arguments: ModelArguments, backend: Backend) -> tuple[int, int]:
    """Returns height and width: the argument, else the definition; a network of a fixed size has the last word."""
    asked, fixed = arguments.tile_size, (backend.input.height, backend.input.width)
    if fixed[0] is None or fixed[1] is None:
        return (asked, asked) if asked else (definition.tile_height, definition.tile_width)
    if asked is not None and (asked, asked) != fixed:
        raise ArgumentError(name="tile_size", value=asked, expected=_fixed(fixed[0]))
    if (definition.tile_height, definition.tile_width) != fixed:
        named = f"{definition.tile_width} x {definition.tile_height}"
        values = {"pixels": f"{fixed[1]} x {fixed[0]}", "named": named}
        reason = Phrase("it takes {pixels} pixels, the definition says {named}", values)
        raise NetworkMismatchError(weights=definition.weights, reason=reason)
    return fixed[0], fixed[1]


def _batch_size(arguments: ModelArguments, backend: Backend) -> int:
    asked, fixed = arguments.batch_size, backend.input.batch
    if fixed is not None and asked is not None and asked != fixed:
        raise ArgumentError(name="batch_size", value=asked, expected=_fixed(fixed))
    return fixed or asked or 1


def _fixed(size: int) -> Phrase:
    return Phrase("{value}, which the network fixes", {"value": size})
