# SPDX-License-Identifier: GPL-2.0-or-later
"""Names of jobs and of their layers: raster, model, extent and time, so that results can be told apart."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ...inference.redaction import without_markup
from ...plugin_support.translation import tr
from .job import Job


def title_of(job: Job, model: str = "") -> str:
    """Returns the name of a job; `model` is the model's own name, if known."""
    name = f"{job.request.raster} – {model or Path(job.request.model).stem} – {part_of(job)}, {time_text(job.created)}"
    return without_markup(name)


def part_of(job: Job) -> str:
    """Returns the classified part of the raster."""
    return tr("whole layer") if job.request.extent is None else tr("part of the layer")


def time_text(seconds: float) -> str:
    """Returns a local time, from seconds since 1970."""
    return datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M")
