# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin's page in the options of a real QGIS desktop."""

from __future__ import annotations

from pathlib import Path

import pytest

from .desktop import run_desktop, virtual_screen

LIMIT = 800


@pytest.mark.slow
def test_the_page_opens_from_the_options_and_its_settings_are_kept(
    sample: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("options")
    with virtual_screen() as display:
        found = run_desktop(display, folder, sample, "options_driver.py", LIMIT)
    assert [row[0] for row in found["rows"]] == ["ONNX Runtime", "OpenVINO", "PyTorch"]
    assert all("checking" not in row[1] for row in found["rows"])
    assert found["cache"] == "0 bytes"
    assert found["store"] == "/data/north"
    assert found["portal"] == "https://maps.example.org/portal"
    for name in ("options", "options_end", "install"):
        assert (folder / f"{name}.png").stat().st_size > 10_000
