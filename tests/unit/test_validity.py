# SPDX-License-Identifier: GPL-2.0-or-later
"""Which pixels count, by every way that a raster has to say so; a value that does not count is read as 0."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.raster import GdalInput, GdalSource
from classify_pixels.inference.window import Window
from tests.unit.rasters import build_vrt, write_raster

TYPES = ["uint8", "uint16", "int16", "uint32", "int32", "float32", "float64"]


def read(path: Path, no_data: dict[int, Any] | None = None) -> tuple[np.ndarray, np.ndarray]:
    with closing(GdalSource(GdalInput(str(path), no_data or {}))) as source:
        return source.read(source.grid.window)


def numbers(dtype: str = "float32", bands: int = 2) -> np.ndarray:
    """Pixels (bands, 4, 5) of distinct values from 1."""
    return np.arange(1, bands * 20 + 1).reshape(bands, 4, 5).astype(dtype)


@pytest.mark.parametrize("dtype", TYPES)
def test_a_value_that_is_no_data_is_0_and_counts_only_through_the_other_bands(
    dtype: str, tmp_path: Path
) -> None:
    pixels = numbers(dtype)
    pixels[0, 1, 1] = pixels[0, 2, 2] = pixels[1, 2, 2] = 99
    found, valid = read(write_raster(tmp_path / "s.tif", pixels, no_data=99))
    expected = pixels.astype(np.float32)
    expected[pixels == 99] = 0
    assert (found == expected).all()
    assert np.argwhere(~valid).tolist() == [[2, 2]]


@pytest.mark.parametrize(
    ("dtype", "no_data", "neighbour"),
    [
        ("uint8", 255, 254),
        ("int16", -32768, -32767),
        ("uint16", 65535, 65534),
        ("uint32", 4294967295, 4294967294),
        ("int32", -2147483648, -2147483647),
        ("int32", 16777217, 16777216),
        ("float32", -3.4028234663852886e38, -3.4028232635611926e38),
        ("float32", -9999.0, -9998.9990234375),
        ("float64", -1.7976931348623157e308, -1e30),
        ("float64", 0.1, 0.1000000000000001),
        ("float64", 1e-300, 0.0),
    ],
)
def test_only_the_very_no_data_value_is_none(
    dtype: str, no_data: float, neighbour: float, tmp_path: Path
) -> None:
    """The neighbour may be the same number in 32 bits, in which the network takes it."""
    pixels = numbers(dtype, bands=1)
    pixels[0, 0, 0], pixels[0, 0, 1] = no_data, neighbour
    found, valid = read(write_raster(tmp_path / "s.tif", pixels, no_data=no_data))
    assert np.argwhere(~valid).tolist() == [[0, 0]]
    assert found[0, 0, 0] == 0
    assert found[0, 0, 1] == np.float32(neighbour)


def test_a_decimal_no_data_value_of_a_float_band(tmp_path: Path) -> None:
    """The file says -9999.9 as a double, the pixels are its nearest float."""
    pixels = numbers(bands=1)
    pixels[0, 3, 4] = -9999.9
    _, valid = read(write_raster(tmp_path / "s.tif", pixels, no_data=-9999.9))
    assert np.argwhere(~valid).tolist() == [[3, 4]]


def test_a_no_data_value_that_the_type_cannot_hold_hides_nothing(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "s.tif", numbers("uint8"))
    dataset = gdal.Open(str(path), gdal.GA_Update)
    for number in (1, 2):
        dataset.GetRasterBand(number).SetNoDataValue(-9999)
    dataset = None
    assert read(path)[1].all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_no_data(dtype: str, bad: float, tmp_path: Path) -> None:
    pixels = numbers(dtype)
    pixels[0, 0, 0] = pixels[1, 1, 1] = pixels[0, 1, 1] = bad
    for no_data in (None, 7, float("nan")):
        found, valid = read(write_raster(tmp_path / "s.tif", pixels, no_data=no_data))
        assert np.isfinite(found).all()
        assert found[0, 0, 0] == 0
        assert not valid[1, 1]
        assert valid[0, 0]


@pytest.mark.parametrize("value", [1e39, -1e300, 1.7976931348623157e308])
@pytest.mark.filterwarnings("ignore:overflow")
def test_a_double_that_no_float_holds_is_not_finite_for_the_network(value: float, tmp_path: Path) -> None:
    pixels = numbers("float64", bands=1)
    pixels[0, 2, 3] = value
    found, valid = read(write_raster(tmp_path / "s.tif", pixels))
    assert np.isfinite(found).all()
    assert np.argwhere(~valid).tolist() == [[2, 3]]


def test_ranges_of_the_user_add_to_the_files_own(tmp_path: Path) -> None:
    pixels = numbers()
    path = write_raster(tmp_path / "s.tif", pixels, no_data=20)
    found, _ = read(path, {1: ((3.0, 5.0), (7.0, 7.0))})
    hidden = np.isin(pixels, [3, 4, 5, 7, 20])
    assert ((found == 0) == hidden).all()
    _, valid = read(path, {1: ((0.0, 100.0),), 2: ((21.0, 22.5),)})
    assert np.argwhere(~valid).tolist() == [[0, 0], [0, 1]]


MASK = np.ones((4, 5), bool)
MASK[1, 2] = MASK[3, 0] = False


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("no_data", [None, 9])
def test_a_mask_hides_all_bands(inside: bool, no_data: float | None, tmp_path: Path) -> None:
    """Inside the file, or in a .msk beside it; a NoData value comes on top."""
    path = write_raster(tmp_path / "s.tif", numbers(), no_data=no_data, mask=MASK, mask_inside=inside)
    assert (tmp_path / "s.tif.msk").exists() != inside
    found, valid = read(path)
    assert (valid == MASK).all()
    assert found[0, 1, 3] == (0 if no_data == 9 else 9)


@pytest.mark.parametrize("no_data", [None, 3])
def test_an_alpha_band_hides_pixels_and_is_no_band_of_its_own(no_data: float | None, tmp_path: Path) -> None:
    """GDAL's own mask forgets the alpha band where there is a NoData value."""
    pixels = numbers("uint8", bands=3)
    pixels[2] = np.where(MASK, 255, 0)
    pixels[2, 0, 0] = 1
    found, valid = read(write_raster(tmp_path / "s.tif", pixels, no_data=no_data, alpha=3))
    assert (valid == MASK).all()
    assert found.shape[0] == 2
    assert found[0, 0, 2] == (0 if no_data == 3 else 3)


