# SPDX-License-Identifier: GPL-2.0-or-later
"""The user's reference equals the help of the algorithm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsApplication

from ..unit.scripts import load_script

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def written() -> Any:
    """The script that writes the reference, as a module."""
    return load_script("write_reference")


def test_the_reference_is_up_to_date(plugin: Any, written: Any) -> None:
    """If this fails, run: make docs."""
    folder = ROOT / "docs" / "reference"
    algorithms = QgsApplication.processingRegistry().providerById("deeplearning").algorithms()
    for algorithm in algorithms:
        page = folder / f"{algorithm.name()}.md"
        assert page.read_text(encoding="utf-8") == written.page(algorithm)
    names = [*(found.name() for found in algorithms), "errors"]
    assert sorted(page.stem for page in folder.iterdir()) == sorted(names)
