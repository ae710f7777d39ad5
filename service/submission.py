# SPDX-License-Identifier: GPL-2.0-or-later
"""The parameters of a job, read once by the front for an early refusal and once by the job itself."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..inference.errors import ContextError, CrsError, ExtentError
from ..inference.models import GivenArguments, is_mlm_item, read_arguments, read_truth
from ..inference.phrase import Phrase
from ..inference.raster import Extent, split_value, wkt_of_reference
from ..inference.run.esri_context import GPU, is_nothing, read_context
from ..inference.run.esri_values import as_number, esri_extent, json_or_text, read_extreme
from ..inference.run.read_settings import read_processor, read_resampling, read_workers
from ..plugin_support.sources.references import is_model_definition, parse_json_object
from .errors import OutputNameRefusedError, ParameterMissingError, ParameterRefusedError, ParameterUnknownError
from .gate import Gate, ImageService, Place, RasterPlace

INPUT, OUTPUT, MODEL = "inputRaster", "outputClassifiedRaster", "model"
ARGUMENTS, ALL_ITEMS, CONTEXT = "modelArguments", "processAllRasterItems", "context"
# In the order of the operation's document.
PARAMETERS = (INPUT, OUTPUT, MODEL, ARGUMENTS, ALL_ITEMS, CONTEXT)
REQUIRED = (INPUT, MODEL)
# The document spells it in both ways.
OTHER_OUTPUT = "outputClassifedRaster"

LONGEST_GPU = 4
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
DEFAULT_NAME = "classified"
MOST_RASTERS = 1000
DEEPEST_JSON = 32
# Whole numbers beyond it are no floating-point numbers.
LARGEST_NUMBER = 1e300
MOST_VALUES = 100_000


@dataclass(frozen=True)
class Submission:
    """The parsed parameters of a job; places have passed the gate.

    `definition` is a model definition in JSON, whose network file is `model`. `cell_size` is a number, a size as x and
    y, MAXOF or MINOF, None, or the place of a raster.
    """

    rasters: tuple[RasterPlace, ...]
    name: str
    model: Place
    definition: Mapping[str, Any] | None
    arguments: GivenArguments
    separately: bool
    extent: Extent | None
    crs: str
    cell_size: Any
    snap: RasterPlace | None
    mask: RasterPlace | None
    processor: str
    resampling: str
    workers: int
    gpu: int
    ignored: tuple[str, ...]


def check_names(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the parameters with a value by their names; raises for a missing or an unknown one."""
    if not is_nothing(inputs.get(OUTPUT)) and inputs.get(OTHER_OUTPUT, "") not in ("", inputs.get(OUTPUT)):
        raise ParameterRefusedError(parameter=OUTPUT, reason=Phrase("it has two different values"))
    given = {OUTPUT if name == OTHER_OUTPUT else name: value for name, value in inputs.items() if not is_nothing(value)}
    unknown = [name for name in given if name not in PARAMETERS]
    if unknown:
        raise ParameterUnknownError(parameter=unknown[0], known=", ".join(PARAMETERS))
    for name in REQUIRED:
        if name not in given:
            raise ParameterMissingError(parameter=name)
    return given


def read_submission(inputs: Mapping[str, Any], gate: Gate, one_gpu: bool = False) -> Submission:
    """Returns the parameters; raises a ClassifyPixelsError for content that the service refuses.

    With `one_gpu` the service chooses the GPU of a job, which is number 0 there.
    """
    given = check_names(inputs)
    for name, value in given.items():
        check_json(name, value)
    context = read_context(given.get(CONTEXT), _is_same_crs)
    values = context.values
    model, definition = _model(given[MODEL], gate)
    rasters, separately = _rasters(given[INPUT], gate), read_truth(given.get(ALL_ITEMS), ALL_ITEMS)
    if separately and any(isinstance(place, ImageService) for place in rasters):
        raise service_refusal(ALL_ITEMS)
    return Submission(
        rasters=rasters,
        name=output_name(given.get(OUTPUT)),
        model=model,
        definition=definition,
        arguments=read_arguments(given.get(ARGUMENTS)),
        separately=separately,
        extent=_extent(values.get("extent")),
        crs=_crs(values.get("outSR")),
        cell_size=_cell_size(values.get("cellSize"), gate),
        snap=_optional("snapRaster", values, gate),
        mask=_optional("mask", values, gate),
        processor=read_processor(values.get("processorType")),
        resampling=read_resampling(values.get("resamplingMethod")),
        workers=min(read_workers(values.get("parallelProcessingFactor")), os.cpu_count() or 1),
        gpu=_gpu(values.get(GPU, 0), one_gpu),
        ignored=context.ignored,
    )


