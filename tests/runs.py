# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs of the engine that several tests share."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal

from classify_pixels.inference import SilentProgress
from classify_pixels.inference.choices import ANY
from classify_pixels.inference.models import Normalization, normalize, read_arguments, read_model_reference
from classify_pixels.inference.raster import Extent, GdalInput, GdalSource
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.no_data_rule import RuledSource
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from classify_pixels.inference.run.result import Classification
from classify_pixels.inference.runtimes import Backend, BackendOptions, open_backend
from classify_pixels.inference.tiling import CropMerger, Strip, Threads, Tile, TileShape, cut_strips, plan_tiles, run
from classify_pixels.inference.window import Window


def classify(
    raster: Path,
    model: Any,
    output: Path,
    arguments: Any = None,
    extent: Extent | None = None,
    workers: int = 2,
    cache: Path | None = None,
) -> Classification:
    """Classifies with the engine; the model is a path, a JSON text or a definition."""
    environment = Environment(extent=extent, workers=workers, cache=cache or output.parent / "cache")
    request = ClassificationRequest(
        GdalInput(str(raster)), read_model_reference(model), output, read_arguments(arguments), environment
    )
    return classify_pixels(request, SilentProgress())


def read(path: Path) -> np.ndarray:
    """Returns all pixels of a raster, (height, width) or (bands, height, width)."""
    dataset = gdal.Open(str(path))
    return dataset.ReadAsArray()


def write(path: Path, pixels: np.ndarray, like: Path | None = None, no_data: float | None = None) -> Path:
    """Writes a GeoTIFF of pixels (bands, height, width), on the grid of another raster where one is given."""
    from osgeo import gdal_array

    kind = gdal_array.NumericTypeCodeToGDALTypeCode(pixels.dtype)
    bands, height, width = pixels.shape
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), width, height, bands, kind)
    if like is not None:
        template = gdal.Open(str(like))
        dataset.SetGeoTransform(template.GetGeoTransform())
        dataset.SetProjection(template.GetProjection())
    for number, band in enumerate(pixels, start=1):
        dataset.GetRasterBand(number).WriteArray(band)
        if no_data is not None:
            dataset.GetRasterBand(number).SetNoDataValue(no_data)
    return path


class _Scores:
    """Keeps the scores themselves instead of a decision."""

    def __init__(self, backend: Backend, normalization: Normalization | None, batch_size: int) -> None:
        self.batch_size = batch_size
        self._backend, self._normalization = backend, normalization

    def interrupt(self) -> None:
        self._backend.interrupt()

    def process(self, tiles: list[Tile], blocks: list[tuple[np.ndarray, np.ndarray]]) -> list[np.ndarray]:
        pixels = np.stack([block for block, _ in blocks])
        if self._normalization is not None:
            pixels = normalize(pixels, self._normalization)
        outputs = self._backend.run(pixels)
        return [output[(slice(None), *tile.core.within(tile.output))] for tile, output in zip(tiles, outputs)]


class _Whole:
    """A sink that keeps the whole scene in memory."""

    def __init__(self, area: Window) -> None:
        self.values = np.empty((0, area.height, area.width), np.float32)

    def write(self, strip: Strip, values: np.ndarray) -> None:
        window = strip.window
        if not len(self.values):
            self.values = np.full((len(values), *self.values.shape[1:]), np.nan, np.float32)
        self.values[:, window.y : window.bottom, window.x : window.right] = values


def tiled_scores(
    raster: Path,
    weights: Path,
    shape: TileShape,
    batch_size: int = 1,
    normalization: Normalization | None = None,
    layout: str | None = None,
) -> np.ndarray:
    """Returns the scores (channels, height, width) of a whole raster, worked out tile by tile."""
    with closing(GdalSource(GdalInput(str(raster)))) as source:
        options = BackendOptions(bands=len(source.bands), layout=layout)
        with closing(open_backend(weights, options)) as backend:
            plan = plan_tiles(source.grid.window, source.grid.window, shape)
            network = _Scores(backend, normalization, batch_size)
            sink = _Whole(plan.area)
            strips = cut_strips(plan, 64, blended=False)
            with Threads(2) as threads:
                run(strips, RuledSource(source, ANY), network, CropMerger(), sink, SilentProgress(), threads)
    return sink.values
