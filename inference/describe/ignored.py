# SPDX-License-Identifier: GPL-2.0-or-later
"""What of a model definition has no effect, and why."""

from __future__ import annotations

from ..models import RasterFunction
from ..phrase import Phrase
from .model_description import ModelDescription

INFERENCE_FUNCTION = "InferenceFunction"
NOT_TRANSFORMED = Phrase(
    "It is not applied: the network gets tiles in the raster's cells, normalised as described here."
)
REASONS = {
    INFERENCE_FUNCTION: Phrase("It is not run here; the network is run without it."),
    "DataRange": Phrase("It is not applied: the network gets the raster's own values."),
    "Preprocessing": Phrase("It is not applied: INPUT_SCALE and INPUT_OFFSET can do its work."),
    "pre_processing_function": Phrase("It is not applied: INPUT_SCALE and INPUT_OFFSET can do its work."),
    "post_processing_function": Phrase("It is not applied: the result holds the classes as the network gives them."),
    "resize_type": Phrase("Nothing is resized: the network gets tiles of its own size, in the raster's cells."),
    "norm_clip": Phrase("It is not applied: it is for a norm_type of clip."),
    "test_transform": NOT_TRANSFORMED,
    "predict_transform": NOT_TRANSFORMED,
    "no_data_replace": Phrase(
        "It is not applied: where a band is NoData, the network gets 0 before the normalisation."
    ),
}
UNKNOWN = Phrase("It is not known here and changes nothing.")
# What a function that is allowed has an effect on, whether it ran or failed.
OF_FUNCTIONS = (INFERENCE_FUNCTION, "Preprocessing")


def ignored_keys(description: ModelDescription) -> list[tuple[str, Phrase]]:
    """Returns the keys without effect, each with a sentence that says why."""
    definition, function = description.definition, description.function
    if definition is None:
        return []
    reasons = {key: REASONS.get(key, UNKNOWN) for key in definition.ignored}
    if function is not None and function.allowed:
        reasons = {key: reason for key, reason in reasons.items() if key not in OF_FUNCTIONS}
    elif definition.inference_function:
        reasons[INFERENCE_FUNCTION] = _why_not_run(function)
    return sorted(reasons.items())


def _why_not_run(function: RasterFunction | None) -> Phrase:
    if function is None:
        return REASONS[INFERENCE_FUNCTION]
    return Phrase(
        "{function} is not run, because it is not allowed. If you trust its makers, add its SHA-256 {fingerprint} to "
        "the allowed raster functions in the plugin's options, or to the environment variable "
        "CLASSIFY_PIXELS_ALLOWED_FUNCTIONS.",
        {"function": function.path.name, "fingerprint": function.fingerprint},
    )
