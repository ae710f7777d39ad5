# SPDX-License-Identifier: GPL-2.0-or-later
"""All that a result depends on, as one key: equal requests may go on where one of them was killed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..backends import Backend, weights_files
from ..errors import WeightsUnreadableError
from ..model import Model, RasterFunction
from ..model.raster_function import CODE_SUFFIXES
from ..network import PreparedModel
from ..raster import Channel, Collection, Scene, source_states
from ..request import ClassificationRequest
from ..version import version

CHUNK = 1024**2


def request_key(
    request: ClassificationRequest,
    scene: Scene,
    model: Model,
    prepared: PreparedModel,
    channels: Sequence[Channel],
    backend: Backend,
) -> str:
    """Returns the SHA-256 of all that decides on a pixel, nothing where the raster has no file that could be compared.

    The model's files count by their content; those of rasters, which are large, by name, size and times. Tile, halo,
    stride and batch are left out: a run that goes on takes those of the run before it.
    """
    if not scene.source.files:
        return ""
    environment, raster = request.environment, request.raster
    # GDAL does not list the rasters of a tile index that it opens as one.
    items = raster.files if isinstance(raster, Collection) else ()
    parts = {
        "version": version(),
        "raster": repr(raster),
        "files": source_states([*scene.source.files, *items]),
        "model": [(path.name, _digest(path)) for path in _model_files(model, backend)],
        "grid": repr(scene.source.grid),
        "area": repr(scene.area),
        "resampling": environment.resampling,
        "mask": repr(environment.mask),
        "channels": repr(tuple(channels)),
        "definition": repr(prepared.definition),
        "arguments": repr(prepared.arguments),
        "scores": [request.probability_output is not None, request.winner_only],
        "device": backend.device,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _model_files(model: Model, backend: Backend) -> Iterator[Path]:
    """Yields the weights and the code that is run; of the definition, what was read counts."""
    yield from weights_files(model.weights)
    if model.function is not None and model.function.allowed:
        yield from sorted({*_files_of(model.function), *backend.code})


def _files_of(function: RasterFunction) -> Iterator[Path]:
    """Yields what a raster function reads, and all code in its folder and below, also behind links."""
    yield from filter(None, (function.definition, function.weights))
    seen: set[str] = set()
    for parent, folders, names in os.walk(function.path.parent, followlinks=True):
        place = os.path.realpath(parent)
        if place in seen:
            folders.clear()  # a link that leads back
            continue
        seen.add(place)
        yield from (Path(parent, name) for name in names if name.lower().endswith(CODE_SUFFIXES))


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            for chunk in iter(lambda: file.read(CHUNK), b""):
                digest.update(chunk)
    except OSError as error:
        raise WeightsUnreadableError(weights=path, reason=error.strerror or error) from error
    return digest.hexdigest()
