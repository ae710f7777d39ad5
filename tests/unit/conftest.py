# SPDX-License-Identifier: GPL-2.0-or-later
"""The class map of the tests of accuracy, and networks without OpenVINO."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from .rasters import write_raster


@pytest.fixture
def onnx_runtime_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hides OpenVINO, which compiles each network for what is decided before any library runs it."""
    monkeypatch.setitem(sys.modules, "openvino", None)


@pytest.fixture
def pixels() -> np.ndarray:
    """Class values, with a column of NoData."""
    values = np.random.default_rng(5).integers(1, 4, (40, 50)).astype(np.uint8)
    values[:, 0] = 255
    return values


@pytest.fixture
def class_map(tmp_path: Path, pixels: np.ndarray) -> Path:
    return write_raster(tmp_path / "map.tif", pixels[np.newaxis], no_data=255)


@pytest.fixture
def cells() -> np.ndarray:
    """Random cells beside the NoData column."""
    random = np.random.default_rng(8)
    return np.stack([random.integers(0, 40, 200), random.integers(1, 50, 200)], axis=1)
