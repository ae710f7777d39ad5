# SPDX-License-Identifier: GPL-2.0-or-later
"""Accuracy of class maps, and sample points for it.

`matrix.py`, `estimates.py` and `allocation.py` are the formulas, pure functions on arrays. `assess.py` and
`sampling.py` read a map window by window, so that memory does not depend on its size; each sample of the reference is
on a cell of the map or counted among those left out. An undefined number is NaN (null in JSON), never 0.
"""

from .assess import Assessment, AssessmentRequest, assess_accuracy
from .classes import Label
from .html import html_of
from .numbers_per_class import read_numbers_per_class
from .references import PointReference, PolygonReference, RasterReference, Reference
from .report import csv_of, json_of
from .sampling import Sample, SampleRequest, draw_sample

__all__ = [
    "Assessment",
    "AssessmentRequest",
    "Label",
    "PointReference",
    "PolygonReference",
    "RasterReference",
    "Reference",
    "Sample",
    "SampleRequest",
    "assess_accuracy",
    "csv_of",
    "draw_sample",
    "html_of",
    "json_of",
    "read_numbers_per_class",
]
