# SPDX-License-Identifier: GPL-2.0-or-later
"""A definition for weights that come without one."""

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
    """Returns a definition that takes the first bands and numbers the classes as the channels.

    One channel stands for one class, whose value is 1 beside the background's 0, or holds the numbers of so many
    `ready` classes from 0. Classes that the network has `labelled` itself are taken as they are.
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
