# SPDX-License-Identifier: GPL-2.0-or-later
"""Conversion of a network's output to scores: choice of the output, its axes and the meaning of its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ArgumentError
from ..phrase import Phrase
from .enlarging import enlarged

NCHW, NHWC = "NCHW", "NHWC"

# The axes of outputs: N images of C channels, each H rows of W columns, for T dates, of which there is one. Without H
# and W there are N rows, one for each pixel of all images. If several fit, the first applies.
KNOWN_AXES = (NCHW, NHWC, "NHW", "CHW", "HWC", "HW", "NTCHW", "NCTHW", "NTHWC", "NC", "N", "NTC", "NCT")

# Maximum rows and columns per score.
MOST_TIMES = 64

# numpy's type kinds of scores and class numbers.
NUMBERS = "biuf"


def takes_rows(layout: str) -> bool:
    """True for networks that classify each pixel independently: they take rows made of pixels."""
    return "H" not in layout


@dataclass(frozen=True)
class GivenOutput:
    """One raw output of a network: name, shape, and type in numpy's notation."""

    name: str
    shape: tuple[int, ...]
    dtype: str

    @property
    def holds_numbers(self) -> bool:
        """False for texts and any other type that cannot be scores."""
        return np.dtype(self.dtype).kind in NUMBERS

    @property
    def holds_fractions(self) -> bool:
        """True for floats of any precision."""
        return np.dtype(self.dtype).kind == "f"


@dataclass(frozen=True)
class OutputForm:
    """The form of an output: its number from 0 among the network's outputs, and its axes.

    For `logits` of a single class, the scores are their sigmoids. If a score covers a block of pixels of `times` rows
    and columns, the scores are enlarged first.
    """

    number: int = 0
    axes: str = NCHW
    logits: bool = False
    times: int = 1

    @property
    def takes_batches(self) -> bool:
        """False if the output has no batch axis, so that each image needs a separate call."""
        return "N" in self.axes

    @property
    def decidable(self) -> bool:
        """True if a device may take the argmax of the raw scores: coarser ones must be enlarged first."""
        return len(self.axes) == len(NCHW) and self.times == 1

    def is_of(self, shape: Sequence[int], image: tuple[int, int, int]) -> bool:
        """True if an output of this shape covers all images, rows and columns, and one date."""
        sizes = {"N": image[0], "T": 1, **dict(zip(self.axes, shape))}
        return sizes["T"] == 1 and sizes["N"] == (image[0] if "H" in self.axes else image[0] * image[1] * image[2])

    def read(self, output: NDArray[Any], image: tuple[int, int, int] = (1, 1, 1)) -> NDArray[Any]:
        """Returns an output as (N, channels, height, width): floats and truth values, 0 and 1, as float32.

        `image` is (images, rows, columns); rows made of pixels are reshaped back. Enlarged scores are always
        float32.
        """
        axes = self.axes.replace("T", "")
        if "T" in self.axes:
            output = output.squeeze(self.axes.index("T"))
        if "H" not in axes:
            axes, output = NHWC, output.reshape(*image, -1)
        missing = [axis for axis in NCHW if axis not in axes]
        full = output.reshape(*(1,) * len(missing), *output.shape)
        scores = full.transpose([("".join(missing) + axes).index(axis) for axis in NCHW])
        if scores.dtype.kind not in "bf" and self.times == 1:
            return scores
        numbers = scores.astype(np.float32, copy=False)
        if self.times > 1:
            numbers = enlarged(numbers, self.times)
        return sigmoid(numbers) if self.logits else numbers


def sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Returns 1 / (1 + e^-x), above 0.5 exactly where x is above 0; what is not finite becomes NaN."""
    with np.errstate(over="ignore", invalid="ignore"):
        # A number less itself is 0, but NaN for an infinite one, which would otherwise look like a certain 0 or 1.
        found = 1 / (1 + np.exp(-logits)) + (logits - logits)
    above = np.nextafter(np.float32(0.5), np.float32(1))
    # A logit of less than 1e-7 is rounded to 0.5.
    return np.where(logits > 0, np.maximum(found, above), found).astype(np.float32, copy=False)


def lacking(axes: str, shape: Sequence[int], image: tuple[int, int, int]) -> tuple[int, int] | None:
    """Returns the rows and columns that an output with these axes lacks, None if the axes do not fit.

    `image` is (images, rows, columns).
    """
    if len(axes) != len(shape) or 0 in shape:
        return None
    sizes = {"N": 1, "T": 1, **dict(zip(axes, shape))}
    if sizes["T"] != 1:
        return None
    if "H" not in axes:
        return (0, 0) if sizes["N"] == image[0] * image[1] * image[2] else None
    lacks = image[1] - sizes["H"], image[2] - sizes["W"]
    return lacks if sizes["N"] == image[0] and min(lacks) >= 0 else None


def fitting_axes(shape: Sequence[int], image: tuple[int, int, int]) -> tuple[str, ...]:
    """Returns possible axes of an output that lacks as many rows as columns, but not all of them.

    `image` is (images, rows, columns).
    """
    found = ((axes, lacking(axes, shape, image)) for axes in KNOWN_AXES)
    return tuple(axes for axes, lacks in found if lacks is not None and lacks[0] == lacks[1])


def coarse_axes(shape: Sequence[int], image: tuple[int, int, int]) -> tuple[int, str]:
    """Returns the likely rows and columns of the image per score, and the axes; 1 if the output is not coarse.

    If the image is not a multiple of that, the last scores cover less, or some rows have no score. `image` is (images,
    rows, columns).
    """
    for axes in KNOWN_AXES:
        sizes = {"N": 1, "T": 1, **dict(zip(axes, shape))}
        if len(axes) != len(shape) or 0 in shape or takes_rows(axes) or sizes["T"] != 1:
            continue
        times = round(image[1] / sizes["H"])
        rest = max(abs(image[1] - times * sizes["H"]), abs(image[2] - times * sizes["W"]))
        if sizes["N"] == image[0] and 1 < times <= MOST_TIMES and rest < times:
            return times, axes
    return 1, ""


def times_coarser(shape: Sequence[int], image: tuple[int, int, int]) -> int:
    """Returns the likely rows and columns of the image per score, 1 if the output is not coarse."""
    return coarse_axes(shape, image)[0]


def chosen_output(
    outputs: Sequence[GivenOutput], image: tuple[int, int, int], asked: str, classes: int | None = None
) -> int:
    """Returns the number of the output to use: the one requested by name or number (`asked`), otherwise the best one.

    Outputs as large as the image come first, then coarser ones with as many channels as the `classes`. Among the
    former, a single floating-point channel next to class numbers is only their confidence and comes last; then outputs
    with as many channels as the `classes`, if known, come first, and of these scores before class numbers, which can be
    neither written nor averaged. `image` is (images, rows, columns).
    """
    if asked:
        return output_number(asked, [output.name for output in outputs])
    channels = [_channels(output, image) for output in outputs]
    ready = any(count == 1 and not output.holds_fractions for output, count in zip(outputs, channels))

    def rank(number: int) -> tuple[int, bool, bool, bool]:
        output, count = outputs[number], channels[number]
        if count is None:
            fits = classes is not None and _is_coarse_of(classes, output, image)
            return (1 if output.holds_numbers and len(output.shape) in (3, 4) else 2), False, not fits, False
        doubtful = ready and count == 1 and output.holds_fractions
        if classes is None:
            return 0, doubtful, False, False
        return 0, doubtful, not _is_of(classes, count, output), count == 1

    return min(range(len(outputs)), key=rank)


def why_chosen(
    outputs: Sequence[GivenOutput], image: tuple[int, int, int], number: int, classes: int, asked: bool
) -> Phrase:
    """Returns the reason for the choice of `chosen_output`; `asked` if the user or the definition requested it."""
    if asked:
        return Phrase("from the argument output or the definition")
    if len(outputs) == 1:
        return Phrase("the only output")
    channels = [_channels(output, image) for output in outputs]
    maps = [place for place, count in enumerate(channels) if count is not None]
    if len(maps) < 2:  # noqa: PLR2004
        return Phrase("the only output that is a map of the image")
    if number > maps[0] and channels[maps[0]] == 1 and outputs[maps[0]].holds_fractions and channels[number] == 1:
        return Phrase("the class numbers; another output has their confidence")
    if number > maps[0]:
        return Phrase("the first map of the image with one channel per class")
    return Phrase("the first output that is a map of the image")


def _is_of(classes: int, channels: int, output: GivenOutput) -> bool:
    """True for an output that can be the scores of `classes` classes, or their numbers."""
    if channels == 1:
        return classes <= 2 or not output.holds_fractions
    return channels in (classes, classes + 1)


def _is_coarse_of(classes: int, output: GivenOutput, image: tuple[int, int, int]) -> bool:
    """True for an output that can be the coarser scores of `classes` classes."""
    times, axes = coarse_axes(output.shape, image)
    return times > 1 and _is_of(classes, dict(zip(axes, output.shape)).get("C", 1), output)


def is_map(output: GivenOutput, image: tuple[int, int, int]) -> bool:
    """True for an output with more than half of the image's rows and columns."""
    return _channels(output, image) is not None


def _channels(output: GivenOutput, image: tuple[int, int, int]) -> int | None:
    """Returns the channels of an output with more than half of the image's rows and columns, None for any other."""
    if not output.holds_numbers:
        return None
    for axes in KNOWN_AXES:
        lacks = lacking(axes, output.shape, image)
        if lacks is not None and 2 * lacks[0] < image[1] and 2 * lacks[1] < image[2]:
            return dict(zip(axes, output.shape)).get("C", 1)
    return None


def output_number(asked: str, names: Sequence[str]) -> int:
    """Returns the number of the output with this name or number."""
    if asked in names:
        return list(names).index(asked)
    if asked.isdecimal() and len(asked) < 4 and int(asked) < len(names):
        return int(asked)
    known = " or ".join(f"{name} (or {number})" for number, name in enumerate(names))
    raise ArgumentError(name="output", value=asked, expected=known)
