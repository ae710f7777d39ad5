# SPDX-License-Identifier: GPL-2.0-or-later
"""The test networks of Deepness, as bare files: their maps equal those of ONNX Runtime and numpy alone."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

from classify_pixels.inference.errors import ArgumentError
from classify_pixels.inference.models import Model, read_arguments, read_onnx_metadata
from classify_pixels.inference.network.prepared_model import PreparedModel, prepare_model
from classify_pixels.inference.runtimes import BackendOptions, NetworkOutput, open_backend
from tests.runs import classify, read, write

SIZE = 512
PIXELS = np.random.default_rng(11).integers(0, 256, size=(3, SIZE, SIZE)).astype(np.uint8)

# File, output, channels, margin, names of the classes by value, and whether it has metadata.
DUMMIES = [
    ("different_output_size_512_to_484", "", 2, 14, {0: "Class 0", 1: "Class 1"}, False),
    ("dummy_model", "", 3, 0, {0: "Class 0", 1: "Class 1", 2: "Class 2"}, False),
    ("one_output_sigmoid_bsx1x512x512", "", 1, 0, {1: "Coffee"}, True),
    ("one_output_sigmoid_bsx512x512", "", 1, 0, {1: "Coffee"}, True),
    ("one_output_softmax_bsx2x512x512", "", 2, 0, {0: "Class 0", 1: "Class 1"}, False),
    ("two_outputs_sigmoid_bsx1x512x512", "", 1, 0, {1: "Coffee"}, True),
    ("two_outputs_sigmoid_bsx1x512x512", "output2", 1, 0, {1: "Juice"}, True),
    ("two_outputs_sigmoid_bsx512x512", "", 1, 0, {1: "Class 1"}, False),
    ("two_outputs_sigmoid_bsx512x512", "1", 1, 0, {1: "Class 1"}, False),
    ("two_outputs_softmax_bsx2x512x512", "", 2, 0, {0: "Coffee", 1: "Tea"}, True),
    ("two_outputs_softmax_bsx2x512x512", "1", 2, 0, {0: "Juice", 1: "Beer"}, True),
]
CASES = pytest.mark.parametrize(("name", "output", "channels", "margin", "classes", "metadata"), DUMMIES)


@pytest.fixture(scope="module")
def folder(reference_data: Path) -> Path:
    return reference_data / "models" / "deepness_dummy"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("scene") / "scene.tif", PIXELS)


def prepared(path: Path, output: str) -> tuple[PreparedModel, NetworkOutput]:
    arguments = read_arguments({"output": output} if output else {})
    with closing(open_backend(path, BackendOptions(processor="CPU", output=output))) as backend:
        return prepare_model(Model(path.stem, path, None), arguments, backend), backend.output


def scores_alone(path: Path, output: str, metadata: bool) -> np.ndarray:
    """Runs the network by hand: bytes become 0 to 1 if the metadata are those of a model of this kind."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [node.name for node in session.get_outputs()]
    chosen = output if output in names else names[int(output or 0)]
    pixels = PIXELS[np.newaxis].astype(np.float32) / (255 if metadata else 1)
    scores = session.run([chosen], {session.get_inputs()[0].name: pixels})[0]
    return scores[0] if scores.ndim == 4 else scores


@CASES
def test_a_dummy_tells_what_it_is(
    name: str, output: str, channels: int, margin: int, classes: dict[int, str], metadata: bool, folder: Path
) -> None:
    model, used = prepared(folder / f"{name}.onnx", output)
    assert (model.channels, model.shape.margin, model.shape.fixed) == (channels, margin, True)
    assert (model.shape.height, model.shape.width, model.definition.bands) == (SIZE, SIZE, (0, 1, 2))
    assert {c.value: c.name for c in model.definition.classes} == classes
    assert (model.definition.normalization is not None) == metadata
    assert model.definition.ignored == ()
    assert used.number == (1 if output else 0)


@CASES
def test_the_map_of_a_dummy_is_that_of_the_network_alone(
    name: str, output: str, channels: int, margin: int, classes: dict[int, str], metadata: bool,
    folder: Path, scene: Path, tmp_path: Path,
) -> None:  # fmt: skip
    path = folder / f"{name}.onnx"
    arguments: dict[str, Any] = {"output": output} if output else {}
    classify(scene, str(path), tmp_path / "map.tif", arguments=arguments)
    scores = scores_alone(path, output, metadata)
    expected = (scores[0] > 0.5).astype(int) if channels == 1 else scores.argmax(axis=0)
    found = read(tmp_path / "map.tif")[margin : SIZE - margin, margin : SIZE - margin]
    # Where scores are equal but for rounding, many of them sigmoids of 0, the order of operations decides.
    ordered = np.sort(scores, axis=0)
    decided = ordered[-1] - ordered[-2] > 1e-4 if channels > 1 else np.abs(scores[0] - 0.5) > 1e-4
    assert decided.mean() > 0.8
    assert (found == expected)[decided].all()
    assert found.shape == (SIZE - 2 * margin,) * 2


@pytest.mark.parametrize("name", ["two_outputs_sigmoid_bsx1x512x512", "dummy_model"])
def test_outputs_that_a_dummy_does_not_have_are_refused(name: str, folder: Path) -> None:
    with pytest.raises(ArgumentError, match=r"must be output \(or 0\)"):
        prepared(folder / f"{name}.onnx", "output3")


def test_four_dummies_have_metadata(folder: Path) -> None:
    described = []
    for path in sorted(folder.glob("*.onnx")):
        with closing(open_backend(path, BackendOptions(processor="CPU"))) as backend:
            described.append(not read_onnx_metadata(backend.metadata, path.name).says_nothing)
    assert (len(described), sum(described)) == (8, 4)
