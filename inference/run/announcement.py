# SPDX-License-Identifier: GPL-2.0-or-later
"""Log entries and warnings before a run starts."""

from __future__ import annotations

from collections.abc import Sequence

from ..bands import (
    BandChoice,
    band_table,
    half_float_warnings,
    range_warnings,
    sample_ranges,
    unapplied_scales,
    unknown_range,
    whole_number_warnings,
)
from ..events import RunStarted
from ..models import Model, ModelDefinition
from ..network import PreparedModel
from ..notices import Caution, Note
from ..progress import Progress
from ..raster import Channel, Scene
from ..runtimes import Backend
from ..tiling import TilePlan
from .cell_size_warning import cell_size_warning
from .metadata import arguments_used


def announce_run(prepared: PreparedModel, plan: TilePlan, backend: Backend, workers: int, progress: Progress) -> None:
    """Reports the model, the device, the tiles and the arguments."""
    definition, shape = prepared.definition, prepared.shape
    progress.emit(
        RunStarted(
            model=definition.name, classes=len(definition.classes), device=backend.device, workers=workers,
            columns=plan.area.width, rows=plan.area.height, tiles=len(plan), tile=(shape.height, shape.width),
            halo=plan.halo, stride=shape.stride, batch=prepared.batch_size,
            halo_reason=prepared.reasons.halo, stride_reason=prepared.reasons.stride,
        )
    )  # fmt: skip
    _announce_seams(prepared, plan, progress)
    used = arguments_used(prepared, plan, backend)
    progress.note(Note.ARGUMENTS, arguments=", ".join(f"{name} {value}" for name, value in used.items()))
    if definition.said_beside:
        progress.note(Note.DESCRIBED_BESIDE, files=", ".join(definition.said_beside))
    if prepared.form.times > 1:
        progress.note(Note.COARSE_SCORES, times=prepared.form.times)
    if prepared.form.logits:
        progress.note(Note.LOGITS, threshold=f"{prepared.arguments.threshold:g}")
    if prepared.changed is not None:
        progress.note(Note.MIXED_PRECISION, share=f"{100 * prepared.changed:.3g}")
    if prepared.arguments.mixed_precision and not backend.mixed_precision:
        progress.warn(Caution.NO_MIXED_PRECISION, device=backend.device)
    _announce_ignored(definition, progress)


def _announce_seams(prepared: PreparedModel, plan: TilePlan, progress: Progress) -> None:
    """Warns of visible seams; a single tile has none."""
    if prepared.reasons.visible and len(plan) > 1:
        kind = Caution.SEAMS_OF_FIXED_TILES if prepared.shape.fixed else Caution.SEAMS
        progress.warn(kind, share=f"{100 * prepared.reasons.seam:.2g}")


def announce_function(model: Model, progress: Progress) -> None:
    """Reports the use of a model's Python raster function, with the SHA-256 that would allow a blocked one."""
    function = model.function
    if function is not None and function.allowed:
        progress.note(Note.FUNCTION_RUN, function=function.path.name)
    elif function is not None:
        progress.warn(Caution.FUNCTION_NOT_ALLOWED, function=function.path.name, fingerprint=function.fingerprint)
    elif model.definition is not None and "InferenceFunction" in model.definition.ignored:
        progress.warn(Caution.FUNCTION_NOT_RUN)


# Ignored keys with warnings of their own.
WARNED_OF = ("InferenceFunction", "DataRange", "Preprocessing", "pre_processing_function")
# Ignored keys that change no pixel of this network, or describe the model; of any other key that is unknown.
HARMLESS = frozenset(
    """
    norm_clip seg_thresh tile_size tiles_size
    author authors citation comment comments contact copyright created credits date homepage keywords licence license
    notes organization owner publisher source summary tags title training_data url
    """.split()
)


def _announce_ignored(definition: ModelDefinition, progress: Progress) -> None:
    if "DataRange" in definition.ignored:
        progress.warn(Caution.DATA_RANGE_IGNORED)
    if "Preprocessing" in definition.ignored:
        progress.warn(Caution.PREPROCESSING_IGNORED)
    if "pre_processing_function" in definition.ignored:
        progress.warn(Caution.PREPROCESSING_FUNCTION_IGNORED)
    others = [key for key in definition.ignored if key not in WARNED_OF]
    harmless = [key for key in others if key.lower() in HARMLESS]
    if harmless:
        progress.note(Note.KEYS_IGNORED, keys=", ".join(harmless))
    if len(harmless) < len(others):
        progress.warn(Caution.KEYS_NOT_APPLIED, keys=", ".join(key for key in others if key not in harmless))


def announce_input(
    definition: ModelDefinition,
    choices: Sequence[BandChoice],
    channels: Sequence[Channel],
    scene: Scene,
    backend: Backend,
    progress: Progress,
) -> None:
    """Reports the raster band of each model band, and warns of values and cell sizes that do not fit the model."""
    for note in scene.notes:
        progress.emit(note)
    if definition.preprocessing is not None:
        progress.note(Note.PREPROCESSED, service=definition.preprocessing.service)
    ranges = sample_ranges(scene.source, scene.area)
    for row in band_table(choices, ranges):
        progress.emit(row)
    limits = backend.input.limits
    spoilt = (
        *whole_number_warnings(limits, definition.normalization, ranges),
        *half_float_warnings(backend.input.type, definition.normalization, ranges),
    )
    known = definition.normalization or definition.preprocessing or limits or definition.inference_function
    first_steps = None if known else backend.first_steps
    if not known and first_steps is None:
        progress.emit(unknown_range(ranges))
    contradicting = spoilt or range_warnings(definition, ranges, channels, first_steps)
    for warning in (*contradicting, *unapplied_scales(choices, channels)):
        progress.emit(warning)
    if scene.source.grid.geolocated:
        progress.warn(Caution.NOT_GEOREFERENCED, raster=scene.source.name)
    coarse = cell_size_warning(definition.cell_sizes, scene.source.grid.crop(scene.area))
    if coarse is not None:
        progress.emit(coarse)
