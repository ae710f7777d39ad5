# SPDX-License-Identifier: GPL-2.0-or-later
"""A raster seen on another grid; GDAL's warped VRT resamples as it is read, nothing goes to the disk."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from osgeo import gdal

from ..errors import GridError
from ..grid import Grid
from .crs import same_crs, spatial_reference, spread_over_the_globe
from .gdal_call import GdalError, gdal_call
from .source import GdalInput, grid_of, open_raster
from .validity import NoDataRange, alpha_of, compared_range, dataset_mask, no_data_of, stored_type
from .wavelength import band_wavelength

RESAMPLING = ("nearest", "bilinear", "cubic", "cubicspline", "lanczos", "average", "mode")

# GDAL would mix a NoData value that stands in one band only into its neighbours.
EACH_BAND = "UNIFIED_SRC_NODATA=PARTIAL"

# What the rational polynomials of a satellite image lead to, and arrays of coordinates that do not say more.
RPC_CRS = "EPSG:4326"


def suggested_grid(raster: GdalInput, crs: str) -> Grid:
    """Returns the north-up grid that covers a raster in this CRS (WKT) at its own resolution."""
    dataset = open_raster(raster.uri, raster.name)
    own = grid_of(dataset)
    if own.transform is not None and own.north_up and (not crs or same_crs(own.crs, crs)):
        return own
    rpc = placed_by_warp(raster)
    if crs and not own.crs and not rpc:
        raise GridError(raster=raster.name, reason="it has no CRS to start from; assign one to it first")
    if own.transform is None and not own.control_points and not rpc:
        raise GridError(raster=raster.name, reason="it is not georeferenced, so it fits no other grid")
    try:
        view = gdal_call(gdal.AutoCreateWarpedVRT, dataset, None, crs or (RPC_CRS if rpc else None))
    except GdalError as error:
        raise GridError(raster=raster.name, reason=error) from error
    grid = grid_of(view)
    if spread_over_the_globe(own.outer_bounds, own.crs, grid.bounds, grid.crs):
        raise GridError(raster=raster.name, reason="it crosses the date line; choose a projected CRS that does not")
    return replace(grid, epoch=own.epoch) if same_crs(own.crs, grid.crs) else grid


def placed_by_warp(raster: GdalInput) -> bool:
    """Tells whether only rational polynomials or an array of coordinates place a raster on the map."""
    grid = grid_of(open_raster(raster.uri, raster.name))
    return grid.transform is None and (bool(grid.polynomials) or grid.geolocated)


def warped_view(raster: GdalInput, grid: Grid, resampling: str) -> GdalInput:
    """Returns the raster on this grid, as a VRT text that GDAL opens by name.

    An alpha band marks what the raster does not cover and what its masks hide; NoData of a single band stays one.
    """
    dataset = open_raster(raster.uri, raster.name)
    xmin, ymin, xmax, ymax = grid.bounds
    no_data = _no_data(raster, dataset)
    try:
        if no_data is not None and dataset_mask(dataset).hides_by_band:
            # Where NoData is given, GDAL forgets masks.
            dataset = open_raster(_with_alpha(dataset, _data_numbers(dataset), "mask"), raster.name)
        view = gdal_call(
            gdal.Warp,
            "",
            dataset,
            format="VRT",
            dstSRS=grid.crs or None,
            outputBounds=(xmin, ymin, xmax, ymax),
            width=grid.width,
            height=grid.height,
            resampleAlg=resampling,
            # Of itself GDAL would take what the bands say.
            srcNodata=no_data or "None",
            dstNodata=no_data,
            dstAlpha=True,
            warpOptions=[EACH_BAND],
        )
    except GdalError as error:
        raise GridError(raster=raster.name, reason=error) from error
    _keep_descriptions(dataset, view)
    if grid.epoch is not None:
        view.SetSpatialRef(spatial_reference(grid.crs, grid.epoch))
    return GdalInput(view.GetMetadata("xml:VRT")[0], title=raster.name)


def _keep_descriptions(dataset: Any, view: Any) -> None:
    """Copies the bands' names and wavelengths, which a warp drops: models may ask for bands by them."""
    for number in range(1, dataset.RasterCount + 1):
        view.GetRasterBand(number).SetDescription(dataset.GetRasterBand(number).GetDescription())
        wavelength = band_wavelength(dataset, number)
        if wavelength is not None:
            view.GetRasterBand(number).SetMetadataItem("CENTRAL_WAVELENGTH_UM", f"{wavelength:g}", "IMAGERY")


