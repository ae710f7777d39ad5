# SPDX-License-Identifier: GPL-2.0-or-later
"""Stratified random points drawn from a class map, in two passes: sizes of the classes, then the draw.

Within a class, cells are drawn without replacement with probabilities proportional to their true areas, so that areas
can be estimated in every CRS. Source: P. S. Efraimidis and P. G. Spirakis, "Weighted random sampling with a reservoir",
Information Processing Letters 97 (2006): the cells with the smallest keys -log(u) / area are the sample.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from ..choices import MIXED
from ..errors import ClassMapError, ClassNumbersError, SampleSizeError
from ..models import ModelClass
from ..notices import Caution, Note
from ..phrase import Phrase
from ..progress import Progress
from ..raster import CellAreas, cell_areas, complete_reads
from ..window import Window
from .allocation import allocate, sample_size
from .classes import map_classes, named
from .map_reading import ClassMap, GrowingTally, RasterInput, Size, Valid, open_map
from .matrix import Float64, Int64

# Instead of no area, in units of the grid: keys are from 2^-53 to 37, so all others are smaller.
LEAST_AREA = 2.0**-70


@dataclass(frozen=True)
class SampleRequest:
    """A class map with its legend, which may be empty, and the design of the sample.

    `numbers` are points per class by value, or one number for all under None; without them, `total` points are
    allocated to the classes. Without a total, it is the size for the target standard error of the overall accuracy,
    with expected user's accuracies in the form of `numbers`.
    """

    raster: RasterInput
    legend: tuple[ModelClass, ...]
    seed: int
    numbers: Mapping[int | None, float]
    total: int | None
    allocation: str
    minimum: int
    target: float
    expected: Mapping[int | None, float]


@dataclass(frozen=True)
class SamplePoint:
    """A drawn point at the centre of a cell, in the map's CRS, and the class of the map there."""

    x: float
    y: float
    map_class: ModelClass


@dataclass(frozen=True)
class Sample:
    """The points in random order, the CRS of the map as WKT, and the classes of the map."""

    points: tuple[SamplePoint, ...]
    crs: str
    classes: tuple[ModelClass, ...]


def draw_sample(request: SampleRequest, progress: Progress) -> Sample:
    """Returns random points in each class of a map; the same seed and file result in the same points."""
    with complete_reads(), closing(open_map(request.raster)) as class_map:
        tally = GrowingTally(class_map.name, class_map.grid)
        for window in class_map.windows(progress, 0.0, 0.5):
            tally.add(window, *class_map.read(window))
        sizes = tally.total()
        if not sizes:
            raise ClassMapError(raster=class_map.name, reason=Phrase("it has no valid pixel"))
        known = map_classes(request.legend, sizes)
        classes = [each for each in known.classes if each.value in sizes]
        numbers = _numbers(request, classes, sizes, progress)
        progress.note(Note.SAMPLE_SEED, seed=request.seed)
        random = np.random.Generator(np.random.PCG64(request.seed))
        # Strata of unknown area are weighted by pixels, and so are their cells.
        known_areas = all(sizes[each.value].area is not None for each in classes)
        areas = cell_areas(class_map.grid) if known_areas else None
        draw = _Draw(class_map, [each.value for each in classes], numbers, random, areas)
        for window in class_map.windows(progress, 0.5, 1.0):
            draw.add(window, *class_map.read(window))
        for each, number in zip(classes, numbers):
            pixels = sizes[each.value].pixels
            progress.note(Note.SAMPLE_DRAWN, name=named(each), count=number, pixels=pixels)
        # Ordered by class, the points would reveal the class to the person who labels them.
        points = draw.points(classes)
        order = random.permutation(len(points)).tolist()
        return Sample(tuple(points[number] for number in order), class_map.grid.crs, known.classes)


