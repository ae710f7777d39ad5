# SPDX-License-Identifier: GPL-2.0-or-later
"""The polygons of a run, from its finished strips or from the files of an earlier run."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from ..errors import OutputWriteError, PolygonsWithoutClassesError, RunCancelledError
from ..events import PolygonsProgressed
from ..grid import Grid
from ..models.definition import ModelClass
from ..network.memory import available
from ..notices import Note
from ..progress import Progress
from ..raster import (
    BLOCK_CACHE,
    LARGEST_CACHE,
    ClassLayers,
    FileLayer,
    PolygonFile,
    check_polygon_grid,
    publish_together,
    write_polygons,
)
from ..raster.gdal_call import GdalError
from ..raster.write.format import BLOCK
from .request import ClassificationRequest
from .resume import locked_output

# Bytes of the usual class value.
CLASS_BYTES = 1


def fill_polygons(file: PolygonFile, layers: ClassLayers, least: int, progress: Progress) -> None:
    """Writes and completes the polygons of a class map, without patches below `least` cells."""
    progress.note(Note.POLYGONS, output=file.output)

    def report(share: float) -> bool:
        progress.emit(PolygonsProgressed(share))
        return not progress.cancelled

    try:
        with BLOCK_CACHE.wanted(_cache(layers.grid)):
            write_polygons(layers, file, least, report, free=available())
    except GdalError as error:
        # GDAL reports a cancelled sieve as a failure.
        if progress.cancelled:
            raise RunCancelledError from error
        raise OutputWriteError(output=file.output, reason=error) from error
    file.complete()


def outline_kept_map(
    request: ClassificationRequest, classes: Sequence[ModelClass], grid: Grid, progress: Progress
) -> None:
    """Makes the polygons of a class map that an equal run finished, from its files."""
    output = request.polygon_output
    if output is None:
        return
    if not classes:
        raise PolygonsWithoutClassesError(output=output)
    check_polygon_grid(output, grid)
    with ExitStack() as stack:
        stack.enter_context(locked_output(output, progress))
        values = stack.enter_context(closing(_layer(request.output)))
        scores = request.probability_output
        scored = None if scores is None else stack.enter_context(closing(_layer(scores)))
        file = stack.enter_context(PolygonFile(output, grid, classes, scored is not None))
        fill_polygons(file, ClassLayers(values, classes, grid, scored), request.least_patch, progress)
        publish_together([file])


def _cache(grid: Grid) -> int:
    """Returns bytes for two rows of blocks of class values, as the pieces are lower than a block."""
    return min(LARGEST_CACHE, 2 * grid.width * BLOCK * CLASS_BYTES)


def _layer(path: Path) -> FileLayer:
    try:
        return FileLayer(path)
    except GdalError as error:
        raise OutputWriteError(output=path, reason=error) from error
