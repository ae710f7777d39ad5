# SPDX-License-Identifier: GPL-2.0-or-later
"""One error class per condition; each is a sentence with the offending value and the next step."""

from __future__ import annotations

from typing import ClassVar


class ClassifyPixelsError(Exception):
    """A failure that the user can understand and act upon.

    `sentence` is the untranslated text and `values` fill its braces, so that a front end can translate
    the sentence before it fills it in.
    """

    sentence: ClassVar[str] = ""

    def __init__(self, **values: object) -> None:
        super().__init__(self.sentence.format(**values))
        self.values = values


class RunCancelledError(ClassifyPixelsError):
    """The user cancelled the run."""

    sentence = "The classification was cancelled; no output was written."


# --- the input raster ---------------------------------------------------------------------------------


class RasterUnreadableError(ClassifyPixelsError):
    """The input raster is missing, is no raster, or a block of it cannot be decoded."""

    sentence = "The raster {raster} cannot be read: {reason}. Check that the file exists and is complete."


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

    sentence = "The raster {raster} cannot be brought onto the asked grid: {reason}."


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
    """The context has a key that changes nothing here."""

    sentence = "The context has the key {key}, which is unknown. Known are {known}."


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


class ItemFailuresError(ClassifyPixelsError):
    """Some rasters of a collection could not be classified; the others were."""

    sentence = "{failed} of {count} rasters failed, the first was {item}: {reason} The others are in {folder}."


class ItemsCancelledError(RunCancelledError):
    """The user cancelled a run over a collection after some of its rasters."""

    sentence = "The classification was cancelled after {done} of {count} rasters; their results stay in {folder}."


# --- references to rasters and models -----------------------------------------------------------------


class ReferenceFormError(ClassifyPixelsError):
    """A JSON value for a raster or a model names nothing that is known."""

    sentence = "The reference {reference} cannot be read: {reason}. Give an itemId, a url or a uri."


class LayerGridError(ClassifyPixelsError):
    """The layer has no cells of its own, as a tiled web map has none, and no grid was asked for."""

    sentence = "The layer {layer} has no cell size of its own. Give CELL_SIZE and EXTENT."


class LayerReadError(ClassifyPixelsError):
    """The data provider of a layer failed or took too long."""

    sentence = "The layer {layer} did not give its pixels: {reason}. Check its connection and try again."


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


# --- the model ----------------------------------------------------------------------------------------


class ModelUnreadableError(ClassifyPixelsError):
    """The model file is missing, or is not what its name promises."""

    sentence = "The model {model} cannot be read: {reason}. Choose an .emd, .dlpk, .onnx or .pt file."


class ModelKeyMissingError(ClassifyPixelsError):
    """A key that every model definition needs is absent."""

    sentence = "The model definition {model} lacks the key {key}. Add it to the definition."


class ModelKeyError(ClassifyPixelsError):
    """A key of the model definition has a value that it cannot have."""

    sentence = "In the model definition {model} the key {key} has the value {value}; it must be {expected}."


class ModelTypeError(ClassifyPixelsError):
    """The model does something else than classify pixels."""

    sentence = "The model {model} is of the type {type}. Choose a pixel classification (ImageClassification) model."


class FrameworkError(ClassifyPixelsError):
    """The weights are of a framework that cannot be run."""

    sentence = "The model {model} needs {framework}, which does not run here. Export it to ONNX or TorchScript."


class WeightsMissingError(ClassifyPixelsError):
    """The weights that the model definition names are not there."""

    sentence = "The weights {weights} of the model {model} were not found. Put the file beside the model definition."


class WeightsUnreadableError(ClassifyPixelsError):
    """The weights cannot be loaded by their runtime."""

    sentence = "The weights {weights} cannot be loaded: {reason}. Check that the file is complete."


class ArchitectureMissingError(ClassifyPixelsError):
    """The file holds weights only, or would need a pickle to be executed."""

    sentence = "{weights} is not a TorchScript file: it holds {content}. Export it with torch.jit.save, or to ONNX."


