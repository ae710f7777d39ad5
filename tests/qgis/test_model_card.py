# SPDX-License-Identifier: GPL-2.0-or-later
"""The card of a model in the dialogs: its description, before any network is opened."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from classify_pixels.inference.describe.ignored import ignored_keys
from classify_pixels.plugin_support.user_settings import ALLOWED_FUNCTIONS_VARIABLE
from classify_pixels.ui.dialog.model_answer import Question, answer_to
from classify_pixels.ui.dialog.model_card import card_html
from tests.networks import class_definition, pointwise_network
from tests.raster_functions import write_blurring_model

STATISTICS = {
    "band_min_values": [0, 100],
    "band_max_values": [255, 4000],
    "scaled_mean_values": [0.5, 0.5],
    "scaled_std_values": [0.125, 0.125],
}


def card_of(model: Path, cache: Path) -> str:
    return card_html(answer_to(Question(str(model), packages=cache, downloads=cache)))


def test_all_that_a_definition_says_is_on_the_card(plugin: Any, tmp_path: Path) -> None:
    keys = {"NormalizationStats": STATISTICS, "Padding": 16, "DataRange": [0, 1], "Odd": 1, "Framework": "ONNX"}
    network = pointwise_network(tmp_path / "net.onnx", 2, 2)
    emd = tmp_path / "model.emd"
    emd.write_text(json.dumps(class_definition(network, 2, [3, 7], 64, **keys)))
    card = card_of(emd, tmp_path / "cache")
    for text in ("class 3", "31.88 … 223.1", "587.5 … 3512", "64 x 64", "16 pixels", "ONNX", "net.onnx"):
        assert text in card
    for key, reason in ignored_keys(answer_to(Question(str(emd), packages=tmp_path)).description):
        assert key in card
        assert str(reason).replace("'", "&#x27;") in card


def test_a_function_is_told_with_what_allows_it_and_no_longer_once_it_is(
    plugin: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    emd = write_blurring_model(tmp_path / "model")
    refused = answer_to(Question(str(emd), packages=tmp_path))
    assert refused.description.problem is not None
    fingerprint = str(refused.description.problem.values["fingerprint"])
    assert fingerprint in card_html(refused)
    monkeypatch.setenv(ALLOWED_FUNCTIONS_VARIABLE, fingerprint)
    allowed = answer_to(Question(str(emd), packages=tmp_path))
    assert allowed.problem == ""
    card = card_html(allowed)
    assert "Blurring.py" in card
    assert fingerprint not in card
