# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a Python raster function in place of a network: blocks with padding in, tiles out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import FunctionError
from ...models import ModelClass
from ...phrase import Phrase
from ..backend import Backend, DeclaredArgument, Float32, NetworkInput
from ..options import BackendOptions
from .foreign_code import ForeignCode, LoadedFunction
from .function_values import (
    DEVICE,
    FLOATS,
    MODEL,
    PIXEL_TYPES,
    RASTER,
    FunctionBlock,
    Parameter,
    raster_info,
    read_classes,
    read_parameters,
)

# The functions' device number for the CPU.
CPU = -1

# Maximum block size: a wrong number would request too much memory.
LARGEST_BLOCK = 16_384


class RasterFunctionBackend(Backend):
    """A raster function that the user has allowed, identified by `options.digest`.

    The function gets one block at a time in the type of the raster, zero where the raster has no data, and a mask of
    ones. It does not receive a block's position, because the same pixels must give the same classes everywhere.
    """

    def __init__(self, path: Path, options: BackendOptions) -> None:
        self._function = LoadedFunction(path, options.digest, options.code_folder, dict(options.code))
        self._pixel_type = options.pixel_type or FLOATS
        self._lock = Lock()
        self._device = options.gpu if options.processor == "GPU" else CPU
        self._set_up(options)

    @property
    def device(self) -> str:
        """The device requested of the function."""
        device = "CPU" if self._device == CPU else f"GPU {self._device}"
        return f"{device} (Python raster function {self._function.name})"

    @property
    def input(self) -> NetworkInput:
        """The block size requested by the function."""
        height, width = (None, None) if self._tile is None else (side + 2 * self._padding for side in self._tile)
        why = str(Phrase("from the protocol of raster functions"))
        bands = len(self._bands) or None
        return NetworkInput(1, bands, height, width, name=f"{RASTER}_pixels", type=self._pixel_type, why=why)

    @property
    def arguments(self) -> tuple[DeclaredArgument, ...]:
        """The parameters that the function declares."""
        return tuple(DeclaredArgument(p.name, p.default, p.text) for p in self._parameters)

    @property
    def imported(self) -> tuple[Path, ...]:
        """The files imported by the function, in any folder."""
        return self._function.imported

    @property
    def function(self) -> FunctionBlock:
        """The block, the bands and the classes of the function."""
        declared = self.input
        return FunctionBlock(declared.height, declared.width, self._padding, self._bands, self._classes)

    def compute(self, pixels: Float32, number: int) -> NDArray[Any]:
        """Returns class values or scores (N, bands, height, width) for pixels; one block at a time."""
        with self._lock:
            return np.stack([self._update(block) for block in pixels])

    def close(self) -> None:
        """Does nothing: the code ends with its process."""

    def _set_up(self, options: BackendOptions) -> None:
        """Calls the methods before the pixels, in the order of the protocol."""
        function, model = self._function, str(options.definition or "")
        if function.has("initialize"):
            function.call("initialize", model=model, device=self._device)
        with ForeignCode(function.name, "getParameterInfo"):
            self._parameters = read_parameters(function.call("getParameterInfo"))
        scalars = {MODEL: model, DEVICE: self._device, **_scalars(self._parameters, dict(options.arguments))}
        configuration = function.call("getConfiguration", **scalars) if function.has("getConfiguration") else {}
        with ForeignCode(function.name, "getConfiguration"):
            self._padding = _whole(configuration.get("padding") or 0, least=0)
            self._tile = _tile(configuration)
            self._bands = tuple(_whole(band, least=0) for band in configuration.get("extractBands") or ())
        self._output = self._ask_output(scalars, len(self._bands) or options.bands or 1)
        with ForeignCode(function.name, "updateRasterInfo"):
            self._dtype = PIXEL_TYPES[self._output["pixelType"]]
            self._channels = _whole(self._output["bandCount"], least=1)
            self._classes = _distinct(read_classes(self._output.get("rasterAttributeTable")))

    def _ask_output(self, scalars: Mapping[str, Any], bands: int) -> Mapping[str, Any]:
        """Returns the function's output information, by default that of its input."""
        height, width = self._tile or (1, 1)
        output = raster_info(bands, height, width, self._pixel_type)
        if self._function.has("updateRasterInfo"):
            given = {**scalars, f"{RASTER}_info": dict(output), "output_info": output}
            answer = self._function.call("updateRasterInfo", **given)
            with ForeignCode(self._function.name, "updateRasterInfo"):
                output = {**output, **answer["output_info"]}
        return output

    def _update(self, block: Float32) -> NDArray[Any]:
        height, width = (side - 2 * self._padding for side in block.shape[1:])
        shape = (height, width) if self._channels == 1 else (self._channels, height, width)
        # A copy, because functions may modify their arrays in place.
        blocks = {f"{RASTER}_pixels": block.astype(self._pixel_type), f"{RASTER}_mask": np.ones(block.shape, np.uint8)}
        properties = {**self._output, "width": width, "height": height}
        answer = self._function.call("updatePixels", (0.0, 0.0), shape, properties, **blocks)
        with ForeignCode(self._function.name, "updatePixels"):
            pixels = np.asarray(answer["output_pixels"])
            return self._checked(pixels, (self._channels, height, width))

    def _checked(self, pixels: NDArray[Any], expected: tuple[int, int, int]) -> NDArray[Any]:
        """Returns pixels (bands, height, width) of the declared type."""
        shaped = pixels[np.newaxis] if pixels.ndim == 2 else pixels
        # Some functions keep a batch axis of size one.
        shaped = shaped[0] if shaped.ndim == 4 and len(shaped) == 1 else shaped
        if shaped.shape != expected or shaped.dtype.kind not in "biuf":
            found = Phrase("{dtype} pixels of the shape {shape}", {"dtype": pixels.dtype, "shape": pixels.shape})
            difference = Phrase("it returned {found} instead of {wanted}", {"found": found, "wanted": expected})
            raise FunctionError(function=self._function.name, method="updatePixels", reason=difference)
        if self._dtype.kind in "iu" and shaped.dtype.kind == "f" and not np.isfinite(shaped).all():
            reason = Phrase("it returned values that are not finite (NaN or Inf)")
            raise FunctionError(function=self._function.name, method="updatePixels", reason=reason)
        with np.errstate(invalid="ignore", over="ignore"):
            kept = shaped.astype(self._dtype)
        if self._dtype.kind in "iu" and (kept != shaped).any():
            values = {"value": shaped[kept != shaped].flat[0], "type": self._output["pixelType"]}
            reason = Phrase("it returned {value}, which its pixelType {type} cannot represent", values)
            raise FunctionError(function=self._function.name, method="updatePixels", reason=reason)
        return kept


def _scalars(parameters: tuple[Parameter, ...], given: Mapping[str, str]) -> dict[str, Any]:
    """Returns a value for each parameter; user-defined names are in lower case."""
    return {parameter.name: parameter.read(given.get(parameter.name.lower())) for parameter in parameters}


def _tile(configuration: Mapping[str, Any]) -> tuple[int, int] | None:
    """Returns height and width of a block's output, None if the function takes any size."""
    if configuration.get("tx") is None or configuration.get("ty") is None:
        return None
    return _whole(configuration["ty"], least=1), _whole(configuration["tx"], least=1)


def _whole(value: Any, least: int) -> int:
    number = int(value)
    if number != value or not least <= number <= LARGEST_BLOCK:
        raise ValueError(f"{value!r} is not a whole number from {least} to {LARGEST_BLOCK}")
    return number


def _distinct(classes: tuple[ModelClass, ...]) -> tuple[ModelClass, ...]:
    if len({c.value for c in classes}) != len(classes):
        raise ValueError("its attribute table has a class value twice")
    return classes
