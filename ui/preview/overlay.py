# SPDX-License-Identifier: GPL-2.0-or-later
"""A preview, or the unfinished result of a run, drawn over the map canvas in any CRS."""

from __future__ import annotations

import math
from typing import Any, Optional, Protocol

import numpy as np
from numpy.typing import NDArray
from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsCsException, QgsPointXY, QgsProject
from qgis.gui import QgsMapCanvas, QgsMapCanvasItem
from qgis.PyQt.QtCore import QPointF, QRectF, QSizeF, Qt
from qgis.PyQt.QtGui import QColor, QImage, QPainter, QPen, QPolygonF, QTransform

from ...inference.grid import Grid

# Pieces per side, the fewest that suffice. Each is placed by its four corners: between them, a map projection is almost
# linear, for a few hundred cells with the first number, for a whole continent with the last one.
PIECES = (16, 32, 64)
# Most cells by which the centre of a piece may differ from the mean of its corners.
TOLERANCE = 0.5
FRAME = (QColor(255, 255, 255), QColor(0, 0, 0))


# A corner on the map, None outside of the CRS of the map.
Corner = Optional[QgsPointXY]


class Picture(Protocol):
    """A preview or a part of a result, as it is drawn."""

    @property
    def grid(self) -> Grid:
        """The grid of its cells."""

    def colors(self) -> NDArray[np.uint8]:
        """Returns red, green, blue and alpha (height, width, 4)."""


