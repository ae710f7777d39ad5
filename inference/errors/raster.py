# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of the input raster, its grid and its items."""

from __future__ import annotations

from .base import ClassifyPixelsError, RunCancelledError


class RasterUnreadableError(ClassifyPixelsError):
    """The input raster is missing, is not a raster, or has a block that cannot be decoded."""

    sentence = "The raster {raster} cannot be read: {reason}. Check that the file exists and is complete."


class RasterMissingError(RasterUnreadableError):
    """No input raster is set."""

    sentence = "No input raster is set. Choose a layer, a file or an address."


class RasterNameError(RasterUnreadableError):
    """The name of the raster is invalid."""

    sentence = "The raster {raster} has an invalid name: {reason}. Rename it, or choose another raster."


class RasterRightsError(RasterUnreadableError):
    """The user has no permission to read the input raster."""

    sentence = "No permission to read the raster {raster}: {reason}. Get read access to the file and its folder."


class RasterFormatError(RasterUnreadableError):
    """No GDAL driver supports the input raster."""

    sentence = (
        "The raster {raster} cannot be read: {reason}. Choose a format supported by this GDAL ({version}), or convert "
        "the raster to GeoTIFF."
    )


class RasterCodecError(RasterUnreadableError):
    """The input raster uses a compression that this GDAL does not support."""

    sentence = (
        "The raster {raster} uses a compression that this GDAL ({version}) cannot read: {reason}. Convert it with a "
        "GDAL that can, for example with gdal_translate -co COMPRESS=DEFLATE."
    )


class RasterMemoryError(RasterUnreadableError):
    """There is not enough memory for the input raster or a block of it."""

    sentence = (
        "Not enough memory to read the raster {raster}: {reason}. Close other programs, or convert it to a tiled "
        "GeoTIFF."
    )


class RasterAddressError(RasterUnreadableError):
    """The server of the input raster does not respond or refuses access."""

    sentence = (
        "The raster {raster} could not be fetched: {reason}. Check its address, the network connection and the sign-in."
    )


class RasterDatabaseError(RasterUnreadableError):
    """The database of the input raster does not respond or refuses access."""

    sentence = (
        "The raster {raster} could not be read from the database: {reason}. Check the server, database, table, user "
        "name and password."
    )


class RasterContainerError(ClassifyPixelsError):
    """The input is a container (NetCDF, HDF, …) of several rasters."""

    sentence = "The file {raster} is a container of {count} rasters. Choose one of them, e.g. {example}."


class BandTypeError(ClassifyPixelsError):
    """A band has complex values."""

    sentence = "Band {band} of {raster} has the type {type}. Convert it to an integer or float type first."


class MissingBandsError(ClassifyPixelsError):
    """The raster lacks a band required by the model."""

    sentence = (
        "This raster does not fit the model: it needs band {needed}, {raster} has {available}. Choose another raster, "
        "or set Band mapping."
    )


class AmbiguousBandError(ClassifyPixelsError):
    """Several bands of the raster match a band of the model."""

    sentence = "Several bands of {raster} match the model's band {needed}: {candidates}. Choose one in Band mapping."


class BandMappingError(ClassifyPixelsError):
    """The band mapping is unreadable, or does not fit the model or the raster."""

    sentence = (
        "The band mapping {value} cannot be used: {reason}. Write it as raster bands in the model's order, such as "
        "4,3,2, or by model band, such as red=4;nir=B8."
    )


class InputNumbersError(ClassifyPixelsError):
    """The input scale or offset is not a list of valid numbers."""

    sentence = "{name} has the value {value}; it must be {expected}."


class RasterSizeError(ClassifyPixelsError):
    """The output grid has no cells, or more than a GeoTIFF supports."""

    sentence = "A result of {width} x {height} cells is not possible. Choose another extent."


class GridError(ClassifyPixelsError):
    """The raster cannot be resampled to the requested grid."""

    sentence = "The raster {raster} cannot be resampled to the requested grid: {reason}."


class UnsoundGridError(GridError):
    """The requested CRS is not reliable for the whole raster."""

    sentence = "The raster {raster} cannot be reprojected as a whole to the output CRS: {reason}."


class CellSizeRatioError(GridError):
    """The requested cells are a thousand times larger or smaller than those of the raster."""

    sentence = (
        "The raster {raster} cannot be resampled to the requested grid: cells of {size} differ by a factor of {factor} "
        "from the raster's cells of {own}; the maximum is {most}. Set Cell size in units of the output CRS."
    )


class FewCellsError(GridError):
    """A large raster would be reduced to a few cells."""

    sentence = (
        "With cells of {size}, the result would have only {width} x {height} cells instead of the {columns} x {rows} "
        "cells of {own} in {raster}. Set Cell size in units of the output CRS, or choose a larger Extent."
    )


