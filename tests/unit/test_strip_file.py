# SPDX-License-Identifier: GPL-2.0-or-later
"""Files of strips hold what was given, bit for bit, or say that they do not."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from osgeo import gdal

from classify_pixels.inference.raster.gdal_call import GdalError
from classify_pixels.inference.raster.write import strip_file
from classify_pixels.inference.raster.write.strip_file import write_strip_file

CLASSES = np.arange(1024 * 600, dtype=np.uint8).reshape(1, 600, 1024)
SCORES = np.where(CLASSES % 3, np.float32(0.1) * CLASSES, np.float32(np.nan)).astype(np.float32)


@pytest.mark.parametrize(("values", "kind"), [(CLASSES, gdal.GDT_Byte), (SCORES, gdal.GDT_Float32)])
def test_values_are_kept_with_nan_among_them(tmp_path: Path, values: NDArray[Any], kind: int) -> None:
    path = tmp_path / "strip.tif"
    write_strip_file(path, values, kind)
    dataset = gdal.Open(str(path))
    assert dataset.ReadAsArray().reshape(values.shape).tobytes() == values.tobytes()
    # Values of every other column are no whole rows of memory.
    write_strip_file(path, values[..., ::2], kind)


@pytest.mark.parametrize(("values", "kind"), [(CLASSES, gdal.GDT_Byte), (SCORES, gdal.GDT_Float32)])
def test_a_cell_that_comes_back_as_another_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, values: NDArray[Any], kind: int
) -> None:
    damaged = values.copy()
    damaged[0, -1, -1] = 7
    monkeypatch.setattr(strip_file, "_read", lambda path: damaged)
    with pytest.raises(GdalError, match="cannot be read again"):
        write_strip_file(tmp_path / "strip.tif", values, kind)


def test_a_file_is_complete_while_others_hold_frames_of_the_call(tmp_path: Path) -> None:
    """Profilers keep the frames of other threads, and with them references to an open dataset."""
    held: list[Any] = []
    values = np.random.default_rng(1).integers(0, 9, (1, 600, 600)).astype(np.uint8)
    sys.setprofile(lambda frame, event, _: held.append(frame) if event == "return" else None)
    try:
        write_strip_file(tmp_path / "strip.tif", values, gdal.GDT_Byte)
    finally:
        sys.setprofile(None)
    assert held
    np.testing.assert_array_equal(gdal.Open(str(tmp_path / "strip.tif")).ReadAsArray(), values[0])
