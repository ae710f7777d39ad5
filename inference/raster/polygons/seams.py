# SPDX-License-Identifier: GPL-2.0-or-later
"""Patches that cross the seams between pieces, joined from their outlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .pieces import Int32, Patch


@dataclass
class _Part:
    """A patch whose cells are not all known yet.

    `rings` are finished outlines, `arcs` open ones that end on a seam, and `lines` those on the current seam.
    """

    patch: Patch
    rings: list[Int32] = field(default_factory=list)
    arcs: list[Int32] = field(default_factory=list)
    lines: list[Int32] = field(default_factory=list)

    def take(self, other: _Part) -> None:
        """Adds another part of the same patch."""
        patch, more = self.patch, other.patch
        patch.cells += more.cells
        patch.area = None if patch.area is None or more.area is None else patch.area + more.area
        patch.score += more.score
        self.rings += other.rings
        self.arcs += other.arcs
        self.lines += other.lines

    def cut(self, seam: _Seam, lower: int | None) -> None:
        """Removes the edges on a seam that are inside the patch; outlines on the `lower` seam stay in `lines`."""
        lines, self.lines = self.lines, []
        for line in lines:
            for kept in seam.cut(line):
                if lower is not None and _on_row(kept, lower).any():
                    self.lines.append(kept)
                else:
                    (self.rings if (kept[0] == kept[-1]).all() else self.arcs).append(kept)

    def finished(self) -> Patch:
        """Returns the patch with whole outlines, the outer one first."""
        joined = [part for ring in _joined(self.arcs) for part in _simple(_without_straight_points(ring))]
        rings = [*joined, *self.rings]
        outer = max(range(len(rings)), key=lambda index: _enclosed(rings[index]))
        rings[0], rings[outer] = rings[outer], rings[0]
        self.patch.rings = rings
        return self.patch


class SeamJoiner:
    """Joins the patches of pieces that follow each other from top to bottom."""

    def __init__(self) -> None:
        self._parts: list[_Part] = []
        self._numbers: NDArray[Any] | None = None
        self._owners: NDArray[np.int64] = np.zeros(0, np.int64)

    def add(self, patches: Sequence[Patch], numbers: NDArray[Any], top: int, last: bool) -> list[Patch]:
        """Returns the patches that are complete with this piece.

        `numbers` are its class numbers (height, width), `top` is its first row in the map.
        """
        lower = None if last else top + len(numbers)
        done, parts = [], []
        for patch in patches:
            rows = patch.rings[0][:, 1]
            if (rows.min() == top and self._numbers is not None) or rows.max() == lower:
                # Copies, because a view keeps the points of the whole piece.
                edge, *holes = (ring.copy() for ring in patch.rings)
                parts.append(_Part(patch, holes, [], [edge]))
            else:
                done.append(patch)
        if self._numbers is not None:
            parts = self._merged(parts, _Seam(top, self._numbers, numbers[0]), lower)
        done += [part.finished() for part in parts if not part.lines]
        self._parts = [part for part in parts if part.lines]
        self._numbers = None
        if lower is not None:
            self._numbers = numbers[-1].copy()
            self._owners = _owners(self._parts, lower, numbers.shape[1])
        return done

    def _merged(self, below: list[_Part], seam: _Seam, lower: int | None) -> list[_Part]:
        """Returns the parts above and below a seam, those of the same patch as one."""
        parts = [*self._parts, *below]
        owners = _owners(below, seam.row, len(self._owners)) + len(self._parts)
        pairs = np.stack((self._owners, owners), axis=1)[seam.inside]
        heads = [*range(len(parts))]
        for first, second in np.unique(pairs, axis=0).tolist():
            heads[_head(heads, second)] = _head(heads, first)
        for part in parts:
            part.cut(seam, lower)
        for index, part in enumerate(parts):
            head = _head(heads, index)
            if head != index:
                parts[head].take(part)
        return [part for index, part in enumerate(parts) if heads[index] == index]


class _Seam:
    """The line between two pieces; `inside` is true at columns where a patch crosses it."""

    def __init__(self, row: int, above: NDArray[Any], below: NDArray[Any]) -> None:
        self.row = row
        self.inside = (above == below) & (above > 0)
        self._changes = np.flatnonzero(self.inside[1:] != self.inside[:-1]) + 1

    def cut(self, line: Int32) -> list[Int32]:
        """Returns a line without its edges that are inside a patch: whole if there are none, otherwise its arcs."""
        arcs: list[Int32] = []
        head: list[tuple[int, int]] = []
        begin, dropped = 0, False
        for place in np.flatnonzero(_on_row(line, self.row)).tolist():
            for start, end, inside in self._spans(int(line[place, 0]), int(line[place + 1, 0])):
                if not inside:
                    continue
                # What comes before the span ends at its start.
                _append(arcs, head, line[begin : place + 1], (start, self.row))
                head, begin, dropped = [(end, self.row)], place + 1, True
        if not dropped:
            return [line]
        _append(arcs, head, line[begin:], None)
        if (line[0] == line[-1]).all() and len(arcs) > 1:
            return _closed(arcs, line[0])
        return arcs

    def _spans(self, start: int, end: int) -> list[tuple[int, int, bool]]:
        """Returns the parts of an edge in its direction, with true for those inside a patch."""
        low, high = min(start, end), max(start, end)
        first, last = np.searchsorted(self._changes, (low, high), side="right")
        places = [low, *(place for place in self._changes[first:last].tolist() if place < high), high]
        spans = [(left, right, bool(self.inside[left])) for left, right in zip(places, places[1:])]
        return spans if start < end else [(right, left, inside) for left, right, inside in reversed(spans)]


def _append(arcs: list[Int32], head: list[tuple[int, int]], points: Int32, end: tuple[int, int] | None) -> None:
    """Adds an arc from `head` along points to `end`, unless it has no length."""
    whole = [np.array(head, np.int32).reshape(-1, 2), points, np.array([end] if end else [], np.int32).reshape(-1, 2)]
    arc = np.concatenate(whole)
    moved = np.ones(len(arc), bool)
    moved[1:] = (arc[1:] != arc[:-1]).any(axis=1)
    arc = arc[moved]
    if len(arc) > 1:
        arcs.append(arc)


def _closed(arcs: list[Int32], start: Int32) -> list[Int32]:
    """Joins the last and the first arc of a cut ring at its first point."""
    first, last = arcs[0], arcs[-1]
    if (first[0] == start).all() and (last[-1] == start).all():
        return [np.concatenate((last, first[1:])), *arcs[1:-1]]
    return arcs


def _on_row(line: Int32, row: int) -> NDArray[np.bool_]:
    """Returns true for the edges of a line that are on a row's upper edge."""
    on: NDArray[np.bool_] = (line[:-1, 1] == row) & (line[1:, 1] == row)
    return on


