# SPDX-License-Identifier: GPL-2.0-or-later
"""The wheel of a mouse in a real QGIS desktop, over every field of the algorithm's dialog."""

from __future__ import annotations

import ctypes.util
from pathlib import Path
from typing import Any

import pytest

from .desktop import tour_desktop

LIMIT = 800

pytestmark = pytest.mark.skipif(
    ctypes.util.find_library("Xtst") is None, reason="libXtst, which moves mice, is not here"
)


def test_scrolling_over_the_fields_changes_none(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    found: dict[str, Any] = tour_desktop(tmp_path_factory, sample, "wheel_driver.py", LIMIT)
    assert found["turned"] >= 10
    assert found["changed"] == []
    assert found["kept"]
    assert found["scrolled"] >= found["turned"] / 2
