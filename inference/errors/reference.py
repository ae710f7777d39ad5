# SPDX-License-Identifier: GPL-2.0-or-later
"""Failures of what stands for a raster or a model: layers, stores, addresses, portals."""

from __future__ import annotations

from .base import ClassifyPixelsError


class ReferenceFormError(ClassifyPixelsError):
    """A JSON value for a raster or a model names nothing that is known."""

    sentence = "The reference {reference} cannot be read: {reason}. Give an itemId, a url or a uri."


class ReferenceKeyError(ClassifyPixelsError):
    """A reference to a raster asks for other pixels than its file or service can give."""

    sentence = (
        "The key {key} in the reference to {reference} may change pixels and cannot be applied: {reason}. Correct or "
        "remove it."
    )


class LayerGridError(ClassifyPixelsError):
    """The layer has no cells of its own, as a tiled web map has none, and no grid was asked for."""

    sentence = "The layer {layer} has no cell size of its own. Give CELL_SIZE and EXTENT."


class LayerLevelError(ClassifyPixelsError):
    """The cells that are asked for are far larger than those of the coarsest level of a tiled map."""

    sentence = (
        "The layer {layer} has no level for cells of {cell}: those of its coarsest one measure {coarsest}. "
        "Choose a smaller CELL_SIZE."
    )


class LayerReadError(ClassifyPixelsError):
    """The data provider of a layer failed or took too long."""

    sentence = "The layer {layer} did not give its pixels: {reason}. Check its connection and try again."


class LayerForgottenError(ClassifyPixelsError):
    """The address of a layer had a query or a sign-in, which the list of jobs does not keep."""

    sentence = (
        "The query or sign-in of the layer {layer} is not stored in the job list. Open the project that contains this "
        "layer and try again, or start a new job."
    )


class DataStoreUnknownError(ClassifyPixelsError):
    """A path names a data store that is not in the settings."""

    sentence = "The data store {store} is unknown; known are: {known}. Name it in CLASSIFY_PIXELS_DATA_STORES."


class DataStorePathError(ClassifyPixelsError):
    """A path climbs out of its data store."""

    sentence = "The path {path} leaves its data store. Give a path without '..'."


class DataStoreSettingError(ClassifyPixelsError):
    """The environment variable with the data stores is not a JSON object."""

    sentence = 'The variable {variable} cannot be read: {reason}. Write it as {{"NAME": "folder or /vsi prefix"}}.'


class AddressError(ClassifyPixelsError):
    """An address did not answer, or answered with an error."""

    sentence = "The address {address} could not be read: {reason}. Check the address, the network and the sign-in."


class ImageServiceError(ClassifyPixelsError):
    """An image service lacks what a raster needs, or answered with something else than asked."""

    sentence = "The image service {service} cannot be used: {reason}. Check it in a browser or choose another one."


class PortalMissingError(ClassifyPixelsError):
    """An item was given, but no portal is set."""

    sentence = "The item {item} needs a portal. Set its address in the variable {variable}."


class PortalItemError(ClassifyPixelsError):
    """An item of a portal is of no use here."""

    sentence = "The portal item {item} cannot be used: {reason}. Choose another item."
