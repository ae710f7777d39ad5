# SPDX-License-Identifier: GPL-2.0-or-later
"""Classification of rasters without QGIS or Qt.

`Window` and `Grid` are outside `raster/`, because `tiling/` works without GDAL. User texts are English sentences of
errors, literals in `Phrase()` and the catalogues in `notices.py`; front ends translate them at display.
`progress.note(Note.X, …)` and `progress.warn(Caution.X, …)` report facts with a sentence, classes in `events.py` facts
that a front end or a test reads. Files are created by `new_files.py`, and get their names together or not at all by
`publishing.py`.
Importing this room imports none of the others: what it offers is imported at its first use, so that QGIS starts without
them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .errors import ClassifyPixelsError, RunCancelledError
    from .progress import Progress, SilentProgress
    from .run.classification import Classification, classify_pixels
    from .run.items import ItemResult, classify_items, place_of_results
    from .run.reading import read_most_cells, read_processor, read_resampling, read_workers
    from .run.request import ClassificationRequest, Environment

_PLACES = {
    "ClassificationRequest": ".run.request",
    "Classification": ".run.classification",
    "ClassifyPixelsError": ".errors",
    "Environment": ".run.request",
    "ItemResult": ".run.items",
    "Progress": ".progress",
    "RunCancelledError": ".errors",
    "SilentProgress": ".progress",
    "classify_items": ".run.items",
    "classify_pixels": ".run.classification",
    "place_of_results": ".run.items",
    "read_most_cells": ".run.reading",
    "read_processor": ".run.reading",
    "read_resampling": ".run.reading",
    "read_workers": ".run.reading",
}

__all__ = [
    "Classification",
    "ClassificationRequest",
    "ClassifyPixelsError",
    "Environment",
    "ItemResult",
    "Progress",
    "RunCancelledError",
    "SilentProgress",
    "classify_items",
    "classify_pixels",
    "place_of_results",
    "read_most_cells",
    "read_processor",
    "read_resampling",
    "read_workers",
]


def __getattr__(name: str) -> Any:
    """Imports what this room offers (PEP 562)."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name], __name__), name)
