# SPDX-License-Identifier: GPL-2.0-or-later
"""The known world of the tile server, its grid, and pixels of a source."""

from __future__ import annotations

from typing import Any

import numpy as np
from qgis.core import QgsRasterLayer

from classify_pixels.inference.grid import Grid
from classify_pixels.inference.raster import Extent, GridRequest
from classify_pixels.inference.window import Window
from classify_pixels.plugin_support.sources.layers import open_layer

from ..servers.tiles import CELL, HALF, SIZE
from ..unit.rasters import wkt


def world_pixels() -> np.ndarray:
    """Returns noise (4, SIZE, SIZE) with a transparent hole."""
    pixels = np.random.default_rng(3).integers(0, 256, (4, SIZE, SIZE), np.uint8)
    pixels[3] = 255
    pixels[3, 600:700, 500:560] = 0
    return pixels


def world_grid(window: Window) -> Grid:
    """Returns the grid of a part of the world."""
    return Grid(SIZE, SIZE, (-HALF, CELL, 0.0, HALF, 0.0, -CELL), wkt(3857)).crop(window)


def request_of(start: Window, cell: float | None = CELL) -> GridRequest:
    """Returns the grid request for a part of the world in cells of this size."""
    extent = Extent(world_grid(start).bounds)
    return GridRequest(extent=extent, cell_size=(cell, cell) if cell else None)


def open_map(uri: str, window: Window, cell: float = CELL, provider: str = "wms") -> Any:
    """Returns the source of a run for this part of the world in cells of this size."""
    layer = QgsRasterLayer(uri, "web map", provider)
    assert layer.isValid(), layer.error().message()
    return open_layer(layer, request_of(window, cell))


def assert_shows(source: Any, world: np.ndarray, start: Window, window: Window) -> None:
    """Compares a window of the source, which starts there in the world, with the world's own pixels."""
    pixels, valid = source.read(window)
    x, y = start.x + window.x, start.y + window.y
    expected = world[:, y : y + window.height, x : x + window.width]
    visible = expected[3] > 0
    np.testing.assert_array_equal(valid, visible)
    np.testing.assert_array_equal(pixels, np.where(visible, expected[:3], 0))
