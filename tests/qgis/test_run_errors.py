# SPDX-License-Identifier: GPL-2.0-or-later
"""Broken definitions and arguments within QGIS: a sentence, and no file."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsProcessingException,
)

from classify_pixels.plugin_support.sources.layer_source import LayerSource

from .log import Log
from .scenes import Scene
from .test_layer_sources import virtual_layer

KEYS = ["ModelFile", "ImageHeight", "ImageWidth", "ExtractBands", "Classes"]


@pytest.mark.parametrize("key", KEYS)
def test_missing_key_is_named(key: str, run: Any, scene: Scene, tmp_path: Path) -> None:
    definition = {name: value for name, value in scene.definition.items() if name != key}
    with pytest.raises(QgsProcessingException, match=f"lacks the key {key}"):
        run(INPUT=str(scene.raster), MODEL=definition, OUTPUT=str(tmp_path / "out.tif"))
    assert not list(tmp_path.iterdir())


BROKEN_KEYS = [
    ("ImageHeight", 0),
    ("ImageWidth", "wide"),
    ("ImageWidth", 64.5),
    ("ExtractBands", []),
    ("ExtractBands", [0, -1]),
    ("ExtractBands", "0,1"),
    ("Classes", []),
    ("Classes", {"1": "Water"}),
    ("Classes", [1, 2, 3]),
    ("Classes", [{"Name": "without a value"}]),
    ("Classes", [{"Value": "one", "Name": "a"}]),
    ("Classes", [{"Value": True, "Name": "a"}]),
    ("Classes", [{"Value": 1, "Name": "a", "Color": [1, 2]}]),
    ("Classes", [{"Value": 1, "Name": "a", "Color": [1, 2, 256]}]),
    ("BatchSize", 0),
    ("Padding", -1),
    ("ModelPadding", "much"),
    ("Threshold", 2),
    ("ModelFormat", "CHWN"),
    ("NormalizationStats", [1, 2]),
    ("NormalizationStats", {"band_min_values": [0, 0]}),
]


@pytest.mark.parametrize(("key", "value"), BROKEN_KEYS)
def test_broken_key_is_named_with_its_value(key: str, value: Any, run: Any, scene: Scene, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException, match="key") as raised:
        run(INPUT=str(scene.raster), MODEL={**scene.definition, key: value}, OUTPUT=str(tmp_path / "out.tif"))
    named = key if key != "NormalizationStats" or isinstance(value, list) else "band_max_values"
    assert named in str(raised.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"padding": "x"}, "padding has the value x"),
        ({"padding": "1.5"}, "padding has the value 1.5"),
        ({"batch_size": "0"}, "batch_size has the value 0"),
        ({"tile_size": "-64"}, "tile_size has the value -64"),
        ({"threshold": "half"}, "threshold has the value half"),
        ([1, 2], "cannot be read"),
        ("[1, 2]", r"\[1"),
    ],
)
def test_broken_argument_is_named_with_its_value(
    arguments: Any, words: str, run: Any, scene: Scene, tmp_path: Path
) -> None:
    with pytest.raises(QgsProcessingException, match=words):
        run(
            INPUT=str(scene.raster),
            MODEL=str(scene.model),
            MODEL_ARGUMENTS=arguments,
            OUTPUT=str(tmp_path / "out.tif"),
        )
    assert not list(tmp_path.iterdir())


def test_unknown_parameter_is_warned_about(run: Any, scene: Scene, tmp_path: Path) -> None:
    log = Log()
    run(log, INPUT=str(scene.raster), MODEL=str(scene.model), CELLSIZE=30, OUTPUT=str(tmp_path / "out.tif"))
    assert [warning for warning in log.warnings if "CELLSIZE" in warning]


@pytest.mark.parametrize("failure", ["model", "bands"])
def test_nothing_of_a_failed_run_remains(
    failure: str, run: Any, scene: Scene, project: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """QGIS keeps the exception of a run to its end, and crashes then if clones of computed layers are still alive."""
    made: list[weakref.ref[LayerSource]] = []
    create = LayerSource.__init__

    def noted(self: LayerSource, *given: Any) -> None:
        create(self, *given)
        made.append(weakref.ref(self))

    monkeypatch.setattr(LayerSource, "__init__", noted)
    layer = virtual_layer(scene.raster)
    project.addMapLayer(layer)
    given = {"INPUT": layer.id(), "MODEL": str(scene.model), "BAND_MAPPING": "1,1", "OUTPUT": str(tmp_path / "out.tif")}
    changed = {"MODEL": "/absent.emd"} if failure == "model" else {"BAND_MAPPING": "7,8"}
    with pytest.raises(QgsProcessingException):
        run(**{**given, **changed})
    gc.collect()
    assert made
    assert [each() for each in made] == [None] * len(made)
