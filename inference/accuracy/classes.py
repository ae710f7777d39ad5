# SPDX-License-Identifier: GPL-2.0-or-later
"""The classes of a map, and labels of a reference matched to them by value or by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Union

from ..errors import ReferenceClassError, ReferenceNameError, ReferenceValuesError
from ..models import ModelClass
from ..models.emd.emd_classes import default_color

# A label of the reference: a value, or a text with a value or a name; None if there is none.
Label = Union[str, float, int, None]
MOST_SHOWN = 20


@dataclass(frozen=True)
class MapClasses:
    """The classes of a map in the order of its legend, distinct by value."""

    classes: tuple[ModelClass, ...]

    @property
    def values(self) -> list[int]:
        """The class values."""
        return [known.value for known in self.classes]

    def match(self, labels: Iterable[Label], reference: str) -> dict[Label, int]:
        """Returns the class value of each distinct label; labels without a class are an error.

        Numbers match by value. Texts match by name, regardless of case, or by value; a text that matches two classes
        is an error.
        """
        found = {label: self.find(label) for label in dict.fromkeys(labels) if label is not None}
        unknown = [label for label, values in found.items() if not values]
        if unknown:
            raise ReferenceClassError(
                reference=reference, count=len(unknown), classes=_list(unknown), known=_list(map(named, self.classes))
            )
        for label, values in found.items():
            if len(values) > 1:
                several = [named(known) for known in self.classes if known.value in values]
                raise ReferenceNameError(label=label, reference=reference, classes=_list(several))
        return {label: values.pop() for label, values in found.items()}

    def match_values(self, values: Sequence[int], names: Mapping[int, str], reference: str) -> dict[int, int]:
        """Returns the class value of each value of a reference raster: of the class with its name, if there is one.

        Two values that mean the same class are an error.
        """
        labels: dict[int, Label] = {value: value for value in values}
        labels.update({value: names[value] for value in values if self._named(names.get(value, ""))})
        matched = self.match(labels.values(), reference)
        found = {value: matched[label] for value, label in labels.items()}
        for known in self.classes:
            same = [value for value, match in found.items() if match == known.value]
            if len(same) > 1:
                raise ReferenceValuesError(values=_list(same), reference=reference, name=named(known))
        return found

    def find(self, label: Label) -> set[int]:
        """Returns the values of all classes that a label matches."""
        number = _whole(label)
        values = {number} & set(self.values) if number is not None else set()
        return values | self._named(label) if isinstance(label, str) else values

    def _named(self, name: str) -> set[int]:
        wanted = name.strip().casefold()
        return {known.value for known in self.classes if wanted and known.name.strip().casefold() == wanted}


def map_classes(legend: Iterable[ModelClass], values: Iterable[int]) -> MapClasses:
    """Returns the classes of a legend, and values of the map without one, named by their value.

    Of legend entries with the same value the last one counts, as in class maps.
    """
    known = {each.value: each for each in legend}
    for value in sorted(values):
        known.setdefault(value, ModelClass(value, str(value), default_color(value)))
    return MapClasses(tuple(known.values()))


def named(known: ModelClass) -> str:
    """Returns value and name of a class, the value alone if that is its name."""
    return str(known.value) if known.name in ("", str(known.value)) else f"{known.value} ({known.name})"


def _whole(label: Label) -> int | None:
    if isinstance(label, str) and "_" in label:
        # Python reads 1_0 as 10.
        return None
    try:
        number = float(label if label is not None else "")
        return int(number) if number == int(number) else None
    except (ValueError, OverflowError):
        return None


def _list(items: Iterable[object]) -> str:
    texts = [str(item) for item in items]
    more = len(texts) - MOST_SHOWN
    return ", ".join(texts[:MOST_SHOWN] + ([f"… (+{more})"] if more > 0 else []))
