# SPDX-License-Identifier: GPL-2.0-or-later
"""The record of a finished strip: a small file without which its pixels do not count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from ...raster import StripCounts
from ...window import Window
from .sealed_file import is_whole, unsealed


@dataclass(frozen=True)
class StripRecord:
    """A finished strip: its window, the digest of each of its files by layer, and the counts of its classes.

    `manifest` is the digest of its manifest.
    """

    manifest: str
    index: int
    window: Window
    digests: Mapping[str, str]
    counts: StripCounts | None


@dataclass(frozen=True)
class StripForm:
    """The expected form of a strip: its window, bands and GDAL's type of each layer, the number of classes."""

    window: Window
    layers: Mapping[str, tuple[int, int]]
    classes: int

    def fits(self, record: StripRecord) -> bool:
        """Returns False for a record that another program, or another job, wrote."""
        if record.window != self.window or {*record.digests} != {*self.layers} or record.counts is None:
            return False
        counts, cells = record.counts, self.window.width * self.window.height
        numbers = (*counts.pixels, counts.decided)
        whole = all(map(is_whole, numbers)) and len(counts.pixels) == len(counts.areas) == self.classes
        return whole and sum(counts.pixels) <= cells and counts.decided <= cells

    def file(self, layer: str) -> tuple[int, int, int, int]:
        """Returns width, height, bands and GDAL's type of the file of a layer."""
        return (self.window.width, self.window.height, *self.layers[layer])


def read_record(file: bytes | None) -> StripRecord | None:
    """Returns a record; None if the file is missing or damaged."""
    content, _ = unsealed(file)
    try:
        values = {field.name: content[field.name] for field in fields(StripRecord)}
        window, counts = Window(**values.pop("window")), values.pop("counts")
        record = StripRecord(window=window, counts=None if counts is None else _read_counts(counts), **values)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    numbers = (record.index, window.x, window.y, window.width, window.height)
    has_files = isinstance(record.digests, dict) and bool(record.digests)
    return record if has_files and all(map(is_whole, numbers)) else None


def _read_counts(document: Mapping[str, Any]) -> StripCounts:
    kinds = {field.name: str(field.type) for field in fields(StripCounts)}
    counts = StripCounts(**{name: _read_count(document[name], kind) for name, kind in kinds.items()})
    if len(counts.pixels) != len(counts.areas):
        raise ValueError("pixels and areas are not those of the same classes")
    return counts


def _read_count(value: Any, annotation: str) -> Any:
    """Returns a number, a tuple of numbers or None, as the annotation allows; raises a TypeError for others."""
    many = isinstance(value, list)
    numbers = value if many else [value]
    if many is not annotation.startswith("tuple") or not all(_is_number(each, annotation) for each in numbers):
        raise TypeError(f"{value!r:.60} is not {annotation}")
    return tuple(value) if many else value


def _is_number(value: object, annotation: str) -> bool:
    if value is None:
        return "None" in annotation
    return isinstance(value, (int, float)) and not isinstance(value, bool)
