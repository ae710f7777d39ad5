# SPDX-License-Identifier: GPL-2.0-or-later
"""Small real rasters and models with known class maps, and readers of results."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, osr

from ..networks import class_definition, pointwise_network, pointwise_weights

VALUES = (1, 4, 7)
CELL = 10.0
ORIGIN = (500_000.0, 5_400_000.0)
NO_DATA = 0
TILE = 64


@dataclass(frozen=True)
class Scene:
    """A raster of two bands with a hole of NoData, a model, and the resulting classes (hole: None)."""

    folder: Path
    raster: Path
    network: Path
    model: Path
    definition: dict[str, Any]
    classes: np.ndarray
    hole: tuple[slice, slice]


def write_scene(folder: Path, height: int = 90, width: int = 110) -> Scene:
    """Makes the scene; its expected classes are computed with numpy alone."""
    pixels = np.random.default_rng(5).integers(1, 200, (2, height, width), np.uint8)
    hole = (slice(10, 20), slice(30, 50))
    pixels[(slice(None), *hole)] = NO_DATA
    raster = write_raster(folder / "scene.tif", pixels, no_data=NO_DATA)
    network = pointwise_network(folder / "network.onnx", bands=2, channels=len(VALUES), seed=3)
    definition = class_definition(network, bands=2, values=VALUES, tile=TILE)
    model = write_definition(folder / "model.emd", definition)
    matrix, bias = pointwise_weights(bands=2, channels=len(VALUES), seed=3)
    scores = np.tensordot(matrix, pixels.astype(np.float32), 1) + bias[:, None, None]
    return Scene(folder, raster, network, model, definition, np.array(VALUES)[scores.argmax(axis=0)], hole)


def write_definition(path: Path, definition: dict[str, Any]) -> Path:
    """Writes a model definition."""
    path.write_text(json.dumps(definition), encoding="utf-8")
    return path


def write_raster(
    path: Path,
    pixels: np.ndarray,
    no_data: float | None = None,
    names: Sequence[str] = (),
    alpha: bool = False,
    options: Sequence[str] = (),
) -> Path:
    """Writes a GeoTIFF in UTM zone 33N of pixels (bands, height, width), with `alpha` in the last one."""
    count, height, width = pixels.shape
    kind = {"uint8": gdal.GDT_Byte, "complex64": gdal.GDT_CFloat32}[pixels.dtype.name]
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), width, height, count, kind, list(options))
    dataset.SetGeoTransform((ORIGIN[0], CELL, 0, ORIGIN[1], 0, -CELL))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32633)
    dataset.SetProjection(reference.ExportToWkt())
    for number in range(1, count + 1):
        band = dataset.GetRasterBand(number)
        band.WriteArray(pixels[number - 1])
        if no_data is not None:
            band.SetNoDataValue(no_data)
        if names:
            band.SetDescription(names[number - 1])
    if alpha:
        dataset.GetRasterBand(count).SetColorInterpretation(gdal.GCI_AlphaBand)
    return path


def read_pixels(path: Path) -> np.ndarray:
    """Returns the values (height, width) of the first band."""
    dataset = gdal.Open(str(path))
    return dataset.ReadAsArray().reshape(-1, dataset.RasterYSize, dataset.RasterXSize)[0]


def read_no_data(path: Path) -> float:
    """Returns the NoData value of the first band."""
    dataset = gdal.Open(str(path))
    return float(dataset.GetRasterBand(1).GetNoDataValue())


def assert_is_map_of(path: Path, scene: Scene) -> None:
    """Checks every pixel of a whole class map of the scene."""
    found, no_data = read_pixels(path), read_no_data(path)
    expected = scene.classes.copy()
    expected[scene.hole] = no_data
    np.testing.assert_array_equal(found, expected)
    assert no_data not in VALUES


def snapshot(folder: Path) -> dict[str, tuple[int, str]]:
    """Returns the time and the hash of every file below a folder, by name."""
    return {
        str(path.relative_to(folder)): (
            path.stat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
