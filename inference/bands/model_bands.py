# SPDX-License-Identifier: GPL-2.0-or-later
"""The input bands of a model, as its definition describes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from ..models.definition import BandReference, ModelDefinition
from .common_names import common_names

Item = TypeVar("Item")


@dataclass(frozen=True)
class ModelBand:
    """A band of a model: its position (from 1), its reference in the definition, its name and its wavelength.

    The name is empty, and common name and wavelength (in micrometres) are None, if the definition lacks them.
    """

    place: int
    reference: BandReference
    name: str = ""
    common_name: str | None = None
    wavelength: float | None = None

    @property
    def label(self) -> str:
        """The name of the band in messages."""
        return self.name or str(self.place)


def model_bands(definition: ModelDefinition) -> tuple[ModelBand, ...]:
    """Returns the bands of a model in its own order."""
    references = definition.bands
    listed = _per_band(definition.band_names, references, "")
    names = [(band if isinstance(band, str) else name).strip() for band, name in zip(references, listed)]
    wavelengths: list[float | None] = _per_band([*definition.wavelengths], references, None)
    columns = zip(range(1, len(references) + 1), references, names, common_names(names), wavelengths)
    return tuple(ModelBand(*column) for column in columns)


def _per_band(items: Sequence[Item], references: tuple[BandReference, ...], missing: Item) -> list[Item]:
    """Picks the model's bands from a list for them, or from a longer one for all bands of the training raster.

    A list of the model's length is not used if ExtractBands changes the order: it may mean either order.
    """
    numbers = [reference for reference in references if isinstance(reference, int)]
    as_numbered = len(numbers) == len(references) and max(numbers) < len(items)
    if as_numbered and (len(items) != len(references) or numbers == sorted(set(numbers))):
        return [items[number] for number in numbers]
    if len(items) == len(references) and not as_numbered:
        return list(items)
    return [missing] * len(references)
