# SPDX-License-Identifier: GPL-2.0-or-later
"""The output of a run: strips while it runs, and the files made from them at its end."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Union

from numpy.typing import NDArray

from ..errors import NoScoresError, OutputIsInputError, PolygonsWithoutClassesError, RunCancelledError
from ..grid import Grid
from ..models.definition import ModelClass
from ..network import NetworkRunner, PreparedModel, TileClassifier
from ..network.scoring import SCORE_TYPE, TileScorer, class_values, class_values_of_kept, kept_scores
from ..notices import Caution, Note
from ..progress import Progress
from ..raster import (
    ClassCount,
    ClassLayers,
    ClassTally,
    GeoTiffSink,
    PolygonFile,
    ScoreSink,
    StripCounts,
    StripMosaic,
    check_output,
    check_polygon_grid,
    check_polygons,
    check_unplaced,
    crs_lies_beside,
    file_windows,
    legend_of,
    publish_together,
)
from ..raster.write.geotiff import BandLayout
from ..raster.write.legend import color_table
from ..raster.write.qml import qml_style
from ..raster.write.sink import describe_classes
from ..raster.write.strip_vrt import strip_vrt
from ..tiling import (
    BlendMerger,
    CropMerger,
    Merger,
    Strip,
    StripSize,
    Tile,
    TilePlan,
    TileProcessor,
    cut_strips,
    longest_row,
    shared_size,
    usual_size,
)
from ..window import Window
from .polygons import fill_polygons
from .request import ClassificationRequest
from .resume import StripForm, StripStore

CLASSES, SCORES, STYLE = "classes", "scores", "style"

# Bytes of a score and of the widest type of class values.
SCORE_BYTES, CLASS_BYTES = 4, 4

# Bytes of constant data that deflate compresses to one; other methods do no better.
BEST_COMPRESSION = 1000

AnySink = Union[GeoTiffSink, ScoreSink]


class Outputs:
    """The outputs of a run: a class map, scores, or both, and polygons; none appears before all are complete.

    `grid` is that of the result, and `size` that of its strips. Files are opened only when needed.
    """

    def __init__(
        self,
        request: ClassificationRequest,
        prepared: PreparedModel,
        plan: TilePlan,
        grid: Grid,
        size: StripSize | None = None,
    ) -> None:
        self.prepared, self.plan = prepared, plan
        self._request, self._grid, self._area = request, grid, plan.area
        self._blended = bool(prepared.orientations)
        self._score_path = score_output(request, prepared)
        self._legend = None if prepared.arguments.return_probability_raster else legend_of(prepared.decision.classes)
        self._tally = ClassTally(self._legend.classes if self._legend is not None else (), grid)
        self.size = size or usual_size(plan, self.cell_bytes, self._blended)
        self.strips = cut_strips(plan, self.cell_bytes, self._blended, self.size)

    @property
    def longest_row(self) -> list[Tile]:
        """The longest row of tiles of a strip."""
        return longest_row(self.plan, self.strips)

    def shared_size(self) -> StripSize:
        """Returns the size of strips that many machines share."""
        return shared_size(self.plan, self.cell_bytes, self._blended)

    @property
    def classes(self) -> tuple[ModelClass, ...]:
        """The classes of the class map, none for scores alone."""
        return self._legend.classes if self._legend is not None else ()

    @property
    def has_polygons(self) -> bool:
        """True if polygons are made."""
        return self._request.polygon_output is not None

    @property
    def no_data(self) -> float:
        """The NoData value of the first file."""
        return self._legend.no_data if self._legend is not None else math.nan

    @property
    def largest_bytes(self) -> int:
        """The bytes of all files with their overviews, without compression."""
        # Each overview has a quarter of the cells of the one before, so all of them add a third.
        return self._area.width * self._area.height * self._kept_bytes * 4 // 3

    def least_bytes(self, missing: int) -> int:
        """Returns the bytes that `missing` strips and the files take on the disk at best compression."""
        share = missing / max(1, len(self.strips))
        scores = 0 if self._score_path is None else len(self._score_names) * SCORE_BYTES
        file = self._kept_bytes / (BEST_COMPRESSION if self._request.form.compressed else 1)
        # Strips of scores are not compressed.
        strips = scores + (self._kept_bytes - scores) / BEST_COMPRESSION
        return round(self._area.width * self._area.height * (share * strips + file))

    @property
    def strip_bytes(self) -> int:
        """The bytes of the largest written strip."""
        return self.strips.largest * self._kept_bytes

    def processor(self, runner: NetworkRunner) -> TileProcessor:
        """Returns the tile processor that produces the values of these outputs."""
        if self._legend is None or self._needs_scores:
            return TileScorer(runner, self.prepared.channels, whole_output=self._blended)
        return TileClassifier(runner, self.prepared.decision, self._legend.dtype, self._legend.no_data)

    def merger(self) -> Merger:
        """Returns the merger of the tiles: blending for several orientations, cropping for one."""
        return BlendMerger() if self._blended else CropMerger()

    def write(self, strip: Strip, values: NDArray[Any], decided: int, store: StripStore) -> None:
        """Stores a strip: class values (1, height, width), or scores (channels, height, width).

        `decided` is the number of its pixels decided by the NoData rule.
        """
        layers, counts = {}, StripCounts((), ())
        if self._score_path is not None:
            scores = kept_scores(self.prepared.decision, values, self._request.largest_only)
            layers[SCORES] = (scores, SCORE_TYPE)
        if self._legend is not None:
            classes = self.class_values(values)
            counts = self._tally.count(strip.window.moved(-self._area.x, -self._area.y), classes[0])
            layers[CLASSES] = (classes, self._legend.gdal_type)
        store.write(strip.index, strip.window, layers, replace(counts, decided=decided))

    def form(self, index: int) -> StripForm | None:
        """Returns the form of the strip with an index, None if there is no such strip."""
        if not 0 <= index < len(self.strips):
            return None
        layers = {}
        if self._score_path is not None:
            layers[SCORES] = (len(self._score_names), SCORE_TYPE)
        if self._legend is not None:
            layers[CLASSES] = (1, self._legend.gdal_type)
        return StripForm(self.strips[index].window, layers, len(self.classes))

    def class_values(self, values: NDArray[Any]) -> NDArray[Any]:
        """Returns the class values (1, height, width) of what the processor produced for a strip."""
        legend = self._legend
        return class_values(self.prepared.decision, values, legend) if legend and self._needs_scores else values

    def shown_classes(self, values: NDArray[Any]) -> NDArray[Any]:
        """Returns the class values (1, height, width) of what the processor produced, also if only scores are kept."""
        if self._legend is None:
            return class_values(self.prepared.decision, values, legend_of(self.prepared.decision.classes))
        return self.class_values(values)

    def kept_classes(
        self, store: StripStore, index: int, decimated: Callable[[NDArray[Any]], NDArray[Any]]
    ) -> NDArray[Any] | None:
        """Returns class values (1, height, width) of some cells of a stored strip; raises a GdalError.

        Returns None if only the largest score is kept.
        """
        if self._legend is not None:
            return decimated(store.values(index, CLASSES))
        if self._request.largest_only:
            return None
        return class_values_of_kept(self.prepared.decision, decimated(store.values(index, SCORES)))

    def rehearse(self, metadata: Mapping[str, str]) -> None:
        """Makes small files with the form of the large ones, so that GDAL's refusals show before the run."""
        if self._needs_scores and not self.prepared.decision.scored:
            raise NoScoresError(model=self.prepared.definition.name)
        for output in self._paths:
            check_unplaced(output, self._grid)
        self.rehearse_polygons()
        grid = self._grid.crop(Window(0, 0, 1, 1))
        with ExitStack() as stack:
            if self._score_path is not None:
                stack.enter_context(self._score_sink(grid, metadata)).file.rehearse()
            if self._legend is not None:
                stack.enter_context(self._class_sink(grid, metadata)).file.rehearse()

    def rehearse_polygons(self) -> None:
        """Raises if the polygons, where they are requested, cannot be made or written."""
        output = self._request.polygon_output
        if output is None:
            return
        if self._legend is None:
            raise PolygonsWithoutClassesError(output=output)
        check_polygon_grid(output, self._grid)
        with self._polygon_file(output) as polygons:
            polygons.rehearse()

    def finish(self, store: StripStore, metadata: Mapping[str, str], progress: Progress) -> tuple[ClassCount, ...]:
        """Assembles the strips, then gives all files their names; returns the counts of the classes, if any."""
        progress.note(Note.WRITING, output=self._request.output, count=len(self.strips))
        counts = self._tally.total(store.counts()) if self._legend is not None else ()
        with ExitStack() as stack:
            sinks: list[AnySink] = []
            polygons: list[PolygonFile] = []
            scores = None
            if self._score_path is not None:
                bands = len(self._score_names)
                scores = stack.enter_context(closing(store.mosaic(SCORES, self._area, bands, SCORE_TYPE)))
                score_sink = stack.enter_context(self._score_sink(self._grid, metadata))
                self._fill(score_sink, scores, progress)
                score_sink.complete()
                sinks.append(score_sink)
            if self._legend is not None:
                values = stack.enter_context(closing(store.mosaic(CLASSES, self._area, 1, self._legend.gdal_type)))
                class_sink = stack.enter_context(self._class_sink(self._grid, metadata))
                self._fill(class_sink, values, progress)
                class_sink.complete(counts)
                sinks.append(class_sink)
                if self._request.polygon_output is not None:
                    file = stack.enter_context(self._polygon_file(self._request.polygon_output))
                    self._outline(file, values, scores, progress)
                    polygons.append(file)
            _tell_kept_styles(sinks, progress)
            publish_together([*polygons, *sinks])
        for output in self._paths:
            if crs_lies_beside(output):
                progress.note(Note.CRS_BESIDE, output=output.name, beside=f"{output.name}.aux.xml")
        return counts

    def outline(self, store: StripStore, progress: Progress) -> None:
        """Makes the polygons of complete strips alone, if they are requested."""
        output, legend = self._request.polygon_output, self._legend
        if output is None or legend is None:
            return
        with ExitStack() as stack:
            values = stack.enter_context(closing(store.mosaic(CLASSES, self._area, 1, legend.gdal_type)))
            scores = None
            if self._score_path is not None:
                bands = len(self._score_names)
                scores = stack.enter_context(closing(store.mosaic(SCORES, self._area, bands, SCORE_TYPE)))
            file = stack.enter_context(self._polygon_file(output))
            self._outline(file, values, scores, progress)
            publish_together([file])

    def describe_strips(
        self, store: StripStore, metadata: Mapping[str, str]
    ) -> tuple[dict[str, str], tuple[ClassCount, ...]]:
        """Returns VRTs of the strips by layer, and the style of the class map as STYLE; and the counts of the classes.

        Names of strips are those in the place: the VRTs belong there.
        """
        counts = self._tally.total(store.counts()) if self._legend is not None else ()
        texts, cells = {}, self._area.width * self._area.height
        if self._score_path is not None:
            layout = BandLayout(SCORE_TYPE, tuple(self._score_names), math.nan)
            files = store.files(SCORES)
            texts[SCORES] = strip_vrt(files, self._area, self._grid, layout, metadata, "AVERAGE")
        legend = self._legend
        if legend is not None:

            def describe(dataset: Any) -> None:
                band = dataset.GetRasterBand(1)
                if legend.has_color_table:
                    band.SetColorTable(color_table(legend))
                describe_classes(band, legend, counts, cells)

            layout, files = BandLayout(legend.gdal_type, ("Class",), legend.no_data), store.files(CLASSES)
            texts[CLASSES] = strip_vrt(files, self._area, self._grid, layout, metadata, "MODE", describe)
            texts[STYLE] = qml_style(legend)
        return texts, counts

    def _outline(self, file: PolygonFile, values: StripMosaic, scores: StripMosaic | None, progress: Progress) -> None:
        layers = ClassLayers(values, self.classes, self._grid, scores)
        fill_polygons(file, layers, self._request.least_patch, progress)

    def _fill(self, sink: AnySink, mosaic: StripMosaic, progress: Progress) -> None:
        for window in file_windows(self._area.width, self._area.height):
            sink.write(window, mosaic.read(window))
            if progress.cancelled:
                raise RunCancelledError

    def _class_sink(self, grid: Grid, metadata: Mapping[str, str]) -> GeoTiffSink:
        legend = legend_of(self.prepared.decision.classes)
        return GeoTiffSink(self._request.output, grid, legend, metadata, self._request.form)

    def _polygon_file(self, output: Path) -> PolygonFile:
        return PolygonFile(output, self._grid, self.classes, self._score_path is not None)

    def _score_sink(self, grid: Grid, metadata: Mapping[str, str]) -> ScoreSink:
        path = self._score_path or self._request.output
        return ScoreSink(path, grid, self._score_names, metadata, self._request.form)

    @property
    def _paths(self) -> list[Path]:
        """The output files."""
        return [*([self._score_path] if self._score_path else []), *([self._request.output] if self._legend else [])]

    @property
    def _needs_scores(self) -> bool:
        """False if scores are neither written nor blended, and so need not leave the device."""
        return self._blended or self._score_path is not None

    @property
    def _score_names(self) -> Sequence[str]:
        return ["Largest score"] if self._request.largest_only else [c.name for c in self.prepared.decision.scored]

    @property
    def _kept_bytes(self) -> int:
        """The bytes of a cell in all files."""
        classes = 0 if self._legend is None else self._legend.dtype().itemsize
        return classes + (0 if self._score_path is None else len(self._score_names) * SCORE_BYTES)

    @property
    def cell_bytes(self) -> int:
        """The bytes of a cell while its strip is assembled."""
        return SCORE_BYTES * self.prepared.channels if self._needs_scores else CLASS_BYTES


def _tell_kept_styles(sinks: Sequence[AnySink], progress: Progress) -> None:
    for sink in sinks:
        style, other = sink.output.with_suffix(".qml"), sink.file.shares_style
        if sink.file.keeps_style:
            progress.warn(Caution.STYLE_KEPT, style=style)
        elif other is not None and isinstance(sink, GeoTiffSink):
            progress.warn(Caution.STYLE_SHARED, output=sink.output, style=style.name, other=other.name)


def check_outputs(request: ClassificationRequest, inputs: Sequence[str]) -> None:
    """Raises if an output cannot be written, or would overwrite an input file or the other output."""
    check_output(request.output, inputs)
    if request.probability_output is not None:
        check_output(request.probability_output, inputs)
        # Equal names but for the suffix would have the same style file.
        if request.probability_output.with_suffix("").resolve() == request.output.with_suffix("").resolve():
            raise OutputIsInputError(output=request.probability_output)
    if request.polygon_output is not None:
        check_polygons(request.polygon_output, inputs)


def score_output(request: ClassificationRequest, prepared: PreparedModel) -> Path | None:
    """Returns the file for scores: the output itself, a separate file, or None."""
    return request.output if prepared.arguments.return_probability_raster else request.probability_output
