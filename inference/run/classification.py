# SPDX-License-Identifier: GPL-2.0-or-later
"""A classification from request to result."""

from __future__ import annotations

import math
import time
from contextlib import closing
from dataclasses import replace

from ..grid import Grid
from ..network.memory import peak
from ..notices import Note
from ..progress import Progress
from ..raster import gdal_settings, legend_of, open_scene
from .outputs import check_outputs
from .polygons import outline_kept_map
from .request import ClassificationRequest
from .result import Classification
from .resume import finished_item
from .session import SharedSession

__all__ = ["Classification", "classify_pixels", "classify_scene"]


def classify_pixels(request: ClassificationRequest, progress: Progress) -> Classification:
    """Classifies every valid pixel of a raster and writes the class map; raises a ClassifyPixelsError.

    A failed or cancelled run leaves an existing output unchanged. If the request is resumable, its finished strips
    stay in a hidden folder beside the output, and the same request resumes from them.
    """
    with closing(SharedSession(request, progress)) as shared:
        return classify_scene(request, shared, progress, last=True)


def classify_scene(
    request: ClassificationRequest, shared: SharedSession, progress: Progress, last: bool = False
) -> Classification:
    """Classifies one of several rasters, or the `last` one, with their shared session.

    An item that already has the result of an equal run is kept, and opens no network.
    """
    started, environment = time.monotonic(), request.environment
    with gdal_settings(environment.workers):
        scene = open_scene(request.raster, environment.grid, environment.resampling, environment.mask)
        with closing(scene.source) as source:
            # Before the network is opened, so that a wrong output is reported without that wait.
            check_outputs(request, [*source.files, *environment.pattern_files, *shared.model.files])
            key = shared.request_key(request, scene, progress)
            kept = _kept(request, key, scene.source.grid) if request.separately else None
            if kept is not None:
                progress.note(Note.KEPT_RESULT, output=request.output)
                classes = [count.legend_class for count in kept.classes]
                outline_kept_map(request, classes, scene.source.grid.crop(scene.area), progress)
                return replace(kept, seconds=time.monotonic() - started)
            with shared.session(request, scene, progress) as session:
                done = session.classify(scene, request, progress, key, last)
    return replace(done, seconds=time.monotonic() - started)


def _kept(request: ClassificationRequest, key: str, grid: Grid) -> Classification | None:
    """Returns the classification of an existing result, with 0 tiles computed; None if there is none."""
    found = finished_item(request, key, grid)
    if found is None:
        return None
    record, classes = found
    no_data = math.nan if not classes else float(legend_of([count.legend_class for count in classes]).no_data)
    return Classification(
        request.output, classes, no_data, record.device, record.tile, record.halo, record.stride, 0, 0.0, peak()
    )  # fmt: skip
