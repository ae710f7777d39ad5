# SPDX-License-Identifier: GPL-2.0-or-later
"""A raster of the colours of images."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...grid import Grid
from ...window import Window
from ..read.source import BandReader, Channel, Float32, RasterBand, Valid, scale_channels
from .picture import Picture

# The bands of a coloured image; valid pixels are those with an alpha above 0.
COLOURS = tuple(
    RasterBand(number, name, in_picture=True) for number, name in enumerate(("Red", "Green", "Blue"), start=1)
)


class PictureSource(BandReader):
    """The colours of images on a grid, which a subclass gets."""

    files: tuple[str, ...] = ()

    def __init__(self, grid: Grid, name: str) -> None:
        self.name, self.grid, self.bands = name, grid, COLOURS
        self.select([Channel(band.number) for band in self.bands])

    def pictures(self, window: Window) -> Iterator[tuple[Window, Picture]]:
        """Yields the images that intersect a window within the grid, with the cells that they cover."""
        raise NotImplementedError

    def numbers(self, colours: NDArray[np.uint8]) -> NDArray[Any]:
        """Returns the values (bands, height, width) of red, green and blue."""
        return colours

    def select(self, channels: Sequence[Channel]) -> None:
        """Selects the channels for `read`, in this order."""
        self._channels = tuple(channels)

    def read_bands(self, window: Window) -> tuple[Float32, Valid]:
        """Returns pixels (bands, height, width) and validity (1, height, width) of a window."""
        colours = np.zeros((len(COLOURS), window.height, window.width), np.uint8)
        valid = np.zeros((window.height, window.width), np.bool_)
        inside = window.intersection(self.grid.window)
        for covered, picture in () if inside.empty else self.pictures(inside):
            part = covered.intersection(inside)
            target, source = part.within(window), part.within(covered)
            colours[(slice(None), *target)] = picture.colours[(slice(None), *source)]
            valid[target] = picture.visible[source]
        pixels = self.numbers(colours)[[channel.number - 1 for channel in self._channels]].astype(np.float32)
        scale_channels(pixels, self._channels)
        pixels[:, ~valid] = 0
        return pixels, valid[np.newaxis]
