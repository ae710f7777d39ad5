# SPDX-License-Identifier: GPL-2.0-or-later
"""A job as JSON that any machine can read: plain values and our own frozen ones, by name, and nothing else.

Files of a place may come from others, and pickle would run what they say. Paths travel as texts.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path, PurePath
from typing import Any, Callable

from ..bands import BandMapping
from ..errors import JobFileError
from ..grid import ControlPoint, Grid
from ..models import GivenArguments, ModelArguments, ModelDefinition, ModelReference, Normalization
from ..models.architecture import Architecture
from ..models.arguments import Auto
from ..models.definition import CellSizes, ModelClass, Preprocessing
from ..network import PreparedModel
from ..network.augmentation import Orientation
from ..network.decision import AboveThreshold, LargestScore, ReadyClasses
from ..network.output_values import SeenValues
from ..network.tile_choice import TileReasons
from ..notices import HaloReason, StrideReason
from ..phrase import Phrase
from ..raster import (
    AllowedHosts,
    Channel,
    Collection,
    Extent,
    GdalInput,
    PolygonMask,
    RasterBand,
    RasterFormat,
    ServiceInput,
    TileMatrix,
    TilesInput,
)
from ..runtimes import GivenOutput, OutputForm
from ..tiling import StripSize, TileShape
from ..window import Window
from .job import StripJob
from .job_types import check_fields
from .request import ClassificationRequest, Environment
from .resume import Manifest
from .resume.manifest import read_manifest
from .resume.place import Place
from .resume.sealed_file import sealed, unsealed

JOB = "job.json"

KNOWN = {
    kind.__name__: kind
    for kind in (
        AboveThreshold, AllowedHosts, Architecture, BandMapping, CellSizes, Channel, ClassificationRequest,
        Collection, ControlPoint, Environment, Extent, GdalInput, GivenArguments, GivenOutput, Grid, LargestScore,
        Manifest, ModelArguments, ModelClass, ModelDefinition, ModelReference, Normalization, Orientation, OutputForm,
        Phrase, PolygonMask, PreparedModel, Preprocessing, RasterBand, RasterFormat, ReadyClasses, SeenValues,
        ServiceInput, StripJob, StripSize, TileMatrix, TileReasons, TilesInput, TileShape, Window,
    )
}  # fmt: skip
ENUMS = {kind.__name__: kind for kind in (Auto, HaloReason, StrideReason)}
PLAIN = (type(None), bool, int, float, str)


def write_job(place: Place, job: StripJob) -> None:
    """Writes a job into a place, at once and complete."""
    place.write(JOB, sealed({"job": encoded(job)})[0])


def read_job(place: Place) -> StripJob:
    """Returns the job of a place; raises a JobFileError where there is none that can be read."""
    content, _ = unsealed(place.read(JOB))
    try:
        job = decoded(content["job"])
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise JobFileError(place=place.folder) from error
    if not isinstance(job, StripJob) or not _is_sound(job):
        raise JobFileError(place=place.folder)
    return job


def _is_sound(job: StripJob) -> bool:
    """Returns False if tiles and strips of a job are not those of its manifest, or cannot exist."""
    manifest = job.manifest
    return read_manifest(manifest.document()) == manifest and manifest.fits(job.prepared) == job.prepared


def encoded(value: Any) -> Any:
    """Returns a value as JSON; raises a TypeError for one of a kind that is not known."""
    if type(value) in PLAIN:
        return value
    name = type(value).__name__
    if KNOWN.get(name) is type(value):
        # Fields without a part in comparisons concern the front end alone.
        kept = [each.name for each in fields(value) if each.compare]
        return {"value": name, "fields": {each: encoded(getattr(value, each)) for each in kept}}
    if ENUMS.get(name) is type(value):
        return {"member": name, "name": value.name}
    if isinstance(value, PurePath):
        return {"path": str(value)}
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, (tuple, list, frozenset)):
        # The order of a set is that of nothing.
        items = sorted(value) if isinstance(value, frozenset) else value
        return {type(value).__name__: [encoded(each) for each in items]}
    if isinstance(value, Mapping):
        return {"mapping": [[encoded(key), encoded(each)] for key, each in value.items()]}
    raise TypeError(f"{type(value)} cannot travel")


def decoded(document: Any) -> Any:
    """Returns the value of what `encoded` made; raises a TypeError, KeyError or ValueError for anything else."""
    if not isinstance(document, dict):
        if type(document) not in PLAIN:
            raise TypeError(f"{document!r:.60} is no value")
        return document
    if "value" in document:
        kind = KNOWN[document["value"]]
        value = kind(**{name: decoded(each) for name, each in document["fields"].items()})
        check_fields(value)
        return value
    if "member" in document:
        return ENUMS[document["member"]][document["name"]]
    ((name, content),) = document.items()
    return CONTAINERS[name](content)


def _mapping(content: Any) -> dict[Any, Any]:
    return {decoded(key): decoded(each) for key, each in content}


CONTAINERS: dict[str, Callable[[Any], Any]] = {
    "path": Path,
    "bytes": lambda text: base64.b64decode(text, validate=True),
    "tuple": lambda items: tuple(map(decoded, items)),
    "list": lambda items: [*map(decoded, items)],
    "frozenset": lambda items: frozenset(map(decoded, items)),
    "mapping": _mapping,
}
