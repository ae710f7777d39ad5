# SPDX-License-Identifier: GPL-2.0-or-later
"""Classification of rasters without QGIS or Qt.

`Window` and `Grid` are outside `raster/`, because `tiling/` works without GDAL. User texts are English sentences of
errors, literals in `Phrase()` and the catalogues in `notices.py`; front ends translate them at display.
`progress.note(Note.X, …)` and `progress.warn(Caution.X, …)` report facts with a sentence, classes in `events.py` facts
that a front end or a test reads. Files are created by `new_files.py`, and get their names together or not at all by
`publishing.py`.

Only what every front end needs is imported here: QGIS imports this package when it starts, and the engine, which takes
most of a second, when an algorithm runs. `choices.py` has the values that a dialog lists before that.
"""

from .errors import ClassifyPixelsError, RunCancelledError
from .progress import Progress, SilentProgress

__all__ = [
    "ClassifyPixelsError",
    "Progress",
    "RunCancelledError",
    "SilentProgress",
]
