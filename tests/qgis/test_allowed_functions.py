# SPDX-License-Identifier: GPL-2.0-or-later
"""Python raster functions through the provider: allowed by a setting, by a variable, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.core import QgsSettings

from classify_pixels.plugin_support.user_settings import (
    ALLOWED_FUNCTIONS_SETTING,
    ALLOWED_FUNCTIONS_VARIABLE,
    allowed_functions,
)

from ..raster_functions import write_blurring_model
from .command import ALGORITHM, needs_qgis_process, qgis_process, words
from .scenes import read_pixels, write_raster

pytestmark = pytest.mark.usefixtures("plugin")


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[QgsSettings]:
    monkeypatch.delenv(ALLOWED_FUNCTIONS_VARIABLE, raising=False)
    settings = QgsSettings()
    yield settings
    settings.remove(ALLOWED_FUNCTIONS_SETTING)


@pytest.mark.parametrize("saved", [None, "", [], "AB", ["ab"], ["ab", " CD "]])
@pytest.mark.parametrize("variable", ["", "ef", " EF ,, 01"])
def test_both_places_are_read(
    saved: Any, variable: str, settings: QgsSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.setValue(ALLOWED_FUNCTIONS_SETTING, saved)
    monkeypatch.setenv(ALLOWED_FUNCTIONS_VARIABLE, variable)
    texts = [*([saved] if isinstance(saved, str) else saved or []), *variable.split(",")]
    assert allowed_functions() == {text.strip().lower() for text in texts} - {""}


def test_without_either_nothing_is_allowed(settings: QgsSettings) -> None:
    assert allowed_functions() == frozenset()


@needs_qgis_process
def test_the_command_line_runs_a_function_only_when_its_sha256_is_in_the_variable(tmp_path: Path) -> None:
    """The error of the first try contains everything that the second one needs."""
    emd = write_blurring_model(tmp_path / "model")
    scene = write_raster(tmp_path / "scene.tif", np.full((2, 50, 60), 200, np.uint8))
    parameters = {"INPUT": scene, "MODEL": emd, "OUTPUT": tmp_path / "out.tif", "MODEL_ARGUMENTS": "level 150"}
    arguments = ["--json", "run", ALGORITHM, "--", *words(parameters)]
    refused = qgis_process(*arguments, folder=tmp_path)
    told = re.search(
        r"Blurring\.py.*SHA-256 ([0-9a-f]{64}).*" + ALLOWED_FUNCTIONS_VARIABLE,
        refused.stderr + refused.stdout,
        re.DOTALL,
    )
    assert refused.code == 1
    assert told is not None
    assert not (tmp_path / "out.tif").exists()
    done = qgis_process(*arguments, folder=tmp_path, **{ALLOWED_FUNCTIONS_VARIABLE: told[1]})
    assert "Blurring.py" in done.results["DEVICE"]
    assert read_pixels(tmp_path / "out.tif")[25, 30] == 7
    assert read_pixels(tmp_path / "out.tif")[0, 0] == 3