def _with_alpha(dataset: Any, numbers: Sequence[int], mask: str) -> str:
    """Returns a VRT of these bands of a raster, with another one, or the mask of one, as their alpha band."""
    bands = " ".join(f"-b {number}" for number in (*numbers, mask))
    view = gdal_call(gdal.Translate, "", dataset, options=f"-of VRT -mask none {bands}")
    last = len(numbers) + 1
    view.GetRasterBand(last).SetColorInterpretation(gdal.GCI_AlphaBand)
    # GDAL takes bytes only for alpha; larger numbers, which are opaque too, become the largest of them.
    start = f'<VRTRasterBand dataType="{{}}" band="{last}"'
    return re.sub(start.format(r"\w+"), start.format("Byte"), view.GetMetadata("xml:VRT")[0])


def masked_band(view: GdalInput, number: int) -> tuple[str, int]:
    """Returns a band of a warped view, as a raster and a number, whose mask in GDAL shows what is hidden.

    GDAL takes an alpha band for a mask if it has bytes and lies beside one band or three, but no other number of them.
    """
    dataset = open_raster(view.uri, view.name)
    if dataset.GetRasterBand(number).GetMaskFlags() & (gdal.GMF_NODATA | gdal.GMF_ALPHA):
        return view.uri, number
    return _with_alpha(dataset, [number], str(alpha_of(dataset))), 1


def is_beyond_views(raster: GdalInput) -> bool:
    """Tells whether a raster hides pixels in ways that no warped view carries: only its pixels themselves tell them."""
    dataset = open_raster(raster.uri, raster.name)
    return has_own_masks(dataset) or any(map(_is_more_than_one, _no_data_values(raster, dataset)))


def band_view(raster: GdalInput, number: int) -> GdalInput:
    """Returns a band by itself, with its own mask as an alpha band, as a VRT text."""
    text = _with_alpha(open_raster(raster.uri, raster.name), [number], f"mask,{number}")
    return GdalInput(text, {1: raster.no_data_of(number)}, title=raster.name)


def has_own_masks(dataset: Any) -> bool:
    """Tells whether bands have masks of their own that no alpha band stands for."""
    numbers = _data_numbers(dataset)
    own = any(not dataset.GetRasterBand(number).GetMaskFlags() for number in numbers)
    return own and (len(numbers) > 1 or alpha_of(dataset) is None)


def _data_numbers(dataset: Any) -> list[int]:
    alpha = alpha_of(dataset)
    return [number for number in range(1, dataset.RasterCount + 1) if number != alpha]


def _no_data(raster: GdalInput, dataset: Any) -> str | None:
    """Returns GDAL's text of a NoData value per band, the user's where the file has none."""
    values = _no_data_values(raster, dataset)
    if has_own_masks(dataset):
        raise GridError(raster=raster.name, reason="its bands have masks of their own, which cannot be moved there")
    if any(map(_is_more_than_one, values)):
        raise GridError(raster=raster.name, reason="several NoData values per band cannot be moved to another grid")
    texts = [repr(spans[0][0]) if spans else "None" for spans in values]
    return " ".join(texts) if any(values) else None


def _no_data_values(raster: GdalInput, dataset: Any) -> list[list[NoDataRange]]:
    """Returns for each band what is NoData in it, in the file or for the user."""
    found = []
    for number in range(1, dataset.RasterCount + 1):
        band = dataset.GetRasterBand(number)
        own = no_data_of(band)
        given = () if number == alpha_of(dataset) else raster.no_data_of(number)
        held = (span for span in given if compared_range(span, stored_type(band)) is not None)
        found.append(list(dict.fromkeys([*([] if own is None else [(own, own)]), *held])))
    return found


def _is_more_than_one(spans: Sequence[NoDataRange]) -> bool:
    return len(spans) > 1 or any(first < last for first, last in spans)
