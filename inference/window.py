# SPDX-License-Identifier: GPL-2.0-or-later
"""Rectangles of cells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Window:
    """A rectangle of cells: its first column and row, its width and height."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The column after the last one."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The row after the last one."""
        return self.y + self.height

    @property
    def empty(self) -> bool:
        """True if the window has no cell."""
        return self.width <= 0 or self.height <= 0

    def intersection(self, other: Window) -> Window:
        """Returns the cells common to both windows; may be empty."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        return Window(x, y, min(self.right, other.right) - x, min(self.bottom, other.bottom) - y)

    def hull(self, other: Window) -> Window:
        """Returns the smallest window that contains both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Window(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def widened(self, cells: int) -> Window:
        """Returns the window grown by `cells` on each side."""
        return Window(self.x - cells, self.y - cells, self.width + 2 * cells, self.height + 2 * cells)

    def moved(self, columns: int, rows: int) -> Window:
        """Returns the window moved by `columns` and `rows`."""
        return Window(self.x + columns, self.y + rows, self.width, self.height)

    def blocks(self, size: int) -> list[Window]:
        """Returns the window cut into blocks of at most this width and height, row by row."""
        return [
            Window(x, y, min(size, self.right - x), min(size, self.bottom - y))
            for y in range(self.y, self.bottom, size)
            for x in range(self.x, self.right, size)
        ]

    def within(self, outer: Window) -> tuple[slice, slice]:
        """Returns the rows and columns of this window in an array of the outer one."""
        y, x = self.y - outer.y, self.x - outer.x
        return slice(y, y + self.height), slice(x, x + self.width)
