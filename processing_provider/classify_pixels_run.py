# SPDX-License-Identifier: GPL-2.0-or-later
"""A run of the classification: request, outputs, class report and layer style."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Callable

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext

from ..inference.choices import POLYGON_SUFFIXES
from ..inference.new_files import write_whole
from ..inference.notices import Caution
from ..inference.raster import Collection, read_class_record
from ..inference.run.classification import classify_pixels
from ..inference.run.items import ItemResult, classify_items, place_of_polygons, place_of_results
from ..inference.run.request import ClassificationRequest
from ..inference.run.result import Classification
from ..plugin_support.translation import tr
from ..plugin_support.user_settings import cluster
from .algorithm_run import AlgorithmRun, Call
from .destinations import SUFFIX, folders_in_stores, is_temporary, resolve_destination
from .feedback import FeedbackProgress
from .parameters import OUTPUT, OUTPUT_POLYGONS, OUTPUT_PROBABILITY, SUMMARY
from .read_request import read_request
from .report import outputs_of, tell_classes
from .score_styling import ScoreStyler
from .styling import ClassMapStyler, PolygonStyler, layer_name, run_name
from .summary import summary_html
from .values import Values
from .warned_notice import tell_warnings

# Suffixes of outputs whose name has none.
SUFFIXES = {OUTPUT: SUFFIX, OUTPUT_PROBABILITY: SUFFIX, OUTPUT_POLYGONS: POLYGON_SUFFIXES[0]}


class ClassifyPixelsRun(AlgorithmRun):
    """Classifies one raster or several."""

    _request: ClassificationRequest

    def __init__(self) -> None:
        super().__init__()
        self._results: tuple[Classification, ...] = ()
        self._warnings: tuple[str, ...] = ()
        self._output = self._scores = self._polygons = self._summary = ""

    def read(self, algorithm: QgsProcessingAlgorithm, values: Values) -> None:
        """Reads the request; its outputs are set by the run."""
        self._request = read_request(algorithm, values)

    def work(self, call: Call) -> dict[str, Any]:
        """Runs the classification."""
        request = self._with_outputs(call)
        if request.least_patch and request.polygon_output is None:
            call.feedback.pushWarning(tr("Minimum patch in polygons has no effect without polygons."))
        outputs = {OUTPUT: self._output, OUTPUT_PROBABILITY: self._scores, OUTPUT_POLYGONS: self._polygons}
        # The folder of a plain path must exist, because the path may be misspelt.
        given = {name: call.parameters.get(name) for name in outputs}
        referred = [name for name in outputs if resolve_destination(given[name]) != given[name]]
        with folders_in_stores(outputs[name] for name in referred):
            return self._run(request, call)

    def post_process(self, context: QgsProcessingContext) -> None:
        """Registers the styling of layers to be loaded, and shows the first warning of the run."""
        classes = [count.legend_class for count in self._results[0].classes] if self._results else []
        run = self._run_text()
        for scores in [self._scores, *([] if classes else [self._output])]:
            if self._results and scores and context.willLoadLayerOnCompletion(scores):
                details = context.layerToLoadOnCompletionDetails(scores)
                names_layer = details.outputName in (OUTPUT, OUTPUT_PROBABILITY)
                name = tr("{run}: scores").format(run=run_name(read_class_record(scores), run))
                details.setPostProcessor(ScoreStyler(name if names_layer else ""))
        if classes and context.willLoadLayerOnCompletion(self._output):
            details = context.layerToLoadOnCompletionDetails(self._output)
            # Within a model, the model names the layer.
            details.setPostProcessor(ClassMapStyler(classes, details.outputName == OUTPUT, run))
        if classes and self._polygons and context.willLoadLayerOnCompletion(self._polygons):
            details = context.layerToLoadOnCompletionDetails(self._polygons)
            name = run_name(read_class_record(self._output), run) if details.outputName == OUTPUT_POLYGONS else ""
            details.setPostProcessor(PolygonStyler(classes, name))
        title = layer_name(read_class_record(self._output)) if self._warnings else ""
        tell_warnings(title or Path(self._output).stem, self._warnings)

    def _run_text(self) -> str:
        """Returns the part and the time of the run, for the names of its layers."""
        whole = self._request.environment.extent is None
        part = tr("whole layer") if whole else tr("part of the layer")
        return f"{part}, {datetime.now().strftime('%Y-%m-%d %H:%M')}"

    def _with_outputs(self, call: Call) -> ClassificationRequest:
        """Sets the outputs in the run, because a background run has a separate context with the layers to load."""
        self._output = _destination(call, OUTPUT)
        self._scores = _destination(call, OUTPUT_PROBABILITY)
        self._polygons = _destination(call, OUTPUT_POLYGONS)
        self._summary = call.file(SUMMARY) if call.parameters.get(SUMMARY) else ""
        scores = Path(self._scores) if self._scores else None
        polygons = Path(self._polygons) if self._polygons else None
        resumable = not is_temporary(self._output)
        outputs = replace(self._request, output=Path(self._output), probability_output=scores)
        return replace(outputs, polygon_output=polygons, resumable=resumable)

    def _run(self, request: ClassificationRequest, call: Call) -> dict[str, Any]:
        items = request.raster if request.separately and isinstance(request.raster, Collection) else None
        progress = FeedbackProgress(call.feedback, len(items.items) if items else 1)
        if items:
            results = _classify_items(items, request, progress)
            self._results = tuple(result.classification for result in results if result.classification)
            self._output = _load_instead(self._output, place_of_results, call.context)
            self._scores = self._scores and _load_instead(self._scores, place_of_results, call.context)
            self._polygons = self._polygons and _load_instead(self._polygons, place_of_polygons, call.context)
        else:
            self._results = (_classify(request, progress),)
        tell_classes(self._results, call.feedback)
        self._write_summary(progress)
        self._warnings = tuple(progress.warnings)
        files = {
            OUTPUT: self._output, OUTPUT_PROBABILITY: self._scores, OUTPUT_POLYGONS: self._polygons,
            SUMMARY: self._summary,
        }  # fmt: skip
        return {**{name: file for name, file in files.items() if file}, **outputs_of(self._results)}

    def _write_summary(self, progress: FeedbackProgress) -> None:
        """Writes the summary, if requested; a failure to write it is only a warning."""
        if not self._summary:
            return
        title = layer_name(read_class_record(str(self._results[0].output))) or Path(self._output).stem
        page = summary_html(title, self._results, progress.messages, progress.warnings)
        try:
            write_whole(Path(self._summary), page)
        except OSError as error:
            progress.warn(Caution.SUMMARY_UNWRITTEN, path=self._summary, reason=error)
            self._summary = ""


def _destination(call: Call, name: str) -> str:
    resolved = {**call.parameters, name: resolve_destination(call.parameters.get(name), SUFFIXES[name])}
    return str(call.algorithm.parameterAsOutputLayer(resolved, name, call.context)) if resolved[name] else ""


def _classify(request: ClassificationRequest, progress: FeedbackProgress) -> Classification:
    """Classifies a raster where the user wants that: on this machine, or on the workers of a scheduler."""
    named = cluster()
    if named is None:
        return classify_pixels(request, progress)
    # Here alone, so that a single machine loads nothing of it.
    from ..inference.cluster.dask_executor import classify_on_dask
    from ..inference.cluster.settings import ClusterSettings

    return classify_on_dask(request, ClusterSettings(*named), progress)


def _classify_items(
    items: Collection, request: ClassificationRequest, progress: FeedbackProgress
) -> tuple[ItemResult, ...]:
    """Classifies each raster, as `_classify` does one."""
    named = cluster()
    if named is None:
        return classify_items(items, request, progress)
    from ..inference.cluster.dask_executor import items_on_dask
    from ..inference.cluster.settings import ClusterSettings

    with items_on_dask(ClusterSettings(*named), request.output, progress) as classify:
        return classify_items(items, request, progress, classify)


def _load_instead(output: str, place_of: Callable[[Path], Path], context: QgsProcessingContext) -> str:
    """Returns the place of all results of an output, and loads it instead of the output."""
    place = str(place_of(Path(output)))
    waiting = context.layersToLoadOnCompletion()
    if output in waiting:
        waiting[place] = waiting.pop(output)
        context.setLayersToLoadOnCompletion(waiting)
    return place
