# SPDX-License-Identifier: GPL-2.0-or-later
"""The kind of numbers in a single channel: probabilities, logits, or class numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import FunctionError, NetworkRunError
from ..models import CLASS_NUMBERS, LOGITS, PROBABILITIES
from ..runtimes import Backend
from .probe import noise_scenes

# By how much a probability may lie beyond 0 or 1: numbers of 8 bits are rounded by no more.
ROUNDING = 0.01

# A channel with more different whole numbers, or larger ones, holds no numbers of classes that nobody lists: those of
# random images are few, and a byte that stands for a probability reaches 255.
MOST_NUMBERS, LARGEST_NUMBER = 64, 199

# Probabilities that are multiplied, as percentages and bytes are, reach from 0 to one of these, and look like logits.
MULTIPLES = (100.0, 255.0)

# Images to look at are larger than that only where the network takes no smaller ones, which are so many pixels smaller.
LARGEST_IMAGE, STEP = 128, 64

Size = tuple[int, int, int]


@dataclass(frozen=True)
class SeenValues:
    """The values that a channel had: the lowest, the highest, and all of them if they are whole numbers."""

    lowest: float
    highest: float
    numbers: frozenset[int] | None = None

    def meaning(self, classes: Sequence[int]) -> str:
        """Returns the kind of the values, given the listed class values.

        Integers are class numbers if there are more classes than a single score can separate, or if all are listed and
        not only 0 and 1. Otherwise values between 0 and 1 are probabilities, and others logits.
        """
        if self.numbers is not None and (len(classes) > 2 or self._all_listed(classes)):  # noqa: PLR2004
            return CLASS_NUMBERS
        return LOGITS if beyond_probability(self.lowest, self.highest) else PROBABILITIES

    @property
    def multiplied(self) -> bool:
        """Returns True for probabilities as percentages or bytes; logits have both signs and no round limit."""
        ends = any(abs(self.highest - end) <= ROUNDING * end for end in MULTIPLES)
        return ends and abs(self.lowest) <= ROUNDING * self.highest

    def class_count(self) -> int | None:
        """Returns the number of unlisted classes from 0 that the values stand for, None if they are no classes."""
        numbers = self.numbers or frozenset()
        if not 1 < len(numbers) <= MOST_NUMBERS or min(numbers) < 0 or max(numbers) > LARGEST_NUMBER:
            return None
        return max(numbers) + 1

    def _all_listed(self, classes: Sequence[int]) -> bool:
        numbers = self.numbers or frozenset()
        return numbers <= {0, *classes} and not numbers <= {0, 1}


def beyond_probability(lowest: float, highest: float) -> bool:
    """Returns True for values that are no probabilities, not even rounded ones."""
    return lowest < -ROUNDING or highest > 1 + ROUNDING


def seen_values(backend: Backend, bands: int, size: Size, normalized: bool) -> SeenValues | None:
    """Returns the values of a network with a single channel for zeros and for random images.

    `size` is an accepted size (batch, height, width). Images on which it fails are skipped, as are values that are not
    finite; None if nothing remains. Coarse values are not enlarged: between two class numbers there would be others.
    """
    with _as_they_come(backend):
        seen = [value for value in map(_values, _outputs(backend, bands, size, normalized)) if value is not None]
    if not seen:
        return None
    numbers = [value.numbers for value in seen if value.numbers is not None]
    whole = frozenset().union(*numbers) if len(numbers) == len(seen) else None
    return SeenValues(min(value.lowest for value in seen), max(value.highest for value in seen), whole)


@contextmanager
def _as_they_come(backend: Backend) -> Iterator[None]:
    form = backend.form
    if form is not None:
        backend.settle(replace(form, times=1))
    try:
        yield
    finally:
        if form is not None:
            backend.settle(form)


def _values(scores: NDArray[Any]) -> SeenValues | None:
    finite = scores[np.isfinite(scores)]
    if not finite.size:
        return None
    whole = bool((finite == np.rint(finite)).all())
    numbers = frozenset(map(int, np.unique(finite))) if whole else None
    return SeenValues(float(finite.min()), float(finite.max()), numbers)


def _outputs(backend: Backend, bands: int, size: Size, normalized: bool) -> Iterator[NDArray[Any]]:
    for batch, height, width in _sizes(backend, size):
        found = 0
        images = [np.zeros((bands, height, width), np.float32), *noise_scenes(bands, height, width, normalized)]
        for image in images:
            # A failure on one input is no evidence about the network.
            with suppress(NetworkRunError, FunctionError, MemoryError):
                yield backend.run(image[np.newaxis].repeat(batch, axis=0))[:1]
                found += 1
        if found:
            return


def _sizes(backend: Backend, size: Size) -> Iterator[Size]:
    """Yields a smaller size if the network accepts any, and the size itself, which it accepts."""
    batch, height, width = size
    if backend.input.height is None and max(height, width) > LARGEST_IMAGE:
        steps = -(-(max(height, width) - LARGEST_IMAGE) // STEP)
        if min(height, width) > steps * STEP:
            yield 1 if backend.input.batch is None else batch, height - steps * STEP, width - steps * STEP
    yield size
