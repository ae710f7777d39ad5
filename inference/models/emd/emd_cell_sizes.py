# SPDX-License-Identifier: GPL-2.0-or-later
"""MinCellSize and MaxCellSize of a model definition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..definition import CellSizes
from ..keys import Keys

SMALLEST, LARGEST = "MinCellSize", "MaxCellSize"
REFERENCE = "spatialReference"

# Upper limit for a cell size, larger than any planet in any unit.
LONGEST = 1e12


def read_cell_sizes(document: Mapping[str, Any], own: Keys) -> CellSizes | None:
    """Returns the cell sizes of a model's training, None if their units are unknown.

    Esri's keys name their spatial reference; the same keys within `own` are in metres on the ground. Unreadable values
    are ignored, because a model runs without them.
    """
    sizes = _pair(document)
    wkid = _wkid(document.get(SMALLEST)) or _wkid(document.get(LARGEST))
    if sizes is not None and wkid is not None:
        return CellSizes(*sizes, wkid)
    sizes = _pair(own.document or {})
    return None if sizes is None else CellSizes(*sizes)


def write_cell_sizes(sizes: CellSizes | None, own: bool) -> dict[str, Any]:
    """Returns Esri's two keys, or `own` ones in metres on the ground, depending on the unit."""
    if sizes is None or (sizes.wkid is None) != own:
        return {}
    reference = {} if own else {REFERENCE: {"wkid": sizes.wkid, "latestWkid": sizes.wkid}}
    ends = ((SMALLEST, sizes.smallest), (LARGEST, sizes.largest))
    return {key: {"x": x, "y": y, **reference} for key, (x, y) in ends}


def _pair(document: Mapping[str, Any]) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Returns both limits; a single one serves as both."""
    smallest, largest = _size(document.get(SMALLEST)), _size(document.get(LARGEST))
    low, high = smallest or largest, largest or smallest
    return None if low is None or high is None else (low, high)


def _size(value: object) -> tuple[float, float] | None:
    if not isinstance(value, dict):
        return None
    sides = [float(value[side]) for side in ("x", "y") if _is_length(value.get(side))]
    return (sides[0], sides[1]) if len(sides) == 2 else None


def _is_length(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < LONGEST


def _wkid(value: object) -> int | None:
    """Returns the number of the spatial reference, the latest if there are two."""
    reference = value.get(REFERENCE) if isinstance(value, dict) else None
    if not isinstance(reference, dict):
        return None
    numbers = (reference.get("latestWkid"), reference.get("wkid"))
    return next((n for n in numbers if isinstance(n, int) and not isinstance(n, bool) and 0 < n < 2**31), None)
