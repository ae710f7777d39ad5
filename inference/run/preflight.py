# SPDX-License-Identifier: GPL-2.0-or-later
"""Five checks before a run: runtime, bands, values, cell size, and size of the result.

They use the decisions of a run and open neither the network nor its runtime. Of the raster at most nine small windows
are read, whatever its size.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from ..bands import (
    BandChoice,
    Contradiction,
    channels_of,
    choose_bands,
    contradiction,
    sample_ranges,
    shown_range,
    trained_ranges,
)
from ..errors import ClassifyPixelsError, RasterUnreadableError, RunCancelledError, RuntimeMissingError
from ..models import (
    GivenArguments,
    Model,
    ModelDefinition,
    ModelReference,
    check_arguments,
    fit_preprocessing,
    open_model,
)
from ..phrase import Phrase
from ..raster import (
    Collection,
    GdalInput,
    Scene,
    cell_size_in,
    gdal_settings,
    legend_of,
    open_scene,
    own_cell_size,
)
from ..runtimes.runtime import TITLES, install_command
from .cell_size_warning import cell_size_warning
from .pace import read_pace
from .request import ClassificationRequest, Environment

# The library of each kind of weights.
RUNTIMES = {
    ".onnx": "onnxruntime",
    ".pb": "tensorflow",
    ".pt": "torch",
    ".pt2": "torch",
    ".pth": "torch",
    ".ckpt": "torch",
    ".safetensors": "torch",
    ".torchscript": "torch",
}
# Overviews add a third to the cells of a file.
OVERVIEWS = 4 / 3


class Subject(Enum):
    """The subjects of the checks, in the order of their display."""

    RUNTIME = "runtime"
    BANDS = "bands"
    VALUES = "values"
    CELLS = "cell size"
    SIZE = "size"


class Outcome(Enum):
    """The outcome of a check; one that is unknown before the run does not block it."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Check:
    """A check: its outcome, and a sentence. The user may ignore a failure that is `doubtful`, an estimate."""

    outcome: Outcome
    text: Phrase | ClassifyPixelsError
    doubtful: bool = False


@dataclass(frozen=True)
class ResultSize:
    """Columns and rows of a result and the bytes of its class map at most; seconds and memory None if unknown."""

    columns: int
    rows: int
    bytes: int | None = None
    seconds: float | None = None
    memory: int | None = None


@dataclass(frozen=True)
class Preflight:
    """The checks of a request by subject; a missing one was not possible.

    `runtime` is the library that the model needs, empty if unknown. `contradiction` holds the suggested scale.
    """

    checks: dict[Subject, Check] = field(default_factory=dict)
    runtime: str = ""
    contradiction: Contradiction | None = None
    size: ResultSize | None = None


def preflight(request: ClassificationRequest) -> Preflight:
    """Returns the checks of a request; reads files, and of a raster on a server parts of it."""
    result, model = _checked_model(request.model, request.arguments, request.environment)
    environment = request.environment
    try:
        with gdal_settings(environment.workers):
            request = _for_first(request)
            scene = open_scene(request.raster, environment.grid, environment.resampling, environment.mask)
            with closing(scene.source):
                return _checked_scene(result, model, request, scene)
    except RunCancelledError:
        raise
    except ClassifyPixelsError as error:
        return failed(result, Subject.BANDS if isinstance(error, RasterUnreadableError) else Subject.SIZE, error)


def _for_first(request: ClassificationRequest) -> ClassificationRequest:
    """Returns the request for the first of several rasters that are classified separately."""
    if not request.separately or not isinstance(request.raster, Collection):
        return request
    first = request.raster.items[0]
    return replace(request, raster=first if isinstance(first, GdalInput) else first.open(), separately=False)


def preflight_of_model(reference: ModelReference, arguments: GivenArguments, environment: Environment) -> Preflight:
    """Returns the check of the runtime, for a raster that only a run opens."""
    return _checked_model(reference, arguments, environment)[0]


def failed(result: Preflight, subject: Subject, error: ClassifyPixelsError) -> Preflight:
    """Returns the result with the failure of a check."""
    return _with(result, subject, Check(Outcome.FAILED, error))


def _with(result: Preflight, subject: Subject, check: Check) -> Preflight:
    return replace(result, checks={**result.checks, subject: check})


def _checked_model(
    reference: ModelReference, arguments: GivenArguments, environment: Environment
) -> tuple[Preflight, Model | None]:
    try:
        model = open_model(reference, environment.cache, environment.allowed_functions)
        check_arguments(arguments, model)
    except ClassifyPixelsError as error:
        return failed(Preflight(), Subject.RUNTIME, error), None
    names = _runtimes_of(model, arguments)
    lacking = [name for name in names if not _is_installed(name, environment.runtimes)]
    name = next(iter(lacking or names), "")
    return _with(Preflight(runtime=name), Subject.RUNTIME, _runtime_check(name, not lacking, environment)), model


def _runtimes_of(model: Model, arguments: GivenArguments) -> list[str]:
    """Returns the libraries that a network needs; OpenVINO runs what ONNX Runtime has opened."""
    own = RUNTIMES.get(model.weights.suffix.lower())
    if own is None or (model.function is not None and model.function.allowed):
        return []
    return ["openvino", own] if arguments.runtime == "openvino" else [own]


