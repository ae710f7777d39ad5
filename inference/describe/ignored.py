# SPDX-License-Identifier: GPL-2.0-or-later
"""Keys of a model definition without effect, with reasons."""

from __future__ import annotations

from ..models import RasterFunction
from ..phrase import Phrase
from .model_description import ModelDescription

INFERENCE_FUNCTION = "InferenceFunction"
NOT_TRANSFORMED = Phrase(
    "Not applied: the network receives tiles with the raster's cells, normalised as described here."
)
REASONS = {
    INFERENCE_FUNCTION: Phrase("Not run; the network runs without it."),
    "DataRange": Phrase("Not applied: the network receives the raster's values."),
    "Preprocessing": Phrase("Not applied. Set Input scale and Input offset instead."),
    "pre_processing_function": Phrase("Not applied. Set Input scale and Input offset instead."),
    "post_processing_function": Phrase("Not applied: the result contains the classes that the network returns."),
    "resize_type": Phrase("Nothing is resized: the network receives tiles of its size with the raster's cells."),
    "norm_clip": Phrase("Not applied: only norm_type clip uses it."),
    "test_transform": NOT_TRANSFORMED,
    "predict_transform": NOT_TRANSFORMED,
    "no_data_replace": Phrase("Not applied: NoData is replaced with 0 before normalisation."),
}
UNKNOWN = Phrase("Unknown key, ignored.")
# Keys that an allowed function reads, run or failed.
OF_FUNCTIONS = (INFERENCE_FUNCTION, "Preprocessing")


def ignored_keys(description: ModelDescription) -> list[tuple[str, Phrase]]:
    """Returns the keys without effect, each with a reason as a sentence."""
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
        "{function} is blocked. If you trust its author, add its SHA-256 {fingerprint} to the allowed raster "
        "functions in the plugin's options, or to the environment variable CLASSIFY_PIXELS_ALLOWED_FUNCTIONS.",
        {"function": function.path.name, "fingerprint": function.fingerprint},
    )
