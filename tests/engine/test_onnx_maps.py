# SPDX-License-Identifier: GPL-2.0-or-later
"""One network in the many forms that networks have: the map is the same, worked out by numpy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper

from tests.networks import class_definition, pointwise_weights
from tests.onnx_graphs import external_network, save_graph
from tests.unit.rasters import read_raster, write_raster
from tests.unit.runs import classify

FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64
MATRIX, BIAS = pointwise_weights(3, 4, seed=5)
PIXELS = np.random.default_rng(8).integers(0, 256, size=(3, 75, 110)).astype(np.uint8)
SCORES = np.einsum("cb,bhw->chw", MATRIX, PIXELS.astype(np.float32)) + BIAS[:, None, None]

CONV = helper.make_node("Conv", ["x", "w", "b"], ["y"], kernel_shape=[1, 1])


def saved(
    path: Path, before: list[Any], after: list[Any], image: Any, scores: Any, kind: int = FLOAT, given: int = FLOAT
) -> Path:
    """Saves steps, the convolution, and more steps; `kind` is the type of the output, `given` that of the input."""
    weights = {"w": MATRIX[:, :, None, None], "b": BIAS}
    return save_graph(path, [*before, CONV, *after], [("scores", kind, scores)], [("image", given, image)], weights)


def same(source: str, target: str) -> Any:
    return helper.make_node("Identity", [source], [target])


def sized(*image: Any) -> Callable[[Path], Path]:
    return lambda path: saved(path, [same("image", "x")], [same("y", "scores")], image, (image[0], 4, *image[2:]))


def of_type(kind: int) -> Callable[[Path], Path]:
    cast = helper.make_node("Cast", ["image"], ["x"], to=FLOAT)
    free = ("n", 3, "h", "w")
    return lambda path: saved(path, [cast], [same("y", "scores")], free, ("n", 4, "h", "w"), given=kind)


def channels_last(path: Path) -> Path:
    before = helper.make_node("Transpose", ["image"], ["x"], perm=[0, 3, 1, 2])
    after = helper.make_node("Transpose", ["y"], ["scores"], perm=[0, 2, 3, 1])
    return saved(path, [before], [after], ("n", "h", "w", 3), ("n", "h", "w", 4))


def ready_classes(keep_channel: int) -> Callable[[Path], Path]:
    shape = ("n", 1, "h", "w") if keep_channel else ("n", "h", "w")
    after = helper.make_node("ArgMax", ["y"], ["scores"], axis=1, keepdims=keep_channel)
    return lambda path: saved(path, [same("image", "x")], [after], ("n", 3, "h", "w"), shape, INT64)


def without_margin(path: Path) -> Path:
    """Drops 6 pixels on each side."""
    after = [
        helper.make_node("Constant", [], ["from"], value_ints=[6, 6]),
        helper.make_node("Constant", [], ["to"], value_ints=[-6, -6]),
        helper.make_node("Constant", [], ["axes"], value_ints=[2, 3]),
        helper.make_node("Slice", ["y", "from", "to", "axes"], ["scores"]),
    ]
    return saved(path, [same("image", "x")], after, (1, 3, 48, 48), (1, 4, 36, 36))


FORMS = {
    "free": sized("n", 3, "h", "w"),
    "fixed": sized(1, 3, 48, 48),
    "batches of three": sized(3, 3, 48, 48),
    "height fixed": sized("n", 3, 48, "w"),
    "width fixed": sized("n", 3, "h", 48),
    "half precision": of_type(TensorProto.FLOAT16),
    "bytes": of_type(TensorProto.UINT8),
    "16 bits": of_type(TensorProto.UINT16),
    "integers": of_type(TensorProto.INT32),
    "double": of_type(TensorProto.DOUBLE),
    "channels last": channels_last,
    "ready classes": ready_classes(1),
    "ready classes without a channel": ready_classes(0),
    "without a margin": without_margin,
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_map(form: str, tmp_path: Path) -> None:
    scene = write_raster(tmp_path / "scene.tif", PIXELS)
    path = FORMS[form](tmp_path / "n.onnx")
    definition = class_definition(path, 3, [0, 1, 2, 3], 48, Padding=6, ClassifyPixels={"Stride": 2})
    classify(scene, definition, tmp_path / "map.tif", workers=2)
    np.testing.assert_array_equal(read_raster(tmp_path / "map.tif"), SCORES.argmax(axis=0))


@pytest.mark.parametrize("form", [form for form in FORMS if not form.startswith("ready")])
def test_every_form_describes_itself(form: str, tmp_path: Path) -> None:
    scene = write_raster(tmp_path / "scene.tif", PIXELS)
    classify(scene, FORMS[form](tmp_path / "n.onnx"), tmp_path / "map.tif", {"padding": "6"})
    np.testing.assert_array_equal(read_raster(tmp_path / "map.tif"), SCORES.argmax(axis=0))


def test_weights_in_a_file_of_their_own(tmp_path: Path) -> None:
    scene = write_raster(tmp_path / "scene.tif", PIXELS)
    matrix = external_network(tmp_path / "n.onnx", "n.onnx_data")
    (tmp_path / "n.onnx_data").write_bytes(matrix.tobytes())
    classify(scene, tmp_path / "n.onnx", tmp_path / "map.tif")
    expected = np.einsum("cb,bhw->chw", matrix[:, :, 0, 0], PIXELS.astype(np.float32)).argmax(axis=0)
    np.testing.assert_array_equal(read_raster(tmp_path / "map.tif"), expected)
