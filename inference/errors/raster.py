# SPDX-License-Identifier: GPL-2.0-or-later
"""Failures of the input raster, its grid and its items."""

from __future__ import annotations

from .base import ClassifyPixelsError, RunCancelledError


class RasterUnreadableError(ClassifyPixelsError):
    """The input raster is missing, is no raster, or a block of it cannot be decoded."""

    sentence = "The raster {raster} cannot be read: {reason}. Check that the file exists and is complete."


class RasterMissingError(RasterUnreadableError):
    """No input raster was given."""

    sentence = "There is nothing to classify: no raster was given. Choose a layer, a file or an address."


class RasterNameError(RasterUnreadableError):
    """A text cannot be the name of a raster."""

    sentence = "The raster {raster} has a name that cannot be used: {reason}. Rename it, or choose another one."


class RasterRightsError(RasterUnreadableError):
    """The system does not let the user read the input raster."""

    sentence = "No permission to read the raster {raster}: {reason}. Get read access to the file and its folder."


class RasterFormatError(RasterUnreadableError):
    """No driver of GDAL takes the input raster."""

    sentence = (
        "The raster {raster} cannot be read: {reason}. Choose a format supported by this GDAL ({version}), or convert "
        "the raster to GeoTIFF."
    )


class RasterCodecError(RasterUnreadableError):
    """The pixels of the input raster are compressed in a way that this GDAL cannot undo."""

    sentence = (
        "The raster {raster} uses a compression that this GDAL ({version}) cannot read: {reason}. Convert it with a "
        "GDAL that can, for example with gdal_translate -co COMPRESS=DEFLATE."
    )


class RasterMemoryError(RasterUnreadableError):
    """The memory is too small for the input raster or a block of it."""

    sentence = (
        "Not enough memory to read the raster {raster}: {reason}. Close other programs, or convert it to a tiled "
        "GeoTIFF."
    )


class RasterAddressError(RasterUnreadableError):
    """The server of the input raster does not answer, or does not give it."""

    sentence = (
        "The raster {raster} could not be fetched: {reason}. Check its address, the network connection and the sign-in."
    )


class RasterDatabaseError(RasterUnreadableError):
    """The database of the input raster does not answer, or does not give it."""

    sentence = (
        "The raster {raster} could not be read from the database: {reason}. Check the server, database, table, user "
        "name and password."
    )


class RasterContainerError(ClassifyPixelsError):
    """The input is a container (NetCDF, HDF, …) with several rasters and no bands of its own."""

    sentence = "The file {raster} holds {count} rasters and no bands of its own. Choose one of them, e.g. {example}."


class BandTypeError(ClassifyPixelsError):
    """A band holds complex numbers."""

    sentence = "Band {band} of {raster} has the type {type}. Convert it to an integer or float type first."


class MissingBandsError(ClassifyPixelsError):
    """The raster lacks a band that the model needs."""

    sentence = (
        "The model needs band {needed}, but {raster} has {available}. Choose another raster, or say in BAND_MAPPING "
        "which of its bands to take."
    )


class AmbiguousBandError(ClassifyPixelsError):
    """Several bands of the raster may be the one that the model needs."""

    sentence = "The bands {candidates} of {raster} may all be the model's band {needed}. Choose one in BAND_MAPPING."


class BandMappingError(ClassifyPixelsError):
    """The band mapping cannot be read, or does not fit the model or the raster."""

    sentence = (
        "The band mapping {value} cannot be used: {reason}. Write it as raster bands in the model's order, such as "
        "4,3,2, or by model band, such as red=4;nir=B8."
    )


class InputNumbersError(ClassifyPixelsError):
    """INPUT_SCALE or INPUT_OFFSET is no list of usable numbers."""

    sentence = "{name} has the value {value}; it must be {expected}."


class RasterSizeError(ClassifyPixelsError):
    """The output grid has no cell, or more than a GeoTIFF can have."""

    sentence = "A result of {width} x {height} cells is not possible. Choose another extent."


class GridError(ClassifyPixelsError):
    """The raster cannot be brought onto the grid that was asked for."""

    sentence = "The raster {raster} cannot be resampled to the requested grid: {reason}."


class UnsoundGridError(GridError):
    """The CRS that is asked for has no sound place for the whole raster."""

    sentence = "The raster {raster} cannot be reprojected as a whole to the output CRS: {reason}."


class CellSizeRatioError(GridError):
    """The asked cells are a thousand times larger or smaller than the raster's."""

    sentence = (
        "The raster {raster} cannot be resampled to the requested grid: cells of {size} differ by a factor of {factor} "
        "from its own cells of {own}; the maximum is {most}. Give CELL_SIZE in units of the output CRS."
    )


