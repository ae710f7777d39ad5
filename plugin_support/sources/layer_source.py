# SPDX-License-Identifier: GPL-2.0-or-later
"""A raster layer that GDAL cannot open by name, read through its data provider."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsRasterBlock,
    QgsRasterBlockFeedback,
    QgsRasterDataProvider,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import Qt

from ...inference.errors import LayerGridError, LayerReadError, RunCancelledError
from ...inference.grid import Bounds, Grid
from ...inference.phrase import Phrase
from ...inference.raster import Channel
from ...inference.raster.read.source import BandReader, Float32, Valid, scale_channels
from ...inference.raster.read.validity import NoDataRange
from ...inference.window import Window
from ..http import ATTENTION, current_cancellation
from ..qgis_crs import wkt_of
from .layer_pixels import block_colours, block_validity, block_values, is_colour, layer_bands

# Width and height of a request: many providers split larger ones, and some services refuse them.
BLOCK = 1024
TIMEOUT = 180.0
LARGEST = np.finfo(np.float32).max
# Providers that return zeros if a request fails, by the tag of their only report, QGIS's log.
LOGS = {"wcs": "WCS"}


class LayerSource(BandReader):
    """A layer of any provider; every thread reads through a clone of the provider.

    Colour images have the bands red, green and blue, with validity from alpha. A provider without native cells needs
    a grid, in the CRS of the layer.
    """

    files: tuple[str, ...] = ()

    def __init__(self, layer: QgsRasterLayer, grid: Grid | None = None, timeout: float = TIMEOUT) -> None:
        self.name = layer.name() or layer.providerType()
        self._timeout = timeout
        self._is_cancelled = current_cancellation()
        self._lock = threading.Lock()
        self._local = threading.local()
        self._opened: list[Any] = []
        if not layer.isValid() or layer.dataProvider() is None:
            raise LayerReadError(layer=self.name, reason=layer.error().message() or Phrase("it is not valid"))
        # The clone survives the removal of the user's layer. Its provider is cloned, but never a clone of that:
        # with QGIS's computed layers, a clone of a clone returns uninitialised memory.
        self._layer = layer.clone()
        self._template = self._layer.dataProvider()
        self._user_no_data = _user_no_data(layer.dataProvider())
        _keep_own_no_data(layer.dataProvider(), self._template)
        self.grid = grid or _native_grid(self._template, self.name)
        self.described = Phrase(
            "layers of the provider {provider} are read by QGIS", {"provider": layer.providerType()}
        )
        self._colours = is_colour(self._template.dataType(1))
        self.bands = layer_bands(self._template, self.name)
        self._covered = self.grid.cover(bounds_of(self._template.extent()))
        self.select([Channel(band.number) for band in self.bands])

    def select(self, channels: Sequence[Channel]) -> None:
        """Selects the channels for `read`, in this order."""
        self._channels = tuple(channels)

    def read_bands(self, window: Window) -> tuple[Float32, Valid]:
        """Returns pixels and validity of a window, both (bands, height, width)."""
        pixels = np.zeros((len(self._channels), window.height, window.width), np.float32)
        valid = np.zeros(pixels.shape, np.bool_)
        inside = window.intersection(self.grid.window).intersection(self._covered)
        for part in inside.blocks(BLOCK):
            rows, columns = part.within(window)
            pixels[:, rows, columns], valid[:, rows, columns] = self._read_block(part)
        return pixels, valid

    def close(self) -> None:
        """Releases the clones of all threads."""
        self._opened.clear()
        self._local = threading.local()

    def _read_block(self, part: Window) -> tuple[NDArray[Any], Valid]:
        values, valid = self._colour_block(part) if self._colours else self._number_block(part)
        # QGIS's computed layers use the lowest 32-bit float as undeclared NoData.
        valid &= np.abs(values) < LARGEST
        scale_channels(values, self._channels)
        values[~valid] = 0
        return values, valid

    def _colour_block(self, part: Window) -> tuple[NDArray[Any], Valid]:
        colours, visible = block_colours(self._block(1, part))
        values = colours[[channel.number - 1 for channel in self._channels]].astype(np.float32)
        return values, np.broadcast_to(visible, values.shape).copy()

    def _number_block(self, part: Window) -> tuple[NDArray[Any], Valid]:
        shape = (len(self._channels), part.height, part.width)
        values, valid = np.zeros(shape, np.float64), np.zeros(shape, np.bool_)
        for index, channel in enumerate(self._channels):
            block = self._block(channel.number, part)
            stored = block_values(block)
            values[index] = stored
            valid[index] = block_validity(block, stored, self._user_no_data.get(channel.number, ()))
        return values, valid

    def _block(self, band: int, part: Window) -> QgsRasterBlock:
        """Reads one band, with a time limit."""
        feedback = QgsRasterBlockFeedback()
        with self._watched(feedback), _logged(LOGS.get(self._layer.providerType(), "")) as failures:
            extent = QgsRectangle(*self.grid.crop(part).bounds)
            block = self._provider().block(band, extent, part.width, part.height, feedback)
        reason: str | Phrase = "; ".join(str(error) for error in feedback.errors())
        if failures:
            reason = Phrase("the response of its server cannot be used; see QGIS's log")
        if self._is_cancelled():
            raise RunCancelledError
        if feedback.isCanceled():
            reason = Phrase("it did not respond within {seconds} seconds", {"seconds": f"{self._timeout:g}"})
        if not reason and (not block.isValid() or (block.width(), block.height()) != (part.width, part.height)):
            reason = block.error().message() or Phrase("it returned no pixels")
        if reason:
            raise LayerReadError(layer=self.name, reason=reason)
        return block

    @contextmanager
    def _watched(self, feedback: QgsRasterBlockFeedback) -> Iterator[None]:
        """Cancels reading in the block after the time limit or if the user cancels."""
        done = threading.Event()
        deadline = time.monotonic() + self._timeout

        def watch() -> None:
            while not done.wait(ATTENTION):
                if self._is_cancelled() or time.monotonic() > deadline:
                    feedback.cancel()

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()

    def _provider(self) -> QgsRasterDataProvider:
        """Clones the provider once per thread, because providers are not thread-safe."""
        provider = getattr(self._local, "provider", None)
        if provider is None:
            with self._lock:
                provider = self._local.provider = self._template.clone()
                _keep_own_no_data(self._template, provider)
                self._opened.append(provider)
        return provider


@contextmanager
def _logged(tag: str) -> Iterator[list[str]]:
    """Collects the messages that QGIS logs under a tag, if any, while this thread is in the block."""
    messages: list[str] = []
    thread = threading.get_ident()

    def collect(message: str, of: str, _level: object) -> None:
        if of == tag and threading.get_ident() == thread:
            messages.append(message)

    if not tag:
        yield messages
        return
    received = QgsApplication.messageLog().messageReceived[str, str, Qgis.MessageLevel]
    received.connect(collect, Qt.ConnectionType.DirectConnection)
    try:
        yield messages
    finally:
        received.disconnect(collect)


def _user_no_data(provider: QgsRasterDataProvider) -> Mapping[int, tuple[NoDataRange, ...]]:
    return {
        band: tuple((r.min(), r.max()) for r in provider.userNoDataValues(band))
        for band in range(1, provider.bandCount() + 1)
    }


def _keep_own_no_data(source: QgsRasterDataProvider, target: QgsRasterDataProvider) -> None:
    """Copies the use of the file's NoData from source to target, and removes the user's NoData.

    QGIS would keep the user's NoData as a bitmap that can only be read pixel by pixel.
    """
    for band in range(1, source.bandCount() + 1):
        target.setUseSourceNoDataValue(band, source.useSourceNoDataValue(band))
        target.setUserNoDataValue(band, [])


def _native_grid(provider: QgsRasterDataProvider, name: str) -> Grid:
    width, height, extent = provider.xSize(), provider.ySize(), provider.extent()
    if width <= 0 or height <= 0 or extent.isEmpty():
        raise LayerGridError(layer=name)
    transform = (extent.xMinimum(), extent.width() / width, 0.0, extent.yMaximum(), 0.0, -extent.height() / height)
    return Grid(width, height, transform, wkt_of(provider.crs()))


def bounds_of(extent: QgsRectangle) -> Bounds:
    """Returns xmin, ymin, xmax and ymax."""
    return extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()
