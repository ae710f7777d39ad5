# SPDX-License-Identifier: GPL-2.0-or-later
"""A real QGIS desktop on a virtual screen, in which the sample is classified through the dialog."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .desktop import LEGEND, tour_desktop

LIMIT = 1500


@pytest.fixture(scope="module")
def findings(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The driver's findings, and the folder of its pictures."""
    return tour_desktop(tmp_path_factory, sample, "desktop_driver.py", LIMIT)


def test_desktop_starts_with_the_plugin_and_ends_well(findings: dict[str, Any]) -> None:
    assert findings["loaded"]
    assert "Classify pixels using deep learning" in findings["algorithms"]
    assert findings["code"] == 0
    assert "Traceback" not in findings["stderr"]


def test_dialog_shows_what_the_model_is_and_what_runs_it(findings: dict[str, Any], record_property: Any) -> None:
    record_property("longest gap of the event loop in seconds", round(findings["card_gap"], 3))
    for text in ("Landsat 7 land cover", "#4169e1", "swir22", "256 x 256", "ONNX Runtime"):
        assert text in findings["card"]


def test_summary_is_in_the_results_viewer(findings: dict[str, Any]) -> None:
    assert len(findings["pages"]) == 1
    assert findings["page"].count("<rect") == len(LEGEND)
    assert "landsat7_olinda – Landsat 7 land cover" in findings["page"]


def test_result_is_named_after_raster_and_model(findings: dict[str, Any]) -> None:
    [result] = findings["results"]
    assert result["name"].startswith("landsat7_olinda – Landsat 7 land cover (sample) – whole layer, ")


def test_action_of_the_layers_menu_styles_it_again(findings: dict[str, Any]) -> None:
    assert findings["restyled"] == ["paletted"]


def test_identify_shows_the_class(findings: dict[str, Any]) -> None:
    [[value]] = findings["identified"]
    assert value in [f"{number}  {name}" for number, name, _ in LEGEND]


def test_result_is_loaded_with_the_models_legend(findings: dict[str, Any]) -> None:
    [result] = findings["results"]
    assert result["renderer"] == "paletted"
    assert result["classes"] == LEGEND
    assert result["crs"] == "EPSG:31985"


def test_result_lies_above_its_input(findings: dict[str, Any]) -> None:
    [result] = findings["results"]
    assert findings["order"] == [result["name"], "Olinda"]


def test_map_shows_the_models_colours(findings: dict[str, Any]) -> None:
    colors = {color for _, _, color in LEGEND}
    shown = [color for color in findings["center_colors"] if color in colors]
    assert len(set(shown)) >= 2
    # The canvas of QGIS 3.40 smooths between the pixels of its picture.
    assert len(shown) > 0.7 * len(findings["center_colors"])


def test_dialogs_log_tells_what_was_done(findings: dict[str, Any]) -> None:
    assert "Device: CPU" in findings["log"]
    assert "Built or bare" in findings["log"]


def test_run_in_the_dialog_is_recorded(findings: dict[str, Any], record_property: Any) -> None:
    record_property("seconds", round(findings["seconds"], 2))
    record_property("longest gap of the event loop in seconds", round(findings["longest_gap"], 3))
    assert findings["seconds"] > 0
    for name in ("dialog", "log", "desktop"):
        assert (findings["folder"] / f"{name}.png").stat().st_size > 10_000
