# SPDX-License-Identifier: GPL-2.0-or-later
"""Parameter values as a request."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from qgis.core import QgsProcessingAlgorithm

from ..inference.bands import read_band_mapping, read_numbers
from ..inference.errors import ArgumentError, StackChoiceError
from ..inference.models import read_arguments, read_model_reference
from ..inference.phrase import Phrase
from ..inference.raster import Collection, cell_size_of_items, read_format
from ..inference.run.no_data_rule import read_no_data_rule
from ..inference.run.read_settings import read_least_patch, read_processor, read_resampling, read_workers
from ..inference.run.request import ClassificationRequest, Environment
from ..plugin_support.locations import download_cache, package_cache, runtime_folder
from ..plugin_support.sources.resolve import resolve_model
from ..plugin_support.translation import tr
from ..plugin_support.user_settings import allowed_functions, most_cells, torch_python
from . import parameters as names
from .grid_values import read_cell_size, read_crs, read_extent, read_extreme
from .rasters import read_input, read_mask, read_pattern
from .values import Values


def read_request(algorithm: QgsProcessingAlgorithm, values: Values) -> ClassificationRequest:
    """Returns the request of the parameter values; for the thread of the project's layers.

    The run sets the outputs.
    """
    # Texts first, to report errors in them before a raster or network is opened.
    arguments = read_arguments(values.raw(names.MODEL_ARGUMENTS))
    bands = read_band_mapping(values.raw(names.BAND_MAPPING))
    scale = read_numbers(values.raw(names.INPUT_SCALE), names.INPUT_SCALE)
    offset = read_numbers(values.raw(names.INPUT_OFFSET), names.INPUT_OFFSET)
    rule = read_no_data_rule(values.raw(names.NODATA_RULE))
    largest_only = _is_largest_only(values.raw(names.PROBABILITY_BANDS))
    least_patch = read_least_patch(values.raw(names.MIN_PATCH))
    form = read_format(values.raw(names.CREATION_OPTIONS), values.raw(names.COMPRESSION))
    # Before the raster, because a web layer is opened on the requested grid.
    environment = _environment(algorithm, values)
    separately = values.truth(names.PROCESS_ALL_RASTER_ITEMS)
    stacked = values.truth(names.STACK_ITEMS)
    if separately and stacked:
        raise StackChoiceError
    raster = read_input(values, environment.grid, separately, stacked)
    extreme = read_extreme(values.raw(names.CELL_SIZE))
    if extreme is not None and isinstance(raster, Collection) and not separately:
        size, crs = cell_size_of_items(raster, extreme)
        environment = replace(environment, cell_size=size, cell_size_crs=crs)
    return ClassificationRequest(
        raster=raster,
        model=read_model_reference(resolve_model(values.raw(names.MODEL), download_cache())),
        output=Path(),
        arguments=arguments,
        environment=environment,
        bands=bands,
        input_scale=scale,
        input_offset=offset,
        no_data_rule=rule,
        separately=separately,
        largest_only=largest_only,
        least_patch=least_patch,
        form=form,
    )


def _is_largest_only(value: object) -> bool:
    choice = str(value or names.CLASSES).upper()
    if choice not in (names.CLASSES, names.WINNER):
        expected = Phrase("{one} or {other}", {"one": names.CLASSES, "other": names.WINNER})
        raise ArgumentError(name=names.PROBABILITY_BANDS, value=value, expected=expected)
    return choice == names.WINNER


def _environment(algorithm: QgsProcessingAlgorithm, values: Values) -> Environment:
    snap = values.raw(names.SNAP_RASTER)
    pattern = None if snap is None else read_pattern(snap, values.context)
    size = values.raw(names.CELL_SIZE)
    cell_size, cell_size_crs = read_cell_size(size, lambda raster: read_pattern(raster, values.context).grid)
    return Environment(
        extent=read_extent(algorithm, values),
        crs=read_crs(values),
        cell_size=cell_size,
        cell_size_crs=cell_size_crs,
        snap=None if pattern is None else pattern.grid,
        pattern_files=() if pattern is None else pattern.files,
        resampling=read_resampling(values.raw(names.RESAMPLING)),
        mask=read_mask(values.raw(names.MASK), values.context),
        processor=read_processor(values.raw(names.PROCESSOR_TYPE)),
        gpu=values.gpu,
        workers=_workers(values),
        cache=package_cache(),
        runtimes=runtime_folder(),
        allowed_functions=allowed_functions(),
        torch_python=torch_python(),
        most_cells=most_cells(),
    )


def _workers(values: Values) -> int:
    """Returns the number of workers, at most one per core."""
    asked, cores = read_workers(values.raw(names.PARALLEL_PROCESSING_FACTOR)), os.cpu_count() or 1
    if asked > cores:
        text = tr("Parallel processing factor: {asked} workers requested, limited to one per core ({cores}).")
        values.tell(text.format(asked=asked, cores=cores))
    return min(asked, cores)
