# SPDX-License-Identifier: GPL-2.0-or-later
"""The heart of the product: classifies rasters without QGIS or Qt."""

from .errors import ClassifyPixelsError, RunCancelledError
from .progress import Progress, SilentProgress
from .run.classification import Classification, classify_pixels
from .run.items import ItemResult, classify_items, place_of_results
from .run.reading import read_most_cells, read_processor, read_resampling, read_workers
from .run.request import ClassificationRequest, Environment

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
