# SPDX-License-Identifier: GPL-2.0-or-later
"""Labels and maps of classifiers of rows."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import helper

from classify_pixels.inference.errors import NetworkMismatchError, NetworkRunError
from classify_pixels.inference.runtimes import BackendOptions, open_backend
from classify_pixels.inference.runtimes.onnx.label_output import array_of_maps
from tests.onnx_classifiers import BANDS, FLOAT, INT64, ML, TEXT, forest, forest_node, save

ROWS = helper.make_tensor_value_info("rows", FLOAT, ["n", BANDS])


def opened(network: Path, **options: Any) -> Any:
    return closing(open_backend(network, BackendOptions(processor="CPU", **options)))


def test_maps_are_read_in_the_order_of_their_keys() -> None:
    assert array_of_maps([{3: 0.5, 1: 0.25}, {1: 1.0, 3: 0.0}], "n").tolist() == [[0.25, 0.5], [1.0, 0.0]]


@pytest.mark.parametrize("maps", [[{1: 0.5}, {2: 0.5}], [{1: 0.5}, {1: 0.5, 2: 0.5}], [{1: 0.5, 2: 0.5}, {1: 0.5}]])
def test_maps_of_different_keys_are_refused(maps: Any) -> None:
    with pytest.raises(NetworkRunError, match="different labels"):
        array_of_maps(maps, "n")


def test_maps_of_too_many_keys_are_refused() -> None:
    with pytest.raises(NetworkMismatchError, match="2000 labels"):
        array_of_maps([dict.fromkeys(range(2000), 0.0)], "n")


@pytest.mark.parametrize("maps", [False, True])
def test_labels_are_told(maps: bool, tmp_path: Path) -> None:
    with opened(forest(tmp_path / "n.onnx", (40, -20, 30), maps)) as backend:
        assert backend.labels == ((-20, 30, 40) if maps else (40, -20, 30))
        assert backend.input.bands == BANDS
        assert backend.run(np.zeros((2, BANDS, 4, 5), np.float32)).shape == (2, 3, 4, 5)


def test_the_output_that_is_asked_for_is_used(tmp_path: Path) -> None:
    with opened(forest(tmp_path / "n.onnx", (40, 20, 30), maps=True), output="label") as backend:
        found = backend.run(np.full((1, BANDS, 4, 5), 99, np.float32))
        assert found.shape == (1, 1, 4, 5)
        assert set(np.unique(found)) <= {20, 30, 40}


def test_labels_that_are_nowhere_in_the_file_are_those_that_come_with_each_column(tmp_path: Path) -> None:
    """As of ensembles, which pick the label from a list of their own."""
    values = helper.make_tensor("values", INT64, [3], [7, 9, 8])
    nodes = [
        helper.make_node("Constant", [], ["values"], value=values),
        helper.make_node("Softmax", ["rows"], ["table"], axis=1),
        # The labels of a member, which are others.
        helper.make_node("ZipMap", ["table"], ["unused"], domain=ML, classlabels_int64s=[0, 1, 2]),
        helper.make_node("ArgMax", ["table"], ["best"], axis=1, keepdims=0),
        helper.make_node("Gather", ["values", "best"], ["label"]),
    ]
    outputs = [
        helper.make_tensor_value_info("label", INT64, ["n"]),
        helper.make_tensor_value_info("table", FLOAT, ["n", 3]),
    ]
    with opened(save(tmp_path / "n.onnx", nodes, outputs, [ROWS])) as backend:
        assert backend.labels == (7, 9, 8)


def test_texts_that_the_probabilities_do_not_stand_for_are_refused(tmp_path: Path) -> None:
    nodes = [forest_node(("a", "b", "c")), helper.make_node("Neg", ["table"], ["other"])]
    outputs = [
        helper.make_tensor_value_info("label", TEXT, ["n"]),
        helper.make_tensor_value_info("other", FLOAT, ["n", 3]),
    ]
    with pytest.raises(NetworkMismatchError, match="texts"), opened(save(tmp_path / "n.onnx", nodes, outputs, [ROWS])):
        pass
