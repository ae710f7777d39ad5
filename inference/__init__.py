# SPDX-License-Identifier: GPL-2.0-or-later
"""Classification of rasters without QGIS or Qt.

`Window` and `Grid` are outside `raster/`, because `tiling/` works without GDAL. User texts are English sentences of
errors, literals in `Phrase()` and the catalogues in `notices.py`; front ends translate them at display.
`progress.note(Note.X, …)` and `progress.warn(Caution.X, …)` report facts with a sentence, classes in `events.py` facts
that a front end or a test reads. Files are created by `new_files.py`, and get their names together or not at all by
`publishing.py`.
"""

from .errors import ClassifyPixelsError, RunCancelledError
from .progress import Progress, SilentProgress
from .run.classification import Classification, classify_pixels
from .run.items import ItemResult, classify_items, place_of_polygons, place_of_results
from .run.reading import read_least_patch, read_most_cells, read_processor, read_resampling, read_workers
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
    "place_of_polygons",
    "place_of_results",
    "read_least_patch",
    "read_most_cells",
    "read_processor",
    "read_resampling",
    "read_workers",
]
