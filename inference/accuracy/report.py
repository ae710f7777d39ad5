# SPDX-License-Identifier: GPL-2.0-or-later
"""The accuracy of a map as JSON and CSV."""

from __future__ import annotations

import csv
import io
import math
from typing import Any

import numpy as np

from ..phrase import printable
from .assess import Assessment
from .estimates import Estimate
from .matrix import Float64

HECTARE = 1e4
UNKNOWN = np.array(np.nan)

# Spreadsheets read a cell that begins like this as a formula.
FORMULA = ("=", "+", "-", "@", "\t")


def json_of(assessment: Assessment) -> dict[str, Any]:
    """Returns the accuracy as JSON; areas are in hectares, undefined numbers are null.

    `margin` is half the width of the confidence interval of 95 %.
    """
    measures, estimates = assessment.measures, assessment.estimates
    return {
        "map": assessment.raster,
        "reference": assessment.reference,
        "samples": assessment.samples,
        "left_out": {caution.name.lower(): count for caution, count in assessment.left_out.items()},
        "design": str(assessment.design),
        "strata": [{"name": name, "samples": count} for name, count in assessment.strata],
        "area": hectares(assessment.area),
        "overall_accuracy": _number(measures.overall),
        "kappa": _number(measures.kappa),
        "confusion_matrix": assessment.counts.tolist(),
        "estimated": {
            "overall_accuracy": _estimate(estimates.overall),
            "area_proportions": [[_number(cell) for cell in row] for row in estimates.proportions.tolist()],
        },
        "classes": [_class(assessment, place) for place in range(len(assessment.classes))],
    }


def csv_of(assessment: Assessment) -> str:
    """Returns a row per class of the map: its row of the confusion matrix, its measures and estimates; areas in ha."""
    names = [known.legend_class.name for known in assessment.classes]
    rows = [_class(assessment, place) for place in range(len(assessment.classes))]
    flat = [_flat(row) for row in rows]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    numbers = [key for key in flat[0] if key not in ("value", "name", "color")]
    head = [f"reference {known.legend_class.value}: {name}" for known, name in zip(assessment.classes, names)]
    writer.writerow(["value", "name", *map(_cell, head), *numbers])
    for row, counts in zip(flat, assessment.counts.tolist()):
        writer.writerow([row["value"], _cell(row["name"]), *counts, *(_blank(row[key]) for key in numbers)])
    return text.getvalue()


def hectares(area: float | None) -> float | None:
    """Returns square metres as hectares, None if unknown."""
    return None if area is None else area / HECTARE


def area_estimate(assessment: Assessment, place: int) -> Estimate | None:
    """Returns the estimated area of a class in hectares, None if the area of the map is unknown."""
    total = hectares(assessment.area)
    shares = at(assessment.estimates.shares, place)
    return None if total is None else Estimate(shares.value * total, shares.deviation * total)


def at(estimate: Estimate, place: int) -> Estimate:
    """Returns the estimate of one class."""
    return Estimate(estimate.value[place], estimate.deviation[place])


def _class(assessment: Assessment, place: int) -> dict[str, Any]:
    known, measures, estimates = assessment.classes[place], assessment.measures, assessment.estimates
    return {
        "value": known.legend_class.value,
        "name": known.legend_class.name,
        "color": list(known.legend_class.color),
        "pixels": known.pixels,
        "mapped_area": hectares(known.area),
        "map_samples": int(assessment.counts[place].sum()),
        "reference_samples": int(assessment.counts[:, place].sum()),
        "users_accuracy": _number(measures.users[place]),
        "producers_accuracy": _number(measures.producers[place]),
        "f1": _number(measures.f1[place]),
        "iou": _number(measures.iou[place]),
        "estimated": {
            "users_accuracy": _estimate(at(estimates.users, place)),
            "producers_accuracy": _estimate(at(estimates.producers, place)),
            "share": _estimate(at(estimates.shares, place)),
            "area": _estimate(area_estimate(assessment, place)),
        },
    }


def _estimate(estimate: Estimate | None) -> dict[str, float | None]:
    known = Estimate(UNKNOWN, UNKNOWN) if estimate is None else estimate
    numbers = {"value": known.value, "standard_error": known.deviation, "margin": known.margin}
    return {name: _number(number) for name, number in numbers.items()}


def _number(number: float | Float64) -> float | None:
    plain = float(number)
    return plain if math.isfinite(plain) else None


def _flat(row: dict[str, Any], before: str = "") -> dict[str, Any]:
    """Returns nested objects as one, with joined names."""
    found: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, dict):
            found.update(_flat(value, f"{before}{key}_"))
        else:
            found[before + key] = value
    return found


def _blank(value: Any) -> Any:
    return "" if value is None else value


def _cell(text: str) -> str:
    shown = printable(text)
    return f"'{shown}" if shown.startswith(FORMULA) else shown
