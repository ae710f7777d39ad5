# SPDX-License-Identifier: GPL-2.0-or-later
"""Results of single items that an earlier run finished, and that are kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ...grid import Grid
from ...raster import ClassCount, has_crs_of, read_class_record
from ..request import ClassificationRequest
from .sealed_file import is_whole

# Names of the metadata items.
REQUEST_KEY, RUN = "CLASSIFY_PIXELS_REQUEST_KEY", "CLASSIFY_PIXELS_RUN"


@dataclass(frozen=True)
class ItemRecord:
    """The record, in an item's file, of the run that made it, so that an equal run reports the same.

    `tile` is (height, width); `classes` are the values of the classes, none for a file of scores. `form` is the
    requested compression.
    """

    device: str
    tile: tuple[int, int]
    halo: int
    stride: int
    classes: tuple[int, ...]
    form: str

    def metadata(self, request_key: str) -> dict[str, str]:
        """Returns the metadata items for an item's file; none for a raster without files to compare."""
        return {REQUEST_KEY: request_key, RUN: json.dumps(asdict(self))} if request_key else {}


def finished_item(
    request: ClassificationRequest, request_key: str, grid: Grid
) -> tuple[ItemRecord, tuple[ClassCount, ...]] | None:
    """Returns the record and the counts of an equal request's result; None if there is none or it is incomplete.

    `grid` has the CRS that all files must have.
    """
    outputs = [request.output, *filter(None, [request.probability_output])]
    records = [_record_of(output, request_key) for output in outputs] if request_key else [None]
    # The CRS may have been in a file beside the raster that is lost now.
    sound = all(record is not None and record.form == repr(request.form) for record in records)
    if records[0] is None or not sound or not all(has_crs_of(output, grid) for output in outputs):
        return None
    found = {count.legend_class.value: count for count in read_class_record(str(request.output)).classes}
    if not all(value in found for value in records[0].classes):
        return None
    return records[0], tuple(found[value] for value in records[0].classes)


def _record_of(output: Path, request_key: str) -> ItemRecord | None:
    """Returns the record of a file; None if there is no file, or one of another request."""
    items = read_class_record(str(output)).items if output.is_file() else {}
    if items.get(REQUEST_KEY) != request_key:
        return None
    try:
        return _read(json.loads(items[RUN]))
    except (KeyError, TypeError, ValueError, RecursionError):
        return None


def _read(document: Mapping[str, Any]) -> ItemRecord:
    height, width = document["tile"]
    record = ItemRecord(**{**document, "tile": (height, width), "classes": tuple(document["classes"])})
    numbers = all(map(is_whole, (height, width, record.halo, record.stride)))
    if not numbers or not all(isinstance(value, int) for value in record.classes):
        raise TypeError("sizes and class values are whole numbers")
    return record
