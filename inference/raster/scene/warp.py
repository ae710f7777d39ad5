# SPDX-License-Identifier: GPL-2.0-or-later
"""A raster seen on another grid; GDAL's warped VRT resamples on reading, nothing is written to disk."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from osgeo import gdal, osr

from ...errors import ExtentError, ExtentMissesRasterError, GridError, UnsoundGridError
from ...events import Warned
from ...grid import Bounds, Grid
from ...notices import Caution
from ...phrase import Phrase
from ...window import Window
from ..gdal_call import GdalError, gdal_call
from ..read.source import GdalInput, grid_of, open_raster
from ..read.validity import NoDataRange, alpha_of, compared_range, dataset_mask, no_data_of, stored_type
from ..read.wavelength import band_wavelength
from .cell_size import converted_cell_size
from .crs import Point, area_of_use, name_of, same_crs, spatial_reference, spread_over_the_globe
from .date_line import open_to_warp
from .extent import Extent, bounds_in, continuous, extent_bounds, windows_of_bounds
from .grid_plan import LARGEST_SIZE, GridPlan, GridRequest

# GDAL would mix a NoData value in one band only into its neighbours.
EACH_BAND = "UNIFIED_SRC_NODATA=PARTIAL"

# Otherwise gdalwarp takes the values of a single band for heights and converts them too, if a CRS has a vertical part.
SAME_VALUES = "-novshift"

# The CRS of rational polynomials, and of geolocation arrays without one.
RPC_CRS = "EPSG:4326"

# A suggestion with cells larger than the raster's by this factor comes from areas torn apart by the CRS.
LARGEST_GROWTH = 8

# Maximum ratio of a suggestion's side to the raster's diagonal.
LONGEST_SIDE = 4

# Sample points per row and column when looking up a raster in an extent, or vice versa.
PLACES = 15

# GDAL's transformation error in cells. Its default of an eighth causes seams between blocks of a view; this costs no
# more.
LARGEST_ERROR = 0.002

# As in GDAL: a factor this close to a whole number is rounded.
NEARLY_WHOLE = 0.05

# Fraction of a cell over which its size is measured.
STEP = 0.01

# Cells around the requested extent, for the halo of tiles, if the whole raster fits no grid.
SURROUNDINGS = 2048


@dataclass(frozen=True)
class Suggestion:
    """A north-up grid for a raster at native resolution, and notes for the user.

    It is `whole` unless limited to the surroundings of the requested extent.
    """

    grid: Grid
    notes: tuple[Warned, ...] = ()
    whole: bool = True

    def kernel(self, plan: GridPlan) -> Grid:
        """Returns the grid of a single gdalwarp call, which determines the kernel width."""
        return plan.scene.crop(plan.covered if self.whole else plan.area)


def suggest(raster: GdalInput, request: GridRequest) -> Suggestion:
    """Returns the grid that covers a raster in the requested CRS; raises if there is none.

    If the CRS cannot hold the whole raster, it is the grid around the requested extent, or without one that of the part
    within the CRS's area of use.
    """
    try:
        return Suggestion(suggested_grid(raster, request.crs))
    except UnsoundGridError as unsound:
        if request.extent is not None:
            return Suggestion(_around_extent(raster, request, request.extent), whole=False)
        part = _where_used(raster, request.crs)
        if part is None:
            raise unsound
        return part


def suggested_grid(raster: GdalInput, crs: str) -> Grid:
    """Returns the north-up grid that covers a raster in this CRS (WKT) at native resolution.

    Raises an UnsoundGridError if the CRS cannot hold the whole raster.
    """
    dataset = open_to_warp(raster)
    own = grid_of(dataset)
    if own.transform is not None and own.north_up and (not crs or same_crs(own.crs, crs)):
        return own
    rpc = placed_by_warp(raster)
    if crs and not own.crs and not rpc:
        raise GridError(raster=raster.name, reason=Phrase("it has no CRS; assign one to it first"))
    if own.transform is None and not own.control_points and not rpc:
        raise GridError(
            raster=raster.name, reason=Phrase("it is not georeferenced, so it cannot be resampled to another grid")
        )
    try:
        target = crs or (_rpc_wkt() if rpc else "")
        grid = grid_of(gdal_call(gdal.AutoCreateWarpedVRT, dataset, None, target or None))
    except GdalError as error:
        raise UnsoundGridError(raster=raster.name, reason=error) from error
    if spread_over_the_globe(own.outer_bounds, own.crs, grid.bounds, grid.crs):
        reason = Phrase(
            "it crosses the date line; choose a projected CRS without a break there, or an extent on one side"
        )
        raise UnsoundGridError(raster=raster.name, reason=reason)
    if not _is_sound(grid, own, Places(dataset, target)):
        reason = Phrase("the CRS is not defined for part of it; choose a smaller extent, or a CRS for that area")
        raise UnsoundGridError(raster=raster.name, reason=reason)
    return replace(grid, epoch=own.epoch) if same_crs(own.crs, grid.crs) else grid


class Places:
    """Positions of a raster's cells in a CRS (WKT), empty for its own, with any kind of georeference."""

    def __init__(self, dataset: Any, crs: str) -> None:
        self._dataset = dataset
        options = [f"DST_SRS={crs}"] if crs else []
        self._transformer = gdal_call(gdal.Transformer, dataset, None, options)

    def of_cell(self, column: float, row: float) -> Point | None:
        """Returns the position of a cell, None if it has none."""
        return self._moved(0, column, row)

    def cell_at(self, x: float, y: float) -> Point | None:
        """Returns the fractional column and row of a position, None outside the raster."""
        found = self._moved(1, x, y)
        if found is None:
            return None
        inside = 0 <= found[0] <= self._dataset.RasterXSize and 0 <= found[1] <= self._dataset.RasterYSize
        return found if inside else None

    def side_of(self, column: float, row: float) -> float | None:
        """Returns the side of a square with the area of the cell at this column and row, None without a position."""
        corners = [self.of_cell(column + across, row + down) for across, down in ((0, 0), (STEP, 0), (0, STEP))]
        if any(corner is None for corner in corners):
            return None
        (x, y), *others = [corner for corner in corners if corner is not None]
        (a, b), (c, d) = [(other[0] - x, other[1] - y) for other in others]
        side = math.sqrt(abs(a * d - b * c)) / STEP
        return side if math.isfinite(side) and side > 0 else None

    def _moved(self, back: int, first: float, second: float) -> Point | None:
        try:
            done, (x, y, _) = gdal_call(self._transformer.TransformPoint, back, first, second)
        except GdalError:
            return None
        return (x, y) if done and math.isfinite(x) and math.isfinite(y) else None