class TooManyCellsError(ClassifyPixelsError):
    """The result would have more cells than the limit."""

    sentence = (
        "The result would have {columns} x {rows} cells ({count} in total), at least {bytes} uncompressed; the limit "
        "is {limit} cells. Its cell size is {size}, that of {raster} is {own}. Choose a larger Cell size or a smaller "
        "Extent, or set the environment variable CLASSIFY_PIXELS_MOST_CELLS to a higher limit."
    )


class DiskSpaceError(ClassifyPixelsError):
    """The result exceeds the free disk space, even with the best compression."""

    sentence = (
        "The result would have {columns} x {rows} cells ({count} in total), {bytes} uncompressed. It needs at least "
        "{least} of disk space, but {folder} has only {free} free. Its cell size is {size}, that of {raster} is {own}. "
        "Free some space, or choose a larger Cell size or a smaller Extent."
    )


class MaskError(ClassifyPixelsError):
    """The mask is invalid or does not overlap the raster."""

    sentence = "The mask cannot be used: {reason}. Choose a polygon layer or a raster that overlaps the input."


class CrsError(ClassifyPixelsError):
    """A text or number does not identify a coordinate reference system."""

    sentence = "The CRS {crs} is unknown. Enter an authority and code such as EPSG:32633, or its WKT."


class CellSizeError(ClassifyPixelsError):
    """The cell size is neither a number above 0 nor a raster with square-edged cells."""

    sentence = "The cell size {size} cannot be used. Enter a number above 0 in units of the output CRS, or a raster."


class ResamplingError(ClassifyPixelsError):
    """GDAL does not have the resampling method."""

    sentence = "The resampling method {value} is unknown. Choose one of {known}."


class MixedListError(ClassifyPixelsError):
    """A list of rasters contains web services; only files are supported there."""

    sentence = (
        "A list of {count} rasters, or one with Input NoData values, must consist of files. Save web layers as files."
    )


class ContextError(ClassifyPixelsError):
    """The context is not a JSON object, or has an invalid value."""

    sentence = "The context cannot be read: {reason}. Write it as a JSON object."


class ContextKeyError(ClassifyPixelsError):
    """The context has a key that resembles a known one."""

    sentence = "The context has the unknown key {key}. Known keys: {known}."


class ContextKeyRefusedError(ClassifyPixelsError):
    """The context requests an unsupported setting that would change the result."""

    sentence = "The context key {key} with the value {value} would change the result, but is not supported. Remove it."


class ExtentError(ClassifyPixelsError):
    """The extent is not a rectangle with finite corners in a usable CRS."""

    sentence = "The extent {extent} cannot be used: {reason}. Enter four finite bounds and their CRS."


class ExtentMissesRasterError(ClassifyPixelsError):
    """The extent does not overlap the raster."""

    sentence = "The extent {extent} is outside the raster {raster}. Choose an extent that overlaps it."


class CollectionError(ClassifyPixelsError):
    """A folder, tile index, STAC file or list contains no raster that can be classified."""

    sentence = "The collection {collection} cannot be used: {reason}."


class ItemBandsError(ClassifyPixelsError):
    """A raster of a mosaic lacks bands that the first one has."""

    sentence = (
        "The raster {raster} has {available} bands, but {first}, the first one, has {needed}. Leave one of them out."
    )


class ItemBandOrderError(ClassifyPixelsError):
    """A raster of a mosaic has bands of the first one in other places, but not all of them."""

    sentence = (
        "The raster {raster} has the bands of {first}, the first one, in another order and lacks {needed}. Leave one "
        "of them out."
    )


class StackBandsError(ClassifyPixelsError):
    """A raster of a stack has more or fewer bands than the first one."""

    sentence = (
        "The raster {raster} has {available} bands, but {first}, the first one of the stack, has {needed}. Stack only "
        "rasters with the same bands."
    )


class StackUnusedError(ClassifyPixelsError):
    """The model uses no band of a raster in the stack."""

    sentence = "The model uses no band of {raster} ({number} of {count} in the stack). Remove it, or set Band mapping."


class StackChoiceError(ClassifyPixelsError):
    """Rasters are to be both stacked and processed separately."""

    sentence = "Stack raster items and Process all raster items separately are mutually exclusive. Choose one."


class ItemsUnreadableError(ClassifyPixelsError):
    """Several rasters of a mosaic cannot be read."""

    sentence = "{failed} of {count} rasters cannot be read: {items}. First error: {reason}"


class ItemFailuresError(ClassifyPixelsError):
    """Some rasters of a collection could not be classified; the others were."""

    sentence = "{failed} of {count} rasters failed: {items}. First error: {reason} The other maps are in {folder}."


class ItemsCancelledError(RunCancelledError):
    """The user cancelled the run of a collection after some of its rasters."""

    sentence = "The classification was cancelled after {done} of {count} rasters; their results are kept in {folder}."
