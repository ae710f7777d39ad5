# SPDX-License-Identifier: GPL-2.0-or-later
"""A run of the algorithm that draws stratified random points, and the style of its layer."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsEditorWidgetSetup,
    QgsFeature,
    QgsFeatureSink,
    QgsGeometry,
    QgsMapLayer,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsPointXY,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsRuleBasedRenderer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
    QgsWkbTypes,
)
from qgis.PyQt.QtGui import QColor

from ..inference.accuracy import Sample, SampleRequest, draw_sample, read_numbers_per_class
from ..inference.accuracy.allocation import MOST_POINTS
from ..inference.bands import read_numbers
from ..inference.choices import ALLOCATIONS, LARGEST_SEED
from ..inference.errors import InputNumbersError, OutputWriteError, SampleFormatError
from ..inference.models import ModelClass
from ..inference.phrase import Phrase
from ..inference.raster import GdalInput, check_layers, count_of_features, layer_name
from ..inference.redaction import without_markup
from ..plugin_support.translation import tr
from . import accuracy_parameters as names
from .algorithm_run import AlgorithmRun, Call
from .feedback import FeedbackProgress
from .layer_styler import LayerStyler
from .published_files import check_outputs, published_geopackage
from .reference_layers import read_class_map
from .values import Values

FIELDS = "Point?field=sample:integer&field=map_class:integer&field=class_name:string&field=reference:integer"
SUFFIX = ".gpkg"
REFERENCE = "reference"

# Unlabelled points stand out on imagery of any colour; labelled ones recede.
WAITING = {"name": "circle", "color": "#ffd400", "outline_color": "#1a1a1a", "outline_width": "0.4", "size": "3.2"}
LABELLED = {"name": "circle", "color": "#2e7d32", "outline_color": "#ffffff", "outline_width": "0.4", "size": "2.4"}
TEXT_SIZE, BUFFER_SIZE = 9.0, 1.0


class SamplePointsRun(AlgorithmRun):
    """Draws the points and writes them."""

    _request: SampleRequest

    def __init__(self) -> None:
        super().__init__()
        self._classes: tuple[ModelClass, ...] = ()
        self._output = ""

    def read(self, algorithm: QgsProcessingAlgorithm, values: Values) -> None:
        """Reads map and design."""
        raster, legend = read_class_map(values, names.INPUT)
        expected = read_numbers_per_class(values.raw(names.EXPECTED_ACCURACY), names.EXPECTED_ACCURACY, 1.0)
        seed = _whole(values, names.SEED, 0, LARGEST_SEED)
        minimum = _whole(values, names.MINIMUM, 0, MOST_POINTS)
        self._request = SampleRequest(
            raster,
            legend,
            secrets.randbelow(LARGEST_SEED) if seed is None else seed,
            read_numbers_per_class(values.raw(names.COUNTS), names.COUNTS, MOST_POINTS, whole=True),
            _whole(values, names.SIZE, 1, MOST_POINTS),
            _allocation(values),
            names.DEFAULT_MINIMUM if minimum is None else minimum,
            _target(values),
            expected or {None: float(names.DEFAULT_EXPECTED)},
        )

    def work(self, call: Call) -> dict[str, Any]:
        """Draws the points and writes them."""
        self._output = call.algorithm.parameterAsOutputLayer(call.parameters, names.OUTPUT, call.context)
        output, raster = Path(self._output), self._request.raster
        if output.suffix.lower() != SUFFIX:
            raise SampleFormatError(output=self._output)
        check_outputs([output], [raster.uri] if isinstance(raster, GdalInput) else [])
        check_layers(output)
        sample = draw_sample(self._request, FeedbackProgress(call.feedback))
        _write(sample, output, call.context)
        self._classes = sample.classes
        counts = Counter(point.map_class for point in sample.points)
        rows = [{"value": each.value, "name": each.name, "points": counts[each]} for each in sample.classes]
        return {
            names.OUTPUT: self._output,
            "COUNT": len(sample.points),
            "SEED": self._request.seed,
            "CLASSES": json.dumps(rows, ensure_ascii=False),
        }

    def post_process(self, context: QgsProcessingContext) -> None:
        """Registers the styling of layers to be loaded."""
        if self._classes and context.willLoadLayerOnCompletion(self._output):
            details = context.layerToLoadOnCompletionDetails(self._output)
            details.setPostProcessor(SamplePointsStyler(self._classes))


class SamplePointsStyler(LayerStyler):
    """Makes the points readable, and their field `reference` a list of the map's classes."""

    def __init__(self, classes: tuple[ModelClass, ...]) -> None:
        super().__init__()
        self._classes = classes

    def style(self, layer: QgsMapLayer) -> None:
        """Styles the layer."""
        if isinstance(layer, QgsVectorLayer):
            style_sample_points(layer, self._classes)


