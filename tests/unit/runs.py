# SPDX-License-Identifier: GPL-2.0-or-later
"""Whole classifications from a raster and a definition, and what they leave in a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from classify_pixels.inference import (
    Classification,
    ClassificationRequest,
    Environment,
    Progress,
    SilentProgress,
    classify_pixels,
)
from classify_pixels.inference.models import ModelReference, read_arguments
from classify_pixels.inference.raster import GdalInput


class Recorder(SilentProgress):
    """Keeps what a run reports, and cancels it after so many reports."""

    def __init__(self, cancel_after: int | None = None) -> None:
        self.fractions: list[float] = []
        self.messages: list[str] = []
        self.warnings: list[str] = []
        self._cancel_after = cancel_after

    def report(self, fraction: float) -> None:
        self.fractions.append(fraction)
        self.cancelled = len(self.fractions) == self._cancel_after

    def message(self, text: str, **values: object) -> None:
        self.messages.append(text.format(**values))

    def warning(self, text: str, **values: object) -> None:
        self.warnings.append(text.format(**values))


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
