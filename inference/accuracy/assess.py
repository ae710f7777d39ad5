# SPDX-License-Identifier: GPL-2.0-or-later
"""Comparison of a class map with a reference, in one pass over the map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np

from ..errors import SamplesMissingError, StratumError
from ..models import ModelClass
from ..notices import Caution, Note
from ..phrase import Phrase
from ..progress import Progress
from ..raster import ClassCount, complete_reads
from ..window import Window
from .classes import map_classes, named
from .estimates import Estimates, estimate
from .map_reading import (
    MOST_CLASSES,
    ClassMap,
    GrowingTally,
    RasterInput,
    Size,
    distinct,
    open_map,
    open_on_grid,
    too_many_values,
)
from .matrix import Float64, Int64, Measures, measures_of
from .references import PointReference, PointSamples, Reference, ReferenceSamples, open_reference

# A stratum and a class value in one number; both are below 2^24.
SPAN, ZERO = 2**26, 2**25

# Numbers of samples by stratum, class value and key of the reference.
Pairs = Counter[tuple[int, int, int]]


@dataclass(frozen=True)
class AssessmentRequest:
    """A class map with its legend, which may be empty, a reference, and a raster of the strata of the sample.

    Without strata they are the classes of the map. `strata_legend` names their values.
    """

    raster: RasterInput
    legend: tuple[ModelClass, ...]
    reference: Reference
    strata: RasterInput | None = None
    strata_legend: tuple[ModelClass, ...] = ()


@dataclass(frozen=True)
class Assessment:
    """The accuracy of a map.

    `classes` have their pixels and areas in the map. `counts` (map classes, reference classes) is the confusion
    matrix, `area` the total in square metres, None if unknown. `strata` are their names and numbers of samples.
    `left_out` are the samples that are not compared, by reason.
    """

    raster: str
    reference: str
    classes: tuple[ClassCount, ...]
    counts: Int64
    measures: Measures
    estimates: Estimates
    area: float | None
    strata: tuple[tuple[str, int], ...]
    design: Phrase
    left_out: Mapping[Caution, int]

    @property
    def samples(self) -> int:
        """The number of samples compared."""
        return int(self.counts.sum())


def assess_accuracy(request: AssessmentRequest, progress: Progress) -> Assessment:
    """Returns the accuracy of a map; every sample that is left out is counted and reported."""
    with ExitStack() as opened:
        opened.enter_context(complete_reads())
        class_map = open_map(request.raster)
        opened.callback(class_map.close)
        strata = open_on_grid(request.strata, class_map.grid, progress) if request.strata is not None else None
        if strata is not None:
            opened.callback(strata.close)
        samples = open_reference(request.reference, class_map.grid, progress)
        opened.callback(samples.close)
        comparison = _Comparison(class_map, strata, samples)
        for window in class_map.windows(progress):
            comparison.add(window)
        return _Evaluation(request, comparison, progress).assessment()


class _Comparison:
    """Sizes of strata and classes, and numbers of samples, gathered window by window."""

    def __init__(self, class_map: ClassMap, strata: ClassMap | None, samples: ReferenceSamples) -> None:
        self.map, self.strata, self.samples = class_map, strata, samples
        self.pairs: Pairs = Counter()
        self.on_nodata = self.without_stratum = 0
        # All pairs of a stratum and a class.
        most = MOST_CLASSES if strata is None else MOST_CLASSES**2
        self._tally = GrowingTally(class_map.name, class_map.grid, most)

    def add(self, window: Window) -> None:
        """Compares a window."""
        values, valid = self.map.read(window)
        within = valid
        if self.strata is not None:
            strata, known = self.strata.read(window)
            within = valid & known
            values = np.where(within, strata * SPAN + values + ZERO, 0)
        self._tally.add(window, values, within)
        rows, columns, keys = self.samples.read(window)
        used = within[rows, columns]
        self.on_nodata += int(np.count_nonzero(~valid[rows, columns]))
        self.without_stratum += int(np.count_nonzero(valid[rows, columns] & ~used))
        numbers, keys = values[rows, columns][used], keys[used]
        for number in distinct(numbers):
            for key, count in zip(*np.unique(keys[numbers == number], return_counts=True)):
                self.pairs[(*self._split(number), int(key))] += int(count)

    def sizes(self) -> dict[tuple[int, int], Size]:
        """Returns the sizes in the map by stratum and class value."""
        return {self._split(number): size for number, size in self._tally.total().items()}

    def _split(self, number: int) -> tuple[int, int]:
        """Returns stratum and class value; without strata, both are the class value."""
        if self.strata is None:
            return number, number
        stratum, value = divmod(number, SPAN)
        return stratum, value - ZERO


class _Evaluation:
    """The assessment of a comparison, with its warnings."""

    def __init__(self, request: AssessmentRequest, comparison: _Comparison, progress: Progress) -> None:
        self._request, self._comparison, self._progress = request, comparison, progress
        self._sizes = comparison.sizes()
        self._known = map_classes(request.legend, {value for _, value in self._sizes})
        self._strata = (
            self._known
            if request.strata is None
            else map_classes(request.strata_legend, {stratum for stratum, _ in self._sizes})
        )

    def assessment(self) -> Assessment:
        """Returns the result; raises an error if there is nothing to compare."""
        pairs, strata, progress = self._comparison.pairs, self._comparison.strata, self._progress
        keys = self._comparison.samples.match(self._known, {key for _, _, key in pairs}, progress)
        left_out = self._left_out(sum(count for (_, _, key), count in pairs.items() if key not in keys))
        labelled = Counter({pair: count for pair, count in pairs.items() if pair[2] in keys})
        design = self._design(labelled)
        found: Pairs = Counter()
        for (stratum, value, key), count in labelled.items():
            found[stratum, value, keys[key]] += count
        seen = {value for _, value in self._sizes} | {label for _, _, label in found}
        classes = [known for known in self._known.classes if known.value in seen]
        for raster, count in ((self._comparison.map, len(classes)), (strata, len(self._occurring_strata()))):
            if raster is not None and count > MOST_CLASSES:
                raise too_many_values(raster.name)
        counts, sizes, area = self._arrays(classes, found)
        result = Assessment(
            self._comparison.map.name,
            self._request.reference.name,
            tuple(self._class_count(known) for known in classes),
            counts.sum(axis=0),
            measures_of(counts.sum(axis=0)),
            estimate(counts, sizes),
            area,
            tuple(zip(map(named, self._occurring_strata()), counts.sum(axis=(1, 2)).tolist())),
            design,
            left_out,
        )
        self._warn(result)
        return result

    def _left_out(self, unlabelled: int) -> dict[Caution, int]:
        comparison = self._comparison
        counted = {
            Caution.SAMPLES_OUTSIDE: comparison.samples.outside,
            Caution.SAMPLES_ON_NODATA: comparison.on_nodata,
            Caution.SAMPLES_WITHOUT_STRATUM: comparison.without_stratum,
            Caution.SAMPLES_UNLABELLED: unlabelled,
            Caution.SAMPLES_CONTRADICTORY: comparison.samples.conflicts,
        }
        if sum(comparison.pairs.values()) == unlabelled:
            raise SamplesMissingError(
                reference=self._request.reference.name,
                raster=comparison.map.name,
                outside=comparison.samples.outside,
                empty=comparison.on_nodata + comparison.without_stratum,
                unlabelled=unlabelled,
            )
        for caution, count in counted.items():
            if count:
                self._progress.warn(caution, count=count)
        return {caution: count for caution, count in counted.items() if count}

    def _design(self, labelled: Pairs) -> Phrase:
        """Returns the sentence on the sampling design, after a check of recorded strata."""
        strata = self._comparison.strata
        recorded = self._recorded(labelled)
        if strata is not None:
            return Phrase(Note.STRATIFIED_BY_STRATA, {"strata": strata.name})
        return Phrase(Note.STRATIFIED_BY_MAP if recorded else Note.POST_STRATIFIED)

    def _recorded(self, labelled: Pairs) -> bool:
        """True if the strata of the samples are recorded; raises an error if they are not those of the raster."""
        reference, samples = self._request.reference, self._comparison.samples
        if not isinstance(reference, PointReference) or not isinstance(samples, PointSamples) or not reference.strata:
            return False
        wrong = sum(
            count
            for (stratum, _, key), count in labelled.items()
            if self._strata.find(samples.stratum(key)) != {stratum}
        )
        if wrong:
            raster = self._comparison.strata or self._comparison.map
            raise StratumError(
                count=wrong, total=sum(labelled.values()), field=reference.stratum_field, raster=raster.name
            )
        return True

    def _occurring_strata(self) -> list[ModelClass]:
        found = {stratum for stratum, _ in self._sizes}
        return [known for known in self._strata.classes if known.value in found]

    def _arrays(self, classes: list[ModelClass], found: Pairs) -> tuple[Int64, Float64, float | None]:
        """Returns samples (strata, map classes, reference classes), sizes (strata, map classes), and the total area."""
        stratum_place = {known.value: place for place, known in enumerate(self._occurring_strata())}
        place = {known.value: number for number, known in enumerate(classes)}
        counts = np.zeros((len(stratum_place), len(place), len(place)), np.int64)
        for (stratum, value, label), count in found.items():
            counts[stratum_place[stratum], place[value], place[label]] = count
        areas = [size.area for size in self._sizes.values() if size.area is not None]
        measured = len(areas) == len(self._sizes)
        sizes = np.zeros(counts.shape[:2])
        for (stratum, value), size in self._sizes.items():
            sizes[stratum_place[stratum], place[value]] = size.area if measured else size.pixels
        return counts, sizes, sum(areas) if measured else None

    def _class_count(self, known: ModelClass) -> ClassCount:
        sizes = [size for (_, value), size in self._sizes.items() if value == known.value]
        areas = [size.area for size in sizes if size.area is not None]
        area = sum(areas) if len(areas) == len(sizes) else None
        return ClassCount(known, sum(size.pixels for size in sizes), area)

    def _warn(self, result: Assessment) -> None:
        progress = self._progress
        if result.area is None:
            progress.warn(Caution.AREA_UNKNOWN)
        if not isinstance(self._request.reference, PointReference):
            progress.warn(Caution.PIXELS_AS_SAMPLES, count=result.samples)
        for name, count in result.strata:
            if count < 2:
                few = Caution.STRATUM_WITH_ONE_SAMPLE if count else Caution.STRATUM_WITHOUT_SAMPLES
                progress.warn(few, name=name)
        for known, count in zip(result.classes, result.counts.sum(axis=0).tolist()):
            if not count:
                progress.warn(Caution.CLASS_WITHOUT_REFERENCE, name=named(known.legend_class))
