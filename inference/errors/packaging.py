# SPDX-License-Identifier: GPL-2.0-or-later
"""Failures of putting a model into a package."""

from __future__ import annotations

from .base import ClassifyPixelsError


class PackagePartMissingError(ClassifyPixelsError):
    """Something that every model definition needs was not given, and the network does not tell it."""

    sentence = "The definition of {weights} lacks {part}. Give {parameter}."


class PackageMemberError(ClassifyPixelsError):
    """A file cannot be a member of the package."""

    sentence = "The file {file} cannot be packed: {reason}. Choose another file, or rename it."


class PackageOutputError(ClassifyPixelsError):
    """The output has a name that ArcGIS and this plugin would not take for what it is."""

    sentence = "The output {output} must end in {suffix}. Give it another name."


class ClassTableError(ClassifyPixelsError):
    """The classes come in a form that cannot be read."""

    sentence = "The classes {classes} cannot be read: {reason}. Give a value, a name and a colour of each class."