def style_sample_points(layer: QgsVectorLayer, classes: tuple[ModelClass, ...]) -> None:
    """Shows labelled and unlabelled points, not the class of the map, which would bias the labels."""
    root = QgsRuleBasedRenderer.Rule(None)
    for words, rule, symbol in (
        (tr("To be labelled"), f'"{REFERENCE}" IS NULL', WAITING),
        (tr("Labelled"), f'"{REFERENCE}" IS NOT NULL', LABELLED),
    ):
        root.appendChild(QgsRuleBasedRenderer.Rule(QgsMarkerSymbol.createSimple(symbol), filterExp=rule, label=words))
    layer.setRenderer(QgsRuleBasedRenderer(root))
    layer.setLabeling(_labels())
    layer.setLabelsEnabled(True)
    choices = [{without_markup(f"{each.value} – {each.name}"): each.value} for each in classes]
    setup = QgsEditorWidgetSetup("ValueMap", {"map": choices})
    layer.setEditorWidgetSetup(layer.fields().lookupField(REFERENCE), setup)
    layer.triggerRepaint()
    layer.emitStyleChanged()


def _labels() -> QgsVectorLayerSimpleLabeling:
    buffer = QgsTextBufferSettings()
    buffer.setEnabled(True)
    buffer.setSize(BUFFER_SIZE)
    buffer.setColor(QColor("#ffffff"))
    text = QgsTextFormat()
    text.setSize(TEXT_SIZE)
    text.setColor(QColor("#1a1a1a"))
    text.setBuffer(buffer)
    settings = QgsPalLayerSettings()
    settings.fieldName = "sample"
    settings.setFormat(text)
    return QgsVectorLayerSimpleLabeling(settings)


def _write(sample: Sample, output: Path, context: QgsProcessingContext) -> None:
    # The memory layer names fields without the types of Qt 5 or 6.
    fields = QgsVectorLayer(FIELDS, "fields", "memory").fields()
    crs = QgsCoordinateReferenceSystem.fromWkt(sample.crs)
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = layer_name(output)
    with published_geopackage(output) as path:
        writer = QgsVectorFileWriter.create(
            str(path), fields, QgsWkbTypes.Type.Point, crs, context.transformContext(), options
        )
        if writer.hasError() != QgsVectorFileWriter.WriterError.NoError:
            raise OutputWriteError(output=output, reason=writer.errorMessage())
        for number, point in enumerate(sample.points, start=1):
            feature = QgsFeature(fields)
            feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(point.x, point.y)))
            feature["sample"] = number
            feature["map_class"] = point.map_class.value
            feature["class_name"] = point.map_class.name
            if not writer.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
                raise OutputWriteError(output=output, reason=writer.errorMessage())
        # The file is complete once the writer is gone, which reports no failure.
        del writer
        if count_of_features(path) != len(sample.points):
            raise OutputWriteError(output=output, reason=Phrase("its points cannot be read again"))


def _allocation(values: Values) -> str:
    value = str(values.raw(names.ALLOCATION) or ALLOCATIONS[0]).strip().upper()
    if value not in ALLOCATIONS:
        expected = Phrase("one of {known}", {"known": ", ".join(ALLOCATIONS)})
        raise InputNumbersError(name=names.ALLOCATION, value=value, expected=expected)
    return value


def _target(values: Values) -> float:
    numbers = read_numbers(values.raw(names.TARGET_ERROR), names.TARGET_ERROR)
    if not numbers:
        return names.DEFAULT_TARGET
    if len(numbers) > 1 or not 0 < numbers[0] <= 0.5:
        expected = Phrase("a number above 0, at most {most}", {"most": 0.5})
        raise InputNumbersError(name=names.TARGET_ERROR, value=values.raw(names.TARGET_ERROR), expected=expected)
    return numbers[0]


def _whole(values: Values, name: str, least: int, most: int) -> int | None:
    numbers = read_numbers(values.raw(name), name)
    if not numbers:
        return None
    if len(numbers) > 1 or numbers[0] != int(numbers[0]) or not least <= numbers[0] <= most:
        expected = Phrase("a whole number from {least} to {most}", {"least": least, "most": most})
        raise InputNumbersError(name=name, value=values.raw(name), expected=expected)
    return int(numbers[0])
