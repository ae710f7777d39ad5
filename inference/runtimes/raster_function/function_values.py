# SPDX-License-Identifier: GPL-2.0-or-later
"""Values exchanged with Python raster functions: parameters, rasters and classes.

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

# The type of floating-point pixels.
FLOATS = "f4"


@dataclass(frozen=True)
class Parameter:
    """A user-settable entry of `getParameterInfo`; an empty domain allows every value."""

    name: str
    numeric: bool
    value: Any
    required: bool
    domain: tuple[Any, ...] = ()
    text: str = ""

    @property
    def default(self) -> str:
        """The default as user input, empty if there is none."""
        return "" if self.value is None else printable(str(self.value))

    def read(self, given: str | None) -> Any:
        """Returns the given value or the default; raises if neither is valid."""
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
            # Values may have the decimal comma of another system.
            number = float(given.replace(",", "."))
        except ValueError as error:
            raise ArgumentError(name=self.name, value=given, expected=Phrase("a number")) from error
        return int(number) if number.is_integer() else number


@dataclass(frozen=True)
class FunctionBlock:
    """A function's block (None for any size) with its padding, its bands and its classes."""

    height: int | None
    width: int | None
    padding: int
    bands: tuple[int, ...] = ()
    classes: tuple[ModelClass, ...] = ()

    def describe(self, definition: ModelDefinition) -> ModelDefinition:
        """Returns the definition of a model for this function, which handles normalisation and averaging."""
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
            # The function reads the definition itself, except for what ArcGIS would do before it is called.
            ignored=tuple(key for key in definition.ignored if key == "DataRange"),
        )


def read_parameters(info: Any) -> tuple[Parameter, ...]:
    """Returns the user-settable parameters in the list from `getParameterInfo`.

    The raster, the model and the device are set by the runtime.
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
    """Returns the raster information for `updateRasterInfo`: one block, in cells, without a georeference."""
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
    """Returns the classes of a raster attribute table in Esri's JSON, none if there is no such table.

    Raises KeyError, TypeError or ValueError if the JSON is not a table of classes.
    """
    document = json.loads(table) if isinstance(table, str) and table.strip() else table
    if not isinstance(document, Mapping):
        return ()
    rows: Sequence[Mapping[str, Any]] = [feature["attributes"] for feature in document.get("features") or ()]
    return tuple(_class(row) for row in rows)


def _class(row: Mapping[str, Any]) -> ModelClass:
    value = int(row["Value"])
    # Esri's own templates have two names for this column.
    name = str(row.get("Class", row.get("Classname", value))).strip()
    red, green, blue = (min(255, max(0, int(row[part]))) for part in ("Red", "Green", "Blue"))
    return ModelClass(value, name, (red, green, blue))
