# SPDX-License-Identifier: GPL-2.0-or-later
"""VRT mosaics whose rasters are classified separately: each has the pixels and the NoData that the VRT shows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.raster import GdalSource, read_collection
from tests.unit.rasters import TRANSFORM, write_raster

PIXELS = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
EAST = (TRANSFORM[0] + 40, *TRANSFORM[1:])


@pytest.fixture
def paths(tmp_path: Path) -> list[str]:
    return [
        str(write_raster(tmp_path / "a.tif", PIXELS)),
        str(write_raster(tmp_path / "b.tif", PIXELS, transform=EAST)),
    ]


def test_unchanged_rasters_are_items(paths: list[str], tmp_path: Path) -> None:
    gdal.BuildVRT(str(tmp_path / "m.vrt"), paths, addAlpha=True).FlushCache()
    collection = read_collection(str(tmp_path / "m.vrt"), separately=True)
    assert collection is not None
    assert [item.name for item in collection.items] == paths


def test_no_data_of_the_vrt_is_that_of_the_items(paths: list[str], tmp_path: Path) -> None:
    """gdalbuildvrt -srcnodata "5 17" hides a value in each band."""
    gdal.BuildVRT(str(tmp_path / "m.vrt"), paths, srcNodata="5 17").FlushCache()
    collection = read_collection(str(tmp_path / "m.vrt"), separately=True)
    assert collection is not None
    for item in collection.rasters:
        source = GdalSource(item)
        valid = source.read_bands(source.grid.window)[1]
        source.close()
        np.testing.assert_array_equal(valid, np.array([5, 17]).reshape(2, 1, 1) != PIXELS)


CHANGES = {
    "swapped bands": [(">1</SourceBand>", ">x<"), (">2</SourceBand>", ">1</SourceBand>"), (">x<", ">2</SourceBand>")],
    "scaled values": [
        ("SimpleSource", "ComplexSource"),
        ("</ComplexSource>", "<ScaleRatio>2</ScaleRatio></ComplexSource>"),
    ],
    "a table": [("SimpleSource", "ComplexSource"), ("</ComplexSource>", "<LUT>0:1,255:0</LUT></ComplexSource>")],
    "a function": [
        ('band="1"', 'band="1" subClass="VRTDerivedRasterBand"'),
        ("<SimpleSource", "<PixelFunctionType>inv</PixelFunctionType><SimpleSource"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_vrt_that_changes_its_rasters_is_one_raster(change: str, paths: list[str], tmp_path: Path) -> None:
    vrt = tmp_path / "m.vrt"
    gdal.BuildVRT(str(vrt), paths).FlushCache()
    text = vrt.read_text()
    for old, new in CHANGES[change]:
        assert old in text
        text = text.replace(old, new)
    vrt.write_text(text)
    assert read_collection(str(vrt), separately=True) is None


def test_chosen_bands_are_one_raster(paths: list[str], tmp_path: Path) -> None:
    gdal.BuildVRT(str(tmp_path / "m.vrt"), paths, bandList=[2]).FlushCache()
    assert read_collection(str(tmp_path / "m.vrt"), separately=True) is None