def _owners(parts: Sequence[_Part], row: int, width: int) -> NDArray[np.int64]:
    """Returns the index of the part with an edge on a seam at each column, -1 for none."""
    owners = np.full(width, -1, np.int64)
    for index, part in enumerate(parts):
        for line in part.lines:
            for place in np.flatnonzero(_on_row(line, row)).tolist():
                start, end = int(line[place, 0]), int(line[place + 1, 0])
                owners[min(start, end) : max(start, end)] = index
    return owners


def _head(heads: list[int], index: int) -> int:
    while heads[index] != index:
        heads[index] = heads[heads[index]]
        index = heads[index]
    return index


def _joined(arcs: Sequence[Int32]) -> list[Int32]:
    """Returns the rings of arcs; each ends where exactly one starts."""
    following = {(int(arc[0, 0]), int(arc[0, 1])): arc for arc in arcs}
    rings = []
    while following:
        start, arc = following.popitem()
        parts, end = [arc], (int(arc[-1, 0]), int(arc[-1, 1]))
        while end != start:
            arc = following.pop(end)
            parts.append(arc[1:])
            end = int(arc[-1, 0]), int(arc[-1, 1])
        rings.append(np.concatenate(parts))
    return rings


def _without_straight_points(ring: Int32) -> Int32:
    """Returns a ring without points between two edges of the same direction."""
    points = ring[:-1]
    before, after = np.roll(points, 1, axis=0), np.roll(points, -1, axis=0)
    corners = points[~((before == points) & (points == after)).any(axis=1)]
    return np.concatenate((corners, corners[:1]))


def _simple(ring: Int32) -> list[Int32]:
    """Returns the rings of a ring that touches itself at points; each passes a point only once."""
    if len(np.unique(ring[:-1], axis=0)) == len(ring) - 1:
        return [ring]
    rings: list[Int32] = []
    path: list[tuple[int, int]] = []
    places: dict[tuple[int, int], int] = {}
    for x, y in ring.tolist():
        point = (x, y)
        if point in places:
            loop = path[places[point] :]
            rings.append(np.array([*loop, point], np.int32))
            for gone in loop[1:]:
                del places[gone]
            del path[places[point] + 1 :]
        else:
            places[point] = len(path)
            path.append(point)
    return rings


def _enclosed(ring: Int32) -> int:
    """Returns the cells in a ring, negative for a hole."""
    x, y = ring[:, 0].astype(np.int64), ring[:, 1].astype(np.int64)
    return -int((x[1:] * (y[1:] - y[:-1])).sum())
