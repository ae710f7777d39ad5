# SPDX-License-Identifier: GPL-2.0-or-later
"""Keeps a preview in the middle of the map up to date."""

from __future__ import annotations

from typing import Callable

from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsProject, QgsTask
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ...inference.run.preview import PreviewSession
from ...plugin_support.translation import tr
from ..panel.job import JobRequest
from .overlay import PreviewOverlay
from .preview_task import PreviewTask

# Milliseconds without a change of map or settings before a preview is made.
PAUSE_MS = 250
# Most milliseconds of waiting for a preview to stop when the plugin is unloaded.
PATIENCE = 10_000


class LivePreview(QObject):
    """Classifies after each change, one window at a time; an older one is cancelled.

    `make_request` returns the request of the present window, None if there is nothing to show. `told` passes a sentence
    on the state and its kind: progress, good, warning or error.
    """

    told = pyqtSignal(str, str)

    def __init__(
        self, canvas: QgsMapCanvas, make_request: Callable[[], JobRequest | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._canvas, self._make_request = canvas, make_request
        self.overlay: PreviewOverlay | None = None
        self._session: PreviewSession | None = None
        self._task: PreviewTask | None = None
        self._shown: JobRequest | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PAUSE_MS)
        self._soon.timeout.connect(self._start)

    @property
    def is_on(self) -> bool:
        """True while previews are shown."""
        return self.overlay is not None

    @property
    def is_busy(self) -> bool:
        """True while a preview is due or under way."""
        return self._task is not None or self._soon.isActive()

    def start(self) -> None:
        """Begins to show previews."""
        if self.is_on:
            return
        self.overlay = PreviewOverlay(self._canvas)
        self.overlay.hide()
        self._canvas.extentsChanged.connect(self.refresh)
        self._canvas.destinationCrsChanged.connect(self.refresh)
        self.refresh()

    def stop(self) -> None:
        """Removes the preview, and closes the network once it is at rest."""
        if not self.is_on:
            return
        self._canvas.extentsChanged.disconnect(self.refresh)
        self._canvas.destinationCrsChanged.disconnect(self.refresh)
        self._soon.stop()
        self._clear()
        if self.overlay is not None:
            self.overlay.remove()
            self.overlay = None
        if self._task is not None:
            self._task.cancel()
        else:
            self._close_session()

    def close(self) -> None:
        """Stops at once, and waits for a call of the network to end."""
        self.stop()
        task = self._task
        if task is not None:
            if self._session is not None:
                self._session.interrupt()
            if task.status() == QgsTask.TaskStatus.Running:
                task.waitForFinished(PATIENCE)
            self._task = None
        self._close_session()

    def refresh(self) -> None:
        """Makes a preview soon; the one under way is cancelled."""
        if self.is_on:
            self._soon.start()
            if self._task is not None:
                self._task.cancel()

    def _start(self) -> None:
        if not self.is_on or self._task is not None:
            # The end of the present task starts the next one.
            return
        request = self._make_request()
        if request is None:
            self._clear()
            self.told.emit(tr("No preview: choose a raster and a model, and move the map to the raster."), "progress")
            return
        if request == self._shown:
            return
        self._session = self._session or PreviewSession()
        self._task = PreviewTask(request, self._session, self._ended)
        self.told.emit(tr("Preview is being computed…"), "progress")
        QgsApplication.taskManager().addTask(self._task)

    def _ended(self, task: PreviewTask) -> None:
        if task is not self._task:
            return
        self._task = None
        if not self.is_on:
            self._close_session()
        elif task.isCanceled():
            # A timer that still runs starts the next one.
            if not self._soon.isActive():
                self._start()
        else:
            self._show(task)

    def _show(self, task: PreviewTask) -> None:
        if task.preview is None or self.overlay is None:
            self._clear()
            self.told.emit(task.problem or tr("The preview failed."), "error")
            return
        layer = QgsProject.instance().mapLayer(task.request.layer)
        self._shown = task.request
        self.overlay.show_preview(task.preview, layer.crs() if layer else QgsCoordinateReferenceSystem())
        grid = task.preview.grid
        text = tr("Preview: {columns} x {rows} cells in {seconds} s").format(
            columns=grid.width, rows=grid.height, seconds=f"{task.seconds:.1f}"
        )
        warnings = task.warnings
        self.told.emit("\n".join([*warnings[:1], text]), "warning" if warnings else "good")

    def _clear(self) -> None:
        self._shown = None
        if self.overlay is not None:
            self.overlay.hide()

    def _close_session(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None
