# SPDX-License-Identifier: GPL-2.0-or-later
"""The files of a run: a class map, a score raster, or both; none appears before all are complete."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from .classifying import ClassifyingNetwork
from .decision import Decision
from .errors import NoScoresError, OutputIsInputError
from .grid import Grid
from .network import RunnableNetwork
from .prepared_model import PreparedModel
from .raster import ClassCount, GeoTiffSink, ScoreSink, check_output, legend_of
from .request import ClassificationRequest
from .scoring import ScoreRows, ScoringNetwork
from .tiling import BlendMerger, CropMerger, Merger, Network, Sink, TilePlan


class Outputs:
    """The sinks of a run; used as a context manager, what is not published removes itself."""

    def __init__(
        self, request: ClassificationRequest, prepared: PreparedModel, grid: Grid, metadata: Mapping[str, str]
    ) -> None:
        _check_scores(request, prepared)
        self._decision = prepared.decision
        self._blended = bool(prepared.orientations)
        self._winner_only = request.winner_only
        self.classes: GeoTiffSink | None = None
        self.scores: ScoreSink | None = None
        with ExitStack() as stack:
            if not prepared.arguments.return_probability_raster:
                legend = legend_of(prepared.decision.classes)
                sink = GeoTiffSink(request.output, grid, legend, metadata, request.form)
                self.classes = stack.enter_context(sink)
            path = score_output(request, prepared)
            if path is not None:
                names = _score_names(prepared.decision, self._winner_only)
                self.scores = stack.enter_context(ScoreSink(path, grid, names, metadata, request.form))
            self._stack = stack.pop_all()

    def __enter__(self) -> Outputs:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def no_data(self) -> float:
        """The NoData value of the first file."""
        return self.classes.legend.no_data if self.classes is not None else math.nan

    def network(self, runnable: RunnableNetwork, channels: int) -> Network:
        """Returns the network that gives what these outputs need of each tile."""
        sink = self._only_classes
        if sink is None:
            return ScoringNetwork(runnable, channels, whole_output=self._blended)
        return ClassifyingNetwork(runnable, self._decision, sink.legend.dtype, sink.legend.no_data)

    def merger(self, plan: TilePlan) -> Merger:
        """Returns what puts the tiles together: blended where they were seen in several orientations."""
        return BlendMerger(plan) if self._blended else CropMerger(plan)

    @property
    def sink(self) -> Sink:
        """What takes the rows of the merger."""
        return self._only_classes or ScoreRows(self._decision, self._winner_only, self.classes, self.scores)

    def finish(self) -> tuple[ClassCount, ...]:
        """Completes all files, then gives them their names; returns the counts of the classes, if counted."""
        counts: tuple[ClassCount, ...] = ()
        if self.scores is not None:
            self.scores.complete()
        if self.classes is not None:
            counts = self.classes.complete()
        for sink in (self.scores, self.classes):
            if sink is not None:
                sink.publish()
        return counts

    @property
    def _only_classes(self) -> GeoTiffSink | None:
        """The class map, where no scores have to travel: they are neither written nor blended."""
        return None if self._blended or self.scores is not None else self.classes


def check_outputs(request: ClassificationRequest, inputs: Sequence[str]) -> None:
    """Raises where an output cannot be written, or would overwrite an input file or the other output."""
    check_output(request.output, inputs)
    if request.probability_output is not None:
        check_output(request.probability_output, inputs)
        if request.probability_output.resolve() == request.output.resolve():
            raise OutputIsInputError(output=request.probability_output)


def _check_scores(request: ClassificationRequest, prepared: PreparedModel) -> None:
    """Raises where scores are needed of a network that keeps them to itself."""
    wanted = bool(prepared.orientations) or score_output(request, prepared) is not None
    if wanted and not prepared.decision.scored:
        raise NoScoresError(model=prepared.definition.name)


def score_output(request: ClassificationRequest, prepared: PreparedModel) -> Path | None:
    """Returns where scores are to go: the output itself, a file beside it, or nowhere."""
    return request.output if prepared.arguments.return_probability_raster else request.probability_output


def _score_names(decision: Decision, winner_only: bool) -> Sequence[str]:
    return ["Largest score"] if winner_only else [c.name for c in decision.scored]
