# SPDX-License-Identifier: GPL-2.0-or-later
"""Orientations: each is undone exactly, and all eight are different."""

from __future__ import annotations

import numpy as np
import pytest

from classify_pixels.inference.network.augmentation import MAP_SPACE, PIXEL_SPACE, Orientation, augmented

IMAGES = np.arange(2 * 3 * 4 * 6, dtype=np.float32).reshape(2, 3, 4, 6)


@pytest.mark.parametrize("orientation", MAP_SPACE)
def test_an_orientation_is_undone(orientation: Orientation) -> None:
    assert np.array_equal(orientation.undo(orientation.apply(IMAGES)), IMAGES)


def test_the_eight_orientations_of_a_square_differ() -> None:
    square = IMAGES[:, :, :, :4]
    assert len({orientation.apply(square).tobytes() for orientation in MAP_SPACE}) == 8


def test_in_pixel_space_only_left_and_right_change() -> None:
    plain, mirrored = (orientation.apply(IMAGES) for orientation in PIXEL_SPACE)
    assert np.array_equal(plain, IMAGES)
    assert np.array_equal(mirrored, IMAGES[:, :, :, ::-1])


@pytest.mark.parametrize(("policy", "expected"), [("mean", 1.5), ("max", 3.0), ("min", 0.0)])
def test_scores_of_all_orientations_become_one(policy: str, expected: float) -> None:
    calls = iter(range(4))
    scores = augmented(lambda images: np.full_like(images, next(calls)), IMAGES, MAP_SPACE[:4], policy)
    assert (scores == expected).all()


def test_a_network_that_knows_no_direction_gains_nothing() -> None:
    square = IMAGES[:, :, :, :4]
    assert np.allclose(augmented(lambda images: images * 2, square, MAP_SPACE, "mean"), square * 2)
