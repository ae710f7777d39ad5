# SPDX-License-Identifier: GPL-2.0-or-later
"""Definitions for weights without one."""

from __future__ import annotations

from .definition import ModelClass, ModelDefinition
from .emd.emd_classes import default_color
from .model import Model


def definition_of_network(
    model: Model,
    bands: int,
    channels: int,
    height: int,
    width: int,
    ready: int | None = None,
    labelled: tuple[ModelClass, ...] = (),
) -> ModelDefinition:
    """Returns a definition with the first bands, and classes numbered like the channels.

    A single channel is one class of value 1 with background 0, or holds the numbers of `ready` classes from 0. Classes
    `labelled` by the network itself are unchanged.
    """
    values = range(1, 2) if channels == 1 and ready is None else range(ready or channels)
    classes = tuple(ModelClass(value, f"Class {value}", default_color(value)) for value in values)
    return ModelDefinition(
        name=model.name,
        weights=model.weights.name,
        tile_height=height,
        tile_width=width,
        bands=tuple(range(bands)),
        classes=labelled or classes,
    )
