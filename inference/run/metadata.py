# SPDX-License-Identifier: GPL-2.0-or-later
"""Metadata of a result's origin."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..network import PreparedModel
from ..raster import Channel
from ..redaction import without_markup, without_secrets
from ..runtimes import Backend
from ..tiling import TilePlan
from ..version import version


def run_metadata(
    prepared: PreparedModel, plan: TilePlan, backend: Backend, channels: Sequence[Channel], raster: str
) -> dict[str, str]:
    """Returns the metadata items of a result, which are the same for equal runs.

    They hold no secret of the raster's address and no HTML: QGIS shows them unescaped in a layer's properties.
    """
    definition = prepared.definition
    items = {
        "TIFFTAG_SOFTWARE": f"Classify Pixels {version()}",
        "INPUT": without_secrets(raster),
        "INPUT_BANDS": json.dumps([channel.number for channel in channels]),
        "INPUT_SCALE": json.dumps([channel.scale for channel in channels]),
        "INPUT_OFFSET": json.dumps([channel.offset for channel in channels]),
        "MODEL": definition.name,
        "MODEL_FILE": definition.weights,
        "MODEL_VERSION": definition.version,
        "MODEL_DESCRIPTION": definition.description,
        "MODEL_ARGUMENTS": json.dumps(arguments_used(prepared, plan, backend), sort_keys=True),
    }
    return {name: without_markup(text) for name, text in items.items() if text}


def arguments_used(prepared: PreparedModel, plan: TilePlan, backend: Backend) -> dict[str, object]:
    """Returns the arguments in use, including defaults and measured values."""
    seam = prepared.reasons.seam if len(plan) > 1 else 0.0
    return {
        "padding": plan.halo,
        "tile_size": prepared.shape.height,
        "batch_size": prepared.batch_size,
        "stride": prepared.shape.stride,
        "predict_background": prepared.arguments.predict_background,
        "test_time_augmentation": prepared.arguments.test_time_augmentation,
        "merge_policy": prepared.arguments.merge_policy,
        "threshold": prepared.arguments.threshold,
        **({"mixed_precision": True} if backend.mixed_precision else {}),
        **({"mixed_precision_changes": round(prepared.changed, 6)} if prepared.changed is not None else {}),
        **({"seam_difference": seam} if seam else {}),
        **({"output": prepared.arguments.output} if prepared.arguments.output else {}),
        **dict(prepared.arguments.declared),
    }
