# SPDX-License-Identifier: GPL-2.0-or-later
"""Maps of classifiers of rows, and of networks for several dates, equal what ONNX Runtime gives for the whole scene."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper
from osgeo import gdal

from classify_pixels.inference import SilentProgress
from classify_pixels.inference.errors import ClassifyPixelsError, ModelTypeError, NetworkMismatchError
from classify_pixels.inference.models import ModelReference, read_arguments
from classify_pixels.inference.raster import GdalInput
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from classify_pixels.inference.run.result import Classification
from tests.networks import class_definition
from tests.onnx_classifiers import (
    BANDS,
    FLOAT,
    INT64,
    alone,
    convolution_in_time,
    forest,
    forest_node,
    images_in_time,
    lstm,
    rows_network,
    save,
)
from tests.onnx_graphs import save_graph
from tests.runs import read
from tests.unit.rasters import write_raster

# Several tiles of 512 and more.
HEIGHT, WIDTH = 530, 1100
NO_DATA = 7


def scene(path: Path, bands: int = BANDS) -> Path:
    """Writes bytes of which a block and single pixels are NoData."""
    pixels = np.random.default_rng(2).integers(0, 256, (bands, HEIGHT, WIDTH)).astype(np.uint8)
    pixels[pixels == NO_DATA] = 8
    pixels[:, 100:140, 500:560] = NO_DATA
    pixels[:, ::97, ::89] = NO_DATA
    return write_raster(path / "scene.tif", pixels, NO_DATA)


class Folder:
    """A folder with a scene, in which models are run."""

    def __init__(self, path: Path, bands: int = BANDS) -> None:
        self.path, self.raster = path, scene(path, bands)
        self.pixels = gdal.Open(str(self.raster)).ReadAsArray()
        self.valid = (self.pixels != NO_DATA).all(axis=0)
        self.output, self.scores = path / "map.tif", path / "scores.tif"

    def run(self, model: Any, **fields: Any) -> Classification:
        reference = ModelReference(path=model) if isinstance(model, Path) else ModelReference(document=model)
        environment = Environment(cache=self.path / "cache", workers=2, processor="CPU")
        given = read_arguments(fields.pop("arguments", None))
        request = ClassificationRequest(
            GdalInput(str(self.raster)), reference, self.output, given, environment, **fields
        )
        return classify_pixels(request, SilentProgress())

    def check(self, model: Any, expected: np.ndarray, **fields: Any) -> Classification:
        """Runs a model and compares the map with class values (height, width)."""
        done = self.run(model, **fields)
        found = read(self.output)
        assert len(np.unique(expected[self.valid])) > 1
        assert (found[self.valid] == expected[self.valid]).all()
        assert (found[~self.valid] == done.no_data).all()
        return done

    @property
    def rows(self) -> np.ndarray:
        return self.pixels.reshape(len(self.pixels), -1).T

    def image(self, values: Any) -> np.ndarray:
        return np.asarray(values).reshape(HEIGHT, WIDTH)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.mark.parametrize("maps", [False, True])
@pytest.mark.parametrize("labels", [(0, 1, 2, 3), (5, 10, 200), (30, 20, 10), (-1, 1)])
def test_the_labels_of_a_forest_are_the_class_values(labels: tuple[int, ...], maps: bool, folder: Folder) -> None:
    network = forest(folder.path / "forest.onnx", labels, maps)
    label = alone(network, "rows", folder.rows, ["label"])[0]
    done = folder.check(network, folder.image(label))
    assert (done.halo, done.stride) == (0, 1)
    assert done.tiles > 1
    assert {c.legend_class.value for c in done.classes} == set(labels)


@pytest.mark.parametrize("maps", [False, True])
def test_probabilities_are_written_in_the_order_of_the_classes(maps: bool, folder: Folder) -> None:
    network = forest(folder.path / "forest.onnx", (5, 10, 200), maps)
    label, found = alone(network, "rows", folder.rows)
    table = np.array([[row[key] for key in (5, 10, 200)] for row in found]) if maps else found
    folder.check(network, folder.image(label), probability_output=folder.scores)
    scores = read(folder.scores)
    assert np.isnan(scores[:, ~folder.valid]).all()
    expected = table.T.reshape(3, HEIGHT, WIDTH)
    np.testing.assert_allclose(scores[:, folder.valid], expected[:, folder.valid], rtol=0, atol=1e-6)


@pytest.mark.parametrize("maps", [False, True])
def test_labels_that_are_texts_name_classes_in_their_order(maps: bool, folder: Folder) -> None:
    names = ("field", "town", "water")
    network = forest(folder.path / "forest.onnx", names, maps)
    label = alone(network, "rows", folder.rows, ["label"])[0]
    done = folder.check(network, folder.image(np.searchsorted(names, label.astype(str))))
    assert [(c.legend_class.value, c.legend_class.name) for c in done.classes] == list(enumerate(names))


def test_a_definition_and_a_package_give_values_by_label(folder: Folder) -> None:
    network = forest(folder.path / "forest.onnx", (5, 10, 200), maps=True)
    label = folder.image(alone(network, "rows", folder.rows, ["label"])[0])
    # In another order than the network's: what counts is the label.
    document = class_definition(network, BANDS, (200, 5, 10), 256)
    folder.check(document, label)
    package = folder.path / "forest.dlpk"
    with zipfile.ZipFile(package, "w") as archive:
        archive.write(network, "forest.onnx")
        archive.writestr("forest.emd", json.dumps({**document, "ModelFile": "forest.onnx"}))
    folder.check(package, label)
    with pytest.raises(NetworkMismatchError, match="5, 10, 200"):
        folder.run(class_definition(network, BANDS, (1, 2, 3), 256))


def test_labels_from_0_take_the_values_of_a_definition_by_their_place(folder: Folder) -> None:
    network = forest(folder.path / "forest.onnx", (0, 1, 2))
    label = alone(network, "rows", folder.rows, ["label"])[0]
    folder.check(class_definition(network, BANDS, (11, 12, 13), 256), folder.image(label + 11))


def test_a_label_that_is_not_the_most_probable_class_goes_before_the_probabilities(folder: Folder) -> None:
    """As that of a support vector machine, whose probabilities are another estimate."""
    nodes = [forest_node((0, 1, 2)), helper.make_node("ArgMin", ["table"], ["least"], axis=1, keepdims=0)]
    outputs = [
        helper.make_tensor_value_info("least", INT64, ["n"]),
        helper.make_tensor_value_info("table", FLOAT, ["n", 3]),
    ]
    network = save(folder.path / "n.onnx", nodes, outputs, [helper.make_tensor_value_info("rows", FLOAT, ["n", BANDS])])
    least = alone(network, "rows", folder.rows, ["least"])[0]
    folder.check(network, folder.image(least))


def test_pixels_with_several_dates_are_rows_of_a_recurrent_network(tmp_path: Path) -> None:
    folder = Folder(tmp_path, bands=6)
    # Row by row: all bands of the first date, then those of the next.
    rows = folder.rows.reshape(-1, 3, 2)
    network = lstm(tmp_path / "n.onnx", times=3, bands=2)
    expected = folder.image(alone(network, "rows", rows)[0].argmax(1))
    folder.check(class_definition(network, 6, (0, 1, 2), 256, ClassifyPixels={"Times": 3}), expected)
    # Bands of the raster in another order are an order of ExtractBands.
    document = class_definition(network, 6, (0, 1, 2), 256, ClassifyPixels={"Times": 3})
    turned = rows.transpose(0, 2, 1).reshape(-1, 3, 2)
    assert (turned != rows).any()
    expected = folder.image(alone(network, "rows", folder.rows[:, [0, 3, 1, 4, 2, 5]].reshape(-1, 3, 2))[0].argmax(1))
    folder.check({**document, "ExtractBands": [0, 3, 1, 4, 2, 5]}, expected)


def test_pixels_with_several_dates_are_rows_of_a_convolution_in_time(tmp_path: Path) -> None:
    folder = Folder(tmp_path, bands=6)
    network = convolution_in_time(tmp_path / "n.onnx", times=3, bands=2)
    rows = folder.rows.reshape(-1, 3, 2).transpose(0, 2, 1)
    expected = folder.image(alone(network, "rows", rows)[0].argmax(1))
    done = folder.check(class_definition(network, 6, (0, 1, 2), 256, ClassifyPixels={"Times": 3}), expected)
    assert done.halo == 0
    assert done.tiles > 1


@pytest.mark.parametrize("free", [False, True])
@pytest.mark.parametrize("layout", ["NTCHW", "NCTHW", "NTHWC"])
def test_images_of_several_dates(layout: str, free: bool, tmp_path: Path) -> None:
    folder = Folder(tmp_path, bands=6)
    network = images_in_time(tmp_path / "n.onnx", layout, times=3, bands=2, free=free)
    stack = folder.pixels.reshape(1, 3, 2, HEIGHT, WIDTH)
    image = stack.transpose(["NTCHW".index(axis) for axis in layout])
    scores = alone(network, "image", image)[0][0]
    keys: dict[str, Any] = {"ModelFormat": layout} if free else {}
    document = class_definition(network, 6, (0, 1, 2), 256, ClassifyPixels={"Times": 3}, **keys)
    # The halo is measured: the sums of 32-bit floats are not the whole scene's to the last bit.
    expected = scores.argmax(0)
    best = np.sort(scores, axis=0)
    clear = folder.valid & (best[-1] - best[-2] > 0.05)
    folder.run(document)
    assert clear.mean() > 0.9
    # Beside NoData, which is 0 for the network.
    near = ~np.pad(folder.valid, 1, constant_values=True)
    around = np.any([near[r : r + HEIGHT, c : c + WIDTH] for r in range(3) for c in range(3)], axis=0)
    kept = clear & ~around
    assert (read(folder.output)[kept] == expected[kept]).all()


def test_inputs_that_stay_the_same_have_their_values_in_the_definition(folder: Folder) -> None:
    random = np.random.default_rng(1)
    weights = {"w": random.normal(size=(3, BANDS, 1, 1)).astype(np.float32), "axes": np.array([2, 3])}
    nodes = [
        helper.make_node("Conv", ["image", "w"], ["s"]),
        helper.make_node("Unsqueeze", ["place", "axes"], ["p"]),
        helper.make_node("Mul", ["s", "p"], ["sp"]),
        helper.make_node("Mul", ["sp", "t"], ["scores"]),
    ]
    inputs = [("t", FLOAT, []), ("image", FLOAT, ["n", BANDS, "h", "w"]), ("place", FLOAT, ["n", 3])]
    network = save_graph(folder.path / "n.onnx", nodes, [("scores", FLOAT, ["n", 3, "h", "w"])], inputs, weights)
    place = np.array([[1, -2, 0.5]], np.float32)
    scores = alone(network, "image", folder.pixels[np.newaxis], t=np.array(-1, np.float32), place=place)[0][0]
    given = {"t": -1, "place": [1, -2, 0.5]}
    folder.check(class_definition(network, BANDS, (0, 1, 2), 256, ClassifyPixels={"Inputs": given}), scores.argmax(0))
    for wrong, match in (
        ({"t": 1}, '"Inputs": '),
        ({}, '"Inputs": .*"t"'),
        ({**given, "other": 1}, "other"),
        ({**given, "place": [1, 2]}, "place"),
        ({**given, "t": [[1, 2], [3, 4]]}, "t"),
    ):
        with pytest.raises(NetworkMismatchError, match=match):
            folder.run(class_definition(network, BANDS, (0, 1, 2), 256, ClassifyPixels={"Inputs": wrong}))
    with pytest.raises(NetworkMismatchError, match='"Inputs": '):
        folder.run(network)


def test_what_is_no_classifier_of_pixels_is_refused(folder: Folder) -> None:
    path, rows = folder.path / "n.onnx", helper.make_tensor_value_info("rows", FLOAT, ["n", BANDS])
    linear = helper.make_node(
        "LinearRegressor", ["rows"], ["variable"], domain="ai.onnx.ml", coefficients=[0.1] * BANDS, intercepts=[0.0]
    )
    with pytest.raises(ModelTypeError, match="regression"):
        folder.run(save(path, [linear], [helper.make_tensor_value_info("variable", FLOAT, ["n", 1])], [rows]))
    # What it says of a pixel depends on the others of the same call.
    mean = [
        helper.make_node("ReduceMean", ["rows"], ["m"], axes=[0], keepdims=1),
        helper.make_node("Sub", ["rows", "m"], ["scores"]),
    ]
    with pytest.raises(NetworkMismatchError, match="depend on other pixels"):
        folder.run(rows_network(path, mean, {}, ["n", BANDS]))
    with pytest.raises(NetworkMismatchError, match="1 pixels per call"):
        folder.run(rows_network(path, [helper.make_node("Relu", ["rows"], ["scores"])], {}, [1, BANDS]))
    # More labels than anybody lists.
    with pytest.raises(ClassifyPixelsError, match="1500 labels"):
        folder.run(many_labels(path, 1500))
    assert not folder.output.exists()


def many_labels(path: Path, count: int) -> Path:
    weights = helper.make_tensor("w", FLOAT, [BANDS, count], [0.5] * BANDS * count)
    nodes = [
        helper.make_node("Constant", [], ["w"], value=weights),
        helper.make_node("MatMul", ["rows", "w"], ["table"]),
        helper.make_node("ZipMap", ["table"], ["maps"], domain="ai.onnx.ml", classlabels_int64s=list(range(count))),
    ]
    entry = helper.make_map_type_proto(TensorProto.INT64, helper.make_tensor_type_proto(FLOAT, []))
    output = helper.make_value_info("maps", helper.make_sequence_type_proto(entry))
    return save(path, nodes, [output], [helper.make_tensor_value_info("rows", FLOAT, ["n", BANDS])])
