# SPDX-License-Identifier: GPL-2.0-or-later
"""Keys of everything that a result depends on: a run resumes the strips of an equal request."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from ...models import Model
from ...network import PreparedModel
from ...raster import Channel, GdalInput, PolygonMask, Scene, WebInput, file_states
from ...version import version
from ..request import ClassificationRequest
from .compared_files import raster_files


def request_key(
    request: ClassificationRequest,
    scene: Scene,
    model: Model,
    digests: Sequence[tuple[str, str]],
    shared: bool = False,
) -> str:
    """Returns the SHA-256 of all parts of a request that affect a pixel; needs no open network.

    It is empty if raster or mask has no file to compare; the description of a server's raster differs from run to run.
    A model's files count by their content, in `digests`;
    those of rasters, which are large, by name, size and times, to the second only if other machines make strips
    (`shared`). Tile, halo, stride, batch and the compression of the files are left out: strips do not depend on them,
    or keep their original values.
    """
    environment = request.environment
    # The content of a service may change unnoticed.
    compared = environment.mask is None or isinstance(environment.mask, (PolygonMask, GdalInput, WebInput))
    identified = scene.source.files or isinstance(request.raster, WebInput)
    if not identified or not compared:
        return ""
    return _key(
        {
            "version": version(),
            "raster": repr(request.raster),
            "files": file_states(raster_files(request, scene), shared),
            "model": [repr(model.definition), *digests],
            "grid": repr(scene.source.grid),
            "area": repr(scene.area),
            "resampling": environment.resampling,
            "mask": repr(environment.mask),
            "bands": [repr(request.bands), request.input_scale, request.input_offset],
            "no_data_rule": request.no_data_rule,
            "arguments": repr(request.arguments),
            "processor": environment.processor,
            "scores": [request.probability_output is not None, request.largest_only],
        }
    )


def network_key(prepared: PreparedModel, channels: Sequence[Channel], no_data_rule: str, device: str) -> str:
    """Returns the SHA-256 of an open network's part in a result: its device, inputs and decision.

    Strips of another device, or of another version of a runtime, differ in their last digits.
    """
    return _key(
        {
            "definition": repr(prepared.definition),
            "arguments": repr(prepared.arguments),
            "decision": [repr(prepared.decision), repr(prepared.form)],
            "channels": repr(tuple(channels)),
            "no_data_rule": no_data_rule,
            "device": device,
        }
    )


def _key(parts: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
