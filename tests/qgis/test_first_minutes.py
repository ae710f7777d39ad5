# SPDX-License-Identifier: GPL-2.0-or-later
"""The first minutes of a new user in the real QGIS: clicks to the first map, preview, and ways in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .desktop import LEGEND, tour_desktop

LIMIT = 1500
MOST_CLICKS = 6


@pytest.fixture(scope="module")
def findings(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The driver's findings, and the folder of its pictures."""
    return tour_desktop(tmp_path_factory, sample, "minutes_driver.py", LIMIT)


def test_desktop_ends_well(findings: dict[str, Any]) -> None:
    assert findings["code"] == 0
    assert "Traceback" not in findings["stderr"]


def test_first_map_takes_few_clicks(findings: dict[str, Any], record_property: Any) -> None:
    found = findings["first_map"]
    record_property("clicks to the first map", found["clicks"])
    record_property("seconds to the first map", round(found["seconds"], 1))
    assert found["clicks"] <= MOST_CLICKS
    assert (found["state"], found["renderer"]) == ("esriJobSucceeded", "paletted")
    assert not found["sample_button"]


def test_panel_is_tabbed_with_the_toolbox(findings: dict[str, Any]) -> None:
    assert "ProcessingToolbox" in findings["first_map"]["tabbed"]


def test_preview_equals_the_whole_run_wherever_the_map_is_moved(findings: dict[str, Any]) -> None:
    shown = findings["preview"]["shown"]
    assert len(shown) == 3
    assert [each["differing"] for each in shown] == [0, 0, 0]


def test_preview_follows_the_map(findings: dict[str, Any], record_property: Any) -> None:
    seconds = findings["preview"]["seconds"]
    record_property("seconds from a moved map to its preview", [round(each, 2) for each in seconds])
    assert len(seconds) == 2


def test_preview_has_the_colours_of_the_model(findings: dict[str, Any]) -> None:
    found = set(findings["preview"]["overlay_colors"])
    assert found - {"#000000"} <= {color for _, _, color in LEGEND}
    assert len(found) > 2


def test_argument_makes_the_preview_anew(findings: dict[str, Any]) -> None:
    assert findings["preview"]["with_argument"] == {"MODEL_ARGUMENTS": "test_time_augmentation true"}


def test_preview_leaves_nothing_behind(findings: dict[str, Any]) -> None:
    found = findings["preview"]
    assert (found["new_files"], found["new_layers"]) == ([], [])
    assert not found["items_left"]
    assert not found["session_left"]


def test_layer_menu_opens_the_panel_with_the_layer(findings: dict[str, Any]) -> None:
    assert findings["other_ways"]["by_menu"] == [True, "Second"]


def test_several_layers_are_queued_at_once(findings: dict[str, Any]) -> None:
    found = findings["other_ways"]
    assert found["several"] == ["Second", "Landsat 7 Olinda"]
    assert found["queued"] == [["Second", "esriJobSucceeded"], ["Landsat 7 Olinda", "esriJobSucceeded"]]


def test_area_is_classified_alone(findings: dict[str, Any]) -> None:
    # 0.3 of 349 x 352 cells, and those that it cuts.
    width, height = findings["other_ways"]["area"]
    assert 104 <= width <= 107
    assert 105 <= height <= 108


def test_models_are_dropped_on_the_panel_and_on_the_window(findings: dict[str, Any]) -> None:
    found = findings["other_ways"]
    assert found["dropped_on_panel"] == "landsat7_landcover.onnx"
    assert found["dropped_on_window"] == "landsat7_landcover.emd"
    assert found["layers_opened_by_drop"] == []


def test_code_is_allowed_after_a_question_that_names_it(findings: dict[str, Any]) -> None:
    found = findings["allow_code"]
    assert "Python code" in found["text"]
    assert ".py" in found["more"]
    assert found["default"]


def test_preview_ends_with_the_panel(findings: dict[str, Any]) -> None:
    assert not findings["closed"]["preview"]


def test_dialog_offers_a_raster_and_recent_models_and_labels(findings: dict[str, Any]) -> None:
    found = findings["dialog"]
    assert found["input"] in ("Second", "Landsat 7 Olinda")
    assert not found["rows_without_model"]
    assert found["recent"]
    assert "Batch size" in found["labels"]
    assert "batch_size" not in found["labels"]


def test_panel_fits_a_small_place(findings: dict[str, Any]) -> None:
    width, height = findings["small"]["size"]
    assert width <= 300
    assert height <= 400
    assert findings["small"]["cut"] == 0
