# SPDX-License-Identifier: GPL-2.0-or-later
"""Results of single items that an earlier run finished, and that need not be made again."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from .network import PreparedModel
from .outputs import score_output
from .raster import ClassCount, legend_of, read_class_record
from .request import ClassificationRequest

FINGERPRINT = "CLASSIFY_PIXELS_FINGERPRINT"


def item_mark(request: ClassificationRequest, fingerprint: str) -> str:
    """Returns what the file of an item says of its origin: all that decides on the file, pixels and compression.

    It is empty for a request that is not one of several items, and for a raster without files to compare.
    """
    if not (request.separately and fingerprint):
        return ""
    return hashlib.sha256(f"{fingerprint} {request.form!r}".encode()).hexdigest()


def finished_item(request: ClassificationRequest, prepared: PreparedModel, mark: str) -> tuple[ClassCount, ...] | None:
    """Returns the counts of the result that an equal request left, None where there is none or not all of it."""
    outputs = {request.output, score_output(request, prepared) or request.output}
    if not mark or not all(_is_marked(output, mark) for output in outputs):
        return None
    if prepared.arguments.return_probability_raster:
        return ()
    found = {count.legend_class.value: count for count in read_class_record(str(request.output)).classes}
    classes = legend_of(prepared.decision.classes).classes
    if not all(legend_class.value in found for legend_class in classes):
        return None
    return tuple(replace(found[legend_class.value], legend_class=legend_class) for legend_class in classes)


def _is_marked(output: Path, mark: str) -> bool:
    return output.is_file() and read_class_record(str(output)).items.get(FINGERPRINT) == mark
