# SPDX-License-Identifier: GPL-2.0-or-later
"""Class maps of a size at which GDAL itself fails."""

from __future__ import annotations

from pathlib import Path

import pytest
from osgeo import gdal

from classify_pixels.inference.grid import Grid
from classify_pixels.inference.publishing import publish
from classify_pixels.inference.raster.write import geotiff
from classify_pixels.inference.raster.write.format import RasterFormat
from classify_pixels.inference.raster.write.geotiff import BandLayout, GeoTiffFile

from ..unit.rasters import wkt

# 2 ** 32 cells: GDAL's checksum of them divides by zero and ends the program.
SIDE = 65536


def test_a_file_of_two_to_the_32_cells_is_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # They would take minutes.
    monkeypatch.setattr(geotiff, "build_overviews", lambda *arguments: None)
    grid = Grid(SIDE, SIDE, (500_000.0, 1.0, 0.0, 5_200_000.0, 0.0, -1.0), wkt(32633))
    layout = BandLayout(gdal.GDT_Byte, ("Class",), 255)
    file = GeoTiffFile(tmp_path / "map.tif", grid, layout, {}, RasterFormat(options=(("SPARSE_OK", "TRUE"),)))
    file.complete(gdal.GRIORA_Mode)
    publish(file.steps, tmp_path / "map.tif")
    file.remove()
    dataset = gdal.Open(str(tmp_path / "map.tif"))
    assert (dataset.RasterXSize, dataset.RasterYSize) == (SIDE, SIDE)
    assert dataset.GetRasterBand(1).ReadAsArray(SIDE - 2, SIDE - 2, 2, 2).tolist() == [[255, 255], [255, 255]]
