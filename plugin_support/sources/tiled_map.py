# SPDX-License-Identifier: GPL-2.0-or-later
"""A map that lies on a server in tiles."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Callable

from ..http import Access
from .tile_matrix import TileMatrix

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class TiledMap:
    """The levels of a map, the address of a tile from level, column and row, and how to sign in."""

    levels: tuple[TileMatrix, ...]
    address: Callable[[TileMatrix, int, int], str]
    access: Access

    def level_for(self, cell: float) -> TileMatrix:
        """Returns the level whose cells are by their ratio nearest to this size."""
        return min(self.levels, key=lambda level: abs(math.log(level.cell) - math.log(cell)))


def filled(template: str, values: Mapping[str, object]) -> str:
    """Returns a template with its placeholders filled; their case does not matter, and unknown ones stay."""
    return PLACEHOLDER.sub(lambda found: str(values.get(found[1].lower(), found[0])), template)
