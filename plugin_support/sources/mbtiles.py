# SPDX-License-Identifier: GPL-2.0-or-later
"""MBTiles files, read by GDAL.

QGIS would draw them on other cells, smooth them, and leave damaged tiles transparent without an error.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from osgeo import gdal
from qgis.PyQt.QtCore import QUrl, QUrlQuery

from ...inference.errors import LayerReadError
from ...inference.phrase import Phrase
from ...inference.raster import GdalInput
from ...inference.raster.gdal_call import GdalError, gdal_call
from ...inference.raster.web import COLOURS
from .layer_uri import text_of
from .tiled_map import HALF_WORLD


def mbtiles_path(source: str) -> str:
    """Returns the file of an MBTiles layer, empty for other layers and for heights encoded as colours."""
    query = QUrlQuery(source)
    if text_of(query, "type") != "mbtiles" or text_of(query, "interpretation"):
        return ""
    address = QUrl(text_of(query, "url"))
    return str(address.toLocalFile() or address.path())


def mbtiles_input(path: str, cell: float | None, name: str) -> GdalInput:
    """Returns the zoom level with cells nearest to this size in metres of EPSG:3857, or the finest level.

    The bands are red, green and blue, with an alpha band. `name` is the layer in a LayerReadError.
    """
    try:
        finest = _opened(path, name)
        steps = range(finest.GetRasterBand(1).GetOverviewCount() + 1)
        ratio = math.log2(cell) - math.log2(finest.GetGeoTransform()[1]) if cell else 0.0
        step = min(steps, key=lambda halvings: abs(halvings - ratio))
        level = _opened(path, name, ZOOM_LEVEL=int(finest.GetMetadataItem("ZOOM_LEVEL")) - step) if step else finest
        vrt = gdal_call(gdal.Translate, "", level, format="VRT")
        vrt.SetGeoTransform(_on_lattice(level.GetGeoTransform()))
        for band in COLOURS:
            vrt.GetRasterBand(band.number).SetDescription(band.name)
        return GdalInput(vrt.GetMetadata("xml:VRT")[0], title=name)
    except GdalError as error:
        raise LayerReadError(layer=name, reason=str(error)) from error


def _on_lattice(transform: Sequence[float]) -> tuple[float, ...]:
    """Returns a geotransform aligned with the pixels of the tiles; GDAL uses the bounds in the file."""
    x, width, _, y, _, height = transform
    column, row = round((x + HALF_WORLD) / width), round((y - HALF_WORLD) / height)
    return (column * width - HALF_WORLD, width, 0.0, row * height + HALF_WORLD, 0.0, height)


def _opened(path: str, name: str, **options: int) -> Any:
    """Returns the dataset of an MBTiles file, with four bands for tiles of any format."""
    texts = [f"{key}={value}" for key, value in {"BAND_COUNT": len(COLOURS) + 1, **options}.items()]
    dataset = gdal_call(gdal.OpenEx, path, gdal.OF_RASTER, allowed_drivers=["MBTiles"], open_options=texts)
    if dataset is None:
        raise LayerReadError(layer=name, reason=Phrase("it is not an MBTiles file"))
    return dataset
