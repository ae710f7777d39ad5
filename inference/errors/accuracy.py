# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of accuracy assessment and of sample points."""

from __future__ import annotations

from .base import ClassifyPixelsError, RunCancelledError


class AssessmentCancelledError(RunCancelledError):
    """The user cancelled an assessment or the drawing of sample points."""

    sentence = "The run was cancelled; no output was written."


class ClassMapError(ClassifyPixelsError):
    """A raster is not a class map on a regular grid."""

    sentence = "The raster {raster} cannot be used as a class map: {reason}. Choose a raster of whole class values."


class MapReferenceError(ClassifyPixelsError):
    """The reference layer has neither points nor polygons, or a damaged geometry."""

    sentence = "The reference {reference} cannot be used: {reason}. Choose points, polygons or a raster."


class ReferenceMissingError(ClassifyPixelsError):
    """No reference is set."""

    sentence = "No reference is set. Choose points, polygons or a raster with the true classes."


class ReferenceFieldError(ClassifyPixelsError):
    """A field of the reference layer is missing, not set or not allowed."""

    sentence = "The field {field} of {reference} cannot be used: {reason}. The layer has the fields {known}."


class ReferenceCrsError(ClassifyPixelsError):
    """The positions of a layer relative to the map are unknown."""

    sentence = "The layers cannot be aligned: {reason}. Assign the missing CRS."


class ReferenceClassError(ClassifyPixelsError):
    """The reference has classes that the map does not have."""

    sentence = (
        "The reference {reference} has {count} classes that the map does not have: {classes}. Classes of the map: "
        "{known}. Correct the reference, or declare values without a meaning as NoData."
    )


class ReferenceNameError(ClassifyPixelsError):
    """A class of the reference matches several classes of the map."""

    sentence = (
        "The class {label} of the reference {reference} matches several classes of the map: {classes}. Use the values "
        "of the classes."
    )


class ReferenceValuesError(ClassifyPixelsError):
    """Several values of the reference raster mean the same class of the map."""

    sentence = (
        "The values {values} of the reference {reference} match the same class of the map, {name}. Give the reference "
        "the class values of the map."
    )


class SamplesMissingError(ClassifyPixelsError):
    """No sample of the reference is on a classified pixel of the map."""

    sentence = (
        "No sample of the reference {reference} can be compared with the map {raster}: {outside} are outside the map, "
        "{empty} on NoData, {unlabelled} without a class. Check the extent, the CRS and the class field."
    )


class StratumError(ClassifyPixelsError):
    """The recorded strata of the samples are not those of the raster."""

    sentence = (
        "{count} of {total} samples have another stratum in the field {field} than in the raster {raster}. Set Strata "
        "to the map from which the sample was drawn."
    )


class SampleSizeError(ClassifyPixelsError):
    """The requested number of sample points is impossible."""

    sentence = "The sample cannot be drawn: {reason}. Change the number of points or the minimum per class."


class ClassNumbersError(ClassifyPixelsError):
    """A list of numbers per class is unreadable or incomplete."""

    sentence = (
        "{name} has the value {value}, which cannot be used: {reason}. Write one number for all classes, or one per "
        "class by value, such as 1=75;2=150."
    )


class SampleFormatError(ClassifyPixelsError):
    """The file of the sample points is not a GeoPackage."""

    sentence = "The output {output} is not a GeoPackage. Enter a file name that ends in .gpkg."
