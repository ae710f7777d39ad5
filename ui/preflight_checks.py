# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks of a request, from the values of the panel or of the dialog."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qgis.core import QgsCoordinateTransformContext, QgsProcessingContext, QgsProject

from ..inference import ClassifyPixelsError
from ..inference.errors import BandMappingError, InputNumbersError
from ..inference.models import read_arguments, read_model_reference
from ..inference.phrase import Phrase
from ..inference.run.preflight import Check, Outcome, Preflight, Subject, failed, preflight, preflight_of_model
from ..inference.run.request import Environment
from ..plugin_support.locations import download_cache, package_cache, runtime_folder
from ..plugin_support.sources.resolve import resolve_model
from ..plugin_support.user_settings import allowed_functions, torch_python
from ..processing_provider import parameters as names
from ..processing_provider.classify_pixels import ClassifyPixelsAlgorithm
from ..processing_provider.read_request import read_request
from ..processing_provider.values import Values
from .dialog.model_answer import lies_elsewhere
from .dialog.raster_choice import raster_choice
from .panel.job import JobRequest
from .panel.job_request import GDAL, read_job_request

Work = Callable[[], Preflight]

RANKS = {Outcome.PASSED: 0, Outcome.UNKNOWN: 1, Outcome.FAILED: 2}


def checks_of_all(requests: Sequence[JobRequest]) -> Preflight:
    """Returns the worst outcome of each check over several layers, with the name of any layer but the first."""
    answers = [(request.raster, job_checks(request)) for request in requests]
    combined = answers[0][1]
    for raster, answer in answers[1:]:
        worse = {
            subject: replace(check, text=Phrase("{raster}: {check}", {"raster": raster, "check": check.text}))
            for subject, check in answer.checks.items()
            if _rank(check) > _rank(combined.checks.get(subject))
        }
        combined = replace(
            combined,
            checks={**combined.checks, **worse},
            runtime=combined.runtime or answer.runtime,
            contradiction=answer.contradiction if Subject.VALUES in worse else combined.contradiction,
        )
    return combined


def _rank(check: Check | None) -> int:
    """Returns the rank of an outcome; a check that was not possible is not worse than an unknown one."""
    return RANKS[check.outcome] if check is not None else RANKS[Outcome.UNKNOWN]


def job_checks(request: JobRequest) -> Preflight:
    """Returns the checks of a job's request; layers of services are only opened by the run."""
    try:
        if lies_elsewhere(request.model):
            return Preflight()
        if request.provider != GDAL or not request.is_whole or is_remote(request.source):
            return _model_checks(request.model, request.settings.get(names.MODEL_ARGUMENTS))
        return preflight(read_job_request(request))
    except ClassifyPixelsError as error:
        return failed(Preflight(), subject_of(error), error)


def dialog_values(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the values of the dialog that decide on the checks, without layers; for the main thread."""
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    values = {name: value for name, value in parameters.items() if name in CHECKED}
    for name in (names.INPUT, names.SNAP_RASTER):
        choice = raster_choice(values.get(name), context)
        usable = choice is not None and choice.source is not None and not choice.is_listed
        values[name] = choice.source if usable and choice is not None else None
    # A snap raster or cell size of a layer that only the run opens would change the grid.
    lacks_snap = bool(parameters.get(names.SNAP_RASTER)) and values[names.SNAP_RASTER] is None
    if lacks_snap or not isinstance(values.get(names.CELL_SIZE) or "", (str, int, float)):
        values[names.INPUT] = None
    return values


def dialog_checks(values: Mapping[str, Any]) -> Preflight:
    """Returns the checks of the dialog's values."""
    model = str(values.get(names.MODEL) or "")
    try:
        if lies_elsewhere(model):
            return Preflight()
        if values.get(names.INPUT) is None or values.get(names.STACK_ITEMS):
            return _model_checks(model, values.get(names.MODEL_ARGUMENTS))
        context = QgsProcessingContext()
        context.setTransformContext(QgsCoordinateTransformContext())
        return preflight(read_request(ClassifyPixelsAlgorithm().create(), Values(values, context)))
    except ClassifyPixelsError as error:
        return failed(Preflight(), subject_of(error), error)


def subject_of(error: ClassifyPixelsError) -> Subject:
    """Returns the line of an error in the texts of parameters."""
    if isinstance(error, BandMappingError):
        return Subject.BANDS
    return Subject.VALUES if isinstance(error, InputNumbersError) else Subject.SIZE


def is_remote(source: str) -> bool:
    """Returns True for a source on a server, which only a run reads."""
    return "://" in source or source.startswith("/vsi")


def _model_checks(model: str, arguments: object) -> Preflight:
    reference = read_model_reference(resolve_model(model, download_cache()))
    settings = Environment(
        cache=package_cache(), runtimes=runtime_folder(), allowed_functions=allowed_functions(),
        torch_python=torch_python(),
    )  # fmt: skip
    return preflight_of_model(reference, read_arguments(arguments), settings)


# The parameters of the dialog that decide on the checks. A mask does not.
CHECKED = (
    names.INPUT,
    names.MODEL,
    names.MODEL_ARGUMENTS,
    names.EXTENT,
    names.PROCESS_ALL_RASTER_ITEMS,
    names.TARGET_CRS,
    names.CELL_SIZE,
    names.SNAP_RASTER,
    names.STACK_ITEMS,
    names.BAND_MAPPING,
    names.INPUT_SCALE,
    names.INPUT_OFFSET,
    names.INPUT_NODATA,
    names.PROCESSOR_TYPE,
    names.PARALLEL_PROCESSING_FACTOR,
    names.CONTEXT,
)
