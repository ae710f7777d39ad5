# SPDX-License-Identifier: GPL-2.0-or-later
"""The unfinished result of the running job, drawn over the map."""

from __future__ import annotations

import time

from qgis.core import QgsCoordinateReferenceSystem, QgsProject
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, QTimer

from ...inference.run.partial_map import PartialMap
from ..preview.overlay import PreviewOverlay
from .job import Job, JobState
from .job_queue import JobQueue

# Time between two drawings in seconds, at least and at most, and in durations of the last one.
PAUSE, LONGEST_PAUSE, PAUSE_SHARE = 1.0, 4.0, 100
# Most milliseconds that the unfinished result stays while the map draws the layer of the finished one.
PATIENCE_MS = 5000
# Below the preview and everything else that is drawn over the map.
BELOW = -1.0


class PartialResult(QObject):
    """Shows the finished strips of the running job, while its raster is in the project, until the job ends.

    The job's thread only adds to a map in memory, at which this object looks in the main thread.
    """

    def __init__(self, canvas: QgsMapCanvas, queue: JobQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas, self._queue = canvas, queue
        self.overlay: PreviewOverlay | None = None
        self._is_on = True
        # The job whose map is drawn, the changes of that map, and the time from which on it may be drawn again.
        self._job: Job | None = None
        self._changes, self._due = 0, 0.0
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.setInterval(PATIENCE_MS)
        self._leaving.timeout.connect(self._remove)
        canvas.mapCanvasRefreshed.connect(self._map_drawn)
        queue.looked.connect(self._look)
        queue.ended.connect(self._end)
        QgsProject.instance().layersRemoved.connect(self._layers_removed)

    def set_on(self, is_on: bool) -> None:
        """Shows the results from now on, or removes what is shown and shows nothing."""
        self._is_on = is_on
        if not is_on:
            self._remove()

    def close(self) -> None:
        """Removes what is shown, for good."""
        self._queue.looked.disconnect(self._look)
        self._queue.ended.disconnect(self._end)
        QgsProject.instance().layersRemoved.disconnect(self._layers_removed)
        self._canvas.mapCanvasRefreshed.disconnect(self._map_drawn)
        self._remove()

    def _look(self, job: Job, partial: PartialMap) -> None:
        """Draws a map that has changed since its last drawing."""
        layer = QgsProject.instance().mapLayer(job.request.layer)
        if not self._is_on or layer is None:
            self._remove()
            return
        if self._job is None or self._job.id != job.id:
            self._remove()
            self._job = job
        begun = time.monotonic()
        if partial.changes == self._changes or begun < self._due:
            return
        self._changes = partial.changes
        self._draw(partial, layer.crs())
        ended = time.monotonic()
        self._due = ended + min(LONGEST_PAUSE, max(PAUSE, PAUSE_SHARE * (ended - begun)))

    def _draw(self, partial: PartialMap, crs: QgsCoordinateReferenceSystem) -> None:
        picture = partial.picture()
        if picture is None:
            return
        if self.overlay is None:
            self.overlay = PreviewOverlay(self._canvas)
            self.overlay.setZValue(BELOW)
        self.overlay.show_preview(picture, crs)

    def _end(self, job: Job) -> None:
        if self._job is None or self._job.id != job.id:
            return
        if job.state is JobState.SUCCEEDED and self.overlay is not None:
            # The layer of the result is in the project, but not yet on the screen.
            self._leaving.start()
        else:
            self._remove()

    def _map_drawn(self) -> None:
        if self._leaving.isActive():
            self._remove()

    def _layers_removed(self, ids: list[str]) -> None:
        if self._job is not None and self._job.request.layer in ids:
            self._remove()

    def _remove(self) -> None:
        self._leaving.stop()
        self._job, self._changes, self._due = None, 0, 0.0
        overlay, self.overlay = self.overlay, None
        if overlay is not None:
            overlay.remove()
