# SPDX-License-Identifier: GPL-2.0-or-later
"""What of a model definition has no effect, and why."""

from __future__ import annotations

from ..model import RasterFunction
from ..phrase import Phrase
from .model_description import ModelDescription

INFERENCE_FUNCTION = "InferenceFunction"
REASONS = {
    INFERENCE_FUNCTION: "It is not run here; the network is run without it.",
    "DataRange": "It is not applied: the network gets the raster's own values.",
    "Preprocessing": "It is not applied: INPUT_SCALE and INPUT_OFFSET can do its work.",
}
UNKNOWN = "It is not known here and changes nothing."
NOT_ALLOWED = "{function} is not run, because it is not allowed. Its SHA-256, by which it can be, is {fingerprint}."


def ignored_keys(description: ModelDescription) -> list[tuple[str, Phrase]]:
    """Returns the keys without effect, each with a sentence that says why."""
    definition, function = description.definition, description.function
    if definition is None:
        return []
    reasons = {key: Phrase(REASONS.get(key, UNKNOWN)) for key in definition.ignored}
    if definition.inference_function and (function is None or not function.allowed):
        reasons[INFERENCE_FUNCTION] = _why_not_run(function)
    return sorted(reasons.items())


def _why_not_run(function: RasterFunction | None) -> Phrase:
    if function is None:
        return Phrase(REASONS[INFERENCE_FUNCTION])
    return Phrase(NOT_ALLOWED, {"function": function.path.name, "fingerprint": function.fingerprint})