def _is_sound(grid: Grid, own: Grid, places: Places) -> bool:
    """True if a suggestion is about as long as the raster, with cells as large within the CRS's area of use."""
    if min(grid.width, grid.height) < 1 or grid.transform is None:
        return False
    if max(grid.width, grid.height) > LONGEST_SIDE * (math.hypot(own.width, own.height) + PLACES):
        return False
    area = area_of_use(grid.crs)
    used = _windows_of_area(own, area) if area is not None and own.transform is not None and own.crs else []
    window = used[0] if used else own.window
    native = places.side_of(window.x + window.width / 2, window.y + window.height / 2)
    return native is None or math.sqrt(math.prod(grid.cell_size)) < LARGEST_GROWTH * native


def _around_extent(raster: GdalInput, request: GridRequest, extent: Extent) -> Grid:
    """Returns a grid around an extent, with a corner of its cells on the extent's."""
    dataset = open_to_warp(raster)
    own = grid_of(dataset)
    crs = request.crs or own.crs or _rpc_wkt()
    xmin, ymin, xmax, ymax = bounds = continuous(extent_bounds(crs, extent), crs)
    native = _side_within(bounds, own, Places(dataset, crs))
    if native is None:
        raise ExtentMissesRasterError(extent=extent, raster=raster.name)
    asked = request.cell_size
    if asked is not None and request.cell_size_crs:
        middle = (xmin + xmax) / 2, (ymin + ymax) / 2
        asked = converted_cell_size(asked, request.cell_size_crs, middle, crs)
    across, down = (SURROUNDINGS * side for side in asked or (native, native))
    columns, rows = (xmax - xmin + 2 * across) / native, (ymax - ymin + 2 * down) / native
    if not max(columns, rows) < LARGEST_SIZE:
        raise ExtentError(extent=extent, reason=Phrase("it is too large"))
    transform = (xmin - across, native, 0.0, ymax + down, 0.0, -native)
    return Grid(math.ceil(columns), math.ceil(rows), transform, crs)