class FewCellsError(GridError):
    """Next to nothing would be left of a large raster."""

    sentence = (
        "With cells of {size}, the result would have only {width} x {height} cells instead of the {columns} x {rows} "
        "cells of {own} in {raster}. Give CELL_SIZE in units of the output CRS, or choose a larger EXTENT."
    )


class TooManyCellsError(ClassifyPixelsError):
    """The result would have more cells than the limit."""

    sentence = (
        "The result would have {columns} x {rows} cells ({count} in total), at least {bytes} uncompressed; the limit "
        "is {limit} cells. Its cell size is {size}, that of {raster} is {own}. Choose a larger CELL_SIZE or a smaller "
        "EXTENT, or set the environment variable CLASSIFY_PIXELS_MOST_CELLS to a higher limit."
    )


class DiskSpaceError(ClassifyPixelsError):
    """The result cannot fit the free disk, however well it is compressed."""

    sentence = (
        "The result would have {columns} x {rows} cells ({count} in total), {bytes} uncompressed. It needs at least "
        "{least} of disk space, but {folder} has only {free} free. Its cell size is {size}, that of {raster} is {own}. "
        "Free some space, or choose a larger CELL_SIZE or a smaller EXTENT."
    )


class MaskError(ClassifyPixelsError):
    """The mask cannot be laid over the raster."""

    sentence = "The mask cannot be used: {reason}. Choose a polygon layer or a raster that overlaps the input."


class CrsError(ClassifyPixelsError):
    """A text or number names no coordinate reference system."""

    sentence = "The CRS {crs} is unknown. Give an authority and number such as EPSG:32633, or its WKT."


class CellSizeError(ClassifyPixelsError):
    """The cell size is neither a number above 0 nor a raster with square-edged cells."""

    sentence = "The cell size {size} cannot be used. Give a number above 0 in units of the output CRS, or a raster."


class ResamplingError(ClassifyPixelsError):
    """The resampling method is none of GDAL's."""

    sentence = "The resampling method {value} is unknown. Choose one of {known}."


class MixedListError(ClassifyPixelsError):
    """Web services are given where only files can be."""

    sentence = "A list of {count} rasters, or one with INPUT_NODATA, must be of files. Save web layers as files first."


class ContextError(ClassifyPixelsError):
    """The context is no JSON object, or a value in it cannot be used."""

    sentence = "The context cannot be read: {reason}. Write it as a JSON object."


class ContextKeyError(ClassifyPixelsError):
    """The context has a key that is nearly one of those that are read."""

    sentence = "The context has the key {key}, which is unknown. Known are {known}."


class ContextKeyRefusedError(ClassifyPixelsError):
    """The context asks for something that would change the result and that nothing here can do."""

    sentence = "The context key {key} with the value {value} would change the result, but is not supported. Remove it."


class ExtentError(ClassifyPixelsError):
    """The extent is not a rectangle with finite corners in a usable CRS."""

    sentence = "The extent {extent} cannot be used: {reason}. Give four finite bounds and their CRS."


class ExtentMissesRasterError(ClassifyPixelsError):
    """The extent and the raster have no cell in common."""

    sentence = "The extent {extent} lies outside the raster {raster}. Choose an extent that overlaps it."


class CollectionError(ClassifyPixelsError):
    """A folder, tile index, STAC file or list holds nothing that can be classified."""

    sentence = "The collection {collection} cannot be used: {reason}."


class ItemBandsError(ClassifyPixelsError):
    """A raster of a mosaic lacks bands that the first one has."""

    sentence = "The raster {raster} has {available} bands and {first}, the first one, {needed}. Leave one of them out."


class StackBandsError(ClassifyPixelsError):
    """A raster of a stack has more or fewer bands than the first one."""

    sentence = (
        "The raster {raster} has {available} bands and {first}, the first one of the stack, {needed}. Stack rasters "
        "with the same bands only."
    )


class StackUnusedError(ClassifyPixelsError):
    """A stack has rasters of which the model takes no band."""

    sentence = (
        "The model takes no band of {raster}, raster number {number} of {count} in the stack. Leave it out, or choose "
        "bands with BAND_MAPPING."
    )


class StackChoiceError(ClassifyPixelsError):
    """Rasters are to be stacked and to be processed separately."""

    sentence = "STACK_ITEMS and PROCESS_ALL_RASTER_ITEMS exclude each other. Choose one of them."


class ItemsUnreadableError(ClassifyPixelsError):
    """Several rasters of a mosaic cannot be read."""

    sentence = "{failed} of {count} rasters cannot be read: {items}. First error: {reason}"


class ItemFailuresError(ClassifyPixelsError):
    """Some rasters of a collection could not be classified; the others were."""

    sentence = "{failed} of {count} rasters failed: {items}. First error: {reason} The other maps are in {folder}."


class ItemsCancelledError(RunCancelledError):
    """The user cancelled a run over a collection after some of its rasters."""

    sentence = "The classification was cancelled after {done} of {count} rasters; their results stay in {folder}."
