# SPDX-License-Identifier: GPL-2.0-or-later
"""Which pixels count where some of the bands that feed the network are NoData and others are not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..errors import ArgumentError
from ..notices import Note
from ..phrase import Phrase
from ..raster import RasterBand, RasterSource
from ..tiling import Block, Strip, Tile

AUTO, ANY, ALL = "AUTO", "ANY", "ALL"
# What AUTO is for a stack of pictures.
EACH = "EACH"
NODATA_RULES = (AUTO, ANY, ALL)
NAME = "NODATA_RULE"

RULES = {ANY: Note.RULE_ANY, ALL: Note.RULE_ALL, EACH: Note.RULE_EACH}
DECIDED = {ANY: Note.DECIDED_BY_ANY, ALL: Note.DECIDED_BY_ALL, EACH: Note.DECIDED_BY_EACH}


def read_no_data_rule(value: object) -> str:
    """Returns AUTO, ANY or ALL for any spelling of them, AUTO for nothing."""
    text = str(value or AUTO).strip().upper()
    if text not in NODATA_RULES:
        raise ArgumentError(name=NAME, value=value, expected=Phrase("AUTO, ANY or ALL"))
    return text


def choose_rule(asked: str, bands: Sequence[RasterBand], stacked: bool = False) -> str:
    """Returns the rule that holds for the bands that feed a model: AUTO is ALL for pictures, else ANY.

    In a picture, bytes of red, green and blue, the NoData value of one band alone is a colour as any other. In a stack
    of pictures that holds within each of them.
    """
    if asked != AUTO:
        return asked
    if not all(band.in_picture for band in bands):
        return ANY
    return EACH if stacked else ALL


class RuledSource:
    """A raster whose pixels count by a rule, and the number of those that the rule decided on, by strip.

    `items` has, for each band that is read, the number of the raster in a stack that it belongs to.
    """

    def __init__(self, source: RasterSource, rule: str, items: Sequence[int] = ()) -> None:
        self._source = source
        self._rule = rule
        self._bands_of_items = [[at for at, other in enumerate(items) if other == item] for item in sorted(set(items))]
        self._decided: defaultdict[int, int] = defaultdict(int)

    def read(self, strip: Strip, tile: Tile) -> Block:
        """Returns the pixels (bands, height, width) that a tile reads and which of them count (height, width)."""
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
        """Returns the pixels of a strip, all of whose tiles were read, on which the rule decided."""
        return self._decided.pop(strip.index, 0)