def _side_within(bounds: Bounds, own: Grid, places: Places) -> float | None:
    """Returns the typical side of the raster's cells within bounds, None if there are none."""
    xmin, ymin, xmax, ymax = bounds
    shares = [(index + 0.5) / PLACES for index in range(PLACES)]
    found = [places.cell_at(xmin + a * (xmax - xmin), ymin + b * (ymax - ymin)) for a in shares for b in shares]
    cells = [(a * own.width, b * own.height) for a in shares for b in shares]
    inside = [cell for cell in cells if _within(places.of_cell(*cell), bounds)]
    sides = [places.side_of(*cell) for cell in [*(cell for cell in found if cell is not None), *inside]]
    known = sorted(side for side in sides if side is not None)
    return known[len(known) // 2] if known else None


def _within(place: Point | None, bounds: Bounds) -> bool:
    xmin, ymin, xmax, ymax = bounds
    return place is not None and xmin < place[0] < xmax and ymin < place[1] < ymax


def _where_used(raster: GdalInput, crs: str) -> Suggestion | None:
    """Returns the grid of the part of a raster within a CRS's area of use, None if unknown or empty."""
    own = grid_of(open_raster(raster.uri, raster.name))
    area = area_of_use(crs)
    if area is None or own.transform is None:
        return None
    windows = _windows_of_area(own, area)
    if not windows or windows == [own.window]:
        return None
    try:
        grids = [suggested_grid(frame_of(own.crop(window), raster.name), crs) for window in windows]
    except UnsoundGridError:
        return None
    (x, y), (width, height) = grids[0].origin, grids[0].cell_size
    lattice = Grid(1, 1, (x, width, 0.0, y, 0.0, -height), grids[0].crs)
    left, bottom, right, top = zip(*(grid.bounds for grid in grids))
    grid = lattice.crop(lattice.cover((min(left), min(bottom), max(right), max(top))))
    west, south, east, north = (f"{degree:g}" for degree in area)
    values = {"raster": raster.name, "crs": name_of(crs), "west": west, "south": south, "east": east, "north": north}
    return Suggestion(grid, (Warned(Caution.PART_IN_AREA_OF_USE, values),))


def _windows_of_area(own: Grid, area: Bounds) -> list[Window]:
    """Returns the cells within west, south, east and north in degrees."""
    west, south, east, north = area
    parts = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    windows: list[Window] = []
    for left, right in parts:
        try:
            windows += windows_of_bounds(own, bounds_in(own.crs, (left, south, right, north), _rpc_wkt()))
        except (GdalError, OverflowError):
            continue
    return windows


def _rpc_wkt() -> str:
    reference = osr.SpatialReference()
    reference.SetFromUserInput(RPC_CRS)
    return str(reference.ExportToWkt())


def placed_by_warp(raster: GdalInput) -> bool:
    """True if a raster is georeferenced only by rational polynomials or a geolocation array."""
    grid = grid_of(open_raster(raster.uri, raster.name))
    # GDAL prefers control points to polynomials.
    return grid.transform is None and not grid.control_points and (bool(grid.polynomials) or grid.geolocated)


def warped_view(raster: GdalInput, grid: Grid, resampling: str, kernel: Grid | None = None) -> GdalInput:
    """Returns the raster on this grid, as a VRT text that GDAL opens by name.

    GDAL's kernel is as wide as in one call of gdalwarp on the whole grid, or on that of `kernel`. An alpha band marks
    pixels outside the raster or hidden by masks; NoData of a single band remains.
    """
    dataset = open_to_warp(raster)
    xmin, ymin, xmax, ymax = grid.bounds
    no_data = _no_data(raster, dataset)
    scales = kernel_scales(kernel_ratios(grid_of(dataset), kernel or grid))
    try:
        if no_data is not None and dataset_mask(dataset).hides_by_band:
            # With NoData, GDAL ignores masks.
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
            # By default GDAL would use the bands' own.
            srcNodata=no_data or "None",
            dstNodata=no_data,
            dstAlpha=True,
            errorThreshold=LARGEST_ERROR,
            # By default GDAL would resample the raster's overviews, whose pixels were resampled before.
            overviewLevel="NONE",
            warpOptions=[EACH_BAND, *scales],
            options=[SAME_VALUES],
        )
    except GdalError as error:
        raise GridError(raster=raster.name, reason=error) from error
    _keep_descriptions(dataset, view)
    if grid.epoch is not None:
        view.SetSpatialRef(spatial_reference(grid.crs, grid.epoch))
    return GdalInput(_with_exact_no_data(view.GetMetadata("xml:VRT")[0], dataset, raster), title=raster.name)


def _with_exact_no_data(view: str, dataset: Any, raster: GdalInput) -> str:
    """Returns a view with NoData in full precision.

    GDAL may write 16 digits: too few for the largest doubles, which become infinite. It writes 64-bit integers with a
    decimal point, GDAL 3.10 in 18 digits, and then reads them up to that point.
    """
    for number, spans in enumerate(_no_data_values(raster, dataset), start=1):
        for value in (float(first) for first, _ in spans):
            whole = stored_type(dataset.GetRasterBand(number)).kind in "iu"
            exact = f"{value:.17g}"
            for rounded in {f"{value:.{digits}g}" for digits in (16, 17, 18)}:
                view = view.replace(f"NoDataReal>{rounded}<", f"NoDataReal>{exact}<")
                view = view.replace(f"<NoDataValue>{rounded}<", f"<NoDataValue>{int(value) if whole else exact}<")
    return view


