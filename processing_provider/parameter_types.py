# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS's parameter types, without their checks of values.

A subclass with `clone` keeps the native widget in dialog, batch and modeler. The run checks the values, with better
messages than "incorrect parameter value".
"""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingParameterCrs,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFile,
    QgsProcessingParameterMapLayer,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterVectorDestination,
)

from ..inference.run.esri_context import is_nothing


class RasterParameter(QgsProcessingParameterRasterLayer):
    """Rasters: a layer, any name that GDAL opens, several of them, or a reference in JSON.

    QGIS's own check would load a path as a layer, which writes a side file.
    """

    def clone(self) -> RasterParameter:
        """Returns a copy; QGIS alone copies only the base class."""
        return RasterParameter(self)

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:  # noqa: N802
        """Returns True for any value, empty ones only if optional."""
        return not is_nothing(value) or _is_optional(self)


class LayerParameter(QgsProcessingParameterMapLayer):
    """A vector or raster layer, a path, or a reference in JSON."""

    def clone(self) -> LayerParameter:
        """Returns a copy; QGIS alone copies only the base class."""
        return LayerParameter(self)

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:  # noqa: N802
        """Returns True for any value, empty ones only if optional."""
        return not is_nothing(value) or _is_optional(self)


class ModelParameter(QgsProcessingParameterFile):
    """A model file, a reference in JSON, or the definition itself as JSON text or dictionary."""

    def clone(self) -> ModelParameter:
        """Returns a copy; QGIS alone copies only the base class."""
        return ModelParameter(self)

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:  # noqa: N802
        """Returns True for any value except an empty one."""
        return not is_nothing(value)


class ExtentParameter(QgsProcessingParameterExtent):
    """An extent of QGIS, or Esri's JSON."""

    def clone(self) -> ExtentParameter:
        """Returns a copy; QGIS alone copies only the base class."""
        return ExtentParameter(self)

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:  # noqa: N802
        """Returns True for values accepted by QGIS, dictionaries and JSON texts."""
        if isinstance(value, dict) or (isinstance(value, str) and value.strip().startswith("{")):
            return True
        return bool(super().checkValueIsAcceptable(value, context))


class CrsParameter(QgsProcessingParameterCrs):
    """A CRS of QGIS, or Esri's spatial reference in JSON."""

    def clone(self) -> CrsParameter:
        """Returns a copy; QGIS alone copies only the base class."""
        return CrsParameter(self)

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:  # noqa: N802
        """Returns True for everything."""
        return True


class ChoiceParameter(QgsProcessingParameterEnum):
    """A choice by name, in any case."""

    def clone(self) -> ChoiceParameter:
        """Returns a copy; QGIS alone copies only the base class."""
        return ChoiceParameter(self)

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:  # noqa: N802
        """Returns True for every text and None."""
        return value is None or isinstance(value, str)


class ResultParameter(QgsProcessingParameterRasterDestination):
    """A file or temporary layer of QGIS, or a reference in JSON."""

    def clone(self) -> ResultParameter:
        """Returns a copy; QGIS alone copies only the base class."""
        return ResultParameter(self)

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:  # noqa: N802
        """Returns True for values accepted by QGIS, and dictionaries."""
        return isinstance(value, dict) or bool(super().checkValueIsAcceptable(value, context))


class PolygonsParameter(QgsProcessingParameterVectorDestination):
    """A file or temporary layer of polygons, or a reference in JSON."""

    def clone(self) -> PolygonsParameter:
        """Returns a copy; QGIS alone copies only the base class."""
        return PolygonsParameter(self)

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:  # noqa: N802
        """Returns True for values accepted by QGIS, and dictionaries."""
        return isinstance(value, dict) or bool(super().checkValueIsAcceptable(value, context))


def with_help(parameter: QgsProcessingParameterDefinition, text: str) -> QgsProcessingParameterDefinition:
    """Sets the help of a parameter and returns the parameter."""
    parameter.setHelp(text)
    return parameter


def advanced(parameter: QgsProcessingParameterDefinition) -> QgsProcessingParameterDefinition:
    """Moves a parameter into the dialog's advanced group and returns it."""
    parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return parameter


def _is_optional(parameter: QgsProcessingParameterRasterLayer) -> bool:
    return bool(parameter.flags() & parameter.Flag.FlagOptional)
