# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of outputs."""

from __future__ import annotations

from .base import ClassifyPixelsError


class OutputFormatError(ClassifyPixelsError):
    """The output cannot be a GeoTIFF."""

    sentence = "The output {output} cannot be a GeoTIFF: {reason}. Enter a file name that ends in .tif."


class OutputReferenceError(ClassifyPixelsError):
    """A reference to an output names neither a path nor a service."""

    sentence = "The output {reference} cannot be read. Enter a path, a uri, or serviceProperties with a plain name."


class CreationOptionsError(ClassifyPixelsError):
    """The creation options are not name-value pairs, or would corrupt the class values."""

    sentence = "The creation options {options} cannot be used: {reason}. Write them as COMPRESS=LZW|FORMAT=COG."


class OutputFolderError(ClassifyPixelsError):
    """The output folder is missing or not writable."""

    sentence = "The output folder {folder} cannot be used: {reason}. Choose an existing, writable folder."


class OutputIsInputError(ClassifyPixelsError):
    """The output would overwrite an input, another output, or a side file of either."""

    sentence = (
        "The output {output} is also an input or another output, or a side file of one. Choose another name for it."
    )


class OutputStyleError(ClassifyPixelsError):
    """QGIS would show the output with the style file of another raster of the same stem."""

    sentence = (
        "QGIS would show the output {output} with the style {style} of {other}, which has the same name but for the "
        "suffix. Choose another name or folder."
    )


class OutputWriteError(ClassifyPixelsError):
    """Writing the output failed, for example because the disk is full."""

    sentence = "The output {output} cannot be written: {reason}. Check the free space of its folder."


class PolygonsFormatError(ClassifyPixelsError):
    """The polygons cannot be written in the format that their file name asks for."""

    sentence = (
        "The polygons {output} cannot be written: {reason}. Enter a file name that ends in .gpkg, .geojson, .shp or "
        ".fgb."
    )


class PolygonsCrsError(ClassifyPixelsError):
    """The format of the polygons cannot store the CRS of the result."""

    sentence = (
        "The file {output} cannot store the CRS of the result. Enter a name that ends in .gpkg, or another Output CRS."
    )


class PolygonsNameError(ClassifyPixelsError):
    """The name of a class is longer than a field of a shapefile."""

    sentence = (
        "The shapefile {output} can hold {most} bytes of a class name, but that of the value {value} has {length}. "
        "Enter a name that ends in .gpkg, or shorten the name of the class."
    )


class PolygonsGridError(ClassifyPixelsError):
    """The result is georeferenced by control points or polynomials only, which polygons cannot have."""

    sentence = (
        "The polygons {output} cannot be georeferenced: the raster has only control points or polynomials. Set Output "
        "CRS, or leave out the polygons."
    )


class PolygonsReplaceError(ClassifyPixelsError):
    """The polygons would replace data that is not an earlier result."""

    sentence = "Writing {output} would delete {others}, which is not an earlier result. Choose another file name."


class PatchesMemoryError(ClassifyPixelsError):
    """The map has more patches than GDAL's sieve can hold in the free memory."""

    sentence = (
        "Removing small patches from {output} needs about {needed} for {count} patches, but {free} is free. Leave out "
        "Minimum patch in polygons, choose a smaller extent, or close other programs."
    )


class PolygonsWithoutClassesError(ClassifyPixelsError):
    """Polygons were requested of a run that makes scores but no class map."""

    sentence = (
        "The polygons {output} cannot be made, because the model writes scores instead of classes. Leave out the "
        "polygons, or set return_probability_raster to false."
    )


class PlacingFileError(ClassifyPixelsError):
    """A file beside the output would georeference a result that has no georeference."""

    sentence = (
        "The file {file} would give the output {output} a georeference that the input raster does not have. Choose "
        "another output name, or move that file elsewhere."
    )


class OutputNotReplacedError(ClassifyPixelsError):
    """A finished output could not be renamed; the previous files are unchanged."""

    sentence = (
        "The finished output cannot be saved as {output}: {reason}. The previous files are unchanged. Fix the cause, "
        "for example by closing the program that has the file open, and run again."
    )


class OutputNotRestoredError(ClassifyPixelsError):
    """A finished output could not be renamed, and not all previous files could be restored."""

    sentence = (
        "The output {output} was saved only in part, and the previous files could not all be restored: {reason}. The "
        "files left over are in {folder}. Move the older ones back before running again."
    )


class OutputNameError(ClassifyPixelsError):
    """The name of the output is too long for the suffixes of its side files."""

    sentence = (
        "The output name {output} is too long: it has {length} bytes, and the disk allows {most} after adding the "
        "suffixes of its side files. Choose a shorter name."
    )


class OutputBusyError(ClassifyPixelsError):
    """Another run is writing the same output."""

    sentence = "Another run is writing {output}. Wait until it has finished, or choose another name."


class StripsFolderError(ClassifyPixelsError):
    """The hidden folder for finished strips, or the lock in it, is a link."""

    sentence = (
        "{place} is a link, but the progress of {output} is saved there. Delete the link, or choose another output "
        "name."
    )


class StripChangedError(ClassifyPixelsError):
    """A finished strip changed after it was written."""

    sentence = "The finished strip {strip} was changed or damaged. Run again; only this strip is recomputed."
