# SPDX-License-Identifier: GPL-2.0-or-later
"""The dialog's question about a model and a raster, and its answer, without opening the network."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from ...inference import ClassifyPixelsError
from ...inference.bands import (
    BandChoice,
    BandMapping,
    Contradiction,
    channels_of,
    choose_bands,
    contradiction,
    model_bands,
    read_band_mapping,
    read_numbers,
    sample_ranges,
)
from ...inference.describe.model_description import ModelDescription, describe_model
from ...inference.errors import FunctionNotAllowedError
from ...inference.models import ModelDefinition, fit_preprocessing, read_model_reference
from ...inference.raster import GdalSource, RasterBand
from ...plugin_support.sources.references import ITEM, URI, is_address, is_model_definition, parse_json_object
from ...plugin_support.sources.references import read_reference as read_place
from ...plugin_support.sources.resolve import resolve_model
from ...plugin_support.translation import sentence_of, tr
from ...plugin_support.user_settings import allowed_functions
from ...processing_provider import parameters as names
from .raster_choice import RasterChoice, SeenRaster, look_at


@dataclass(frozen=True)
class Question:
    """The values of parameters as text, and the folders for packages and downloads."""

    model: str = ""
    raster: RasterChoice | None = None
    mapping: str = ""
    packages: Path = Path()
    downloads: Path = Path()
    scale: str = ""
    offset: str = ""


@dataclass(frozen=True)
class Answer:
    """The description of a model and its fit with a raster; the sentences are translated.

    `problem` is the reason why the model cannot run and `warning` the reason why the raster does not fit; both may be
    empty. `note` limits the answer: a remote model, or the first of several rasters. `guesses` are the raster bands
    matched without a mapping, by place of the model band. `contradiction` is the difference between the raster's
    values and those of the training.
    """

    description: ModelDescription | None = None
    problem: str = ""
    warning: str = ""
    note: str = ""
    raster: str = ""
    bands: tuple[RasterBand, ...] = ()
    guesses: tuple[tuple[int, BandChoice], ...] = ()
    contradiction: Contradiction | None = None

    @property
    def blocked(self) -> FunctionNotAllowedError | None:
        """The error of a model whose code the user may allow."""
        problem = self.description.problem if self.description else None
        return problem if isinstance(problem, FunctionNotAllowedError) else None


def answer_to(question: Question) -> Answer:
    """Returns the answer; reads files, so not for the main thread."""
    if not question.model.strip():
        return Answer()
    if lies_elsewhere(question.model):
        return Answer(note=tr("Remote model: it is downloaded and read when the run starts."))
    try:
        reference = read_model_reference(resolve_model(question.model, question.downloads))
        # The network stays closed: opening takes its library and seconds, and a dialog asks after every change.
        description = describe_model(reference, question.packages, open_network=False, allowed=allowed_functions())
    except ClassifyPixelsError as error:
        return Answer(problem=sentence_of(error))
    answer = Answer(description, sentence_of(description.problem) if description.problem else "")
    if question.raster is None or description.definition is None:
        return answer
    return _with_raster(answer, description.definition, question.raster, question)


def lies_elsewhere(model: str) -> bool:
    """Returns True for a remote model, which only a run downloads."""
    try:
        content = parse_json_object(model)
        if is_model_definition(content):
            return False
        place = read_place(content)
    except ClassifyPixelsError:
        return False
    return place.kind == ITEM or is_address(place.value) or (place.kind == URI and place.value.startswith("/vsi"))


def _with_raster(answer: Answer, definition: ModelDefinition, choice: RasterChoice, question: Question) -> Answer:
    try:
        seen = look_at(choice)
        guesses = _guesses(definition, seen.bands, seen.name)
        answer = replace(answer, raster=seen.name, bands=seen.bands, guesses=guesses, note=_note(seen))
        choices = choose_bands(definition, seen.bands, read_band_mapping(question.mapping), seen.name)
        return replace(answer, contradiction=_contradiction(definition, seen, choices, question))
    except ClassifyPixelsError as error:
        return replace(answer, warning=sentence_of(error))


def _contradiction(
    definition: ModelDefinition, seen: SeenRaster, choices: Sequence[BandChoice], question: Question
) -> Contradiction | None:
    """Compares a sample of the raster's values with those of the training, as a run does."""
    if seen.source is None or definition.normalization is None:
        return None
    scale, offset = read_numbers(question.scale, names.INPUT_SCALE), read_numbers(question.offset, names.INPUT_OFFSET)
    channels = channels_of(choices, scale, offset)
    with closing(GdalSource(seen.source)) as source:
        source.select(channels)
        ranges = sample_ranges(source, source.grid.window)
    fitted = fit_preprocessing(definition, [choice.band.floating for choice in choices])
    return contradiction(fitted, ranges, channels)


def _note(seen: SeenRaster) -> str:
    text = tr("Checked with the first of several rasters: {raster}.")
    return text.format(raster=seen.name) if seen.is_first else ""


def _guesses(
    definition: ModelDefinition, bands: tuple[RasterBand, ...], raster: str
) -> tuple[tuple[int, BandChoice], ...]:
    """Returns the choices of a run, or those of single bands if a run would fail."""
    try:
        return tuple(enumerate(choose_bands(definition, bands, BandMapping(), raster), start=1))
    except ClassifyPixelsError:
        places = [band.place for band in model_bands(definition)]
        found = ((place, _guess(definition, bands, raster, place)) for place in places)
        return tuple((place, choice) for place, choice in found if choice is not None)


def _guess(definition: ModelDefinition, bands: tuple[RasterBand, ...], raster: str, place: int) -> BandChoice | None:
    """Returns the choice for one band, with all others given."""
    others = tuple((str(band.place), bands[0].number) for band in model_bands(definition) if band.place != place)
    try:
        return choose_bands(definition, bands, BandMapping(by_band=others), raster)[place - 1]
    except ClassifyPixelsError:
        return None