def test_a_mask_of_one_band_hides_that_band_only(tmp_path: Path) -> None:
    mask = write_raster(tmp_path / "m.tif", np.where(MASK, 255, 0).astype(np.uint8)[None])
    source = f"<SimpleSource><SourceFilename>{mask}</SourceFilename></SimpleSource>"
    band = f"<MaskBand><VRTRasterBand dataType='Byte'>{source}</VRTRasterBand></MaskBand></VRTRasterBand>"
    vrt = build_vrt(tmp_path / "s.vrt", write_raster(tmp_path / "s.tif", numbers()))
    vrt.write_text(vrt.read_text().replace("</VRTRasterBand>", band, 1))
    found, valid = read(vrt)
    assert ((found[0] == 0) == ~MASK).all()
    assert (found[1] == numbers()[1]).all()
    assert valid.all()


def test_masks_are_read_where_the_pixels_are(tmp_path: Path) -> None:
    pixels = numbers("uint8", bands=2)
    pixels[1] = np.where(MASK, 255, 0)
    path = write_raster(tmp_path / "s.tif", pixels, alpha=2)
    with closing(GdalSource(GdalInput(str(path)))) as source:
        _, valid = source.read(Window(1, 1, 3, 2))
    assert (valid == MASK[1:3, 1:4]).all()


def test_a_raster_without_any_no_data_counts_everywhere(tmp_path: Path) -> None:
    pixels = np.zeros((2, 4, 5), np.uint8)
    found, valid = read(write_raster(tmp_path / "s.tif", pixels))
    assert valid.all()
    assert (found == 0).all()
