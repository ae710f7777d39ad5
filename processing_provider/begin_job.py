# SPDX-License-Identifier: GPL-2.0-or-later
"""The algorithm's parameters become a job for many machines, in a QGIS without a window."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsProcessingContext, QgsProject

from ..inference import Progress
from ..inference.choices import POLYGON_SUFFIXES
from ..inference.errors import ParameterValueError
from ..inference.phrase import Phrase
from ..inference.raster.write.object_store import is_object_store
from ..inference.run.job import StripJob
from ..inference.run.steps import begin
from ..inference.tiling import StripSize
from . import parameters as names
from .classify_pixels import ClassifyPixelsAlgorithm
from .destinations import resolve_destination
from .read_request import read_request
from .value_check import check_value
from .values import Values


@contextmanager
def qgis_without_window() -> Iterator[None]:
    """Starts QGIS, unless it runs already, with the user's own profile."""
    if QgsApplication.instance() is not None:
        yield
        return
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    QgsApplication.setPrefixPath(os.environ.get("QGIS_PREFIX_PATH", "/usr"), True)
    application = QgsApplication([], True)
    application.initQgis()
    sys.path.append(os.path.join(QgsApplication.pkgDataPath(), "python", "plugins"))
    try:
        yield
    finally:
        QgsProject.instance().clear()
        application.exitQgis()


def begin_job(given: Mapping[str, Any], place: Path, size: StripSize | None, progress: Progress) -> StripJob:
    """Begins a job in a place with the algorithm's parameters; raises a ClassifyPixelsError.

    Without an OUTPUT the result is tried beside the place: its name is only needed at the end.
    """
    parameters = dict(given)
    with ExitStack() as stack:
        if is_object_store(place.as_posix()):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="classify_pixels_")))
        else:
            folder = place.parent
        algorithm, context = ClassifyPixelsAlgorithm().create(), QgsProcessingContext()
        known = {definition.name() for definition in algorithm.parameterDefinitions()}
        for name, value in parameters.items():
            if name not in known:
                raise ParameterValueError(name=name, value=value, reason=Phrase("there is no such parameter"))
            check_value(name, value)
        values = Values(parameters, context, lambda text: sys.stderr.write(f"{text}\n"))
        request = read_request(algorithm, values)
        if request.separately:
            reason = Phrase("a job has one result; begin a job for each raster")
            raise ParameterValueError(name=names.PROCESS_ALL_RASTER_ITEMS, value="true", reason=reason)
        output, scores = (
            resolve_destination(parameters.get(name)) for name in (names.OUTPUT, names.OUTPUT_PROBABILITY)
        )
        polygons = resolve_destination(parameters.get(names.OUTPUT_POLYGONS), POLYGON_SUFFIXES[0])
        request = replace(
            request,
            output=Path(output) if output else folder / f"{place.name}.tif",
            probability_output=Path(scores) if scores else None,
            polygon_output=Path(polygons) if polygons else None,
        )
        return begin(request, place, progress, size)
