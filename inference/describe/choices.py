# SPDX-License-Identifier: GPL-2.0-or-later
"""What a network takes and gives, what a run makes of it, and why."""

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

# A text of ours is a phrase; others are names of the model's.
Text = Union[str, Phrase]


@dataclass(frozen=True)
class TensorDescription:
    """An input or output of a network: its sizes, None for any, its type, and what it is used for."""

    name: str
    shape: tuple[int | None, ...]
    type: str
    role: Phrase
    used: bool = True


@dataclass(frozen=True)
class Choice:
    """Something that a run has to decide of a network, what it decides, and why."""

    what: Phrase
    decision: Text
    reason: Phrase


def describe_inputs(backend: Backend, definition: ModelDefinition) -> tuple[TensorDescription, ...]:
    """Returns the image and the inputs that stay the same."""
    taken = backend.input
    image = TensorDescription(taken.name or "image", taken.shape, taken.type, Phrase("the image"))
    return (image, *(_constant(name, value) for name, value in definition.inputs))


def describe_outputs(prepared: PreparedModel) -> tuple[TensorDescription, ...]:
    """Returns all that the network gave for an empty tile."""
    return tuple(_output(prepared, number, output) for number, output in enumerate(prepared.outputs))


def describe_choices(backend: Backend, prepared: PreparedModel, model: Model) -> tuple[Choice, ...]:
    """Returns what a run will decide, in the order of a pixel's way."""
    taken, times = backend.input, prepared.form.times
    choices = [
        Choice(Phrase("Order of the input's axes"), taken.layout, Phrase(taken.why or "the usual order")),
        _values(backend, prepared.definition, model),
        _chosen_output(backend, prepared),
        Choice(Phrase("Order of the output's axes"), prepared.form.axes, _axes_reason(prepared)),
        _meaning(prepared),
    ]
    if times > 1:
        reason = Phrase("each score stands for {times} x {times} pixels", {"times": times})
        choices.append(Choice(Phrase("Enlargement"), Phrase("bilinear, {times} times", {"times": times}), reason))
    return tuple(choice for choice in choices if choice is not None)


def _constant(name: str, value: Constant) -> TensorDescription:
    array = np.asarray(value)
    shown = str(value) if array.size == 1 else f"{array.size} numbers"
    role = Phrase("stays the same, as Inputs in the definition says: {value}", {"value": shown})
    return TensorDescription(name, array.shape, "", role)


def _output(prepared: PreparedModel, number: int, output: GivenOutput) -> TensorDescription:
    dtype = np.dtype(output.dtype)
    type_name = dtype.name if output.holds_numbers else ""
    if number == prepared.form.number:
        return TensorDescription(output.name, output.shape, type_name, Phrase("is used"))
    size = prepared.trial_size
    is_image = is_map(output, size) or (output.holds_numbers and times_coarser(output.shape, size) > 1)
    role = Phrase("not used") if is_image else Phrase("not used: it is no map of the image")
    return TensorDescription(output.name, output.shape, type_name, role, used=False)


def _chosen_output(backend: Backend, prepared: PreparedModel) -> Choice | None:
    if not prepared.outputs:
        return None
    number, definition = prepared.form.number, prepared.definition
    asked = bool(definition.output_name or prepared.arguments.output)
    name: Any = prepared.outputs[number].name
    if backend.asked_output and not asked:
        reason = Phrase("the output with the labels or the probabilities of a classifier of single pixels")
    else:
        classes = len(definition.classes)
        reason = why_chosen(prepared.outputs, prepared.trial_size, number, classes, asked)
    return Choice(Phrase("Output"), str(name), reason)


def _axes_reason(prepared: PreparedModel) -> Phrase:
    sizes = {"sizes": " x ".join(map(str, prepared.outputs[prepared.form.number].shape)) if prepared.outputs else ""}
    height, width = prepared.trial_size[1:]
    return Phrase("an empty tile of {tile} pixels gave {sizes}", {**sizes, "tile": f"{width} x {height}"})


def _values(backend: Backend, definition: ModelDefinition, model: Model) -> Choice:
    """Returns what becomes of the raster's values before the network gets them."""
    what, as_they_are = Phrase("Values"), Phrase("as they are")
    if model.function is not None and model.function.allowed:
        return Choice(what, as_they_are, Phrase("the raster function normalises them itself, where that is needed"))
    if definition.normalization is not None:
        normalized = Phrase("normalised band by band, see Bands")
        if definition.said_beside:
            files = ", ".join(definition.said_beside)
            return Choice(what, normalized, Phrase("as {files} beside the network says", {"files": files}))
        if model.definition is None:
            return Choice(what, normalized, Phrase("as the network's own metadata say"))
        if definition.normalization == imagenet_statistics():
            return Choice(what, normalized, Phrase("as the definition says; these are the numbers of ImageNet"))
        return Choice(what, normalized, Phrase("as the definition says"))
    if backend.input.limits is not None:
        least, most = backend.input.limits
        limits = {"least": least, "most": most}
        return Choice(what, as_they_are, Phrase("the network takes whole numbers from {least} to {most}", limits))
    if backend.first_steps is not None:
        return Choice(what, as_they_are, Phrase("the network begins with a normalisation of its own"))
    return Choice(what, as_they_are, Phrase("neither the definition nor the network says what it was trained on"))


def _meaning(prepared: PreparedModel) -> Choice:
    """Returns what the numbers of the output are taken for."""
    what, decision = Phrase("Output values"), prepared.decision
    said = Phrase("as OutputActivation says")
    if isinstance(decision, LargestScore):
        reason = Phrase("of several channels the largest decides, whether they are logits or probabilities")
        return Choice(what, Phrase("scores of {count} channels", {"count": prepared.channels}), reason)
    seen = prepared.seen
    ends = {"lowest": f"{seen.lowest:.4g}", "highest": f"{seen.highest:.4g}"} if seen else {}
    looked = Phrase("random images gave values from {lowest} to {highest}", ends) if seen else None
    if isinstance(decision, AboveThreshold):
        meaning = Phrase("logits") if decision.logits else Phrase("probabilities")
        reason = said if prepared.definition.output_activation else looked or Phrase("the usual meaning of one channel")
        return Choice(what, meaning, reason)
    reason = said if prepared.definition.output_activation else Phrase("they are whole numbers")
    return Choice(what, Phrase("numbers of classes"), reason)
