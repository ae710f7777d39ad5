# SPDX-License-Identifier: GPL-2.0-or-later
"""Odd published rasters: each is refused with a sentence, or classified as by numpy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference import ClassifyPixelsError
from tests.conftest import ROOT
from tests.networks import class_definition, pointwise_network, pointwise_weights
from tests.runs import classify

FOLDER = ROOT.parent / "shared" / "data" / "scenes" / "odd"
SUFFIXES = (".tif", ".tiff", ".vrt", ".jp2", ".nc")
CLASSES = 5

# Refused for their kind, not by accident.
REFUSED = {"RGB.nc": "is a container of", "reduced.nc": "is a container of", "corrupt.tif": "cannot be read"}


def odd_rasters() -> list[Path]:
    return sorted(path for path in FOLDER.rglob("*") if path.suffix.lower() in SUFFIXES)


def expected(path: Path, bands: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns classes by numpy, where they are certain, and the valid pixels of GDAL's masks."""
    dataset = gdal.Open(str(path))
    numbers = range(1, dataset.RasterCount + 1)
    alpha = [n for n in numbers if dataset.GetRasterBand(n).GetColorInterpretation() == gdal.GCI_AlphaBand]
    used = [n for n in numbers if n not in alpha][:bands]
    pixels = np.stack([dataset.GetRasterBand(n).ReadAsArray() for n in used]).astype(np.float64)
    masks = np.stack([dataset.GetRasterBand(n).GetMaskBand().ReadAsArray() != 0 for n in used])
    masks &= np.isfinite(pixels)
    pixels[~masks] = 0
    colours = (gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand)
    kinds = [(dataset.GetRasterBand(n).DataType, dataset.GetRasterBand(n).GetColorInterpretation()) for n in used]
    is_picture = all(kind == gdal.GDT_Byte and colour in colours for kind, colour in kinds)
    # A pixel of an image counts if any of its bands is valid, that of measurements only if all are.
    valid = masks.any(axis=0) if is_picture else masks.all(axis=0)
    for number in alpha:
        valid &= dataset.GetRasterBand(number).ReadAsArray() != 0
    matrix, bias = pointwise_weights(len(used), CLASSES)
    scores = np.einsum("cb,bhw->chw", matrix.astype(np.float64), pixels) + bias[:, None, None]
    ranked = np.sort(scores, axis=0)
    certain = ranked[-1] - ranked[-2] > 1e-5 * (1 + np.abs(pixels).max(axis=0))
    return scores.argmax(axis=0), certain, valid


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the reference data (../shared/data) is not on this machine")
@pytest.mark.parametrize("path", odd_rasters(), ids=lambda path: f"{path.parent.name}-{path.name}")
def test_an_odd_raster_is_classified_right_or_refused_with_a_sentence(path: Path, tmp_path: Path) -> None:
    before = sorted(path.parent.iterdir())
    dataset = gdal.Open(str(path))
    bands = max(1, min(3, dataset.RasterCount - 1)) if dataset is not None else 1
    network = pointwise_network(tmp_path / "network.onnx", bands, CLASSES)
    definition = class_definition(network, bands, range(CLASSES), 512, Padding=0, ClassifyPixels={"Stride": 1})
    output = tmp_path / "classes.tif"
    try:
        classify(path, definition, output)
    except ClassifyPixelsError as error:
        sentence = str(error)
    else:
        sentence = ""
    assert REFUSED.get(path.name, "") in sentence
    assert output.exists() == (path.name not in REFUSED)
    if path.name in REFUSED:
        return
    result = gdal.Open(str(output))
    classes, certain, valid = expected(path, bands)
    found = result.ReadAsArray()
    assert np.array_equal(found == result.GetRasterBand(1).GetNoDataValue(), ~valid)
    assert np.array_equal(found[valid & certain], classes[valid & certain])
    assert result.GetGeoTransform(can_return_null=True) == dataset.GetGeoTransform(can_return_null=True)
    assert result.GetGCPCount() == dataset.GetGCPCount()
    assert sorted(path.parent.iterdir()) == before