def _numbers(
    request: SampleRequest, classes: Sequence[ModelClass], sizes: Mapping[int, Size], progress: Progress
) -> list[int]:
    """Returns the number of points of each class, at most its pixels."""
    areas = [sizes[each.value].area for each in classes]
    measured = [area for area in areas if area is not None]
    if len(measured) < len(areas):
        progress.warn(Caution.AREA_UNKNOWN)
        measured = [float(sizes[each.value].pixels) for each in classes]
    if request.numbers:
        wanted = [round(number) for number in _by_class(request.numbers, classes, "COUNTS")]
        if sum(wanted) < 1:
            raise SampleSizeError(reason=Phrase("{count} points are too few", {"count": sum(wanted)}))
    else:
        shares = [area / sum(measured) for area in measured]
        total = request.total
        if total is None:
            total = sample_size(shares, _by_class(request.expected, classes, "EXPECTED_ACCURACY"), request.target)
            if request.allocation == MIXED:
                total = max(total, request.minimum * len(classes))
        wanted = allocate(total, shares, request.allocation, request.minimum)
    for each, number in zip(classes, wanted):
        pixels = sizes[each.value].pixels
        if number > pixels:
            progress.warn(Caution.FEW_PIXELS, name=named(each), count=pixels, wanted=number)
        elif number < 2:
            progress.warn(Caution.FEW_POINTS, name=named(each), count=number)
    return [min(number, sizes[each.value].pixels) for each, number in zip(classes, wanted)]


def _by_class(numbers: Mapping[int | None, float], classes: Sequence[ModelClass], name: str) -> list[float]:
    """Returns a number for each class of the map; a missing class and a superfluous value are errors."""
    shown = ";".join(f"{value}={number:.10g}" for value, number in numbers.items())
    if None in numbers:
        return [numbers[None]] * len(classes)
    values = {each.value for each in classes}
    for value in sorted(value for value in numbers if value is not None and value not in values):
        raise ClassNumbersError(name=name, value=shown, reason=Phrase("the map has no class {value}", {"value": value}))
    for each in classes:
        if each.value not in numbers:
            reason = Phrase("the class {name} is missing", {"name": named(each)})
            raise ClassNumbersError(name=name, value=shown, reason=reason)
    return [numbers[each.value] for each in classes]


class _Draw:
    """The cells with the smallest keys of each class so far."""

    def __init__(
        self,
        class_map: ClassMap,
        values: Sequence[int],
        numbers: Sequence[int],
        random: np.random.Generator,
        areas: CellAreas | None,
    ) -> None:
        self._grid, self._random, self._areas = class_map.grid, random, areas
        self._order = np.argsort(values)
        self._values = np.asarray(values, np.int64)[self._order]
        self._numbers = list(numbers)
        # A cell with a larger key than this cannot be in the sample.
        self._limits = np.where(np.asarray(numbers) > 0, np.inf, -np.inf)
        self._kept: list[tuple[Float64, Int64]] = [(np.zeros(0), np.zeros(0, np.int64)) for _ in values]

    def add(self, window: Window, values: Int64, valid: Valid) -> None:
        """Draws from the cells (height, width) of a window."""
        keys = -np.log1p(-self._random.random(values.shape))
        if self._areas is not None:
            # Cells beyond a pole have no area; they are drawn last.
            keys /= np.maximum(self._areas.of(window), LEAST_AREA) * self._areas.unit
        found = np.searchsorted(self._values, values).clip(max=len(self._values) - 1)
        places = self._order[found]
        rows, columns = np.nonzero(valid & (keys < self._limits[places]))
        chosen = places[rows, columns]
        cells = (window.y + rows) * self._grid.width + window.x + columns
        for place in np.unique(chosen).tolist():
            self._keep(place, keys[rows, columns][chosen == place], cells[chosen == place])

    def points(self, classes: Sequence[ModelClass]) -> list[SamplePoint]:
        """Returns the points of all classes."""
        x0, dx, rx, y0, ry, dy = self._grid.effective_transform
        found = []
        for known, (_, cells) in zip(classes, self._kept):
            rows, columns = np.divmod(cells, self._grid.width)
            xs, ys = ((c + (columns + 0.5) * a + (rows + 0.5) * b) for c, a, b in ((x0, dx, rx), (y0, ry, dy)))
            found += [SamplePoint(x, y, known) for x, y in zip(xs.tolist(), ys.tolist())]
        return found

    def _keep(self, place: int, keys: Float64, cells: Int64) -> None:
        kept_keys, kept_cells = self._kept[place]
        keys, cells = np.concatenate([kept_keys, keys]), np.concatenate([kept_cells, cells])
        order = np.argsort(keys, kind="stable")[: self._numbers[place]]
        self._kept[place] = keys[order], cells[order]
        if len(order) == self._numbers[place]:
            self._limits[place] = keys[order][-1]
