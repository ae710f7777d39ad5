# SPDX-License-Identifier: GPL-2.0-or-later
"""The raster to classify, and further ones of the same run of the panel."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import QgsMapLayer, QgsMapLayerProxyModel, QgsProject, QgsRasterLayer
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QAction, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from ...inference.redaction import without_markup
from ...plugin_support.translation import tr


class LayerChoice(QWidget):
    """A list of raster layers, and a menu to add others; `changed` follows every choice."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._more: list[str] = []
        self._known: QgsRasterLayer | None = None
        self.box = QgsMapLayerComboBox()
        self.box.setFilters(QgsMapLayerProxyModel.Filter.RasterLayer)
        self.box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.more = QToolButton()
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(QMenu(self.more))
        self.more.menu().aboutToShow.connect(self.fill_menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box, 1)
        row.addWidget(self.more)
        self.box.layerChanged.connect(self._layer_changed)
        QgsProject.instance().layersRemoved.connect(self._removed)
        # The list chooses the first of several new layers without its signal.
        QgsProject.instance().layersAdded.connect(self._look)
        self._show()

    @property
    def layer(self) -> QgsRasterLayer | None:
        """The chosen layer."""
        layer = self.box.currentLayer()
        return layer if isinstance(layer, QgsRasterLayer) else None

    @property
    def layers(self) -> list[QgsRasterLayer]:
        """The chosen layer and the further ones."""
        first = self.layer
        if first is None:
            return []
        more = (QgsProject.instance().mapLayer(each) for each in self._more)
        return [first, *(layer for layer in more if isinstance(layer, QgsRasterLayer) and layer.id() != first.id())]

    def choose(self, layers: Sequence[QgsMapLayer]) -> None:
        """Chooses layers; all of them are checked, and the first one is previewed."""
        self._more = [layer.id() for layer in layers[1:]]
        for layer in layers[:1]:
            self.box.setLayer(layer)
        self._changed()

    def fill_menu(self) -> None:
        """Lists the other raster layers of the project in the menu."""
        menu, first = self.more.menu(), self.layer
        menu.clear()
        menu.addSection(tr("Also classify"))
        for layer in sorted(QgsProject.instance().mapLayers().values(), key=lambda each: each.name().casefold()):
            if isinstance(layer, QgsRasterLayer) and layer is not first:
                self._add_entry(layer)

    def _add_entry(self, layer: QgsRasterLayer) -> None:
        # A single ampersand would be a keyboard shortcut.
        entry = QAction(layer.name().replace("&", "&&"), self.more.menu())
        entry.setCheckable(True)
        entry.setChecked(layer.id() in self._more)
        layer_id = layer.id()
        entry.toggled.connect(lambda on: self._toggle(layer_id, on))
        self.more.menu().addAction(entry)

    def _toggle(self, layer_id: str, on: bool) -> None:
        self._more = [each for each in self._more if each != layer_id] + ([layer_id] if on else [])
        self._changed()

    def _layer_changed(self) -> None:
        # Another choice is a new beginning.
        self._more, self._known = [], self.layer
        self._changed()

    def _look(self, _: object) -> None:
        if self.layer is not self._known:
            self._layer_changed()

    def _removed(self, ids: Sequence[str]) -> None:
        if set(ids) & set(self._more):
            self._more = [each for each in self._more if each not in ids]
            self._changed()

    def _changed(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        more = self.layers[1:]
        self.more.setText(f"+{len(more)}" if more else "+")
        names = "\n".join(layer.name() for layer in more)
        self.more.setToolTip(without_markup(names) or tr("Classify further layers with the same model"))
        self.more.setAccessibleName(tr("Classify further layers with the same model"))
