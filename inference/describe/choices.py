# SPDX-License-Identifier: GPL-2.0-or-later
"""Inputs and outputs of a network, and the decisions of a run on them with their reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Union

import numpy as np

from ..models import Model, ModelDefinition
from ..models.definition import Constant
from ..models.emd.emd_statistics import imagenet_statistics
from ..network import PreparedModel
from ..network.decision import AboveThreshold, LargestScore
from ..phrase import Phrase
from ..runtimes import Backend, GivenOutput, times_coarser
from ..runtimes.output_form import is_map, why_chosen

# Texts of the plugin are phrases; others are names in the model.
Text = Union[str, Phrase]


@dataclass(frozen=True)
class TensorDescription:
    """An input or output of a network: its sizes, None for any, its type, and its use."""

    name: str
    shape: tuple[int | None, ...]
    type: str
    role: Phrase
    used: bool = True


@dataclass(frozen=True)
class Choice:
    """A decision of a run on a network: its subject, its value and its reason."""

    what: Phrase
    decision: Text
    reason: Phrase


def describe_inputs(backend: Backend, definition: ModelDefinition) -> tuple[TensorDescription, ...]:
    """Returns the image and the inputs that stay the same."""
    taken = backend.input
    image = TensorDescription(taken.name or "image", taken.shape, taken.type, Phrase("image"))
    return (image, *(_constant(name, value) for name, value in definition.inputs))


def describe_outputs(prepared: PreparedModel) -> tuple[TensorDescription, ...]:
    """Returns all that the network gave for an empty tile."""
    return tuple(_output(prepared, number, output) for number, output in enumerate(prepared.outputs))


def describe_choices(backend: Backend, prepared: PreparedModel, model: Model) -> tuple[Choice, ...]:
    """Returns the decisions of a run, in the order of processing."""
    taken, times = backend.input, prepared.form.times
    choices = [
        Choice(Phrase("Input axis order"), taken.layout, Phrase(taken.why or "the usual order")),
        _values(backend, prepared.definition, model),
        _chosen_output(backend, prepared),
        Choice(Phrase("Output axis order"), prepared.form.axes, _axes_reason(prepared)),
        _meaning(prepared),
    ]
    if times > 1:
        reason = Phrase("one score per {times} x {times} pixels", {"times": times})
        choices.append(Choice(Phrase("Upsampling"), Phrase("bilinear, {times} times", {"times": times}), reason))
    return tuple(choice for choice in choices if choice is not None)


def _constant(name: str, value: Constant) -> TensorDescription:
    array = np.asarray(value)
    shown = str(value) if array.size == 1 else f"{array.size} numbers"
    role = Phrase("constant, from Inputs in the definition: {value}", {"value": shown})
    return TensorDescription(name, array.shape, "", role)


def _output(prepared: PreparedModel, number: int, output: GivenOutput) -> TensorDescription:
    dtype = np.dtype(output.dtype)
    type_name = dtype.name if output.holds_numbers else ""
    if number == prepared.form.number:
        return TensorDescription(output.name, output.shape, type_name, Phrase("used"))
    size = prepared.trial_size
    is_image = is_map(output, size) or (output.holds_numbers and times_coarser(output.shape, size) > 1)
    role = Phrase("not used") if is_image else Phrase("not used: not a map of the image")
    return TensorDescription(output.name, output.shape, type_name, role, used=False)


def _chosen_output(backend: Backend, prepared: PreparedModel) -> Choice | None:
    if not prepared.outputs:
        return None
    number, definition = prepared.form.number, prepared.definition
    asked = bool(definition.output_name or prepared.arguments.output)
    name: Any = prepared.outputs[number].name
    if backend.asked_output and not asked:
        reason = Phrase("the labels or probabilities of a per-pixel classifier")
    else:
        classes = len(definition.classes)
        reason = why_chosen(prepared.outputs, prepared.trial_size, number, classes, asked)
    return Choice(Phrase("Output"), str(name), reason)


def _axes_reason(prepared: PreparedModel) -> Phrase:
    sizes = {"sizes": " x ".join(map(str, prepared.outputs[prepared.form.number].shape)) if prepared.outputs else ""}
    height, width = prepared.trial_size[1:]
    return Phrase("an empty tile of {tile} pixels returned {sizes}", {**sizes, "tile": f"{width} x {height}"})


def _values(backend: Backend, definition: ModelDefinition, model: Model) -> Choice:
    """Returns the conversion of the raster's values before they enter the network."""
    what, as_they_are = Phrase("Values"), Phrase("unchanged")
    if model.function is not None and model.function.allowed:
        return Choice(what, as_they_are, Phrase("normalisation is up to the raster function"))
    if definition.normalization is not None:
        normalized = Phrase("normalised per band, see Bands")
        if definition.said_beside:
            files = ", ".join(definition.said_beside)
            return Choice(what, normalized, Phrase("from {files} beside the network", {"files": files}))
        if model.definition is None:
            return Choice(what, normalized, Phrase("from the metadata of the network"))
        if definition.normalization == imagenet_statistics():
            return Choice(what, normalized, Phrase("from the definition; these are the ImageNet statistics"))
        return Choice(what, normalized, Phrase("from the definition"))
    if backend.input.limits is not None:
        least, most = backend.input.limits
        limits = {"least": least, "most": most}
        return Choice(what, as_they_are, Phrase("the network takes integers from {least} to {most}", limits))
    if backend.first_steps is not None:
        return Choice(what, as_they_are, Phrase("the network starts with a normalisation"))
    return Choice(what, as_they_are, Phrase("the values of the training data are unknown"))


def _meaning(prepared: PreparedModel) -> Choice:
    """Returns the meaning of the output's numbers."""
    what, decision = Phrase("Output values"), prepared.decision
    said = Phrase("from OutputActivation")
    if isinstance(decision, LargestScore):
        reason = Phrase("the class is the argmax, for logits and probabilities alike")
        return Choice(what, Phrase("scores of {count} channels", {"count": prepared.channels}), reason)
    seen = prepared.seen
    ends = {"lowest": f"{seen.lowest:.4g}", "highest": f"{seen.highest:.4g}"} if seen else {}
    looked = Phrase("random images produced values from {lowest} to {highest}", ends) if seen else None
    if isinstance(decision, AboveThreshold):
        meaning = Phrase("logits") if decision.logits else Phrase("probabilities")
        reason = (
            said if prepared.definition.output_activation else looked or Phrase("the usual meaning of a single channel")
        )
        return Choice(what, meaning, reason)
    reason = said if prepared.definition.output_activation else Phrase("the values are integers")
    return Choice(what, Phrase("class numbers"), reason)