def output_name(value: Any) -> str:
    """Returns the name of the result in a text, {"serviceProperties": {"name"}}, or {"itemProperties": {"title"}}."""
    content = parse_json_object(value)
    if isinstance(content, Mapping):
        parts = (("serviceProperties", "name"), ("itemProperties", "title"), ("itemProperties", "name"))
        inner = [group.get(key) for name, key in parts if isinstance(group := content.get(name), Mapping)]
        content = next((text for text in inner if text), content.get("name"))
        if "uri" in content if isinstance(content, Mapping) else False:
            content = None
    text = str(content if content is not None else "").strip() or DEFAULT_NAME
    text = re.sub(r"\.tiff?$", "", text, flags=re.IGNORECASE)
    if not NAME.fullmatch(text) or ".." in text:
        raise OutputNameRefusedError(parameter=OUTPUT, name=text)
    return text


def service_refusal(parameter: str) -> ParameterRefusedError:
    """Returns the error for an image service in a list, or one whose rasters are to be classified separately."""
    reason = Phrase("an image service is classified as one raster, not in a list and not raster by raster")
    return ParameterRefusedError(parameter=parameter, reason=reason)


def _rasters(value: Any, gate: Gate) -> tuple[RasterPlace, ...]:
    parts = split_value(value)
    if len(parts) > MOST_RASTERS:
        reason = Phrase("{count} rasters are more than {most}", {"count": len(parts), "most": MOST_RASTERS})
        raise ParameterRefusedError(parameter=INPUT, reason=reason)
    places = tuple(gate.raster_place_of(INPUT, part) for part in parts)
    if not places:
        raise ParameterMissingError(parameter=INPUT)
    if len(places) > 1 and any(isinstance(place, ImageService) for place in places):
        raise service_refusal(INPUT)
    for place in places:
        if isinstance(place, Path):
            gate.images_in(INPUT, place)
    return places


def _model(value: Any, gate: Gate) -> tuple[Place, Mapping[str, Any] | None]:
    content = parse_json_object(value)
    if isinstance(content, Mapping) and is_mlm_item(content):
        raise ParameterRefusedError(parameter=MODEL, reason=Phrase("an item of a catalogue is read from a file only"))
    if isinstance(content, Mapping) and is_model_definition(content):
        return gate.place_of("ModelFile", content.get("ModelFile")), content
    return gate.place_of(MODEL, content), None


def _optional(key: str, values: Mapping[str, Any], gate: Gate) -> RasterPlace | None:
    return gate.raster_place_of(key, values[key]) if key in values else None


def _cell_size(value: Any, gate: Gate) -> Any:
    content = json_or_text(value)
    is_size = isinstance(content, Mapping) and {"x", "y"} <= set(content)
    if content is None or is_size or read_extreme(content) is not None or not math.isnan(as_number(content)):
        return content
    return gate.raster_place_of("cellSize", content)


def _extent(value: Any) -> Extent | None:
    content = json_or_text(value)
    if content is None:
        return None
    if not isinstance(content, Mapping):
        raise ExtentError(extent=value, reason=Phrase("it is not a valid extent"))
    return esri_extent(content, wkt_of_reference)


def _crs(value: Any) -> str:
    if value is None:
        return ""
    crs = wkt_of_reference(json_or_text(value))
    if not crs:
        raise CrsError(crs=value)
    return crs


def _gpu(value: Any, one_gpu: bool) -> int:
    text = str(value)
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_GPU):
        raise ContextError(reason=Phrase("gpuId is {value}, not a whole number from 0", {"value": value}))
    if one_gpu and int(value):
        reason = Phrase("it is {value}, and this service chooses the GPU of a job. Leave it out", {"value": value})
        raise ParameterRefusedError(parameter=GPU, reason=reason)
    return int(value)


def _is_same_crs(one: Any, other: Any) -> bool:
    crs = wkt_of_reference(one)
    return one == other or (crs != "" and crs == wkt_of_reference(other))


def check_json(name: str, value: Any) -> None:
    """Raises for JSON, as a text or read already, that is nested too deeply, ambiguous, or holds no usable number."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        value = read_json(name, value)
    level, depth, count = [value], 0, 0
    while level:
        count += len(level)
        if count > MOST_VALUES:
            reason = Phrase("its JSON has more than {most} values", {"most": MOST_VALUES})
            raise ParameterRefusedError(parameter=name, reason=reason)
        if any(isinstance(each, (int, float)) and not abs(each) <= LARGEST_NUMBER for each in level):
            raise ParameterRefusedError(parameter=name, reason=Phrase("a number of its JSON is not finite"))
        inner = [
            each.values() if isinstance(each, Mapping) else each for each in level if isinstance(each, (dict, list))
        ]
        level, depth = [each for values in inner for each in values], depth + 1
        if depth > DEEPEST_JSON:
            raise _too_deep(name)


def read_json(name: str, text: str | bytes) -> Any:
    """Returns the value of a JSON text, None for a text that is none; raises for a key that is given twice."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ParameterRefusedError(parameter=name, reason=Phrase("a key of its JSON is given twice"))
        return found

    try:
        return json.loads(text, object_pairs_hook=unique)
    except RecursionError:
        raise _too_deep(name) from None
    except ValueError:
        # The reader of the parameter reports what is wrong with it.
        return None


def _too_deep(name: str) -> ParameterRefusedError:
    reason = Phrase("its JSON is nested more than {most} times", {"most": DEEPEST_JSON})
    return ParameterRefusedError(parameter=name, reason=reason)
