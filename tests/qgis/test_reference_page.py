# SPDX-License-Identifier: GPL-2.0-or-later
"""The user's reference is what the algorithm says of itself."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsApplication

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def written() -> Any:
    """The script that writes the reference, as a module."""
    spec = importlib.util.spec_from_file_location("write_reference", ROOT / "scripts" / "write_reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_is_up_to_date(plugin: Any, written: Any) -> None:
    """Where this fails, run: make docs."""
    folder = ROOT / "docs" / "reference"
    algorithms = QgsApplication.processingRegistry().providerById("deeplearning").algorithms()
    for algorithm in algorithms:
        page = folder / f"{algorithm.name()}.md"
        assert page.read_text(encoding="utf-8") == written.page(algorithm)
    assert sorted(page.stem for page in folder.iterdir()) == sorted(found.name() for found in algorithms)
