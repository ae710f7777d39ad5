# SPDX-License-Identifier: GPL-2.0-or-later
"""What ONNX networks are given: types, layouts, sizes."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper

from classify_pixels.inference.errors import NetworkMismatchError
from classify_pixels.inference.runtimes import Backend, BackendOptions, NetworkInput, open_backend
from classify_pixels.inference.runtimes.input_form import to_type
from classify_pixels.inference.runtimes.onnx.image_input import TYPES
from tests.networks import identity_network
from tests.onnx_graphs import IMAGE, save_graph

INTEGERS = [np.dtype(kind) for kind in TYPES.values() if np.dtype(kind).kind in "iu"]
finite = st.floats(allow_nan=False, allow_infinity=False, width=32)


def opened(weights: Path, **options: Any) -> Backend:
    return open_backend(weights, BackendOptions(**{"processor": "CPU", **options}))


def image_of(values: list[float]) -> np.ndarray:
    return np.array(values, np.float32).reshape(1, 1, 1, -1)


@given(st.sampled_from(INTEGERS), st.lists(finite, min_size=1, max_size=20))
def test_integers_are_rounded_and_stay_within_their_type(dtype: np.dtype, values: list[float]) -> None:
    limits = np.iinfo(dtype)
    expected = [min(max(round(value), limits.min), limits.max) for value in values]
    found = to_type(image_of(values), dtype)
    assert found.dtype == dtype
    # Ends that float32 does not hold are missed by less than its distance there.
    for number, wanted in zip(found.ravel().tolist(), expected):
        assert number == wanted or (wanted == limits.max and wanted * (1 - 2**-23) <= number < wanted)


@given(st.lists(finite, min_size=1, max_size=20))
def test_half_precision_has_ends_and_no_infinity(values: list[float]) -> None:
    found = to_type(image_of(values), np.dtype(np.float16)).ravel()
    expected = np.clip(np.array(values, np.float64), -65504, 65504).astype(np.float16)
    assert np.isfinite(found).all()
    np.testing.assert_array_equal(found, expected)


def test_pixels_of_the_right_type_are_not_copied() -> None:
    pixels = image_of([1.5])
    assert to_type(pixels, np.dtype(np.float32)) is pixels
    assert to_type(pixels, np.dtype(np.uint8)) is not pixels
    assert pixels[0, 0, 0, 0] == 1.5


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (TensorProto.UINT8, [0, 0, 2, 255, 255]),
        (TensorProto.INT8, [-128, 0, 2, 127, 127]),
        (TensorProto.UINT16, [0, 0, 2, 255, 65535]),
        (TensorProto.INT16, [-300, 0, 2, 255, 32767]),
        (TensorProto.INT32, [-300, 0, 2, 255, 70000]),
        (TensorProto.INT64, [-300, 0, 2, 255, 70000]),
        (TensorProto.FLOAT16, [-300, 0.25, 1.6, 255, 65504]),
        (TensorProto.DOUBLE, [-300, 0.25, 1.6, 255, 70000]),
    ],
)
def test_a_network_gets_its_own_type(kind: int, expected: list[float], tmp_path: Path) -> None:
    with closing(opened(identity_network(tmp_path / "n.onnx", 1, input_type=kind))) as backend:
        whole = kind not in (TensorProto.FLOAT16, TensorProto.DOUBLE)
        dtype = helper.tensor_dtype_to_np_dtype(kind)
        assert backend.input.limits == ((np.iinfo(dtype).min, np.iinfo(dtype).max) if whole else None)
        found = backend.run(image_of([-300, 0.25, 1.6, 255, 70000]))
    np.testing.assert_allclose(found.ravel(), expected, rtol=1e-3)


@pytest.mark.parametrize(("sizes", "expected"), [((32, "w"), (32, 32)), (("h", 48), (48, 48)), ((32, 48), (32, 48))])
def test_a_free_side_is_as_long_as_the_fixed_one(sizes: Any, expected: Any, tmp_path: Path) -> None:
    shape = ("n", 3, *sizes)
    path = save_graph(
        tmp_path / "n.onnx",
        [helper.make_node("Relu", ["image"], ["scores"])],
        [("scores", TensorProto.FLOAT, shape)],
        [("image", TensorProto.FLOAT, shape)],
    )
    with closing(opened(path)) as backend:
        assert backend.input == NetworkInput(None, 3, *expected)
        pixels = np.ones((2, 3, *expected), np.float32)
        np.testing.assert_array_equal(backend.run(pixels), pixels)


def test_another_input_is_named(tmp_path: Path) -> None:
    path = save_graph(
        tmp_path / "n.onnx",
        [helper.make_node("Mul", ["image", "threshold"], ["scores"])],
        [("scores", TensorProto.FLOAT, ("n", 3, "h", "w"))],
        [IMAGE, ("threshold", TensorProto.FLOAT, ())],
    )
    with pytest.raises(NetworkMismatchError, match=r"n\.onnx.*inputs image .* threshold \[\] instead of one"):
        opened(path)


def test_weights_that_are_listed_as_inputs_are_no_inputs(tmp_path: Path) -> None:
    """Exporters once listed them so."""
    path = save_graph(
        tmp_path / "n.onnx",
        [helper.make_node("Mul", ["image", "factor"], ["scores"])],
        [("scores", TensorProto.FLOAT, ("n", 3, "h", "w"))],
        [IMAGE, ("factor", TensorProto.FLOAT, ())],
        weights={"factor": np.array(2, np.float32)},
    )
    with closing(opened(path)) as backend:
        assert (backend.run(np.ones((1, 3, 4, 4), np.float32)) == 2).all()


def test_layouts_are_told_from_free_and_fixed_sizes(tmp_path: Path) -> None:
    for shape, layout in ((("n", "h", "w", 4), "NHWC"), (("n", 4, "h", "w"), "NCHW"), ((1, 64, 64, 4), "NHWC")):
        path = save_graph(
            tmp_path / "n.onnx",
            [helper.make_node("Relu", ["image"], ["scores"])],
            [("scores", TensorProto.FLOAT, shape)],
            [("image", TensorProto.FLOAT, shape)],
        )
        with closing(opened(path)) as backend:
            assert (backend.input.layout, backend.input.bands) == (layout, 4)
            pixels = np.random.default_rng(0).normal(size=(1, 4, 64, 64)).astype(np.float32)
            np.testing.assert_array_equal(backend.run(pixels), np.maximum(pixels, 0))
