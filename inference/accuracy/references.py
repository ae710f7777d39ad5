# SPDX-License-Identifier: GPL-2.0-or-later
"""References of three kinds, as samples on the cells of a map: each has a key that stands for its label."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Union

import numpy as np
from numpy.typing import NDArray

from ..errors import ReferenceCrsError
from ..grid import Grid
from ..notices import Caution
from ..phrase import Phrase
from ..progress import Progress
from ..raster import PointCells, PolygonCells
from ..window import Window
from .classes import Label, MapClasses
from .map_reading import MOST_CLASSES, RasterInput, distinct, open_on_grid, too_many_values
from .matrix import Float64, Int64

# Rows, columns and keys of the samples in a window.
Samples = tuple[NDArray[np.intp], NDArray[np.intp], Int64]


@dataclass(frozen=True)
class PointReference:
    """Points (n, 2) with a label each, in a CRS given as WKT; `strata` are labels of the strata, if recorded."""

    name: str
    points: Float64
    labels: tuple[Label, ...]
    crs: str = ""
    strata: tuple[Label, ...] = ()
    stratum_field: str = ""


@dataclass(frozen=True)
class PolygonReference:
    """Polygons as WKB with a label each, in a CRS given as WKT."""

    name: str
    polygons: tuple[bytes, ...]
    labels: tuple[Label, ...]
    crs: str = ""


@dataclass(frozen=True)
class RasterReference:
    """A raster of class values, with the names of those that have one."""

    raster: RasterInput
    names: Mapping[int, str]

    @property
    def name(self) -> str:
        """The raster's name in messages."""
        return self.raster.name


Reference = Union[PointReference, PolygonReference, RasterReference]


class PointSamples:
    """A sample for each point on the map."""

    conflicts = 0

    def __init__(self, reference: PointReference, grid: Grid, progress: Progress) -> None:
        _check_crs(reference, grid, progress)
        strata = reference.strata or (None,) * len(reference.labels)
        pairs = list(zip(reference.labels, strata))
        self._name, self._pairs = reference.name, list(dict.fromkeys(pairs))
        key = {pair: number for number, pair in enumerate(self._pairs)}
        self._keys = np.array([key[pair] for pair in pairs], np.int64)
        self._cells = PointCells(reference.points, reference.crs, grid)
        self.outside = int(np.count_nonzero(~self._cells.inside))

    def read(self, window: Window) -> Samples:
        """Returns the samples in a window of the map."""
        rows, columns, numbers = self._cells.read(window)
        return rows, columns, self._keys[numbers]

    def match(self, classes: MapClasses, keys: Iterable[int], progress: Progress) -> dict[int, int]:
        """Returns the class values of all keys with a label."""
        found = classes.match((label for label, _ in self._pairs), self._name)
        return {key: found[label] for key, (label, _) in enumerate(self._pairs) if label is not None}

    def stratum(self, key: int) -> Label:
        """Returns the label of the recorded stratum."""
        return self._pairs[key][1]

    def close(self) -> None:
        """Does nothing: no resources are held."""


class PolygonSamples:
    """A sample for each pixel of the map whose centre is in a polygon."""

    outside = 0

    def __init__(self, reference: PolygonReference, grid: Grid, progress: Progress) -> None:
        _check_crs(reference, grid, progress)
        self._name, self._labels = reference.name, list(dict.fromkeys(reference.labels))
        key = {label: number for number, label in enumerate(self._labels)}
        keys = [key[label] for label in reference.labels]
        self._cells = PolygonCells(reference.polygons, keys, reference.crs, grid, reference.name)

    @property
    def conflicts(self) -> int:
        """The pixels in polygons of different labels, so far."""
        return self._cells.conflicts

    def read(self, window: Window) -> Samples:
        """Returns the samples in a window of the map."""
        return self._cells.read(window)

    def match(self, classes: MapClasses, keys: Iterable[int], progress: Progress) -> dict[int, int]:
        """Returns the class values of all keys with a label."""
        found = classes.match(self._labels, self._name)
        return {key: found[label] for key, label in enumerate(self._labels) if label is not None}

    def close(self) -> None:
        """Does nothing: no resources are held."""


class RasterSamples:
    """A sample for each pixel of the map that is valid in the reference; keys are its values."""

    outside = conflicts = 0

    def __init__(self, reference: RasterReference, grid: Grid, progress: Progress) -> None:
        self._name, self._names = reference.name, reference.names
        self._values: set[int] = set()
        self._map = open_on_grid(reference.raster, grid, progress)

    def read(self, window: Window) -> Samples:
        """Returns the samples in a window of the map."""
        values, valid = self._map.read(window)
        self._values.update(distinct(values[valid]))
        if len(self._values) > MOST_CLASSES:
            raise too_many_values(self._name)
        rows, columns = np.nonzero(valid)
        return rows, columns, values[rows, columns]

    def match(self, classes: MapClasses, keys: Iterable[int], progress: Progress) -> dict[int, int]:
        """Returns the class values of these keys; warns if a value has another name in the map."""
        found = classes.match_values(sorted(set(keys)), self._names, self._name)
        names = {known.value: known.name for known in classes.classes}
        for value in found:
            own, other = self._names.get(value, ""), names.get(value, "")
            # Names that are only the value say nothing.
            differ = own.strip().casefold() not in ("", str(value), other.strip().casefold()) and other != str(value)
            if found[value] == value and differ:
                progress.warn(Caution.NAMES_DIFFER, value=value, reference=own, name=other)
        return found

    def close(self) -> None:
        """Closes the raster."""
        self._map.close()


ReferenceSamples = Union[PointSamples, PolygonSamples, RasterSamples]


def open_reference(reference: Reference, grid: Grid, progress: Progress) -> ReferenceSamples:
    """Returns the samples of a reference on the grid of a map."""
    if isinstance(reference, PointReference):
        return PointSamples(reference, grid, progress)
    if isinstance(reference, PolygonReference):
        return PolygonSamples(reference, grid, progress)
    return RasterSamples(reference, grid, progress)


def _check_crs(reference: PointReference | PolygonReference, grid: Grid, progress: Progress) -> None:
    values = {"reference": reference.name}
    if reference.crs and not grid.crs:
        raise ReferenceCrsError(reason=Phrase("the reference {reference} has a CRS, but the map has none", values))
    if grid.crs and not reference.crs:
        raise ReferenceCrsError(reason=Phrase("the map has a CRS, but the reference {reference} has none", values))
    if not grid.crs:
        progress.warn(Caution.CRS_ABSENT)
