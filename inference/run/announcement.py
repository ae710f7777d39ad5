# SPDX-License-Identifier: GPL-2.0-or-later
"""What a run says before it starts: what will happen, and what looks wrong."""

from __future__ import annotations

from collections.abc import Sequence

from ..bands import (
    BandChoice,
    band_table,
    range_warnings,
    sample_ranges,
    unapplied_scales,
    unknown_range,
    whole_number_warnings,
)
from ..models import Model, ModelDefinition
from ..network import PreparedModel
from ..progress import Progress
from ..raster import Channel, Scene
from ..runtimes import Backend
from ..tiling import TilePlan
from .cell_size_warning import cell_size_warning
from .metadata import arguments_used


def announce_run(prepared: PreparedModel, plan: TilePlan, backend: Backend, workers: int, progress: Progress) -> None:
    """Says which model runs where, and in which tiles."""
    definition, shape = prepared.definition, prepared.shape
    progress.message("Model: {name}, {count} classes", name=definition.name, count=len(definition.classes))
    progress.message("Device: {device}, workers: {workers}", device=backend.device, workers=workers)
    progress.message("Size: {columns} x {rows} pixels", columns=plan.area.width, rows=plan.area.height)
    progress.message(
        "Tiles: {count} of {width} x {height} pixels, padding {halo}, stride {stride}, batches of {batch}",
        count=len(plan), width=shape.width, height=shape.height, halo=plan.halo,
        stride=shape.stride, batch=prepared.batch_size,
    )  # fmt: skip
    progress.message(
        "Padding {padding}: {padding_reason}. Stride {stride}: {stride_reason}.",
        padding=plan.halo, padding_reason=prepared.reasons.halo,
        stride=shape.stride, stride_reason=prepared.reasons.stride,
    )  # fmt: skip
    used = arguments_used(prepared, plan, backend)
    progress.message("Arguments: {arguments}", arguments=", ".join(f"{name} {value}" for name, value in used.items()))
    if definition.said_beside:
        files = ", ".join(definition.said_beside)
        progress.message("The files beside the network describe it: {files}", files=files)
    if prepared.form.times > 1:
        progress.message(
            "The network gives one score for {times} x {times} pixels: its scores are enlarged bilinearly.",
            times=prepared.form.times,
        )
    if prepared.form.logits:
        progress.message(
            "The network outputs logits. Their sigmoid is the probability; the threshold is {threshold}.",
            threshold=f"{prepared.arguments.threshold:g}",
        )
    if prepared.arguments.mixed_precision and not backend.mixed_precision:
        progress.warning(
            "The argument mixed_precision has no effect on {device}: it is for PyTorch on a GPU.",
            device=backend.device,
        )
    _announce_ignored(definition, progress)


def announce_function(model: Model, progress: Progress) -> None:
    """Says whether the Python raster function beside a model is run, and what allows it."""
    function = model.function
    if function is not None and function.allowed:
        progress.message("The Python raster function {function} is run, as you allow it.", function=function.path.name)
    elif function is not None:
        progress.warning(
            "The Python raster function {function} beside the model is not run; the network is run without it. If you "
            "trust its makers, add its SHA-256 {fingerprint} to the allowed raster functions in the plugin's options, "
            "or to the environment variable CLASSIFY_PIXELS_ALLOWED_FUNCTIONS.",
            function=function.path.name, fingerprint=function.fingerprint,
        )  # fmt: skip
    elif model.definition is not None and "InferenceFunction" in model.definition.ignored:
        progress.warning("The Python raster function beside the model is not run; the network is run without it.")


# Keys that change pixels, of which a run warns.
WARNED_OF = ("InferenceFunction", "DataRange", "Preprocessing", "pre_processing_function")


def _announce_ignored(definition: ModelDefinition, progress: Progress) -> None:
    if "DataRange" in definition.ignored:
        progress.warning("The model's DataRange is not applied: the network gets the raster's own values.")
    if "Preprocessing" in definition.ignored:
        progress.warning("The model's Preprocessing is not applied: INPUT_SCALE and INPUT_OFFSET can do its work.")
    if "pre_processing_function" in definition.ignored:
        progress.warning(
            "The model's pre_processing_function is not applied: INPUT_SCALE and INPUT_OFFSET can do its work."
        )
    others = [key for key in definition.ignored if key not in WARNED_OF]
    if others:
        progress.message("Keys of the model definition without effect: {keys}", keys=", ".join(others))


def announce_input(
    definition: ModelDefinition,
    choices: Sequence[BandChoice],
    channels: Sequence[Channel],
    scene: Scene,
    backend: Backend,
    progress: Progress,
) -> None:
    """Says which raster band feeds which model band, and warns of values that the model was not made for."""
    for note in scene.notes:
        progress.message(note.text, **note.values)
    if definition.preprocessing is not None:
        progress.message(
            "The raster's reflectances are brought to the numbers of {service}, as the model definition says.",
            service=definition.preprocessing.service,
        )
    ranges = sample_ranges(scene.source, scene.area)
    for text, values in band_table(choices, ranges):
        progress.message(text, **values)
    limits = backend.input.limits
    spoilt = whole_number_warnings(limits, definition.normalization, ranges)
    known = definition.normalization or definition.preprocessing or limits or definition.inference_function
    first_steps = None if known else backend.first_steps
    if not known and first_steps is None:
        text, values = unknown_range(ranges)
        progress.message(text, **values)
    contradicting = spoilt or range_warnings(definition, ranges, channels, first_steps)
    for text, values in (*contradicting, *unapplied_scales(choices, channels)):
        progress.warning(text, **values)
    if scene.source.grid.geolocated:
        progress.warning(
            "{raster} is georeferenced by geolocation arrays only, which a GeoTIFF cannot store: the result will not "
            "be georeferenced. Set an output CRS to georeference it.",
            raster=scene.source.name,
        )  # fmt: skip
    coarse = cell_size_warning(definition.cell_sizes, scene.source.grid.crop(scene.area))
    if coarse is not None:
        progress.warning(coarse[0], **coarse[1])
