# SPDX-License-Identifier: GPL-2.0-or-later
"""Report of a finished run: outputs as numbers and JSON, and classes in the log."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from qgis.core import QgsProcessingFeedback

from ..inference.raster import ClassCount
from ..inference.run.result import Classification
from ..plugin_support.translation import tr
from .areas import area_text
from .feedback import duration


def outputs_of(results: Sequence[Classification]) -> dict[str, Any]:
    """Returns the values of the outputs, summed over several results."""
    counts = sum_counts(results)
    first = results[0]
    peaks = [result.peak_memory for result in results if result.peak_memory is not None]
    return {
        "CLASSES": json.dumps([_as_json(count) for count in counts], ensure_ascii=False),
        "CLASS_COUNT": sum(1 for count in counts if count.pixels),
        "VALID_PIXELS": sum(count.pixels for count in counts),
        "DEVICE": first.device,
        "TILES": sum(result.tiles for result in results),
        "TILE_SIZE": first.tile[0],
        "PADDING": first.halo,
        "SECONDS": round(sum(result.seconds for result in results), 3),
        **({"PEAK_MEMORY": round(max(peaks) / 1e6)} if peaks else {}),
    }


def sum_counts(results: Sequence[Classification]) -> list[ClassCount]:
    """Returns pixels and area of each class over all results; a sum with an unknown area is unknown."""
    # All results are of one model, with the classes in the same order.
    columns = zip(*(result.classes for result in results))
    return [
        ClassCount(
            column[0].legend_class,
            sum(count.pixels for count in column),
            None if any(count.area is None for count in column) else sum(count.area or 0.0 for count in column),
        )
        for column in columns
    ]


def tell_classes(results: Sequence[Classification], feedback: QgsProcessingFeedback) -> None:
    """Logs the classes and their shares."""
    counts = sum_counts(results)
    total = sum(count.pixels for count in counts) or 1
    with_area = tr("{value}  {name}: {area}, {share} percent ({pixels} pixels)")
    line = tr("{value}  {name}: {pixels} pixels, {share} percent")
    for count in counts:
        shown = {"value": count.legend_class.value, "name": count.legend_class.name, "pixels": count.pixels}
        shown["share"] = f"{100 * count.pixels / total:.1f}"
        text = line if count.area is None else with_area
        feedback.pushInfo(text.format(**shown, area=area_text(count.area)))
    seconds = sum(result.seconds for result in results)
    feedback.pushInfo(tr("Done on {device} in {time}.").format(device=results[0].device, time=duration(seconds)))


def _as_json(count: ClassCount) -> dict[str, Any]:
    legend_class = count.legend_class
    return {
        "value": legend_class.value,
        "name": legend_class.name,
        "color": list(legend_class.color),
        "pixels": count.pixels,
        "area": count.area,
    }
