# SPDX-License-Identifier: GPL-2.0-or-later
"""Class names in the results of QGIS's identify tool, which shows only values of class maps."""

from __future__ import annotations

from qgis.core import QgsPalettedRasterRenderer, QgsRasterLayer
from qgis.gui import QgisInterface, QgsMapTool, QgsMapToolIdentify
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QTreeWidget, QTreeWidgetItem

from ..inference.redaction import without_markup

# Object name of the results tree in QGIS 3; without it, no names are added.
TREE = "lstResults"


class IdentifyNames:
    """Adds the class name to each identified value of a paletted layer."""

    def __init__(self, iface: QgisInterface) -> None:
        self._iface = iface
        self._tool: QgsMapToolIdentify | None = None
        self._tree: QTreeWidget | None = None
        self._soon = QTimer()
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._name_all)
        iface.mapCanvas().mapToolSet.connect(self._tool_chosen)

    def close(self) -> None:
        """Stops adding names."""
        self._soon.stop()
        self._iface.mapCanvas().mapToolSet.disconnect(self._tool_chosen)
        if self._tool is not None:
            self._tool.identifyMessage.disconnect(self._rows_inserted)
        if self._tree is not None:
            self._tree.model().rowsInserted.disconnect(self._rows_inserted)

    def _tool_chosen(self, tool: QgsMapTool, *_: object) -> None:
        if isinstance(tool, QgsMapToolIdentify) and tool is not self._tool:
            self._tool = tool
            # The tool's message precedes the results; the first one creates the tree.
            tool.identifyMessage.connect(self._rows_inserted)

    def _find_tree(self) -> None:
        if self._tree is None:
            self._tree = self._iface.mainWindow().findChild(QTreeWidget, TREE)
            if self._tree is not None:
                self._tree.model().rowsInserted.connect(self._rows_inserted)

    def _rows_inserted(self, *_: object) -> None:
        # A row receives its texts after its insertion.
        self._soon.start(0)

    def _name_all(self) -> None:
        self._find_tree()
        if self._tree is None:
            return
        for item in [self._tree.topLevelItem(row) for row in range(self._tree.topLevelItemCount())]:
            layer = item.data(0, Qt.ItemDataRole.UserRole)
            if isinstance(layer, QgsRasterLayer) and isinstance(layer.renderer(), QgsPalettedRasterRenderer):
                name_values(item, layer.bandName(layer.renderer().band()), class_labels(layer))


def class_labels(layer: QgsRasterLayer) -> dict[float, str]:
    """Returns the labels of a layer's classes by their values."""
    return {float(entry.value): entry.label for entry in layer.renderer().classes() if entry.label}


def name_values(item: QTreeWidgetItem, band: str, labels: dict[float, str]) -> None:
    """Adds the label to every value of the band below an item, once."""
    for child in [item.child(row) for row in range(item.childCount())]:
        if child.text(0) == band:
            child.setText(1, _named(child.text(1), labels))
        name_values(child, band, labels)


def _named(text: str, labels: dict[float, str]) -> str:
    try:
        label = labels.get(float(text), "")
    except ValueError:
        # NoData, or a value with an added name.
        return text
    label = without_markup(label)
    return f"{text}  {label}" if label and label != text else text
