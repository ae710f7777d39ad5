# SPDX-License-Identifier: GPL-2.0-or-later
"""Accuracy and area of a map, estimated from a stratified sample, with standard errors.

Sources: P. Olofsson et al., "Good practices for estimating area and assessing accuracy of land change", Remote Sensing
of Environment 148 (2014), equations 1 to 11, for strata that are the classes of the map; S. V. Stehman, "Estimating
area and map accuracy for stratified random sampling when the strata are different from the map classes", International
Journal of Remote Sensing 35 (2014), equations 1 to 28, for any strata. The second contain the first: every quantity is
a mean or a ratio of means of indicators, 0 or 1 per sample.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .matrix import Float64, Int64, ratio

# Half the width of a confidence interval of 95 %, in standard errors (Olofsson et al., section 4.3).
CONFIDENCE_95 = 1.96


@dataclass(frozen=True)
class Estimate:
    """Estimates and their standard deviations (standard errors), numbers or arrays (classes); NaN if undefined."""

    value: Float64
    deviation: Float64

    @property
    def margin(self) -> Float64:
        """Half the width of the confidence interval of 95 %."""
        return CONFIDENCE_95 * self.deviation


@dataclass(frozen=True)
class Estimates:
    """Area-adjusted estimates.

    `proportions` is the error matrix (map classes, reference classes) as shares of the area; `shares` are those of the
    classes.
    """

    proportions: Float64
    overall: Estimate
    users: Estimate
    producers: Estimate
    shares: Estimate


def estimate(counts: Int64, sizes: Float64) -> Estimates:
    """Returns the estimates for a sample in strata.

    `counts` (strata, map classes, reference classes) are numbers of samples, `sizes` (strata, map classes) the areas,
    or pixels, of each class in each stratum of the map. A stratum with an area but without samples makes everything
    that depends on it NaN; one with a single sample, its standard errors. A class without reference samples has no
    standard error.
    """
    weights = ratio(sizes.sum(axis=1), sizes.sum())
    hits = np.einsum("hii->hi", counts)
    mapped, referred = counts.sum(axis=2), counts.sum(axis=1)
    # A stratum without a map class adds nothing to that class, even if it has no samples.
    holds, all_hold = sizes > 0, np.ones(referred.shape, np.bool_)
    sample = _Sample(weights, counts.sum(axis=(1, 2)))
    overall = sample.mean(hits.sum(axis=1, keepdims=True), all_hold[:, :1])
    shares = sample.mean(referred, all_hold)
    return Estimates(
        np.stack([sample.mean(row, np.broadcast_to(held, row.shape)).value for row, held in _rows(counts, holds)]),
        Estimate(overall.value[0], overall.deviation[0]),
        sample.ratio(hits, mapped, holds),
        sample.ratio(hits, referred, all_hold),
        Estimate(shares.value, np.where(referred.any(axis=0), shares.deviation, np.nan)),
    )


def _rows(counts: Int64, holds: NDArray[np.bool_]) -> Iterator[tuple[Int64, NDArray[np.bool_]]]:
    """Yields the counts (strata, reference classes) of each map class, and the strata (strata, 1) that hold it."""
    return ((counts[:, row], holds[:, [row]]) for row in range(counts.shape[1]))


@dataclass(frozen=True)
class _Sample:
    """The shares of the strata in the area, and their numbers of samples."""

    weights: Float64
    sizes: Int64

    def mean(self, hits: Int64, holds: NDArray[np.bool_]) -> Estimate:
        """Returns the means of indicators (Stehman, equations 3 and 25).

        `hits` (strata, quantities) counts the samples with the value 1; where `holds` is false, all are 0.
        """
        weights = self._weights(holds)
        parts = self._shares(hits)
        return Estimate(_sum(weights, parts), np.sqrt(_sum(weights**2, self._variances(parts, parts, parts))))

    def ratio(self, part: Int64, whole: Int64, holds: NDArray[np.bool_]) -> Estimate:
        """Returns the ratios of two means, of which the part is 1 only where the whole is (equations 27 and 28)."""
        weights = self._weights(holds)
        parts, wholes = self._shares(part), self._shares(whole)
        size = _sum(weights, wholes)
        value = ratio(_sum(weights, parts), size)
        # The product of the two indicators is the part.
        spread = (
            self._variances(parts, parts, parts)
            + value**2 * self._variances(wholes, wholes, wholes)
            - 2 * value * self._variances(parts, parts, wholes)
        )
        # Rounding can leave a negative number instead of 0.
        return Estimate(value, ratio(np.sqrt(np.maximum(_sum(weights**2, spread), 0)), size))

    def _weights(self, holds: NDArray[np.bool_]) -> Float64:
        return np.where(holds, self.weights[:, None], 0.0)

    def _shares(self, hits: Int64) -> Float64:
        return ratio(hits, self.sizes[:, None])

    def _variances(self, both: Float64, one: Float64, other: Float64) -> Float64:
        """Returns the covariances of the means of two indicators in each stratum; NaN for fewer than two samples."""
        return ratio(both - one * other, np.maximum(self.sizes[:, None] - 1, 0))


def _sum(weights: Float64, values: Float64) -> Float64:
    """Returns the sums over the strata; unknown values in strata without weight do not matter."""
    return np.asarray(np.where(weights > 0, weights * values, 0.0).sum(axis=0))
