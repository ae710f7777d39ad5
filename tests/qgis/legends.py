# SPDX-License-Identifier: GPL-2.0-or-later
"""Legends of class maps, of a layer and of the model."""

from __future__ import annotations

import numpy as np
from qgis.core import QgsRasterLayer

from .scenes import Scene


def legend(layer: QgsRasterLayer) -> list[tuple[int, str, str]]:
    """Returns value, name and colour of each class of the layer's renderer."""
    assert layer.renderer().type() == "paletted"
    return [(int(c.value), c.label, c.color.name()) for c in layer.renderer().classes()]


def legend_of_model(scene: Scene) -> list[tuple[int, str, str]]:
    """Returns the same of the model's definition."""
    return [(c["Value"], c["Name"], "#{:02x}{:02x}{:02x}".format(*c["Color"])) for c in scene.definition["Classes"]]


def transparency(layer: QgsRasterLayer) -> np.ndarray:
    """Returns the transparent pixels (height, width) of the layer's renderer."""
    width, height = layer.width(), layer.height()
    block = layer.renderer().block(1, layer.extent(), width, height)
    colors = np.frombuffer(bytes(block.data()), np.uint32).reshape(height, width)
    return colors >> 24 == 0
