# SPDX-License-Identifier: GPL-2.0-or-later
"""The arithmetic at the start of a network, which reveals the value range of its training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..models import Normalization

Float64 = NDArray[np.float64]

ADD, SUBTRACT, MULTIPLY, DIVIDE = "add", "sub", "mul", "div"

# Constants scale an image to -1 to 1; statistics scale it to within three standard deviations.
OF_CONSTANTS = 1 / 3

# Correlation of neighbouring pixels and of two bands: those of photographs and satellite images are close to these.
OF_NEIGHBOURS, OF_BANDS = 0.95, 0.9
# Directions in which the filters hardly differ contain no information on the means.
LEAST_SINGULAR = 0.05
# Limit on the filter size: correlations of all pairs of its elements are calculated.
LARGEST_FILTER = 2000


@dataclass(frozen=True)
class FirstSteps:
    """The image so far: pixels x factor + offset, for each band."""

    factor: Float64
    offset: Float64

    @classmethod
    def none(cls, bands: int) -> FirstSteps:
        """Returns the unchanged image."""
        return cls(np.ones(bands), np.zeros(bands))

    def of_bands(self, constant: Float64 | None) -> Float64 | None:
        """Returns a constant per band, None for any other constant."""
        if constant is None or constant.size not in (1, len(self.factor)) or not np.isfinite(constant).all():
            return None
        return np.broadcast_to(constant.reshape(-1), self.factor.shape).astype(np.float64)

    def then(self, kind: str, number: Float64) -> FirstSteps:
        """Returns the image after a step of arithmetic with a constant for each band."""
        if kind in (ADD, SUBTRACT):
            return FirstSteps(self.factor, self.offset + (number if kind == ADD else -number))
        times = number if kind == MULTIPLY else 1 / number
        return FirstSteps(self.factor * times, self.offset * times)

    def before_convolution(self) -> Normalization | None:
        """Returns the normalisation by constants; without a scale, an offset does not determine a range."""
        return self.normalization(np.zeros(1), np.full(1, OF_CONSTANTS)) if (self.factor != 1).all() else None

    def normalization(self, mean: Float64, std: Float64) -> Normalization | None:
        """Returns (x / (1 / factor) - (mean - offset)) / std."""
        bands = self.factor.shape
        std = np.broadcast_to(std, bands)
        numbers = (np.zeros(bands), 1 / self.factor, mean - self.offset, std)
        if not all(np.isfinite(each).all() for each in numbers) or not (self.factor > 0).all() or not (std > 0).all():
            return None
        if (numbers[2] == 0).all() and (std == OF_CONSTANTS).all():
            # Only scaled to 0 to 1.
            numbers = (*numbers[:3], np.ones(bands))
        return Normalization(*(tuple(map(float, each)) for each in numbers))

    def normalized_after(
        self, kernel: Float64, bias: Float64, mean: Float64, variance: Float64
    ) -> Normalization | None:
        """Estimates mean and standard deviation of the image from the training's statistics after a convolution.

        `kernel` is (channels out, bands, height, width); the others are of each channel out. The means follow by least
        squares from the sums of the filters; the variance is the median over the filters, assuming typical
        correlations. None for untrained statistics, and for filters that are too large. The result is accurate to a
        small factor, enough to compare ranges.
        """
        channels, bands, height, width = kernel.shape
        untouched = (mean == 0).all() and (variance == 1).all()
        known = all(np.isfinite(each).all() for each in (kernel, bias, mean, variance))
        if untouched or not known or kernel[0].size > LARGEST_FILTER:
            return None
        means = np.linalg.pinv(kernel.sum(axis=(2, 3)), rcond=LEAST_SINGULAR) @ (mean - bias)
        rows, columns = (np.arange(height * width) // width, np.arange(height * width) % width)
        apart = np.hypot(rows[:, None] - rows, columns[:, None] - columns)
        correlation = np.kron(np.where(np.eye(bands, dtype=bool), 1, OF_BANDS), OF_NEIGHBOURS**apart)
        filters = kernel.reshape(channels, -1)
        expected = np.einsum("oi,ij,oj->o", filters, correlation, filters)
        used = (expected > 0) & (variance > 0)
        if not used.any():
            return None
        std = np.sqrt(np.median(variance[used] / expected[used]))
        return self.normalization(means, np.full(bands, std))
