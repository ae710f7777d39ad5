# SPDX-License-Identifier: GPL-2.0-or-later
"""What a result depends on, as one number: equal requests may go on where one of them was killed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from ..backends import weights_files
from ..model import Model
from ..network import PreparedModel
from ..raster import Channel, Scene, file_states
from ..request import ClassificationRequest
from ..version import version


def fingerprint(
    request: ClassificationRequest,
    scene: Scene,
    model: Model,
    prepared: PreparedModel,
    channels: Sequence[Channel],
    device: str,
    rule: str,
) -> str:
    """Returns the SHA-256 of all that decides on a pixel, nothing where the raster has no file that could be compared.

    Files count by name, size and time. Tile, halo, stride and batch are left out: a run that goes on takes
    those of the run before it.
    """
    if not scene.source.files:
        return ""
    environment = request.environment
    parts = {
        "version": version(),
        "raster": repr(request.raster),
        "files": file_states([*scene.source.files, *_model_files(model)]),
        "grid": repr(scene.source.grid),
        "area": repr(scene.area),
        "resampling": environment.resampling,
        "mask": repr(environment.mask),
        "channels": repr(tuple(channels)),
        "no_data_rule": rule,
        "definition": repr(prepared.definition),
        "arguments": repr(prepared.arguments),
        "scores": [request.probability_output is not None, request.winner_only],
        "device": device,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _model_files(model: Model) -> Sequence[str]:
    """Returns the files of a model; a package stands for what it holds, which is unpacked into any cache."""
    origin = model.described_in
    if origin is not None and origin.suffix.lower() == ".dlpk":
        return (str(origin),)
    return [*model.files, *(str(file) for file in weights_files(model.weights)[1:])]
