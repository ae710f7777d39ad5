# SPDX-License-Identifier: GPL-2.0-or-later
"""The confusion matrix of a sample, and its measures.

Rows are the classes of the map, columns those of the reference, as in Olofsson et al. (2014). A measure without samples
is NaN, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]


@dataclass(frozen=True)
class Measures:
    """Agreement of a sample: two numbers for all classes, and an array (classes) for each measure of a class."""

    overall: float
    kappa: float
    users: Float64
    producers: Float64
    f1: Float64
    iou: Float64


def measures_of(counts: Int64) -> Measures:
    """Returns the measures of a confusion matrix (map classes, reference classes) of counts.

    F1 is the harmonic mean of user's and producer's accuracy, IoU the intersection over the union, kappa that of Cohen
    (1960).
    """
    hits = np.diag(counts).astype(np.float64)
    mapped, referred = counts.sum(axis=1), counts.sum(axis=0)
    total = float(counts.sum())
    overall = float(ratio(hits.sum(), total))
    by_chance = float(ratio(float(mapped.astype(np.float64) @ referred), total**2))
    return Measures(
        overall,
        float(ratio(overall - by_chance, 1 - by_chance)),
        ratio(hits, mapped),
        ratio(hits, referred),
        ratio(2 * hits, mapped + referred),
        ratio(hits, mapped + referred - hits),
    )


def ratio(part: Float64 | Int64 | float, whole: Float64 | Int64 | float) -> Float64:
    """Returns part / whole, NaN where the whole is 0."""
    parts, wholes = np.broadcast_arrays(np.asarray(part, np.float64), np.asarray(whole, np.float64))
    return np.divide(parts, wholes, out=np.full(wholes.shape, np.nan), where=wholes != 0)
