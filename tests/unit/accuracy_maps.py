# SPDX-License-Identifier: GPL-2.0-or-later
"""A class map of three classes with references for it, in numpy."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from classify_pixels.inference.accuracy import (
    Assessment,
    AssessmentRequest,
    PointReference,
    Sample,
    SampleRequest,
    assess_accuracy,
    draw_sample,
)
from classify_pixels.inference.models import ModelClass
from classify_pixels.inference.progress import Progress, SilentProgress
from classify_pixels.inference.raster import GdalInput

from .rasters import TRANSFORM, wkt

LEGEND = tuple(ModelClass(value, name, (value, 9, 9)) for value, name in ((1, "Water"), (2, "Forest"), (3, "Crops")))
X0, CELL, Y0 = TRANSFORM[0], TRANSFORM[1], TRANSFORM[3]


class Log(Progress):
    """Keeps the kinds of reported facts."""

    def __init__(self) -> None:
        self.kinds: list[Any] = []

    def emit(self, event: Any) -> None:
        kind = getattr(event, "kind", None)
        if kind is not None:
            self.kinds.append(kind)


def centres(rows: Iterable[int], columns: Iterable[int]) -> np.ndarray:
    rows, columns = np.asarray(rows), np.asarray(columns)
    return np.stack([X0 + (columns + 0.5) * CELL, Y0 - (rows + 0.5) * CELL], axis=1)


def points(cells: np.ndarray, labels: Iterable[Any], **more: Any) -> PointReference:
    """Labelled points at cells (n, 2), rows and columns."""
    return PointReference("ref", centres(*cells.T), tuple(labels), more.pop("crs", wkt(32633)), **more)


def assess(raster: Path, reference: Any, log: Progress | None = None, **more: Any) -> Assessment:
    legend = more.pop("legend", LEGEND)
    return assess_accuracy(
        AssessmentRequest(GdalInput(str(raster)), legend, reference, **more), log or SilentProgress()
    )


def draw(raster: Path, log: Progress | None = None, **more: Any) -> Sample:
    fields = {
        "numbers": {},
        "total": None,
        "allocation": "MIXED",
        "minimum": 10,
        "target": 0.05,
        "expected": {None: 0.9},
    }
    request = SampleRequest(GdalInput(str(raster)), LEGEND, more.pop("seed", 1), **{**fields, **more})
    return draw_sample(request, log or SilentProgress())
