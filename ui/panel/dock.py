# SPDX-License-Identifier: GPL-2.0-or-later
"""The panel as QGIS starts with it: a window whose body is made when it is first shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qgis.core import Qgis, QgsMapLayer
from qgis.gui import QgisInterface, QgsDockWidget
from qgis.PyQt.QtGui import QDragEnterEvent, QDropEvent
from qgis.PyQt.QtWidgets import QPushButton, QWidget

from ...plugin_support.translation import tr
from .drops import dropped_models
from .job_history import JobHistory
from .model_library import ModelLibrary

if TYPE_CHECKING:
    from .dock_body import DockBody
    from .dock_form import DockForm
    from .job_view import JobView


class ClassificationDock(QgsDockWidget):
    """Takes layers and models from other parts of QGIS, and announces interrupted jobs."""

    def __init__(self, iface: QgisInterface, history: JobHistory, library: ModelLibrary) -> None:
        super().__init__(tr("Classify Pixels"))
        # QGIS restores the position of a panel by this name.
        self.setObjectName("ClassifyPixelsDock")
        self._iface, self._history, self._library = iface, history, library
        self._body: DockBody | None = None
        self._notice: QWidget | None = None
        self.setAcceptDrops(True)
        self.closedStateChanged.connect(self._closed)

    @property
    def body(self) -> DockBody:
        """Form and jobs; imported only when they are needed, because they need the engine."""
        if self._body is None:
            from .dock_body import DockBody
            from .job_queue import JobQueue

            self._body = DockBody(self._iface, JobQueue(self._history), self._library)
            self.setWidget(self._body)
        return self._body

    @property
    def form(self) -> DockForm:
        """The form of a request."""
        return self.body.form

    @property
    def view(self) -> JobView:
        """The list of jobs."""
        return self.body.view

    def fill_when_shown(self) -> None:
        """Makes the body when the panel is first seen, after QGIS has placed it."""
        self.visibilityChanged.connect(self._seen)

    def close_jobs(self) -> None:
        """Stops running jobs and the preview, and removes the partial result."""
        if self._body is not None:
            self._body.close_jobs()

    def classify_layers(self, layers: Sequence[QgsMapLayer]) -> None:
        """Shows the panel with these layers chosen."""
        self.setUserVisible(True)
        self.form.choice.choose(layers)

    def choose_model(self, path: str) -> None:
        """Shows the panel with a model chosen."""
        self.setUserVisible(True)
        self.form.models.choose(path)

    def load_sample(self) -> None:
        """Shows the panel with the sample scene and its model."""
        self.setUserVisible(True)
        self.form.load_sample()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Accepts model files."""
        if dropped_models(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Chooses the dropped model."""
        for path in dropped_models(event.mimeData())[:1]:
            event.acceptProposedAction()
            self.choose_model(path)

    def tell_interrupted(self, count: int) -> None:
        """Reports the number of interrupted jobs of an earlier QGIS session."""
        if not count:
            return
        text = tr("Interrupted classifications: {count}. They can be resumed.").format(count=count)
        bar = self._iface.messageBar()
        self._notice = bar.createMessage(tr("Classify Pixels"), text)
        button = QPushButton(tr("Show"))
        button.clicked.connect(self._show_interrupted)
        self._notice.layout().addWidget(button)
        bar.pushWidget(self._notice, Qgis.MessageLevel.Info)

    def take_back_notice(self) -> None:
        """Removes the notice, if still shown."""
        bar = self._iface.messageBar()
        if self._notice is not None and self._notice in bar.items():
            bar.popWidget(self._notice)

    def _show_interrupted(self) -> None:
        self.take_back_notice()
        self.setUserVisible(True)
        self.body.select_interrupted()

    def _seen(self, is_visible: bool) -> None:
        if is_visible:
            _ = self.body

    def _closed(self, is_closed: bool) -> None:
        """Ends the preview with the panel, and hides the partial result with it."""
        if self._body is None:
            return
        self._body.partial.set_on(not is_closed)
        if is_closed:
            self._body.form.preview_button.setChecked(False)
