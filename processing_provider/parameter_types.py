# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS's parameter types, opened to the forms that their own checks refuse.

A subclass with `clone` keeps the native widget in dialog, batch and modeler. What is given is judged by the
run, which can say more than "incorrect parameter value".
"""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingParameterCrs,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFile,
    QgsProcessingParameterMapLayer,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
)


class RasterParameter(QgsProcessingParameterRasterLayer):
    """Rasters: a layer, any name that GDAL opens, several of them, or a reference in JSON.

    QGIS's own check would load a path as a layer, which writes a file beside the raster.
    """

    def clone(self) -> RasterParameter:
        """Returns a copy; without it QGIS would copy the base class only."""
        return RasterParameter(self)

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:  # noqa: N802
        """Returns true for anything that is given."""
        return not _is_nothing(value) or _is_optional(self)


class LayerParameter(QgsProcessingParameterMapLayer):
    """A vector or raster layer, a path, or a reference in JSON."""

    def clone(self) -> LayerParameter:
        """Returns a copy; without it QGIS would copy the base class only."""
        return LayerParameter(self)

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:  # noqa: N802
        """Returns true for anything that is given."""
        return not _is_nothing(value) or _is_optional(self)


class ModelParameter(QgsProcessingParameterFile):
    """A model file, a reference in JSON, or the definition itself as JSON text or dictionary."""

    def clone(self) -> ModelParameter:
        """Returns a copy; without it QGIS would copy the base class only."""
        return ModelParameter(self)

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:  # noqa: N802
        """Returns true for anything that is given."""
        return not _is_nothing(value)


class ExtentParameter(QgsProcessingParameterExtent):
    """An extent of QGIS, or one as Esri writes it in JSON."""

    def clone(self) -> ExtentParameter:
        """Returns a copy; without it QGIS would copy the base class only."""
        return ExtentParameter(self)

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:  # noqa: N802
        """Returns true for what QGIS accepts, and for dictionaries and JSON texts."""
        if isinstance(value, dict) or (isinstance(value, str) and value.strip().startswith("{")):
            return True
        return bool(super().checkValueIsAcceptable(value, context))


class CrsParameter(QgsProcessingParameterCrs):
    """A CRS of QGIS, or a spatial reference as Esri writes it in JSON."""

    def clone(self) -> CrsParameter:
        """Returns a copy; without it QGIS would copy the base class only."""
        return CrsParameter(self)

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:  # noqa: N802
        """Returns true for everything."""
        return True


class ChoiceParameter(QgsProcessingParameterEnum):
    """A choice by name, in any case."""

    def clone(self) -> ChoiceParameter:
        """Returns a copy; without it QGIS would copy the base class only."""
        return ChoiceParameter(self)

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:  # noqa: N802
        """Returns true for every text."""
        return value is None or isinstance(value, str)


class ResultParameter(QgsProcessingParameterRasterDestination):
    """A file or temporary layer of QGIS, or a reference in JSON."""

    def clone(self) -> ResultParameter:
        """Returns a copy; without it QGIS would copy the base class only."""
        return ResultParameter(self)

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:  # noqa: N802
        """Returns true for what QGIS accepts, and for dictionaries."""
        return isinstance(value, dict) or bool(super().checkValueIsAcceptable(value, context))


def _is_nothing(value: Any) -> bool:
    """Tells what dialogs, scripts and the command line each hand over for nothing."""
    return value is None or (isinstance(value, (str, dict, list)) and not value)


def _is_optional(parameter: QgsProcessingParameterRasterLayer) -> bool:
    return bool(parameter.flags() & parameter.Flag.FlagOptional)
