# SPDX-License-Identifier: GPL-2.0-or-later
"""Whole classifications from a raster and a definition, and what they leave in a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from classify_pixels.inference import Progress, SilentProgress
from classify_pixels.inference.events import Event, Noted, Progressed, Warned
from classify_pixels.inference.models import ModelReference, read_arguments
from classify_pixels.inference.notices import Caution, Note
from classify_pixels.inference.raster import GdalInput
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from classify_pixels.inference.run.result import Classification

AnEvent = TypeVar("AnEvent", bound=Event)


class Recorder(SilentProgress):
    """Keeps the events of a run, and cancels it after so many reports of progress."""

    def __init__(self, cancel_after: int | None = None) -> None:
        self.events: list[Event] = []
        self._cancel_after = cancel_after

    def emit(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, Progressed):
            self.cancelled = self.cancelled or len(self.fractions) == self._cancel_after

    def all_of(self, kind: type[AnEvent]) -> list[AnEvent]:
        """Returns the events of a class."""
        return [event for event in self.events if isinstance(event, kind)]

    def said(self, kind: Note | Caution) -> list[dict[str, Any]]:
        """Returns the values of each sentence of a kind."""
        return [event.values for event in self.events if isinstance(event, (Noted, Warned)) and event.kind is kind]

    @property
    def fractions(self) -> list[float]:
        return [event.fraction for event in self.all_of(Progressed)]

    @property
    def warnings(self) -> list[Event]:
        return [event for event in self.events if event.is_warning]

    @property
    def log(self) -> list[str]:
        """All sentences, in English."""
        return [str(phrase) for event in self.events for phrase in event.phrases]


def classify(
    raster: Path | GdalInput | Any,
    model: Path | Mapping[str, Any],
    output: Path,
    arguments: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    no_data_rule: str = "AUTO",
    **environment: Any,
) -> Classification:
    """Classifies a raster with a model file or a definition in JSON's terms."""
    reference = ModelReference(path=model) if isinstance(model, Path) else ModelReference(document=model)
    # Outside the output's folder, whose content tests look at.
    environment.setdefault("cache", output.parent.parent / "model_cache")
    request = ClassificationRequest(
        raster=GdalInput(str(raster)) if isinstance(raster, Path) else raster,
        model=reference,
        output=output,
        arguments=read_arguments(arguments),
        environment=Environment(**environment),
        no_data_rule=no_data_rule,
    )
    return classify_pixels(request, progress or SilentProgress())


def names_in(folder: Path) -> list[str]:
    """Returns the sorted names of everything in a folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir())