def kernel_ratios(own: Grid, grid: Grid) -> tuple[float, float]:
    """Returns the raster cells per grid cell across and down, as in one call of gdalwarp.

    By default, GDAL determines this for each block, from its source window. Values close to a whole number are rounded,
    as in GDAL's GDALWarpKernel::PerformWarp.
    """
    used = _part_under(own, grid)
    across, down = (
        round(ratio) if ratio > 1 and abs(ratio - round(ratio)) < NEARLY_WHOLE else ratio
        for ratio in (used.width / grid.width, used.height / grid.height)
    )
    return across, down


def kernel_scales(ratios: tuple[float, float]) -> list[str]:
    """Returns GDAL's options for the same kernel width in all blocks."""
    return [f"{axis}SCALE={1 / ratio:.17g}" for axis, ratio in zip("XY", ratios)]


def _part_under(own: Grid, grid: Grid) -> Window:
    """Returns the cells of a raster under a grid, all of them if unknown."""
    if own.transform is None:
        return own.window
    try:
        same = not own.crs or not grid.crs or same_crs(own.crs, grid.crs)
        bounds = grid.outer_bounds if same else bounds_in(own.crs, grid.outer_bounds, grid.crs)
        windows = windows_of_bounds(own, bounds)
    except (GdalError, OverflowError, ValueError):
        return own.window
    return windows[0] if len(windows) == 1 else own.window


def _keep_descriptions(dataset: Any, view: Any) -> None:
    """Copies the bands' names and wavelengths, which a warp drops: models may select bands by them."""
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
    # GDAL's alpha is bytes; larger numbers, also opaque, become 255.
    start = f'<VRTRasterBand dataType="{{}}" band="{last}"'
    return re.sub(start.format(r"\w+"), start.format("Byte"), view.GetMetadata("xml:VRT")[0])


def masked_band(view: GdalInput, number: int) -> tuple[str, int]:
    """Returns a band of a warped view, as a raster and a number, whose mask in GDAL marks hidden pixels.

    GDAL uses an alpha band as a mask only if it has bytes and there are one or three other bands.
    """
    dataset = open_raster(view.uri, view.name)
    if dataset.GetRasterBand(number).GetMaskFlags() & (gdal.GMF_NODATA | gdal.GMF_ALPHA):
        return view.uri, number
    return _with_alpha(dataset, [number], str(alpha_of(dataset))), 1


def is_beyond_views(raster: GdalInput) -> bool:
    """True if a raster hides pixels in ways that a warped view loses: its pixels must be read."""
    dataset = open_raster(raster.uri, raster.name)
    return has_own_masks(dataset) or any(map(_is_more_than_one, _no_data_values(raster, dataset)))


def band_view(raster: GdalInput, number: int) -> GdalInput:
    """Returns a single band, with its own mask as an alpha band, as a VRT text."""
    text = _with_alpha(open_raster(raster.uri, raster.name), [number], f"mask,{number}")
    return GdalInput(text, {1: raster.no_data_of(number)}, title=raster.name)


def has_own_masks(dataset: Any) -> bool:
    """True if bands have separate masks without an equivalent alpha band."""
    numbers = _data_numbers(dataset)
    own = any(not dataset.GetRasterBand(number).GetMaskFlags() for number in numbers)
    return own and (len(numbers) > 1 or alpha_of(dataset) is None)


def _data_numbers(dataset: Any) -> list[int]:
    alpha = alpha_of(dataset)
    return [number for number in range(1, dataset.RasterCount + 1) if number != alpha]


def _no_data(raster: GdalInput, dataset: Any) -> str | None:
    """Returns GDAL's text of a NoData value per band, the user's if the file has none."""
    values = _no_data_values(raster, dataset)
    if has_own_masks(dataset):
        raise GridError(raster=raster.name, reason=Phrase("its bands have separate masks, which cannot be resampled"))
    if any(map(_is_more_than_one, values)):
        raise GridError(raster=raster.name, reason=Phrase("several NoData values per band cannot be resampled"))
    texts = [repr(spans[0][0]) if spans else "None" for spans in values]
    return " ".join(texts) if any(values) else None


def _no_data_values(raster: GdalInput, dataset: Any) -> list[list[NoDataRange]]:
    """Returns for each band its NoData, from the file or the user."""
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


def frame_of(grid: Grid, name: str) -> GdalInput:
    """Returns an empty raster on a grid, by its GDAL name, in place of one that GDAL cannot open."""
    wkt = gdal.EscapeString(grid.crs, gdal.CPLES_XML)
    transform = ",".join(f"{number:.17g}" for number in grid.effective_transform)
    text = (
        f'<VRTDataset rasterXSize="{grid.width}" rasterYSize="{grid.height}">'
        f"{f'<SRS>{wkt}</SRS>' if wkt else ''}<GeoTransform>{transform}</GeoTransform>"
        '<VRTRasterBand dataType="Byte" band="1"/></VRTDataset>'
    )
    return GdalInput(text, title=name)
