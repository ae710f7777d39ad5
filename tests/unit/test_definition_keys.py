# SPDX-License-Identifier: GPL-2.0-or-later
"""The guide's table of keys: every key that the reader asks for is in it, and no other."""

from __future__ import annotations

import re
from typing import Any

from classify_pixels.inference.models import parse_emd
from classify_pixels.inference.models.emd.emd_file import KEYS_READ, KEYS_WITHOUT_EFFECT, OWN_KEYS_READ

from .scripts import ROOT

PAGE = ROOT / "docs" / "model-definition.md"
CLASSES = [{"Value": 1, "Name": "a", "Color": [1, 2, 3]}]


class Watched(dict[str, Any]):
    """A JSON object that keeps the names it was asked for."""

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)


def documented(title: str) -> set[str]:
    """Returns the keys in the first column of the table below a heading."""
    text = PAGE.read_text(encoding="utf-8")
    section = re.split(r"^## ", text.partition(f"## {title}\n")[2], flags=re.MULTILINE)[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("|")]
    return {key for cell in cells for key in re.findall(r"`(\w+)`", cell)}


def asked_for() -> tuple[set[str], set[str]]:
    """Returns the keys that are looked for in an ordinary definition, and in our object within it."""
    own = Watched({"Lowest": [0], "Stride": 1})
    stats = {f"{scale}_{end}_values": [1] for scale, ends in (("band", "min"), ("scaled", "mean")) for end in [ends]}
    document = Watched(
        {
            "Framework": "arcgis.learn", "ModelFile": "n.pth", "ImageHeight": 8, "ImageWidth": 8, "ExtractBands": [0],
            "Classes": CLASSES, "Preprocessing": "LandsatService", "ClassifyPixels": own,
            "NormalizationStats": {**stats, "band_max_values": [2], "scaled_std_values": [1]},
        }
    )  # fmt: skip
    parse_emd(document, "model.emd")
    return document.asked, own.asked


def test_the_table_has_every_key_that_is_read() -> None:
    asked, _ = asked_for()
    in_table = documented("Keys that Esri defines")
    assert asked - {"Preprocessing"} - in_table == set()
    assert in_table == KEYS_READ | {"Preprocessing", "InferenceFunction"}


def test_the_table_has_every_key_of_our_own() -> None:
    _, asked = asked_for()
    assert asked <= OWN_KEYS_READ
    assert documented("Keys of this plugin") == OWN_KEYS_READ


def test_keys_without_effect_are_listed() -> None:
    assert documented("Keys without effect") >= KEYS_WITHOUT_EFFECT


def test_an_unknown_key_of_ours_is_reported() -> None:
    document = {
        "ModelFile": "n.onnx", "ImageHeight": 8, "ImageWidth": 8, "ExtractBands": [0], "Classes": CLASSES,
        "ClassifyPixels": {"Strides": 4, "Stride": 4},
    }  # fmt: skip
    assert parse_emd(document, "model.emd").ignored == ("ClassifyPixels.Strides",)


def test_the_layout_of_the_input_goes_before_the_format() -> None:
    document = {
        "ModelFile": "n.onnx", "ImageHeight": 8, "ImageWidth": 8, "ExtractBands": [0], "Classes": CLASSES,
        "ModelFormat": "NCHW", "InputLayout": "nhwc",
    }  # fmt: skip
    assert parse_emd(document, "model.emd").layout == "NHWC"
