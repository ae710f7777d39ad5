# SPDX-License-Identifier: GPL-2.0-or-later
"""The heart of the product: classifies rasters without QGIS or Qt."""

from .classification import Classification, classify_pixels
from .errors import ClassifyPixelsError, RunCancelledError
from .progress import Progress, SilentProgress
from .request import ClassificationRequest, Environment, read_processor, read_workers

__all__ = [
    "Classification",
    "ClassificationRequest",
    "ClassifyPixelsError",
    "Environment",
    "Progress",
    "RunCancelledError",
    "SilentProgress",
    "classify_pixels",
    "read_processor",
    "read_workers",
]
