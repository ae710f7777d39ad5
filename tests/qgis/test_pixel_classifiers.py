# SPDX-License-Identifier: GPL-2.0-or-later
"""Classifiers of rows, dates and further inputs in Processing return the classes of ONNX Runtime alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import helper
from qgis.core import QgsProcessingException

from ..networks import class_definition
from ..onnx_classifiers import BANDS, FLOAT, alone, forest, images_in_time, lstm
from ..onnx_graphs import save_graph
from ..runs import read, write
from .log import Log

Run = Callable[..., dict[str, Any]]

HEIGHT, WIDTH, TIMES = 70, 90, 3


def scene(folder: Path, bands: int) -> tuple[Path, np.ndarray]:
    pixels = np.random.default_rng(4).integers(0, 256, (bands, HEIGHT, WIDTH)).astype(np.uint8)
    return write(folder / "scene.tif", pixels), pixels


def definition(folder: Path, network: Path, bands: int, **keys: object) -> Path:
    path = folder / "model.emd"
    path.write_text(json.dumps(class_definition(network, bands, (0, 1, 2), 64, **keys)))
    return path


def maps_of(raster: Path, model: Path) -> dict[str, str]:
    """Returns the parameters of a map beside its raster."""
    return {"INPUT": str(raster), "MODEL": str(model), "OUTPUT": str(raster.with_name("map.tif"))}


@pytest.mark.parametrize("maps", [False, True])
def test_a_forest_and_its_probabilities(maps: bool, run: Run, tmp_path: Path) -> None:
    raster, pixels = scene(tmp_path, BANDS)
    network = forest(tmp_path / "forest.onnx", ("field", "town", "water"), maps)
    table = alone(forest(tmp_path / "plain.onnx", (0, 1, 2)), "rows", pixels.reshape(BANDS, -1).T, ["table"])[0]
    scores = str(tmp_path / "scores.tif")
    results = run(**maps_of(raster, network), OUTPUT_PROBABILITY=scores)
    assert [found["name"] for found in json.loads(results["CLASSES"])] == ["field", "town", "water"]
    assert (read(tmp_path / "map.tif") == table.argmax(1).reshape(HEIGHT, WIDTH)).all()
    np.testing.assert_allclose(read(tmp_path / "scores.tif"), table.T.reshape(3, HEIGHT, WIDTH), rtol=0, atol=1e-6)


def test_a_package_of_a_forest(run: Run, tmp_path: Path) -> None:
    import processing

    raster, pixels = scene(tmp_path, BANDS)
    network = forest(tmp_path / "forest.onnx", (5, 10, 200), maps=True)
    classes = "5,Field,#00ff00,10,Town,#ff0000,200,Sea,#0000ff"
    package = tmp_path / "forest.dlpk"
    parameters = {"WEIGHTS": str(network), "OUTPUT": str(package), "CLASSES": classes}
    processing.run("deeplearning:packagemodel", parameters, feedback=Log())
    results = run(**maps_of(raster, package))
    label = alone(network, "rows", pixels.reshape(BANDS, -1).T, ["label"])[0]
    assert (read(tmp_path / "map.tif") == label.reshape(HEIGHT, WIDTH)).all()
    assert [found["name"] for found in json.loads(results["CLASSES"])] == ["Field", "Town", "Sea"]


def test_rows_of_several_dates(run: Run, tmp_path: Path) -> None:
    raster, pixels = scene(tmp_path, 6)
    network = lstm(tmp_path / "n.onnx", TIMES, 2)
    scores = alone(network, "rows", pixels.reshape(6, -1).T.reshape(-1, TIMES, 2))[0]
    model = definition(tmp_path, network, 6, ClassifyPixels={"Times": TIMES})
    run(**maps_of(raster, model))
    assert (read(tmp_path / "map.tif") == scores.argmax(1).reshape(HEIGHT, WIDTH)).mean() > 0.999


def test_images_of_several_dates(run: Run, tmp_path: Path) -> None:
    raster, pixels = scene(tmp_path, 6)
    network = images_in_time(tmp_path / "n.onnx", "NCTHW", TIMES, 2)
    stack = pixels.reshape(1, TIMES, 2, HEIGHT, WIDTH).transpose(0, 2, 1, 3, 4)
    scores = alone(network, "image", stack)[0][0]
    model = definition(tmp_path, network, 6, ClassifyPixels={"Times": TIMES})
    run(**maps_of(raster, model))
    assert (read(tmp_path / "map.tif") == scores.argmax(0)).mean() > 0.999


def test_an_input_that_stays_the_same(run: Run, tmp_path: Path) -> None:
    raster, pixels = scene(tmp_path, BANDS)
    weights = {"w": np.random.default_rng(1).normal(size=(3, BANDS, 1, 1)).astype(np.float32)}
    nodes = [
        helper.make_node("Conv", ["image", "w"], ["s"]),
        helper.make_node("Mul", ["s", "t"], ["scores"]),
    ]
    inputs = [("image", FLOAT, ["n", BANDS, "h", "w"]), ("t", FLOAT, [1])]
    network = save_graph(tmp_path / "n.onnx", nodes, [("scores", FLOAT, ["n", 3, "h", "w"])], inputs, weights)
    scores = alone(network, "image", pixels[np.newaxis], t=np.array([-1], np.float32))[0][0]
    model = definition(tmp_path, network, BANDS, ClassifyPixels={"Inputs": {"t": -1.0}})
    run(**maps_of(raster, model))
    assert (read(tmp_path / "map.tif") == scores.argmax(0)).mean() > 0.999
    with pytest.raises(QgsProcessingException, match=re.escape('"ClassifyPixels": {"Inputs": {"t": 1.0}}')):
        run(INPUT=str(raster), MODEL=str(network), OUTPUT=str(tmp_path / "none.tif"))
    assert not (tmp_path / "none.tif").exists()
