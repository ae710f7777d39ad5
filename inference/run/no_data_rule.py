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
NODATA_RULES = (AUTO, ANY, ALL)
NAME = "NODATA_RULE"

RULES = {ANY: Note.RULE_ANY, ALL: Note.RULE_ALL}
DECIDED = {ANY: Note.DECIDED_BY_ANY, ALL: Note.DECIDED_BY_ALL}


def read_no_data_rule(value: object) -> str:
    """Returns AUTO, ANY or ALL for any spelling of them, AUTO for nothing."""
    text = str(value or AUTO).strip().upper()
    if text not in NODATA_RULES:
        raise ArgumentError(name=NAME, value=value, expected=Phrase("AUTO, ANY or ALL"))
    return text


def choose_rule(asked: str, bands: Sequence[RasterBand]) -> str:
    """Returns the rule that holds for the bands that feed a model: AUTO is ALL for pictures, else ANY.

    In a picture, bytes of red, green and blue, the NoData value of one band alone is a colour as any other.
    """
    if asked != AUTO:
        return asked
    return ALL if all(band.in_picture for band in bands) else ANY


class RuledSource:
    """A raster whose pixels count by a rule, and the number of those that the rule decided on, by strip."""

    def __init__(self, source: RasterSource, rule: str) -> None:
        self._source = source
        self._rule = rule
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
        return pixels, every if self._rule == ANY else some

    def decided(self, strip: Strip) -> int:
        """Returns the pixels of a strip, all of whose tiles were read, on which the rule decided."""
        return self._decided.pop(strip.index, 0)
