# SPDX-License-Identifier: GPL-2.0-or-later
"""A map that a server draws for any extent, as a raster.

QGIS would show an image that failed as an empty one, which is no different from a transparent one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Callable

from ...inference.grid import Bounds, Grid
from ...inference.raster.web import Picture, PictureSource
from ...inference.window import Window
from ..http import Access, cancelled_by, current_cancellation
from .portable import ONLY_HERE
from .tile_picture import fetch_picture

# Width and height of a request: some services refuse larger ones.
BLOCK = 1024
# Seconds; drawing takes longer than sending a tile.
TIMEOUT = 180.0


@dataclass(frozen=True)
class ServerMap:
    """The address of an image by extent, width and height, the sign-in, and the longest edge that the server draws."""

    address: Callable[[Bounds, int, int], str]
    access: Access
    largest: int | None = None


class ServerMapSource(PictureSource):
    """The colours of a map on a grid; anything but an image of the requested size is an AddressError."""

    described = ONLY_HERE

    def __init__(self, server_map: ServerMap, grid: Grid, extent: Bounds, name: str, timeout: float = TIMEOUT) -> None:
        super().__init__(grid, name)
        self._map, self._timeout = server_map, timeout
        self._block = min(BLOCK, server_map.largest or BLOCK)
        self._covered = grid.cover(extent)
        self._is_cancelled = current_cancellation()

    def pictures(self, window: Window) -> Iterator[tuple[Window, Picture]]:
        """Yields the images of a window, one request after another, without cells beyond the map's extent."""
        for part in window.intersection(self._covered).blocks(self._block):
            size = part.width, part.height
            with cancelled_by(self._is_cancelled):
                address = self._map.address(self.grid.crop(part).bounds, *size)
                yield part, fetch_picture(address, size, self._map.access, self._timeout)

    def close(self) -> None:
        """Does nothing: no connection is kept."""
