# SPDX-License-Identifier: GPL-2.0-or-later
"""The heart of the product: classifies rasters without QGIS or Qt."""

from .classification import Classification, classify_pixels
from .errors import ClassifyPixelsError, RunCancelledError
from .item_runs import ItemResult, classify_items, place_of_results
from .progress import Progress, SilentProgress
from .request import (
    ClassificationRequest,
    Environment,
    read_most_cells,
    read_processor,
    read_resampling,
    read_workers,
)

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
