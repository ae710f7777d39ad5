# SPDX-License-Identifier: GPL-2.0-or-later
"""Test-time augmentation: the network sees each tile in several orientations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Callable

import numpy as np
from numpy.typing import NDArray

Images = NDArray[Any]

# How the scores of the orientations become one.
MERGES: dict[str, Callable[[Sequence[Images]], Images]] = {
    "mean": lambda scores: np.mean(scores, axis=0),
    "max": lambda scores: np.max(scores, axis=0),
    "min": lambda scores: np.min(scores, axis=0),
}


@dataclass(frozen=True)
class Orientation:
    """A quarter turn or mirror image: transposed first, then flipped; images are (N, channels, H, W)."""

    transpose: bool
    flip_rows: bool
    flip_columns: bool

    def apply(self, images: Images) -> Images:
        """Returns the images in this orientation."""
        turned = images.swapaxes(2, 3) if self.transpose else images
        # Copied, because PyTorch takes no array that runs backwards.
        return np.ascontiguousarray(turned[:, :, :: self._step(self.flip_rows), :: self._step(self.flip_columns)])

    def undo(self, images: Images) -> Images:
        """Returns images in this orientation as they were before."""
        turned = images[:, :, :: self._step(self.flip_rows), :: self._step(self.flip_columns)]
        return turned.swapaxes(2, 3) if self.transpose else turned

    @staticmethod
    def _step(flip: bool) -> int:
        return -1 if flip else 1


# In map space north is only a convention, so all eight orientations are as likely; in pixel space the
# sky stays above, so only left and right may change.
MAP_SPACE = tuple(
    Orientation(transpose, rows, columns)
    for transpose in (False, True)
    for rows in (False, True)
    for columns in (False, True)
)
PIXEL_SPACE = (Orientation(False, False, False), Orientation(False, False, True))


def augmented(
    run: Callable[[Images], Images], images: Images, orientations: Sequence[Orientation], policy: str
) -> Images:
    """Returns the scores (N, channels, H, W) of a network over all orientations of the images, merged."""

    def scores() -> Iterator[Images]:
        for orientation in orientations:
            yield orientation.undo(run(orientation.apply(images)))

    return MERGES[policy](list(scores()))
