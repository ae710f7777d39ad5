# SPDX-License-Identifier: GPL-2.0-or-later
"""The NoData rule: validity of pixels of which only some input bands are NoData."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..choices import ALL, ANY, AUTO, NODATA_RULES
from ..errors import ArgumentError
from ..notices import Note
from ..phrase import Phrase
from ..raster import RasterBand, RasterSource
from ..tiling import Block, Strip, Tile

# AUTO for a stack of pictures.
EACH = "EACH"
NAME = "NODATA_RULE"

RULES = {ANY: Note.RULE_ANY, ALL: Note.RULE_ALL, EACH: Note.RULE_EACH}
DECIDED = {ANY: Note.DECIDED_BY_ANY, ALL: Note.DECIDED_BY_ALL, EACH: Note.DECIDED_BY_EACH}


def read_no_data_rule(value: object) -> str:
    """Returns AUTO, ANY or ALL in any case, AUTO for an empty value."""
    text = str(value or AUTO).strip().upper()
    if text not in NODATA_RULES:
        raise ArgumentError(name=NAME, value=value, expected=Phrase("AUTO, ANY or ALL"))
    return text


def choose_rule(asked: str, bands: Sequence[RasterBand], stacked: bool = False) -> str:
    """Returns the rule for the bands that feed a model: AUTO is ALL for pictures and ANY for other rasters.

    In a picture (bytes of red, green and blue) the NoData value in a single band is an ordinary colour. In a stack of
    pictures this applies to each of them.
    """
    if asked != AUTO:
        return asked
    if not all(band.in_picture for band in bands):
        return ANY
    return EACH if stacked else ALL


class RuledSource:
    """A raster with a rule for valid pixels, and the number of pixels decided by the rule, by strip.

    `items` is the number, for each band that is read, of its raster in a stack.
    """

    def __init__(self, source: RasterSource, rule: str, items: Sequence[int] = ()) -> None:
        self._source = source
        self._rule = rule
        self._bands_of_items = [[at for at, other in enumerate(items) if other == item] for item in sorted(set(items))]
        self._decided: defaultdict[int, int] = defaultdict(int)

    def read(self, strip: Strip, tile: Tile) -> Block:
        """Returns the pixels (bands, height, width) of a tile and their validity (height, width)."""
        pixels, counts = self._source.read_bands(tile.read)
        if len(counts) == 1:
            return pixels, counts[0]
        every: NDArray[np.bool_] = counts.all(axis=0)
        some: NDArray[np.bool_] = counts.any(axis=0)
        kept = tile.core.intersection(strip.window).within(tile.read)
        self._decided[strip.index] += int(np.count_nonzero(some[kept] & ~every[kept]))
        if self._rule == EACH:
            return pixels, np.all([counts[bands].any(axis=0) for bands in self._bands_of_items], axis=0)
        return pixels, every if self._rule == ANY else some

    def decided(self, strip: Strip) -> int:
        """Returns the number of pixels decided by the rule in a strip whose tiles have all been read."""
        return self._decided.pop(strip.index, 0)
