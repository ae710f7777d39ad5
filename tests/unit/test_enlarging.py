# SPDX-License-Identifier: GPL-2.0-or-later
"""Enlarging scores: as PyTorch does it, and the same for a part as for the whole."""

from __future__ import annotations

import numpy as np
import pytest

from classify_pixels.inference.runtimes.enlarging import enlarged
from classify_pixels.inference.runtimes.output_form import OutputForm, coarse_axes, times_coarser


@pytest.mark.parametrize("times", [1, 2, 3, 4, 7, 16])
@pytest.mark.parametrize("shape", [(2, 3, 5, 9), (1, 1, 1, 1), (1, 2, 1, 6)])
def test_it_is_what_pytorch_gives(times: int, shape: tuple[int, ...]) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is optional")
    scores = np.random.default_rng(times).normal(size=shape).astype(np.float32)
    expected = torch.nn.functional.interpolate(
        torch.from_numpy(scores), scale_factor=times, mode="bilinear", align_corners=False
    )
    np.testing.assert_allclose(enlarged(scores, times), expected.numpy(), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("times", [2, 3, 4])
def test_a_part_has_the_very_bits_of_the_whole_but_for_its_rim(times: int) -> None:
    scores = np.random.default_rng(0).normal(size=(1, 2, 40, 50)).astype(np.float32)
    part = enlarged(scores[:, :, 7:30, 11:41], times)
    rim, top, left = times, 7 * times, 11 * times
    inner = part[:, :, rim:-rim, rim:-rim]
    height, width = inner.shape[2:]
    whole = enlarged(scores, times)[:, :, top + rim :, left + rim :][:, :, :height, :width]
    assert (inner == whole).all()


@pytest.mark.parametrize("axes", ["NCHW", "NHWC", "NHW", "CHW", "HWC", "HW"])
def test_every_form_is_enlarged_before_its_logits_become_probabilities(axes: str) -> None:
    sizes = {"N": 1, "C": 1, "H": 3, "W": 4}
    logits = np.random.default_rng(1).normal(size=[sizes[axis] for axis in axes]).astype(np.float32)
    plain = OutputForm(0, axes).read(logits)
    found = OutputForm(0, axes, logits=True, times=2).read(logits)
    np.testing.assert_allclose(found, 1 / (1 + np.exp(-enlarged(plain, 2))), rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.float16, np.float64, np.uint8, np.int64])
def test_scores_of_any_type_become_floats(dtype: type) -> None:
    found = OutputForm(times=2).read(np.array([[[[0, 4]]]], dtype))
    assert found.dtype == np.float32
    assert found[0, 0, 0].tolist() == [0, 1, 3, 4]


@pytest.mark.parametrize(
    ("shape", "image", "expected"),
    [
        ((1, 5, 32, 32), (1, 128, 128), (4, "NCHW")),
        ((1, 32, 32, 5), (1, 128, 128), (4, "NHWC")),
        ((2, 5, 33, 17), (2, 130, 66), (4, "NCHW")),
        ((5, 32, 16), (1, 128, 64), (4, "CHW")),
        ((32, 32), (1, 128, 128), (4, "HW")),
        ((1, 5, 128, 128), (1, 128, 128), (1, "")),
        ((1, 5, 64, 32), (1, 128, 128), (1, "")),
        ((1, 5, 90, 90), (1, 128, 128), (1, "")),
        ((1, 5, 1, 1), (1, 128, 128), (1, "")),
        ((2, 5, 32, 32), (1, 128, 128), (1, "")),
        ((1, 0, 32, 32), (1, 128, 128), (1, "")),
        ((1, 36, 1024), (1, 128, 128), (1, "")),
    ],
)
def test_how_many_pixels_a_score_seems_to_stand_for(
    shape: tuple[int, ...], image: tuple[int, int, int], expected: tuple[int, str]
) -> None:
    assert coarse_axes(shape, image) == expected
    assert times_coarser(shape, image) == expected[0]