def _runtime_check(name: str, is_installed: bool, environment: Environment) -> Check:
    """Returns the check of a library, which is not imported, because that takes seconds."""
    if not name:
        return Check(Outcome.UNKNOWN, Phrase("chosen by the model's own code"))
    if name == "torch" and environment.torch_python is not None:
        values = {"runtime": TITLES[name], "python": environment.torch_python}
        return Check(Outcome.UNKNOWN, Phrase("{runtime} of {python}", values))
    if is_installed:
        return Check(Outcome.PASSED, Phrase("{runtime}", {"runtime": TITLES[name]}))
    command = install_command(name, environment.runtimes)
    reason = Phrase("it is not installed")
    return Check(Outcome.FAILED, RuntimeMissingError(runtime=TITLES[name], reason=reason, command=command))


def _is_installed(name: str, folder: Path | None) -> bool:
    found = importlib.util.find_spec(name)
    own = folder is not None and (folder / name / "__init__.py").is_file()
    return own or (found is not None and found.origin is not None)


def _checked_scene(result: Preflight, model: Model | None, request: ClassificationRequest, scene: Scene) -> Preflight:
    definition = model.definition if model is not None else None
    grid = scene.source.grid.crop(scene.area)
    if definition is None:
        unknown = Check(Outcome.UNKNOWN, Phrase("known when the network is open"))
        result = _with(_with(result, Subject.BANDS, unknown), Subject.VALUES, unknown)
    else:
        result = _checked_bands(result, definition, request, scene)
    sizes = definition.cell_sizes if definition is not None else None
    found = {"size": own_cell_size(grid)}
    warning = cell_size_warning(sizes, grid)
    if warning is not None:
        check = Check(Outcome.FAILED, warning.phrases[0], doubtful=True)
    elif sizes is None:
        check = Check(Outcome.UNKNOWN, Phrase("{size}, not declared by the model", found))
    elif cell_size_in(grid, sizes.wkid) is None:
        check = Check(Outcome.UNKNOWN, Phrase("{size}, cannot be compared with the model", found))
    else:
        check = Check(Outcome.PASSED, Phrase("{size}, as in training", found))
    result = replace(_with(result, Subject.CELLS, check), size=_size_of(model, request, scene))
    return _with(result, Subject.SIZE, Check(Outcome.PASSED, Phrase("")))


def _checked_bands(
    result: Preflight, definition: ModelDefinition, request: ClassificationRequest, scene: Scene
) -> Preflight:
    with _noting(result, Subject.BANDS) as noted:
        choices = choose_bands(definition, scene.source.bands, request.bands, scene.source.name)
        pairs = ", ".join(f"{c.label} ← {f'{c.band.number} {c.band.name}'.strip()}" for c in choices)
        noted.result = _with(result, Subject.BANDS, Check(Outcome.PASSED, Phrase("{pairs}", {"pairs": pairs})))
        noted.subject = Subject.VALUES
        noted.result = _checked_values(noted.result, definition, choices, request, scene)
    return noted.result


def _checked_values(
    result: Preflight, definition: ModelDefinition, choices: Sequence[BandChoice], request: ClassificationRequest,
    scene: Scene,
) -> Preflight:  # fmt: skip
    definition = fit_preprocessing(definition, [choice.band.floating for choice in choices])
    channels = channels_of(choices, request.input_scale, request.input_offset)
    scene.source.select(channels)
    ranges = sample_ranges(scene.source, scene.area)
    spans = [found for found in ranges if found is not None]
    if not spans:
        return _with(result, Subject.VALUES, Check(Outcome.UNKNOWN, Phrase("no valid pixel in the sample")))
    whole = {"range": shown_range((min(low for low, _ in spans), max(high for _, high in spans)))}
    if definition.normalization is None:
        text = Phrase("raster {range}, not declared by the model", whole)
        return _with(result, Subject.VALUES, Check(Outcome.UNKNOWN, text))
    typical = trained_ranges(definition.normalization)
    whole["trained"] = shown_range((min(low for low, _ in typical), max(high for _, high in typical)))
    found = contradiction(definition, ranges, channels)
    if found is None:
        text = Phrase("raster {range}, model {trained}", whole)
        return _with(result, Subject.VALUES, Check(Outcome.PASSED, text))
    text = Phrase("do not match: raster {range}, model {trained}", whole)
    return replace(_with(result, Subject.VALUES, Check(Outcome.FAILED, text, doubtful=True)), contradiction=found)


@dataclass
class _Noted:
    result: Preflight
    subject: Subject


@contextmanager
def _noting(result: Preflight, subject: Subject) -> Iterator[_Noted]:
    """Turns an error into the failure of the present subject."""
    noted = _Noted(result, subject)
    try:
        yield noted
    except RunCancelledError:
        raise
    except ClassifyPixelsError as error:
        noted.result = failed(noted.result, noted.subject, error)


def _size_of(model: Model | None, request: ClassificationRequest, scene: Scene) -> ResultSize:
    area, environment = scene.area, request.environment
    cells = area.width * area.height
    classes = model.definition.classes if model is not None and model.definition is not None else ()
    size = ResultSize(area.width, area.height)
    if classes:
        size = replace(size, bytes=round(cells * legend_of(classes).dtype().itemsize * OVERVIEWS))
    pace = read_pace(model.files, environment.network, request.arguments) if model is not None else None
    return replace(size, seconds=cells / pace.pixels_per_second, memory=pace.memory) if pace else size
