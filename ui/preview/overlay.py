# SPDX-License-Identifier: GPL-2.0-or-later
"""A preview drawn over the map canvas, in any CRS."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsCsException, QgsPointXY, QgsProject
from qgis.gui import QgsMapCanvas, QgsMapCanvasItem
from qgis.PyQt.QtCore import QPointF, QRectF, Qt
from qgis.PyQt.QtGui import QColor, QImage, QPainter, QPen, QPolygonF, QTransform

from ...inference.grid import Grid
from ...inference.run.preview import Preview

# Pieces per side. Each is placed by its four corners: between them, any map projection is almost linear.
PIECES = 16
FRAME = (QColor(255, 255, 255), QColor(0, 0, 0))


class PreviewOverlay(QgsMapCanvasItem):
    """An image of a preview, above the map and no part of the project."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.preview: Preview | None = None
        self.image = QImage()
        self._crs = QgsCoordinateReferenceSystem()
        self._corners: list[list[QgsPointXY]] = []
        canvas.destinationCrsChanged.connect(self._place)

    def show_preview(self, preview: Preview, crs: QgsCoordinateReferenceSystem) -> None:
        """Shows a preview, whose layer has this CRS."""
        colors = preview.colors()
        height, width = colors.shape[:2]
        # A copy, because the image does not keep the array.
        self.image = QImage(colors.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
        named = QgsCoordinateReferenceSystem.fromWkt(preview.grid.crs) if preview.grid.crs else crs
        self.preview, self._crs = preview, named if named.isValid() else crs
        self._place()
        self.show()

    def remove(self) -> None:
        """Removes the item from the canvas."""
        self._canvas.destinationCrsChanged.disconnect(self._place)
        self._canvas.scene().removeItem(self)

    def updatePosition(self) -> None:  # noqa: N802
        """Follows the map."""
        self.prepareGeometryChange()

    def boundingRect(self) -> QRectF:  # noqa: N802
        """Returns the rectangle around the preview on the canvas."""
        points = [self.toCanvasCoordinates(point) for row in self._corners for point in row]
        return QPolygonF(points).boundingRect().adjusted(-2, -2, 2, 2) if points else QRectF()

    def paint(self, painter: QPainter, option: Any = None, widget: Any = None) -> None:
        """Draws the pieces, then a frame."""
        if not self._corners or self.image.isNull():
            return
        places = [[self.toCanvasCoordinates(point) for point in row] for row in self._corners]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        count = len(places) - 1
        columns, rows = _cuts(self.image.width(), count), _cuts(self.image.height(), count)
        for row in range(count):
            for column in range(count):
                self._draw(painter, (columns[column : column + 2], rows[row : row + 2]), places, row, column)
        painter.restore()
        edge = [*places[0], *(row[-1] for row in places[1:]), *places[-1][-2::-1], *(row[0] for row in places[-2::-1])]
        for color, style in zip(FRAME, (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine)):
            painter.setPen(QPen(color, 1.5, style))
            painter.drawPolyline(QPolygonF(edge))

    def _draw(
        self, painter: QPainter, cells: tuple[list[int], list[int]], places: list[list[QPointF]], row: int, column: int
    ) -> None:
        (left, right), (top, bottom) = cells
        if left == right or top == bottom:
            return
        source = QPolygonF([QPointF(left, top), QPointF(right, top), QPointF(right, bottom), QPointF(left, bottom)])
        above, below = places[row], places[row + 1]
        target = QPolygonF([above[column], above[column + 1], below[column + 1], below[column]])
        transform, rectangle = QTransform(), QRectF(left, top, right - left, bottom - top)
        if QTransform.quadToQuad(source, target, transform):
            painter.save()
            painter.setWorldTransform(transform, True)
            painter.drawImage(rectangle, self.image, rectangle)
            painter.restore()

    def _place(self) -> None:
        """Finds the map positions of all corners, which depend on the CRS of the map only."""
        self._corners = []
        if self.preview is not None:
            project = QgsProject.instance()
            map_crs = self._canvas.mapSettings().destinationCrs()
            transform = QgsCoordinateTransform(self._crs, map_crs, project.transformContext())
            count = 1 if transform.isShortCircuited() else PIECES
            try:
                self._corners = _corners(self.preview.grid, count, transform)
            except QgsCsException:
                # Beyond the CRS of the map, where the map shows nothing either.
                self._corners = []
        self.updatePosition()
        self.update()


def _corners(grid: Grid, count: int, transform: QgsCoordinateTransform) -> list[list[QgsPointXY]]:
    x0, dx, rx, y0, ry, dy = grid.effective_transform
    columns, rows = _cuts(grid.width, count), _cuts(grid.height, count)
    return [
        [transform.transform(QgsPointXY(x0 + c * dx + r * rx, y0 + c * ry + r * dy)) for c in columns] for r in rows
    ]


def _cuts(length: int, count: int) -> list[int]:
    return [round(index * length / count) for index in range(count + 1)]
