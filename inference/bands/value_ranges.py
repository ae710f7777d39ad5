# SPDX-License-Identifier: GPL-2.0-or-later
"""The value ranges of a raster, compared with those of a model's training."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Optional

import numpy as np
from numpy.typing import NDArray

from ..events import Noted, Warned
from ..models.definition import ModelDefinition, Normalization, Preprocessing
from ..models.input_values import preprocess
from ..notices import BandSource, Caution, Note
from ..raster import Channel, RasterSource
from ..window import Window
from .channels import parameter_text
from .choice import BandChoice

Range = Optional[tuple[float, float]]

# A sample is at most nine windows; this is the maximum side of each in pixels.
SAMPLE_SIZE = 64
SAMPLES_PER_SIDE = 3

# The 2nd and the 98th percentile exclude saturated and broken values.
PERCENTILES = (2.0, 98.0)

# Two scenes of the same kind differ by less than this, 0 to 1 and 0 to 255 or 10000 by more.
CONTRADICTION = 20.0
# Larger ratios of values are no evidence, and their mean may not be finite.
FARTHEST = 1e300

# Beyond this factor values are neither percents nor bytes: the custom is reflectance x 10000.
BEYOND_BYTES = 280.0
REFLECTANCE_SCALE = 10_000.0

# Values up to the first of these are reflectances from 0 to 1, from the second on they are no bytes.
LARGEST_BYTE = 255.0
LEAST_UNIT, MOST_BYTES = 2.0, 4000.0

ROWS = {
    BandSource.GIVEN: Note.BAND_GIVEN,
    BandSource.NAME: Note.BAND_BY_NAME,
    BandSource.WAVELENGTH: Note.BAND_BY_WAVELENGTH,
    BandSource.NUMBER: Note.BAND_BY_NUMBER,
}


@dataclass(frozen=True)
class Contradiction:
    """Values of another magnitude than those of the training, with the INPUT_SCALE and INPUT_OFFSET that match them.

    `found` are the raster's least and largest value, `trained` the model's. The texts are as the parameters take them;
    that of the offset is empty if none is needed.
    """

    found: tuple[float, float]
    trained: tuple[float, float]
    scale: str
    offset: str = ""


def sample_ranges(source: RasterSource, window: Window) -> tuple[Range, ...]:
    """Returns the 2nd and 98th percentile of each selected channel, None if no sampled pixel is valid.

    At most nine windows of 64 x 64 pixels, spread over the wanted window, are read, whatever the raster's size.
    """
    blocks = [source.read_bands(sample) for sample in _samples(window)]
    bands = range(len(blocks[0][0])) if blocks else range(0)
    return tuple(_range(np.concatenate([_counting(*block, band) for block in blocks])) for band in bands)


def _counting(values: NDArray[np.float32], valid: NDArray[np.bool_], band: int) -> NDArray[np.float32]:
    counting: NDArray[np.float32] = values[band][valid[band if len(valid) > 1 else 0]]
    return counting


def _samples(window: Window) -> Iterator[Window]:
    """Yields a window in the middle of each ninth; they never overlap."""
    for y, height in _middles(window.y, window.height):
        for x, width in _middles(window.x, window.width):
            yield Window(x, y, width, height)


def _middles(start: int, size: int) -> list[tuple[int, int]]:
    ends = [start + size * part // SAMPLES_PER_SIDE for part in range(SAMPLES_PER_SIDE + 1)]
    lengths = [(first, last, min(SAMPLE_SIZE, last - first)) for first, last in zip(ends, ends[1:])]
    return [(_aligned((first + last - length) // 2, first), length) for first, last, length in lengths if length]


def _aligned(start: int, least: int) -> int:
    """Returns a start near this one, so that mostly one block of the raster holds the whole window."""
    return max(least, start // SAMPLE_SIZE * SAMPLE_SIZE)


def _range(values: NDArray[np.float32]) -> Range:
    if not values.size:
        return None
    low, high = np.percentile(values.astype(np.float64), PERCENTILES)
    return float(low), float(high)


def band_table(choices: Sequence[BandChoice], ranges: Sequence[Range]) -> list[Noted]:
    """Returns a note per model band: which raster band feeds it, why, and with which values."""
    return [
        Noted(
            ROWS[choice.how],
            {
                "label": choice.label,
                "band": f"{choice.band.number} {choice.band.name}".strip(),
                "range": shown_range(found),
            },
        )
        for choice, found in zip(choices, ranges)
    ]


def unknown_range(ranges: Sequence[Range]) -> Noted:
    """Returns a note for models with an unknown training range."""
    spans = [found for found in ranges if found is not None]
    return Noted(Note.RANGE_UNKNOWN, {"range": shown_range(_union(spans) if spans else None)})


def range_warnings(
    definition: ModelDefinition,
    ranges: Sequence[Range],
    channels: Sequence[Channel],
    first_steps: Normalization | None = None,
) -> tuple[Warned, ...]:
    """Returns a warning if the values are of another magnitude than those of the training."""
    found = contradiction(definition, ranges, channels, first_steps)
    if found is None:
        return ()
    values = {"range": shown_range(found.found), "trained": shown_range(found.trained), "scale": found.scale}
    if found.offset:
        return (Warned(Caution.RANGE_CONTRADICTS_WITH_OFFSET, {**values, "offset": found.offset}),)
    return (Warned(Caution.RANGE_CONTRADICTS, values),)


def contradiction(
    definition: ModelDefinition,
    ranges: Sequence[Range],
    channels: Sequence[Channel],
    first_steps: Normalization | None = None,
) -> Contradiction | None:
    """Returns the contradiction between the values of a raster and those of the training, None if they match.

    Compared are the sampled ranges and, from NormalizationStats, the mean and three standard deviations around it.
    If a definition has none, the `first_steps` of the network count. The settings are to replace those of
    the `channels`, with which the ranges were sampled.
    """
    stats = definition.normalization or first_steps
    if stats is None:
        return None
    if definition.preprocessing is not None:
        ranges = [found and _preprocessed(found, definition.preprocessing) for found in ranges]
    typical = trained_ranges(stats)
    mending = suggested_scale(ranges, typical, stats.maximum)
    if mending is None:
        return None
    pairs = [(found, trained) for found, trained in zip(ranges, typical) if found is not None]
    scale = parameter_text([channel.scale * mending for channel in channels])
    has_offset = any(channel.offset for channel in channels)
    offset = parameter_text([channel.offset * mending for channel in channels]) if has_offset else ""
    return Contradiction(_union([found for found, _ in pairs]), _union([each for _, each in pairs]), scale, offset)


def suggested_scale(
    ranges: Sequence[Range], trained: Sequence[tuple[float, float]], limits: Sequence[float] = ()
) -> float | None:
    """Returns the factor that scales values to the magnitude of the training, None if they match.

    `ranges` and `trained` have a pair of values for each band. The median over the bands decides, so that a single odd
    band counts for nothing. `limits` are the largest values of the training data, if known: those
    of bytes are multiples of 255, all others powers of ten.
    """
    sizes = [(_magnitude(found), _magnitude(typical)) for found, typical in zip(ranges, trained) if found is not None]
    factors = [typical / found for found, typical in sizes if found]
    # Numbers next to 0, or beyond all others, are no evidence of a unit; some definitions contain them.
    factor = float(np.median([each for each in factors if 1 / FARTHEST < each < FARTHEST] or [1.0]))
    if 1 / CONTRADICTION <= factor <= CONTRADICTION:
        return None
    ends = (*limits, *(high for _, high in trained))
    return _from_unit_to_bytes(ends, sizes) or _mending(factor)


def trained_ranges(stats: Normalization) -> tuple[tuple[float, float], ...]:
    """Returns the typical raw values of each band: minimum + (maximum - minimum) x (mean -+ 3 std).

    If mean and standard deviation are 0 and 1, the normalisation only scales minimum to maximum to 0 to 1.
    """
    return tuple(
        (low, high)
        if (mean, std) == (0.0, 1.0)
        else (low + (high - low) * (mean - 3 * std), low + (high - low) * (mean + 3 * std))
        for low, high, mean, std in zip(stats.minimum, stats.maximum, stats.mean, stats.std)
    )


def _preprocessed(span: tuple[float, float], preprocessing: Preprocessing) -> tuple[float, float]:
    low, high = preprocess(np.array(span, np.float32), preprocessing)
    return float(low), float(high)


def _magnitude(span: tuple[float, float]) -> float:
    return max(abs(span[0]), abs(span[1]))


def _from_unit_to_bytes(ends: Sequence[float], sizes: Sequence[tuple[float, float]]) -> float | None:
    """Returns what brings reflectances and the like to bytes, None where the model takes no bytes, or others are given.

    Of common values those from 0 to 1 and reflectances x 10000 differ that much from bytes.
    """
    found = float(np.median([size for size, _ in sizes]))
    if not any(math.isclose(end, LARGEST_BYTE, rel_tol=1e-3) for end in ends) or LEAST_UNIT < found < MOST_BYTES:
        return None
    return LARGEST_BYTE if found <= LEAST_UNIT else LARGEST_BYTE / REFLECTANCE_SCALE


def _mending(factor: float) -> float:
    """Returns the power of ten that brings the values nearest to the model's."""
    exponent = round(math.log10(factor))
    if BEYOND_BYTES < max(factor, 1 / factor) < 100 * REFLECTANCE_SCALE:
        exponent = int(math.copysign(math.log10(REFLECTANCE_SCALE), exponent))
    return float(10.0**exponent)


def _union(spans: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return min(low for low, _ in spans), max(high for _, high in spans)


def shown_range(span: Range) -> str:
    """Returns a range as a user reads it."""
    return "-" if span is None else " … ".join(f"{end:.0f}" if abs(end) >= 1000 else f"{end:.4g}" for end in span)
