# SPDX-License-Identifier: GPL-2.0-or-later
"""Scale and offset of the values that feed a model."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from ..errors import InputNumbersError
from ..events import Warned
from ..notices import Caution
from ..phrase import Phrase
from ..raster import Channel, RasterBand
from .choice import BandChoice

SCALE, OFFSET = "INPUT_SCALE", "INPUT_OFFSET"
NUMBERS = "a number, or one for each band of the model, with decimal points, such as 0.0001"


def read_numbers(value: object, name: str) -> tuple[float, ...]:
    """Returns the numbers of a list, or of a text separated by commas, semicolons or spaces.

    None and an empty text result in no numbers; `name` is the parameter in errors.
    """
    if isinstance(value, str):
        items: Sequence[object] = [part for part in re.split(r"[\s,;]+", value.strip().strip("[]")) if part]
    elif isinstance(value, (list, tuple)):
        items = value
    else:
        items = [] if value is None else [value]
    return tuple(_number(item, value, name) for item in items)


def _number(item: object, value: object, name: str) -> float:
    number = math.nan
    if isinstance(item, (int, float, str)) and not isinstance(item, bool):
        try:
            number = float(item)
        except (ValueError, OverflowError):
            number = math.nan
    if not math.isfinite(number):
        raise InputNumbersError(name=name, value=value, expected=NUMBERS)
    return number


def channels_of(
    choices: Sequence[BandChoice], scale: Sequence[float] = (), offset: Sequence[float] = ()
) -> tuple[Channel, ...]:
    """Returns the channels for the source to read: value x scale + offset of each chosen band.

    One number applies to all bands; none leaves the values unchanged. Raises InputNumbersError.
    """
    scales, offsets = per_band(scale, 1.0, len(choices), SCALE), per_band(offset, 0.0, len(choices), OFFSET)
    if 0.0 in scales:
        raise InputNumbersError(name=SCALE, value=_text(scale), expected=Phrase("other than 0"))
    numbers = [choice.band.number for choice in choices]
    return tuple(Channel(*parts) for parts in zip(numbers, scales, offsets))


def pixel_type_of(bands: Sequence[RasterBand], scale: Sequence[float] = (), offset: Sequence[float] = ()) -> str:
    """Returns the common integer type of all bands (u1, i2), empty if there is none."""
    types = {band.pixel_type for band in bands}
    is_scaled = any(number != 1.0 for number in scale) or any(offset)
    return types.pop() if len(types) == 1 and not is_scaled else ""


def per_band(numbers: Sequence[float], default: float, count: int, name: str) -> tuple[float, ...]:
    """Returns a number for each band: one goes for all, none leaves the default; `name` is the parameter's."""
    if len(numbers) <= 1:
        return (numbers[0] if numbers else default,) * count
    if len(numbers) != count:
        expected = Phrase("one number or {count} (one per band of the model)", {"count": count})
        raise InputNumbersError(name=name, value=_text(numbers), expected=expected)
    return tuple(numbers)


def _text(numbers: Sequence[float]) -> str:
    return ",".join(f"{number:.10g}" for number in numbers)


def parameter_text(numbers: Sequence[float]) -> str:
    """Returns the text for INPUT_SCALE or INPUT_OFFSET: one number if all are equal."""
    return _text(numbers[:1] if len(set(numbers)) == 1 else numbers)


def unapplied_scales(choices: Sequence[BandChoice], channels: Sequence[Channel]) -> tuple[Warned, ...]:
    """Returns a warning if chosen bands have a scale or offset in the file that is not applied."""
    pairs = list(zip(choices, channels))
    if not any(_carries_scale(choice) and (channel.scale, channel.offset) == (1.0, 0.0) for choice, channel in pairs):
        return ()
    scales = parameter_text([choice.band.scale for choice in choices])
    offsets = parameter_text([choice.band.offset for choice in choices])
    usable = all(_is_usable(choice.band) for choice in choices)
    kind = Caution.SCALES_UNAPPLIED if usable else Caution.SCALES_UNUSABLE
    return (Warned(kind, {"scale": scales, "offset": offsets}),)


def _is_usable(band: RasterBand) -> bool:
    return math.isfinite(band.scale) and band.scale != 0 and math.isfinite(band.offset)


def _carries_scale(choice: BandChoice) -> bool:
    return (choice.band.scale, choice.band.offset) != (1.0, 0.0)
