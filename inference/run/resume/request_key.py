# SPDX-License-Identifier: GPL-2.0-or-later
"""What a result depends on, as one key: equal requests may go on where one of them was killed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from ...models import Model
from ...network import PreparedModel
from ...raster import Channel, GdalInput, PolygonMask, Scene, file_states
from ...version import version
from ..request import ClassificationRequest
from .compared_files import model_digests, raster_files


def request_key(
    request: ClassificationRequest,
    scene: Scene,
    model: Model,
    imported: Sequence[Path],
    prepared: PreparedModel,
    channels: Sequence[Channel],
    device: str,
    rule: str,
) -> str:
    """Returns the SHA-256 of all that decides on a pixel, nothing where raster or mask has no file to be compared.

    A model's files, and those that its code has `imported`, count by their content; those of rasters, which are large,
    by name, size and times. Tile, halo, stride and batch are left out: a run that goes on takes those of the run
    before it.
    """
    environment = request.environment
    # Nobody could tell whether a service gives what it gave before.
    compared = environment.mask is None or isinstance(environment.mask, (PolygonMask, GdalInput))
    if not scene.source.files or not compared:
        return ""
    parts = {
        "version": version(),
        "raster": repr(request.raster),
        "files": file_states(raster_files(request, scene)),
        "model": model_digests(model, imported),
        "grid": repr(scene.source.grid),
        "area": repr(scene.area),
        "resampling": environment.resampling,
        "mask": repr(environment.mask),
        "channels": repr(tuple(channels)),
        "no_data_rule": rule,
        "definition": repr(prepared.definition),
        "arguments": repr(prepared.arguments),
        "decision": [repr(prepared.decision), repr(prepared.form)],
        "scores": [request.probability_output is not None, request.largest_only],
        "device": device,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
