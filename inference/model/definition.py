# SPDX-License-Identifier: GPL-2.0-or-later
"""What a model is, apart from its weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

Color = tuple[int, int, int]

# A band of the raster that feeds the model: its number from 0, or its name.
BandReference = Union[int, str]


@dataclass(frozen=True)
class ModelClass:
    """One class of a model: the value in the result, its name and its colour (0 to 255 each)."""

    value: int
    name: str
    color: Color


# The channel that arcgis.learn's networks have and their definitions do not list.
BACKGROUND = ModelClass(0, "Background", (0, 0, 0))


@dataclass(frozen=True)
class Normalization:
    """Per model band: z = ((x - minimum) / (maximum - minimum) - mean) / std."""

    minimum: tuple[float, ...]
    maximum: tuple[float, ...]
    mean: tuple[float, ...]
    std: tuple[float, ...]


@dataclass(frozen=True)
class ModelDefinition:
    """A pixel-classification model as its maker describes it.

    Sizes are in pixels and wavelengths in micrometres. None means that the maker does not say. Names and
    wavelengths of bands are listed as in the definition: one per band of the model, or one per band of the
    raster that it was trained on. Images in `pixel_space` have a top and a bottom, as photographs have.
    `ignored` names the keys of the definition that change nothing here.
    """

    name: str
    weights: str
    tile_height: int
    tile_width: int
    bands: tuple[BandReference, ...]
    classes: tuple[ModelClass, ...]
    framework: str = ""
    layout: str | None = None
    band_names: tuple[str, ...] = ()
    wavelengths: tuple[float, ...] = ()
    normalization: Normalization | None = None
    batch_size: int | None = None
    padding: int | None = None
    model_padding: int | None = None
    threshold: float = 0.5
    test_time_augmentation: bool = False
    pixel_space: bool = False
    stride: int | None = None
    halo: int | None = None
    description: str = ""
    version: str = ""
    ignored: tuple[str, ...] = ()

    @property
    def has_background_value(self) -> bool:
        """True where a listed class has the value 0."""
        return any(c.value == 0 for c in self.classes)
