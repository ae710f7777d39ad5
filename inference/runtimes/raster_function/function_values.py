# SPDX-License-Identifier: GPL-2.0-or-later
"""What Python raster functions are told and what they tell: parameters, rasters and classes.

Source of the protocol: github.com/Esri/raster-functions (functions/Reference.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...errors import ArgumentError
from ...models import ModelClass, ModelDefinition
from ...phrase import Phrase, printable

RASTER, MODEL, DEVICE = "raster", "model", "device"
NUMERIC_TYPES = ("numeric", "gplong", "gpdouble")
PIXEL_TYPES = {name: np.dtype(name) for name in ("i1", "i2", "i4", "u1", "u2", "u4", "f4", "f8")}

# What pixels are handed over as that are no whole numbers.
FLOATS = "f4"


@dataclass(frozen=True)
class Parameter:
    """One entry of `getParameterInfo` that a user may set; an empty domain allows every value."""

    name: str
    numeric: bool
    value: Any
    required: bool
    domain: tuple[Any, ...] = ()
    text: str = ""

    @property
    def default(self) -> str:
        """The default as a user would write it, empty where there is none."""
        return "" if self.value is None else printable(str(self.value))

    def read(self, given: str | None) -> Any:
        """Returns the value that was given, else the default; raises where neither can be used."""
        if given is None and self.value is None and self.required:
            raise ArgumentError(name=self.name, value="none", expected=Phrase("set, because the model requires it"))
        if not given:
            return self.value
        if self.domain and given not in map(str, self.domain):
            expected = Phrase("one of {values}", {"values": ", ".join(map(str, self.domain))})
            raise ArgumentError(name=self.name, value=given, expected=expected)
        return self._number(given) if self.numeric else given

    def _number(self, given: str) -> float:
        try:
            # Values may come with the decimal comma of the system that they were written on.
            number = float(given.replace(",", "."))
        except ValueError as error:
            raise ArgumentError(name=self.name, value=given, expected=Phrase("a number")) from error
        return int(number) if number.is_integer() else number


@dataclass(frozen=True)
class FunctionBlock:
    """The block that a function takes (None for any size) with its padding, and the bands and classes it names."""

    height: int | None
    width: int | None
    padding: int
    bands: tuple[int, ...] = ()
    classes: tuple[ModelClass, ...] = ()

    def describe(self, definition: ModelDefinition) -> ModelDefinition:
        """Returns the definition of a model that runs by this function, which cares for values and averaging."""
        by_number = all(isinstance(band, int) for band in definition.bands)
        return replace(
            definition,
            tile_height=self.height or definition.tile_height,
            tile_width=self.width or definition.tile_width,
            bands=self.bands if self.bands and by_number else definition.bands,
            classes=self.classes or definition.classes,
            layout=None,
            normalization=None,
            batch_size=None,
            padding=None,
            model_padding=self.padding,
            test_time_augmentation=False,
            stride=1,
            halo=None,
            ignored=tuple(key for key in definition.ignored if key not in ("InferenceFunction", "Preprocessing")),
        )


def read_parameters(info: Any) -> tuple[Parameter, ...]:
    """Returns the parameters that a user may set, of the list that `getParameterInfo` gives.

    The raster, the model and the device are set by whoever runs the function.
    """
    entries = [entry for entry in info if entry["name"] not in (RASTER, MODEL, DEVICE)]
    return tuple(_parameter(entry) for entry in entries if entry.get("dataType") not in ("raster", "rasters"))


def _parameter(entry: Mapping[str, Any]) -> Parameter:
    numeric = str(entry.get("dataType", "")).lower() in NUMERIC_TYPES
    domain = entry.get("domain")
    return Parameter(
        str(entry["name"]),
        numeric,
        entry.get("value"),
        bool(entry.get("required")),
        tuple(domain) if isinstance(domain, (list, tuple)) else (),
        printable(str(entry.get("description") or entry.get("displayName") or "")),
    )


def raster_info(bands: int, height: int, width: int, pixel_type: str = FLOATS) -> dict[str, Any]:
    """Returns what `updateRasterInfo` is told of a raster: one block, in cells, without a place on the earth."""
    extent = (0.0, 0.0, float(width), float(height))
    return {
        "bandCount": bands,
        "pixelType": pixel_type,
        "noData": None,
        "cellSize": (1.0, 1.0),
        "nativeExtent": extent,
        "nativeSpatialReference": 0,
        "geodataXform": None,
        "extent": extent,
        "spatialReference": 0,
        "colormap": None,
        "rasterAttributeTable": None,
        "levelOfDetails": 0,
        "origin": (0.0, 0.0),
        "resampling": False,
        "bandSelection": False,
        "histogram": (),
        "statistics": (),
    }


def read_classes(table: Any) -> tuple[ModelClass, ...]:
    """Returns the classes of a raster attribute table in Esri's JSON, none where there is no such table.

    Raises KeyError, TypeError or ValueError where the JSON is no table of classes.
    """
    document = json.loads(table) if isinstance(table, str) and table.strip() else table
    if not isinstance(document, Mapping):
        return ()
    rows: Sequence[Mapping[str, Any]] = [feature["attributes"] for feature in document.get("features") or ()]
    return tuple(_class(row) for row in rows)


def _class(row: Mapping[str, Any]) -> ModelClass:
    value = int(row["Value"])
    # Esri's own templates name this column in two ways.
    name = str(row.get("Class", row.get("Classname", value))).strip()
    red, green, blue = (min(255, max(0, int(row[part]))) for part in ("Red", "Green", "Blue"))
    return ModelClass(value, name, (red, green, blue))
