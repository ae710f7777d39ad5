# SPDX-License-Identifier: GPL-2.0-or-later
"""The report of a job as a page for the browser: warnings, classes with areas, a chart, facts and the log."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProcessingUtils

from ...inference.new_files import write_whole
from ...inference.raster import ClassRecord
from ...inference.redaction import without_secrets
from ...plugin_support.translation import tr
from ...processing_provider.feedback import duration
from ...processing_provider.summary import report_html
from .job import Job
from .job_model import state_text
from .job_title import part_of, time_text, title_of


def write_report(job: Job, record: ClassRecord) -> Path:
    """Writes the report into QGIS's temporary folder and returns its path; raises OSError."""
    path = Path(QgsProcessingUtils.tempFolder()) / f"classify_pixels_{job.id}.html"
    write_whole(path, report_of(job, record))
    return path


def report_of(job: Job, record: ClassRecord) -> str:
    """Returns the page of a job, with the classes of its result."""
    request = job.request
    facts = [
        (tr("State"), state_text(job)),
        (tr("Raster"), f"{request.raster} ({part_of(job)})"),
        (tr("Model"), request.model),
        (tr("Result"), request.output),
        (tr("Submitted"), time_text(job.created)),
        (tr("Time"), duration(job.seconds)),
    ]
    kept = [message for message in job.messages if message.kind != "warning"]
    return report_html(
        title_of(job, record.items.get("MODEL", "")),
        record.classes,
        [(name, without_secrets(text)) for name, text in facts],
        [message.text for message in kept],
        [message.text for message in job.messages if message.kind == "warning"],
    )
