# SPDX-License-Identifier: GPL-2.0-or-later
"""Warnings of seams: tiles whose scores differ by more than a class map hides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.notices import Caution
from tests.networks import class_definition, context_network, dilated_network
from tests.unit.rasters import random_pixels, read_raster, write_raster
from tests.unit.runs import Recorder, classify


def run(network: Path, arguments: dict[str, str], classes: int = 2, side: int = 300, **keys: Any) -> Recorder:
    """Classifies a square raster and returns what was said; the map lies beside the network."""
    progress = Recorder()
    raster = write_raster(network.parent / "scene.tif", random_pixels(2, side, side))
    definition = class_definition(network, 2, list(range(1, classes + 1)), 128, **keys)
    classify(raster, definition, network.parent / "map.tif", arguments, progress)
    return progress


def shares(progress: Recorder, kind: Caution = Caution.SEAMS) -> list[float]:
    """Returns the shares in percent of the warnings of a kind, of which no other one may be said."""
    assert progress.warnings == [event for event in progress.warnings if getattr(event, "kind", None) is kind]
    return [float(values["share"]) for values in progress.said(kind)]


def seam_in(folder: Path) -> float | None:
    """Returns the share that the metadata of the map has."""
    dataset = gdal.Open(str(folder / "map.tif"))
    return json.loads(dataset.GetMetadataItem("MODEL_ARGUMENTS")).get("seam_difference")


@pytest.mark.parametrize("padding", [{}, {"padding": "8"}, {"padding": "30"}], ids=str)
def test_seams_that_no_padding_removes_are_a_warning(padding: dict[str, str], tmp_path: Path) -> None:
    """The scores of neighbouring tiles differ by the difference of their means, times the weight."""
    said = run(context_network(tmp_path / "n.onnx", weight=30.0), {"tile_size": "128", **padding})
    (share,) = shares(said)
    assert share > 5
    assert seam_in(tmp_path) == pytest.approx(share / 100, rel=0.06)


def test_tiles_of_a_fixed_size_need_another_remedy(tmp_path: Path) -> None:
    said = run(context_network(tmp_path / "n.onnx", size=128, weight=30.0), {})
    (share,) = shares(said, Caution.SEAMS_OF_FIXED_TILES)
    assert share > 5


def test_a_single_tile_has_no_seams(tmp_path: Path) -> None:
    said = run(context_network(tmp_path / "n.onnx", weight=30.0), {"tile_size": "512"})
    assert shares(said) == []
    assert seam_in(tmp_path) is None


def test_faint_seams_are_no_warning(tmp_path: Path) -> None:
    said = run(context_network(tmp_path / "n.onnx", weight=0.2), {"tile_size": "128"})
    assert shares(said) == []
    assert 0 < (seam_in(tmp_path) or 0) <= 0.05


@pytest.mark.parametrize(
    ("arguments", "keys", "warned"),
    [
        ({"padding": "0"}, {}, True),
        ({}, {"Padding": 2}, True),
        ({"tile_size": "24"}, {}, True),
        ({"padding": "auto"}, {}, False),
        ({"padding": "20"}, {}, False),
        ({}, {}, False),
    ],
    ids=str,
)
def test_a_padding_below_the_measured_one(
    arguments: dict[str, str], keys: dict[str, Any], warned: bool, tmp_path: Path
) -> None:
    """A map with a warning differs from that of the whole scene, one without does not."""
    network = dilated_network(tmp_path / "n.onnx", 5, 10)
    said = run(network, {"tile_size": "128", **arguments}, classes=3, **keys)
    assert [share > 5 for share in shares(said)] == [True] * warned
    tiled = read_raster(tmp_path / "map.tif")
    run(network, {"tile_size": "512"}, classes=3)
    assert (np.mean(tiled != read_raster(tmp_path / "map.tif")) > 0.001) == warned
