# SPDX-License-Identifier: GPL-2.0-or-later
"""Results of single items that an earlier run finished, and that need not be made again."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from ...grid import Grid
from ...network import PreparedModel
from ...raster import ClassCount, has_crs_of, legend_of, read_class_record
from ..request import ClassificationRequest

# The name of the key in the metadata of a file.
ITEM_KEY = "CLASSIFY_PIXELS_FINGERPRINT"


def item_key(request: ClassificationRequest, request_key: str) -> str:
    """Returns what the file of an item says of its origin: all that decides on the file, pixels and compression.

    It is empty for a request that is not one of several items, and for a raster without files to compare.
    """
    if not (request.separately and request_key):
        return ""
    return hashlib.sha256(f"{request_key} {request.form!r}".encode()).hexdigest()


def finished_item(
    request: ClassificationRequest, prepared: PreparedModel, scores: Path | None, key: str, grid: Grid
) -> tuple[ClassCount, ...] | None:
    """Returns the counts of the result that an equal request left, None where there is none or not all of it.

    `scores` is where the scores are to go, if anywhere, and `grid` has the CRS of all files.
    """
    outputs = {request.output, scores or request.output}
    # The CRS may lie in a file beside the raster, which was lost since.
    if not key or not all(_has_key(output, key) and has_crs_of(output, grid) for output in outputs):
        return None
    if prepared.arguments.return_probability_raster:
        return ()
    found = {count.legend_class.value: count for count in read_class_record(str(request.output)).classes}
    classes = legend_of(prepared.decision.classes).classes
    if not all(legend_class.value in found for legend_class in classes):
        return None
    return tuple(replace(found[legend_class.value], legend_class=legend_class) for legend_class in classes)


def _has_key(output: Path, key: str) -> bool:
    return output.is_file() and read_class_record(str(output)).items.get(ITEM_KEY) == key
