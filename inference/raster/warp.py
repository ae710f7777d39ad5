# SPDX-License-Identifier: GPL-2.0-or-later
"""A raster seen on another grid; GDAL's warped VRT resamples as it is read, nothing goes to the disk."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from osgeo import gdal

from ..errors import GridError
from ..grid import Grid
from .crs import same_crs, spatial_reference, spread_over_the_globe
from .gdal_call import GdalError, gdal_call
from .source import GdalInput, grid_of, open_raster
from .wavelength import band_wavelength

RESAMPLING = ("nearest", "bilinear", "cubic", "cubicspline", "lanczos", "average", "mode")

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

    An alpha band marks what the raster does not cover and what its masks hide.
    """
    dataset = open_raster(raster.uri, raster.name)
    xmin, ymin, xmax, ymax = grid.bounds
    no_data = _no_data(raster, dataset)
    try:
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
            srcNodata=no_data,
            dstNodata=no_data,
            dstAlpha=True,
            # GDAL would mix a NoData value that stands in one band only into its neighbours.
            warpOptions=["UNIFIED_SRC_NODATA=PARTIAL"],
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


def _no_data(raster: GdalInput, dataset: Any) -> str | None:
    """Returns GDAL's text of a NoData value per band, the user's where the file has none."""
    values = []
    for number in range(1, dataset.RasterCount + 1):
        own = dataset.GetRasterBand(number).GetNoDataValue()
        ranges = {r for r in raster.no_data_of(number) if r != (own, own)}
        singles = {first for first, last in ranges if first == last}
        if len(singles) < len(ranges) or len(singles) + (own is not None) > 1:
            raise GridError(raster=raster.name, reason="several NoData values per band cannot be moved to another grid")
        values.append(own if own is not None else next(iter(singles), None))
    if all(value is None for value in values):
        return None
    return " ".join("None" if value is None else repr(value) for value in values)