class PackageRefusedError(ClassifyPixelsError):
    """A package is damaged, encrypted or has a member that could do harm."""

    sentence = "The package {package} was refused: {reason}. Get it again from a source that you trust."


class PackageCacheError(ClassifyPixelsError):
    """The folder that packages are unpacked into cannot be written to."""

    sentence = "The package {package} cannot be unpacked into {folder}: {reason}. Check the space and rights there."


class RuntimeMissingError(ClassifyPixelsError):
    """The library that runs the network is not installed in QGIS's Python, or cannot start there."""

    sentence = "{runtime} cannot be used in QGIS's Python ({reason}). Install it with:  {command}"


class ProcessorError(ClassifyPixelsError):
    """The processor that was asked for is not there."""

    sentence = "No usable GPU was found by {runtime} (found: {found}). Choose AUTO or CPU as the processor type."


class NetworkMismatchError(ClassifyPixelsError):
    """The network and the model definition contradict each other."""

    sentence = "The network {weights} does not fit its definition: {reason}. Correct the definition or the export."


class NetworkRunError(ClassifyPixelsError):
    """The runtime failed while the network ran."""

    sentence = "The network failed on a tile of {size} pixels: {reason}. Try another tile size or a smaller batch."


class ScoresError(ClassifyPixelsError):
    """The network gave a score that is not a finite number."""

    sentence = "The network gave scores that are not finite (NaN or Inf). Check the value range of the input bands."


class NoScoresError(ClassifyPixelsError):
    """Scores are needed of a network that gives ready classes."""

    sentence = "The model {model} gives ready classes: there are no scores to write or average. Ask for classes only."


class UnlistedClassError(ClassifyPixelsError):
    """The network gave a class that the model definition does not list."""

    sentence = "The network gave the class {value}, which the model definition does not list. Add it to Classes."


# --- the arguments and the environment ----------------------------------------------------------------


class ArgumentsUnreadableError(ClassifyPixelsError):
    """The model arguments are neither JSON nor name-value pairs."""

    sentence = 'The model arguments {text} cannot be read. Write them as "padding 32;batch_size 4" or as JSON.'


class ArgumentUnknownError(ClassifyPixelsError):
    """A model argument has a name that nobody knows."""

    sentence = "The model argument {name} is unknown. This model knows: {known}."


class ArgumentError(ClassifyPixelsError):
    """A model argument has a value that it cannot have."""

    sentence = "The model argument {name} has the value {value}; it must be {expected}."


class ParallelFactorError(ClassifyPixelsError):
    """The parallel processing factor is neither a number nor a percentage."""

    sentence = "The parallel processing factor {value} cannot be used. Give a number like 4, or a share like 75%."


class ProcessorTypeError(ClassifyPixelsError):
    """The processor type is none of the known ones."""

    sentence = "The processor type {value} is unknown. Choose AUTO, CPU or GPU."


# --- the output ---------------------------------------------------------------------------------------


class OutputFormatError(ClassifyPixelsError):
    """The output cannot be a GeoTIFF."""

    sentence = "The output {output} cannot be a GeoTIFF: {reason}. Give the name of a file that ends in .tif."


class OutputReferenceError(ClassifyPixelsError):
    """A reference to an output names neither a path nor a service."""

    sentence = "The output {reference} cannot be read. Give a path, a uri, or serviceProperties with a plain name."


class CreationOptionsError(ClassifyPixelsError):
    """The creation options are no pairs of name and value, or would damage the class values."""

    sentence = "The creation options {options} cannot be used: {reason}. Write them as COMPRESS=LZW|FORMAT=COG."


class OutputFolderError(ClassifyPixelsError):
    """The output folder is missing or cannot be written to."""

    sentence = "The output folder {folder} cannot be used: {reason}. Choose a folder that exists and is writable."


class OutputIsInputError(ClassifyPixelsError):
    """The output would overwrite an input, or another output."""

    sentence = "The output {output} is also an input or another output. Choose another name for it."


class OutputWriteError(ClassifyPixelsError):
    """Writing the output failed, for example because the disk is full."""

    sentence = "The output {output} cannot be written: {reason}. Check the free space of its folder."
