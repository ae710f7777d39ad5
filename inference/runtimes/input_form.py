# SPDX-License-Identifier: GPL-2.0-or-later
"""The axes of a network's input, and the conversion of pixels to them.

Most networks take N images of C bands with H rows of W columns; some take T dates of them. Without H and W a network
classifies pixels one by one: N is then the number of rows made of pixels, each with C bands of T dates.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import NetworkMismatchError
from ..phrase import Phrase
from .backend import Float32, NetworkInput
from .options import BackendOptions
from .output_form import NCHW, NHWC, takes_rows

Sizes = Sequence["int | None"]

# By the number of axes; layouts of images without dates are distinguished by their sizes.
WITH_DATES = {2: ("NC",), 3: ("NTC", "NCT"), 5: ("NTCHW", "NCTHW", "NTHWC")}


def to_layout(pixels: Float32, layout: str, times: int = 1) -> Float32:
    """Returns pixels (N, bands, H, W), all bands of one of the `times` after the other, in the layout of a network."""
    if layout == NCHW:
        return pixels
    images, bands, height, width = pixels.shape
    dates = times if "T" in layout else 1
    given, array = "NTCHW", pixels.reshape(images, dates, bands // dates, height, width)
    if takes_rows(layout):
        given, array = "NTC", array.transpose(0, 3, 4, 1, 2).reshape(-1, dates, bands // dates)
    if "T" not in layout:
        given, array = given.replace("T", ""), array[:, 0]
    return np.ascontiguousarray(array.transpose([given.index(axis) for axis in layout]))


def choose_layout(weights: Path, sizes: Sizes, options: BackendOptions) -> str:
    """Returns the layout of an input with these sizes, None for any: the definition's or the only one that fits."""
    named = options.layout if options.layout and len(options.layout) == len(sizes) else None
    if options.layout and named is None and options.layout not in (NCHW, NHWC):
        values = {"shape": _shown(sizes), "layout": options.layout}
        reason = Phrase("its input is {shape}, but ModelFormat is {layout}", values)
        raise NetworkMismatchError(weights=weights.name, reason=reason)
    if len(sizes) == len(NCHW):
        return named or guess_layout(sizes, options.bands)
    possible = (named,) if named else WITH_DATES[len(sizes)]
    fitting = [layout for layout in possible if _fits(layout, sizes, options)]
    if len(sizes) == len("NTCHW") and len(fitting) > 1:
        # If the dates come first, the bands' axis is determined as for images.
        images = guess_layout([sizes[0], *sizes[2:]], _bands_of_date(options))
        fitting = [layout for layout in fitting if layout != ("NTHWC" if images == NCHW else "NTCHW")]
    if not fitting:
        reason = Phrase(
            "its input is {shape}, which does not fit {bands} bands of {times} dates; for several dates, the "
            'definition must list the bands of all dates and their number, as in "ClassifyPixels": {{"Times": 3}}',
            {"shape": _shown(sizes), "bands": options.bands or "?", "times": options.times or 1},
        )
        raise NetworkMismatchError(weights=weights.name, reason=reason)
    if len(fitting) > 1 and not _are_alike(fitting, sizes):
        values = {"shape": _shown(sizes), "layouts": " or ".join(fitting)}
        reason = Phrase("its input is {shape}; set ModelFormat to {layouts}", values)
        raise NetworkMismatchError(weights=weights.name, reason=reason)
    return fitting[0]


def declared_input(weights: Path, layout: str, sizes: Sizes, options: BackendOptions) -> NetworkInput:
    """Returns the input with this layout and these sizes, None for any."""
    declared = dict(zip(layout, sizes))
    times = (declared["T"] or options.times or 1) if "T" in layout else 1
    bands = declared["C"] * times if declared["C"] is not None else options.bands
    check_band_count(weights, bands, options.bands)
    if takes_rows(layout) and declared["N"] is not None:
        values = {"rows": declared["N"]}
        reason = Phrase("it takes {rows} pixels per call; export it with a dynamic number of rows", values)
        raise NetworkMismatchError(weights=weights.name, reason=reason)
    sides = declared.get("H"), declared.get("W")
    return NetworkInput(declared["N"], bands, *sides, layout, times=times, why=_reason(layout, sizes, options))


def guess_layout(sizes: Sizes, bands: int | None) -> str:
    """Guesses the axis of the bands from the declared sizes; an image has more rows than bands."""
    first, last = sizes[1], sizes[3]
    if bands is not None and first != last:
        return NHWC if last == bands and first != bands else NCHW
    if last is not None and (first is None or last < first):
        return NHWC
    return NCHW


def _reason(layout: str, sizes: Sizes, options: BackendOptions) -> str:
    """Returns the reason for an input's layout."""
    told = sizes[1] is not None or sizes[-1] is not None or len(sizes) == len("NC")
    if options.layout == layout:
        return str(Phrase("from ModelFormat"))
    if told:
        return str(Phrase("from the sizes that the network declares"))
    return str(Phrase("the usual order, as its sizes are dynamic"))


def _fits(layout: str, sizes: Sizes, options: BackendOptions) -> bool:
    declared, times = dict(zip(layout, sizes)), options.times or 1
    bands = _bands_of_date(options) if "T" in layout else options.bands
    fits_bands = bands is None or declared["C"] in (None, bands)
    # The number of bands is a different fault, with a separate message.
    return declared.get("T", times) in (None, times) and (fits_bands or "T" not in layout)


def _are_alike(layouts: Sequence[str], sizes: Sizes) -> bool:
    """True for layouts that produce the same array from the same pixels: one band of one date."""
    return all(dict(zip(layout, sizes))[axis] == 1 for layout in layouts for axis in "TC")


def _bands_of_date(options: BackendOptions) -> int | None:
    return options.bands // (options.times or 1) if options.bands is not None else None


def _shown(sizes: Sizes) -> str:
    return " x ".join("?" if size is None else str(size) for size in sizes)


def check_band_count(weights: Path, bands: int | None, named: int | None) -> None:
    """Raises a NetworkMismatchError if the network's band count is not the definition's; None is any number."""
    if None not in (bands, named) and bands != named:
        reason = Phrase("it takes {bands} bands, but the definition lists {named}", {"bands": bands, "named": named})
        raise NetworkMismatchError(weights=weights.name, reason=reason)


def whole_limits(dtype: np.dtype[Any]) -> tuple[int, int] | None:
    """Returns the least and the largest value of an integer type, None for floating-point types."""
    return (int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)) if dtype.kind in "iu" else None


def to_type(pixels: Float32, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Returns pixels converted to another type: clipped to its range, and rounded for integers."""
    if dtype in (np.float32, np.float64):
        return pixels.astype(dtype, copy=False)
    low, high = _range(dtype)
    within = np.clip(pixels, low, high)
    return (within if dtype == np.float16 else np.rint(within, out=within)).astype(dtype)


def _range(dtype: np.dtype[Any]) -> tuple[np.float32, np.float32]:
    """Returns the limits of a type as float32; if not exact, the next number inside."""
    limits = np.finfo(dtype) if dtype.kind == "f" else np.iinfo(dtype)
    low, high = np.float32(limits.min), np.float32(limits.max)
    return low, high if float(high) <= limits.max else np.nextafter(high, np.float32(0))
