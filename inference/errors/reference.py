# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of references to a raster or a model: layers, data stores, addresses, portals."""

from __future__ import annotations

from .base import ClassifyPixelsError


class ReferenceFormError(ClassifyPixelsError):
    """A JSON reference to a raster or a model is not recognised."""

    sentence = "The reference {reference} cannot be read: {reason}. Enter an itemId, a url or a uri."


class ReferenceKeyError(ClassifyPixelsError):
    """A reference to a raster requests pixels that its file or service cannot return."""

    sentence = (
        "The key {key} in the reference to {reference} may change pixels and cannot be applied: {reason}. Correct or "
        "remove it."
    )


class LayerGridError(ClassifyPixelsError):
    """The layer, such as a tiled web map, has no cell size, and no grid was requested."""

    sentence = "The layer {layer} has no cell size. Set Cell size and Extent."


class LayerLevelError(ClassifyPixelsError):
    """The requested cells are far larger than those of the coarsest level of a tiled map."""

    sentence = (
        "The layer {layer} has no level for cells of {cell}; its coarsest level has cells of {coarsest}. "
        "Choose a smaller Cell size."
    )


class LayerReadError(ClassifyPixelsError):
    """The data provider of a layer failed or took too long."""

    sentence = "The layer {layer} returned no pixels: {reason}. Check its connection and try again."


class LayerForgottenError(ClassifyPixelsError):
    """The address of a layer had a query or a sign-in, which the job list does not store."""

    sentence = (
        "The query or sign-in of the layer {layer} is not stored in the job list. Open the project that contains this "
        "layer and try again, or start a new job."
    )


class DataStoreUnknownError(ClassifyPixelsError):
    """A path refers to a data store that is not in the settings."""

    sentence = "The data store {store} is unknown; known stores: {known}. Add it to CLASSIFY_PIXELS_DATA_STORES."


class DataStorePathError(ClassifyPixelsError):
    """A path leads out of its data store."""

    sentence = "The path {path} leaves its data store. Enter a path without '..'."


class DataStoreSettingError(ClassifyPixelsError):
    """The environment variable with the data stores is not a JSON object."""

    sentence = 'The variable {variable} cannot be read: {reason}. Write it as {{"NAME": "folder or /vsi prefix"}}.'


class SignInSettingError(ClassifyPixelsError):
    """The environment variable with the sign-in of servers is not a JSON object."""

    sentence = (
        'The variable {variable} cannot be read: {reason}. Write it as {{"https://HOST": "Authorization: Bearer '
        'TOKEN"}}.'
    )


class SignInMissingError(ClassifyPixelsError):
    """A process of a cluster has no sign-in for a server that requires one."""

    sentence = (
        "This machine has no sign-in for {server}: the variable {variable} does not name it. Set {variable} to "
        '{{"{server}": "Authorization: Bearer TOKEN"}} on all machines.'
    )


class AddressError(ClassifyPixelsError):
    """An address did not respond, or responded with an error."""

    sentence = "The address {address} could not be read: {reason}. Check the address, the network and the sign-in."


class DownloadDigestError(ClassifyPixelsError):
    """A downloaded file is not the one that its catalog describes."""

    sentence = (
        "The file from {address} is not the one that the catalogue describes: expected {expected}, received {found}. "
        "Nothing was kept; try again, or report it to the owner of the catalogue."
    )


class CatalogListError(ClassifyPixelsError):
    """The list of model catalogs cannot be read."""

    sentence = "The list of model catalogues {file} cannot be read: {reason}. Correct the file, or remove it."


class ImageServiceError(ClassifyPixelsError):
    """An image service cannot be used as a raster, or returned an unexpected response."""

    sentence = "The image service {service} cannot be used: {reason}. Check it in a browser or choose another one."


class PortalMissingError(ClassifyPixelsError):
    """An item is set, but no portal."""

    sentence = "The item {item} needs a portal. Set its address in the variable {variable}."


class PortalItemError(ClassifyPixelsError):
    """A portal item cannot be used."""

    sentence = "The portal item {item} cannot be used: {reason}. Choose another item."
