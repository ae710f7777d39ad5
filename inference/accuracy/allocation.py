# SPDX-License-Identifier: GPL-2.0-or-later
"""Size of a stratified sample and its allocation to the classes of a map.

Source: P. Olofsson et al., Remote Sensing of Environment 148 (2014), section 5.1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..choices import EQUAL, PROPORTIONAL
from ..errors import SampleSizeError
from ..phrase import Phrase

# A larger sample is a mistake in the target, not a sample that people can label.
MOST_POINTS = 1_000_000


def sample_size(shares: Sequence[float], accuracies: Sequence[float], target: float) -> int:
    """Returns the size for a target standard error of the overall accuracy.

    Equation 13 without its term for small populations: (sum of W x sqrt(U (1 - U)) / S)². `shares` are the classes'
    shares of the area, `accuracies` their expected user's accuracies.
    """
    spread = sum(share * math.sqrt(expected * (1 - expected)) for share, expected in zip(shares, accuracies))
    size = (spread / target) ** 2
    if size > MOST_POINTS:
        reason = Phrase("a standard error of {target} needs {count} points", {"target": target, "count": f"{size:.3g}"})
        raise SampleSizeError(reason=reason)
    # Not one point more for a fraction that is only rounding.
    return max(1, math.ceil(size - 1e-6))


def allocate(total: int, shares: Sequence[float], allocation: str, minimum: int) -> list[int]:
    """Returns the number of points of each class, `total` in all.

    MIXED gives classes whose proportional number is below the minimum that minimum, and divides the rest among the
    others in proportion to their shares.
    """
    if total > MOST_POINTS:
        raise SampleSizeError(reason=Phrase("{count} points are too many", {"count": total}))
    if total < 1:
        raise SampleSizeError(reason=Phrase("{count} points are too few", {"count": total}))
    if allocation == EQUAL:
        return _divide(total, [1.0] * len(shares))
    if allocation == PROPORTIONAL:
        return _divide(total, shares)
    if minimum * len(shares) > total:
        values = {"total": total, "count": len(shares), "minimum": minimum}
        reason = Phrase("{total} points are not enough for {minimum} in each of {count} classes", values)
        raise SampleSizeError(reason=reason)
    rare: set[int] = set()
    while True:
        others = [0.0 if index in rare else share for index, share in enumerate(shares)]
        numbers = _divide(total - minimum * len(rare), others)
        below = {index for index, number in enumerate(numbers) if index not in rare and number < minimum}
        if not below:
            return [minimum if index in rare else number for index, number in enumerate(numbers)]
        rare |= below


def _divide(total: int, shares: Sequence[float]) -> list[int]:
    """Returns whole numbers in proportion to the shares with this sum, by largest remainders."""
    whole = sum(shares)
    exact = [total * share / whole if whole else 0.0 for share in shares]
    numbers = [math.floor(number) for number in exact]
    order = np.argsort([floor - number for floor, number in zip(numbers, exact)], kind="stable")
    for index in order[: (total - sum(numbers)) if whole else 0].tolist():
        numbers[index] += 1
    return numbers
