# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of packaging a model."""

from __future__ import annotations

from .base import ClassifyPixelsError


class PackagePartMissingError(ClassifyPixelsError):
    """A required part of the model definition is missing, and the network does not define it."""

    sentence = "The definition of {weights} lacks {part}. Set {parameter}."


class PackageMemberError(ClassifyPixelsError):
    """A file cannot be a member of the package."""

    sentence = "The file {file} cannot be packed: {reason}. Choose another file, or rename it."


class PackageOutputError(ClassifyPixelsError):
    """The output has a suffix that ArcGIS and this plugin would not recognise."""

    sentence = "The output {output} must end in {suffix}. Rename it."


class ClassTableError(ClassifyPixelsError):
    """The classes have an unreadable form."""

    sentence = "The classes {classes} cannot be read: {reason}. Enter a value, a name and a colour for each class."
