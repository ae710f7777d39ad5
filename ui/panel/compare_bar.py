# SPDX-License-Identifier: GPL-2.0-or-later
"""Comparison of a result with its raster: a button that hides the result, and a slider of its opacity."""

from __future__ import annotations

from qgis.core import QgsApplication, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QToolButton, QWidget

from ...plugin_support.translation import tr
from ..wheel import guard_wheel
from .job import Job, JobState
from .job_layer import layer_of_result

FULL = 100


class CompareBar(QWidget):
    """Changes the layer of the selected job's result; disabled while the project has none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self.toggle = QToolButton()
        self.toggle.setCheckable(True)
        self.toggle.setText(tr("Compare"))
        self.toggle.setIcon(QgsApplication.getThemeIcon("/mActionHideAllLayers.svg"))
        self.toggle.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.toggle.setToolTip(tr("Hide the result to see the raster below it"))
        self.toggle.setAutoRaise(True)
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, FULL)
        self.opacity.setToolTip(tr("Opacity of the result"))
        self.opacity.setAccessibleName(tr("Opacity of the result"))
        self.opacity.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.toggle)
        row.addWidget(self.opacity, 1)
        guard_wheel(self)
        self.toggle.toggled.connect(self._hide_result)
        self.opacity.valueChanged.connect(self._set_opacity)
        QgsProject.instance().layersAdded.connect(self._refresh)
        QgsProject.instance().layersRemoved.connect(self._refresh)
        self.show_job(None)

    def show_job(self, job: Job | None) -> None:
        """Follows the result of a job."""
        self._job = job
        self._refresh()

    @property
    def layer(self) -> QgsRasterLayer | None:
        """The layer of the result, None if the project has none."""
        if self._job is None or self._job.state is not JobState.SUCCEEDED:
            return None
        layer = layer_of_result(self._job, QgsProject.instance())
        return layer if isinstance(layer, QgsRasterLayer) else None

    def _refresh(self, *_: object) -> None:
        layer = self.layer
        node = QgsProject.instance().layerTreeRoot().findLayer(layer.id()) if layer else None
        for widget in (self.toggle, self.opacity):
            widget.setEnabled(layer is not None)
            widget.blockSignals(True)
        self.opacity.setValue(round(FULL * layer.opacity()) if layer is not None else FULL)
        self.toggle.setChecked(node is not None and not node.itemVisibilityChecked())
        for widget in (self.toggle, self.opacity):
            widget.blockSignals(False)

    def _hide_result(self, hidden: bool) -> None:
        layer = self.layer
        node = QgsProject.instance().layerTreeRoot().findLayer(layer.id()) if layer else None
        if node is not None:
            node.setItemVisibilityChecked(not hidden)

    def _set_opacity(self, value: int) -> None:
        layer = self.layer
        if layer is not None:
            layer.setOpacity(value / FULL)
            layer.triggerRepaint()
