# SPDX-License-Identifier: GPL-2.0-or-later
"""Style of a raster layer with the classes of its file, or of a model."""

from __future__ import annotations

from qgis.core import Qgis, QgsProject, QgsRasterLayer
from qgis.gui import QgisInterface
from qgis.PyQt.QtWidgets import QAction, QFileDialog

from ..inference.models import ModelClass
from ..inference.raster import read_class_record
from ..inference.redaction import without_markup
from ..plugin_support.translation import tr
from ..processing_provider.parameters import model_filter
from ..processing_provider.styling import apply_classes, describe_layer
from .dialog.model_answer import Answer
from .dialog.model_reader import ModelReader
from .dialog.model_widget import question_about


class ClassStyling:
    """Takes the classes from the file of the layer, otherwise from a model chosen by the user.

    `action` names the sender of messages.
    """

    def __init__(self, iface: QgisInterface, action: QAction) -> None:
        self._iface, self._action = iface, action
        self._reader: ModelReader | None = None

    def style(self, layer: QgsRasterLayer) -> None:
        """Styles a layer, after asking for a model if its file has no classes."""
        if not style_of_file(layer):
            self._ask_for_model(layer)

    def _ask_for_model(self, layer: QgsRasterLayer) -> None:
        title = tr("The file has no classes: choose its model")
        path, _ = QFileDialog.getOpenFileName(self._iface.mainWindow(), title, "", model_filter())
        if path:
            self.style_by_model(layer, path)

    def style_by_model(self, layer: QgsRasterLayer, model: str) -> None:
        """Styles a layer after reading the model."""
        self._reader = ModelReader(self._action)
        self._reader.answered.connect(lambda answer: self._apply(layer.id(), answer))
        self._reader.ask_about(question_about(model, None, ""))

    def _apply(self, layer_id: str, answer: Answer) -> None:
        # Looked up, because the layer may be removed by now.
        layer = QgsProject.instance().mapLayer(layer_id)
        classes: tuple[ModelClass, ...] = answer.description.classes if answer.description else ()
        if layer is not None and classes:
            apply_classes(layer, classes)
        elif layer is not None:
            text = answer.problem or tr("The model lists no classes.")
            self._iface.messageBar().pushMessage(self._action.text(), without_markup(text), Qgis.MessageLevel.Warning)


def style_of_file(layer: QgsRasterLayer) -> bool:
    """Styles a layer with the classes of its file; returns False if it has none."""
    record = read_class_record(layer.source().split("|option:")[0]) if layer.providerType() == "gdal" else None
    if record is None or not record.classes:
        return False
    describe_layer(layer, record)
    apply_classes(layer, [count.legend_class for count in record.classes])
    return True