class PreviewOverlay(QgsMapCanvasItem):
    """An image of a preview, above the map and no part of the project."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.preview: Any = None
        self.image = QImage()
        self._crs = QgsCoordinateReferenceSystem()
        self._corners: list[list[Corner]] = []
        # The scene looks for the item where it last was, also when it is removed.
        self._rectangle = QRectF()
        canvas.destinationCrsChanged.connect(self._place)

    def show_preview(self, preview: Picture, crs: QgsCoordinateReferenceSystem) -> None:
        """Shows a preview, whose layer has this CRS."""
        colors = preview.colors()
        height, width = colors.shape[:2]
        # A copy, because the image does not keep the array.
        self.image = QImage(colors.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
        named = QgsCoordinateReferenceSystem.fromWkt(preview.grid.crs) if preview.grid.crs else crs
        crs = named if named.isValid() else crs
        is_placed = self.preview is not None and self.preview.grid == preview.grid and self._crs == crs
        self.preview, self._crs = preview, crs
        if is_placed:
            self.update()
        else:
            self._place()
        self.show()

    def remove(self) -> None:
        """Removes the item from the canvas."""
        self._canvas.destinationCrsChanged.disconnect(self._place)
        self._canvas.scene().removeItem(self)

    def updatePosition(self) -> None:  # noqa: N802
        """Follows the map."""
        points = [self.toCanvasCoordinates(point) for row in self._corners for point in row if point is not None]
        self.prepareGeometryChange()
        self._rectangle = QPolygonF(points).boundingRect().adjusted(-2, -2, 2, 2) if points else QRectF()

    def boundingRect(self) -> QRectF:  # noqa: N802
        """Returns the rectangle around the preview on the canvas."""
        return self._rectangle

    def paint(self, painter: QPainter, option: Any = None, widget: Any = None) -> None:
        """Draws the pieces, then a frame."""
        if not self._corners or self.image.isNull():
            return
        places = [[self._on_canvas(point) for point in row] for row in self._corners]
        view = QRectF(QPointF(0, 0), QSizeF(self._canvas.mapSettings().outputSize()))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        count = len(places) - 1
        columns, rows = _cuts(self.image.width(), count), _cuts(self.image.height(), count)
        for row in range(count):
            for column in range(count):
                self._draw(painter, view, (columns[column : column + 2], rows[row : row + 2]), places, row, column)
        painter.restore()
        edge = [*places[0], *(row[-1] for row in places[1:]), *places[-1][-2::-1], *(row[0] for row in places[-2::-1])]
        for color, style in zip(FRAME, (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine)):
            painter.setPen(QPen(color, 1.5, style))
            for part in _unbroken(edge):
                painter.drawPolyline(QPolygonF(part))

    def _draw(
        self,
        painter: QPainter,
        view: QRectF,
        cells: tuple[list[int], list[int]],
        places: list[list[QPointF | None]],
        row: int,
        column: int,
    ) -> None:
        (left, right), (top, bottom) = cells
        above, below = places[row], places[row + 1]
        corners = [above[column], above[column + 1], below[column + 1], below[column]]
        known = [corner for corner in corners if corner is not None]
        if left == right or top == bottom or len(known) < len(corners):
            return
        source = QPolygonF([QPointF(left, top), QPointF(right, top), QPointF(right, bottom), QPointF(left, bottom)])
        target = QPolygonF(known)
        if not target.boundingRect().intersects(view):
            return
        transform, rectangle = QTransform(), QRectF(left, top, right - left, bottom - top)
        if QTransform.quadToQuad(source, target, transform):
            painter.save()
            painter.setWorldTransform(transform, True)
            painter.drawImage(rectangle, self.image, rectangle)
            painter.restore()

    def _on_canvas(self, point: Corner) -> QPointF | None:
        return None if point is None else self.toCanvasCoordinates(point)

    def _place(self) -> None:
        """Finds the map positions of all corners, which depend on the CRS of the map only."""
        self._corners = []
        if self.preview is not None:
            project = QgsProject.instance()
            map_crs = self._canvas.mapSettings().destinationCrs()
            transform = QgsCoordinateTransform(self._crs, map_crs, project.transformContext())
            self._corners = _corners(self.preview.grid, _pieces(self.preview.grid, transform), transform)
        self.updatePosition()
        self.update()


def _pieces(grid: Grid, transform: QgsCoordinateTransform) -> int:
    """Returns the number of pieces per side by which a grid is drawn in its place."""
    if transform.isShortCircuited():
        return 1
    return next((count for count in PIECES if _deviation(grid, count, transform) <= TOLERANCE), PIECES[-1])


def _deviation(grid: Grid, count: int, transform: QgsCoordinateTransform) -> float:
    """Returns the largest distance of a piece's centre from the mean of its corners, in cells; at a few pieces."""
    largest = 0.0
    width, height = grid.width / count, grid.height / count
    for row in range(0, count, count // PIECES[0]):
        for column in range(0, count, count // PIECES[0]):
            corners = [(column + c) * width for c in (0, 1)], [(row + r) * height for r in (0, 1)]
            points = [_place_of(grid, x, y, transform) for y in corners[1] for x in corners[0]]
            centre = _place_of(grid, (column + 0.5) * width, (row + 0.5) * height, transform)
            known = [point for point in points if point is not None]
            if centre is None or len(known) < len(points):
                continue
            x, y = sum(p.x() for p in known) / len(known), sum(p.y() for p in known) / len(known)
            diagonal = known[0].distance(known[3]) / math.hypot(width, height)
            largest = max(largest, centre.distance(x, y) / diagonal if diagonal else 0.0)
    return largest


def _corners(grid: Grid, count: int, transform: QgsCoordinateTransform) -> list[list[Corner]]:
    columns, rows = _cuts(grid.width, count), _cuts(grid.height, count)
    return [[_place_of(grid, column, row, transform) for column in columns] for row in rows]


def _place_of(grid: Grid, column: float, row: float, transform: QgsCoordinateTransform) -> Corner:
    """Returns the position of a cell's corner on the map; None outside of its CRS, where the map shows nothing."""
    x0, dx, rx, y0, ry, dy = grid.effective_transform
    try:
        place = transform.transform(QgsPointXY(x0 + column * dx + row * rx, y0 + column * ry + row * dy))
    except QgsCsException:
        return None
    return place if math.isfinite(place.x()) and math.isfinite(place.y()) else None


def _unbroken(points: list[QPointF | None]) -> list[list[QPointF]]:
    """Returns the runs of a line without its missing points."""
    runs: list[list[QPointF]] = [[]]
    for point in points:
        if point is not None:
            runs[-1].append(point)
        elif runs[-1]:
            runs.append([])
    return runs


def _cuts(length: int, count: int) -> list[int]:
    return [round(index * length / count) for index in range(count + 1)]
