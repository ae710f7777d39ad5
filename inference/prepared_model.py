# SPDX-License-Identifier: GPL-2.0-or-later
"""A model fitted to its network: what the definition says, checked against what the network does."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .augmentation import MAP_SPACE, PIXEL_SPACE, Orientation
from .backends import Backend
from .decision import AboveThreshold, Decision, choose_decision
from .errors import ArgumentError, NetworkMismatchError, NetworkRunError
from .model import Model, ModelArguments, ModelDefinition, definition_of_network, resolve_arguments
from .tiling import TileShape

# Tile size of networks that take any size and whose maker names none.
DEFAULT_TILE = 256

# Stride of networks whose maker names none: as deep as common encoders pool.
DEFAULT_STRIDE = 32


@dataclass(frozen=True)
class PreparedModel:
    """All that a run has to know of a model; the batch is `fixed` where the network takes no other."""

    definition: ModelDefinition
    arguments: ModelArguments
    shape: TileShape
    decision: Decision
    batch_size: int
    fixed_batch: bool
    channels: int
    beyond_probability: bool = False
    orientations: tuple[Orientation, ...] = ()


@dataclass(frozen=True)
class Trial:
    """What the network gave for a tile of zeros: its channels, their type, and how much smaller it is.

    `beyond_probability` is true where a single channel has values outside 0 to 1.
    """

    channels: int
    dtype: Any
    margin: int
    beyond_probability: bool


def prepare_model(model: Model, given: Mapping[str, str], backend: Backend) -> PreparedModel:
    """Returns the model fitted to its network, which is run once on a tile of zeros to see its output."""
    definition = model.definition or _describe(model, backend)
    arguments = resolve_arguments(given, definition)
    height, width = _tile_size(definition, arguments, backend)
    fixed = backend.input.height is not None
    stride = definition.stride or _default_stride(fixed, height, width)
    batch_size = _batch_size(arguments, backend)
    trial_size = (height, width) if fixed else (_rounded(height, stride), _rounded(width, stride))
    trial = _try_network(definition, backend, batch_size, *trial_size)
    decision = choose_decision(definition, arguments, trial.channels, trial.dtype)
    return PreparedModel(
        definition,
        arguments,
        TileShape(height, width, stride, _halo(arguments, height, width, stride), fixed, trial.margin),
        decision,
        batch_size,
        fixed_batch=backend.input.batch is not None,
        channels=trial.channels,
        beyond_probability=trial.beyond_probability and isinstance(decision, AboveThreshold),
        orientations=_orientations(definition, arguments, height, width),
    )


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


def _describe(model: Model, backend: Backend) -> ModelDefinition:
    """Makes a definition for bare weights from what the network takes and gives."""
    bands = backend.input.bands
    if bands is None:
        raise NetworkMismatchError(weights=model.weights.name, reason="it does not tell its bands, and needs an .emd")
    height, width = backend.input.height or DEFAULT_TILE, backend.input.width or DEFAULT_TILE
    output = backend.run(np.zeros((backend.input.batch or 1, bands, height, width), np.float32))
    if np.issubdtype(output.dtype, np.integer):
        raise NetworkMismatchError(
            weights=model.weights.name, reason="it gives ready classes without their number, and needs an .emd"
        )
    return definition_of_network(model, bands, output.shape[1], height, width)


def _tile_size(definition: ModelDefinition, arguments: ModelArguments, backend: Backend) -> tuple[int, int]:
    """Returns height and width: the argument, else the definition; a network of a fixed size has the last word."""
    asked, fixed = arguments.tile_size, (backend.input.height, backend.input.width)
    if fixed[0] is None or fixed[1] is None:
        return (asked, asked) if asked else (definition.tile_height, definition.tile_width)
    if asked is not None and (asked, asked) != fixed:
        raise ArgumentError(name="tile_size", value=asked, expected=f"{fixed[0]}, which the network fixes")
    if (definition.tile_height, definition.tile_width) != fixed:
        named = f"{definition.tile_width} x {definition.tile_height}"
        raise NetworkMismatchError(
            weights=definition.weights, reason=f"it takes {fixed[1]} x {fixed[0]} pixels, the definition says {named}"
        )
    return fixed[0], fixed[1]


def _default_stride(fixed: bool, height: int, width: int) -> int:
    """Returns the largest power of two up to the default that tiles of this size allow."""
    if fixed:
        return math.gcd(DEFAULT_STRIDE, height, width)
    return min(DEFAULT_STRIDE, 1 << (min(height, width).bit_length() - 1))


def _rounded(cells: int, stride: int) -> int:
    return max(stride, cells // stride * stride)


def _halo(arguments: ModelArguments, height: int, width: int, stride: int) -> int:
    """Returns the padding asked for, else a quarter of the tile, rounded down to the stride."""
    if arguments.padding is not None:
        return arguments.padding
    return min(height, width) // 4 // stride * stride


def _batch_size(arguments: ModelArguments, backend: Backend) -> int:
    asked, fixed = arguments.batch_size, backend.input.batch
    if fixed is not None and asked is not None and asked != fixed:
        raise ArgumentError(name="batch_size", value=asked, expected=f"{fixed}, which the network fixes")
    return fixed or asked or 1


def _try_network(definition: ModelDefinition, backend: Backend, batch: int, height: int, width: int) -> Trial:
    try:
        output = backend.run(np.zeros((batch, len(definition.bands), height, width), np.float32))
    except MemoryError as error:
        raise NetworkRunError(size=f"{width} x {height}", reason="there is not enough memory") from error
    margin = _margin(output.shape, batch, height, width)
    if margin is None:
        reason = f"it turns {batch} x {height} x {width} into {' x '.join(map(str, output.shape))}"
        raise NetworkMismatchError(weights=definition.weights, reason=reason)
    beyond = output.shape[1] == 1 and bool(np.any((output < 0) | (output > 1)))
    return Trial(output.shape[1], output.dtype, margin, beyond)


def _margin(shape: tuple[int, ...], batch: int, height: int, width: int) -> int | None:
    """Returns how many pixels the output lacks on each side, None where that is no one number."""
    if len(shape) != 4 or shape[0] != batch:
        return None
    lacking = {height - shape[2], width - shape[3]}
    missing = lacking.pop()
    return missing // 2 if not lacking and missing >= 0 and missing % 2 == 0 and missing < height else None
