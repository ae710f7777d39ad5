# SPDX-License-Identifier: GPL-2.0-or-later
"""Class labels of a classifier: the class values, or their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..errors import NetworkMismatchError
from ..models import ModelClass, ModelDefinition, default_color
from ..phrase import Phrase, printable

# Results have 32 bits at most, and one value more has to be free for NoData.
LARGEST_LABEL = 2**31 - 2


def classes_of_labels(labels: Sequence[int | str], weights: str) -> tuple[ModelClass, ...]:
    """Returns classes whose values are the labels; texts are the names of classes that are numbered from 0."""
    values = [number if isinstance(label, str) else label for number, label in enumerate(labels)]
    if len(set(labels)) != len(labels) or any(abs(value) > LARGEST_LABEL for value in values):
        reason = Phrase("its labels {labels} are not class values", {"labels": _listed(labels)})
        raise NetworkMismatchError(weights=weights, reason=reason)
    names = [printable(label) if isinstance(label, str) else f"Class {label}" for label in labels]
    return tuple(ModelClass(value, name, default_color(n)) for n, (value, name) in enumerate(zip(values, names)))


def fitted_to_labels(definition: ModelDefinition, labels: Sequence[int | str], channels: int) -> ModelDefinition:
    """Returns the definition with its classes in the order of the labels, of which each channel has one.

    Labels that are texts, or only count from 0, and are none of the definition's leave its order as it is. Raises a
    NetworkMismatchError for others.
    """
    if not labels or channels != len(labels):
        return definition
    by_label = {c.name if isinstance(labels[0], str) else c.value: c for c in definition.classes}
    if set(by_label) == set(labels) and len(definition.classes) == len(labels):
        return replace(definition, classes=tuple(by_label[label] for label in labels))
    if isinstance(labels[0], str) or list(labels) == list(range(channels)):
        return definition
    values = {"labels": _listed(labels), "values": _listed([c.value for c in definition.classes])}
    reason = Phrase("its classes are {labels}, but the definition lists {values}", values)
    raise NetworkMismatchError(weights=definition.weights, reason=reason)


def _listed(labels: Sequence[int | str]) -> str:
    return ", ".join(str(label) for label in labels[:10]) + (" ..." if len(labels) > 10 else "")
