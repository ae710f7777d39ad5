# SPDX-License-Identifier: GPL-2.0-or-later
"""The effect of mixed precision on the classes of a network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import numpy as np

from ..errors import MixedScoresError, NetworkRunError, ProbabilityError, ScoresError, UnlistedClassError
from ..runtimes import Backend
from .decision import Decision
from .probe import noise_scenes

# Side of the images that are classified twice, for networks of any size.
SIDE = 256


def changed_share(
    backend: Backend, decision: Decision, bands: int, size: tuple[int, int, int], normalized: bool
) -> float | None:
    """Returns the share of pixels of random images whose class differs from that in single precision.

    `size` is (batch, height, width) of a call, and `normalized` is True for normalised input. None for a network in
    single precision, and if no image can be classified in both precisions. Raises a MixedScoresError if scores are
    finite in single precision only.
    """
    if not backend.mixed_precision:
        return None
    batch, height, width = size
    if backend.input.height is None:
        height, width = min(height, SIDE), min(width, SIDE)
    changed: list[float] = []
    for scene in noise_scenes(bands, height, width, normalized):
        image = scene[np.newaxis].repeat(backend.input.batch or 1, 0)
        with suppress(NetworkRunError, ScoresError, ProbabilityError, UnlistedClassError):
            expected = decision.decide(backend.run_precisely(image)[0])
            with mixed_scores_named(backend):
                changed.append(float(np.mean(expected != decision.decide(backend.run(image)[0]))))
    return float(np.mean(changed)) if changed else None


@contextmanager
def mixed_scores_named(backend: Backend) -> Iterator[None]:
    """Raises a MixedScoresError instead of a ScoresError if the network runs in mixed precision."""
    try:
        yield
    except ScoresError as error:
        if backend.mixed_precision:
            raise MixedScoresError from error
        raise
