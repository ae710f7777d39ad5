# SPDX-License-Identifier: GPL-2.0-or-later
"""What the dialog asks about a model and a raster, and the answer, which is worked out without a network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ...inference import ClassifyPixelsError
from ...inference.bands import BandChoice, BandMapping, choose_bands, model_bands, read_band_mapping
from ...inference.describe.model_description import ModelDescription, describe_model
from ...inference.models import ModelDefinition, read_model_reference
from ...inference.raster import RasterBand
from ...plugin_support.sources.references import ITEM, URI, is_address, is_model_definition, parse_json_object
from ...plugin_support.sources.references import read_reference as read_place
from ...plugin_support.sources.resolve import resolve_model
from ...plugin_support.translation import sentence_of, tr
from ...plugin_support.user_settings import allowed_functions
from .raster_choice import RasterChoice, SeenRaster, look_at


@dataclass(frozen=True)
class Question:
    """The values of three parameters, as texts, and where packages are unpacked and downloads lie."""

    model: str = ""
    raster: RasterChoice | None = None
    mapping: str = ""
    packages: Path = Path()
    downloads: Path = Path()


@dataclass(frozen=True)
class Answer:
    """What is known of a model and how a raster feeds it; the sentences are translated.

    `problem` says why the model cannot run and `warning` why the raster cannot feed it; both are empty where all
    is well. `note` says that one raster stood for many. `guesses` are the raster bands that are found without a
    mapping, by the place of the model band.
    """

    description: ModelDescription | None = None
    problem: str = ""
    warning: str = ""
    note: str = ""
    raster: str = ""
    bands: tuple[RasterBand, ...] = ()
    guesses: tuple[tuple[int, BandChoice], ...] = ()


def answer_to(question: Question) -> Answer:
    """Returns the answer; reads files, so it is not for the thread of the desktop."""
    if not question.model.strip():
        return Answer()
    if _lies_elsewhere(question.model):
        return Answer(problem=tr("The model lies on another machine: it is looked at when the run starts."))
    try:
        reference = read_model_reference(resolve_model(question.model, question.downloads))
        # Opening a network takes its library and seconds; a dialog asks after every change.
        description = describe_model(reference, question.packages, open_network=False, allowed=allowed_functions())
    except ClassifyPixelsError as error:
        return Answer(problem=sentence_of(error))
    answer = Answer(description, sentence_of(description.problem) if description.problem else "")
    if question.raster is None or description.definition is None:
        return answer
    return _with_raster(answer, description.definition, question.raster, question.mapping)


def _lies_elsewhere(model: str) -> bool:
    """Tells a model that would be fetched over the network, which only a run does."""
    try:
        content = parse_json_object(model)
        if is_model_definition(content):
            return False
        place = read_place(content)
    except ClassifyPixelsError:
        return False
    return place.kind == ITEM or is_address(place.value) or (place.kind == URI and place.value.startswith("/vsi"))


def _with_raster(answer: Answer, definition: ModelDefinition, choice: RasterChoice, mapping: str) -> Answer:
    try:
        seen = look_at(choice)
        guesses = _guesses(definition, seen.bands, seen.name)
        answer = replace(answer, raster=seen.name, bands=seen.bands, guesses=guesses, note=_note(seen))
        choose_bands(definition, seen.bands, read_band_mapping(mapping), seen.name)
    except ClassifyPixelsError as error:
        return replace(answer, warning=sentence_of(error))
    return answer


def _note(seen: SeenRaster) -> str:
    text = tr("Of several rasters the first one was looked at: {raster}.")
    return text.format(raster=seen.name) if seen.is_first else ""


def _guesses(
    definition: ModelDefinition, bands: tuple[RasterBand, ...], raster: str
) -> tuple[tuple[int, BandChoice], ...]:
    """Returns the choices that a run makes; where it cannot make all of them, those of single bands."""
    try:
        return tuple(enumerate(choose_bands(definition, bands, BandMapping(), raster), start=1))
    except ClassifyPixelsError:
        places = [band.place for band in model_bands(definition)]
        found = ((place, _guess(definition, bands, raster, place)) for place in places)
        return tuple((place, choice) for place, choice in found if choice is not None)


def _guess(definition: ModelDefinition, bands: tuple[RasterBand, ...], raster: str, place: int) -> BandChoice | None:
    """Has the choice made for one band alone, all others being given."""
    others = tuple((str(band.place), bands[0].number) for band in model_bands(definition) if band.place != place)
    try:
        return choose_bands(definition, bands, BandMapping(by_band=others), raster)[place - 1]
    except ClassifyPixelsError:
        return None
