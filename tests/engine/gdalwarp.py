# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters as gdalwarp writes them into a file, classified by numpy: what results on another grid have to be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from tests.networks import class_definition, pointwise_network, pointwise_weights
from tests.unit.rasters import read_raster

BANDS, CLASSES = 3, 5


@pytest.fixture
def model(tmp_path: Path) -> dict[str, Any]:
    network = pointwise_network(tmp_path / "network.onnx", BANDS, CLASSES)
    return class_definition(network, BANDS, range(CLASSES), 32, Padding=0, ClassifyPixels={"Stride": 1})


def classes_of(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """The classes of a raster by numpy, and where it is valid by GDAL's own masks."""
    dataset = gdal.Open(str(path))
    pixels = np.stack([dataset.GetRasterBand(band + 1).ReadAsArray() for band in range(BANDS)]).astype(np.float32)
    masks = np.stack([dataset.GetRasterBand(band + 1).GetMaskBand().ReadAsArray() != 0 for band in range(BANDS)])
    valid = masks.any(axis=0)
    if dataset.RasterCount > BANDS:
        valid &= dataset.GetRasterBand(BANDS + 1).ReadAsArray() != 0
    matrix, bias = pointwise_weights(BANDS, CLASSES)
    scores = np.tensordot(matrix, np.where(masks, pixels, 0), 1) + bias[:, None, None]
    return scores.argmax(axis=0), valid


def grid_in(path: Path) -> tuple[tuple[float, ...], int, int]:
    dataset = gdal.Open(str(path))
    return dataset.GetGeoTransform(), dataset.RasterXSize, dataset.RasterYSize


def no_data_of(path: Path) -> float:
    dataset = gdal.Open(str(path))
    return dataset.GetRasterBand(1).GetNoDataValue()


def gdalwarp(raster: Path, like: Path, method: str, **options: Any) -> Path:
    """Runs gdalwarp with the -te, -tr and -t_srs of another raster, and with exact places (-et 0)."""
    (x, width, _, y, _, height), columns, rows = grid_in(like)
    bounds = (x, y + rows * height, x + columns * width, y)
    path = like.with_name("warped.tif")
    gdal.Warp(
        str(path), str(raster), outputBounds=bounds, xRes=width, yRes=-height, resampleAlg=method,
        dstSRS=gdal.Open(str(like)).GetProjection() or None, dstAlpha=True, errorThreshold=0, **options,
    )  # fmt: skip
    return path


def assert_is_gdalwarp_classified(raster: Path, output: Path, method: str, least: int = 500, **options: Any) -> None:
    warped = gdalwarp(raster, output, method, **options)
    assert grid_in(warped)[1:] == grid_in(output)[1:]
    expected, valid = classes_of(warped)
    found, no_data = read_raster(output), no_data_of(output)
    np.testing.assert_array_equal(found == no_data, ~valid)
    same = found[valid] == expected[valid]
    assert valid.sum() >= least
    assert len(set(found[valid])) > 1
    if gdal.Open(str(raster)).GetProjection() == gdal.Open(str(output)).GetProjection():
        assert same.all()
    else:
        # Places are exact to a five hundredth of a cell: where classes meet it may matter.
        assert same.mean() > 0.997
