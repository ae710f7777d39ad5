# SPDX-License-Identifier: GPL-2.0-or-later
"""Cell sizes of a grid in another CRS."""

from __future__ import annotations

import math

from osgeo import osr

from ...grid import Grid
from ...phrase import Phrase
from ..gdal_call import GdalError, gdal_call
from .crs import Point, degrees_of, moved, same_crs, spatial_reference

# Mean radius of the Earth (IUGG).
METRES_PER_DEGREE = math.radians(6_371_008.8)

# Units by their sizes in metres and in radians; definitions of a CRS differ in their names, as in Foot_US.
METRE, DEGREE, SAME_UNIT = 1.0, math.radians(1), 1e-9
LENGTHS = {
    METRE: Phrase("metre"),
    1000.0: Phrase("kilometre"),
    0.3048: Phrase("foot"),
    1200 / 3937: Phrase("US survey foot"),
}
ANGLES = {
    DEGREE: Phrase("degree"),
    math.radians(0.9): Phrase("grad"),
    math.radians(1 / 60): Phrase("arc-minute"),
    math.radians(1 / 3600): Phrase("arc-second"),
    1.0: Phrase("radian"),
}

Size = tuple[float, float]


def cell_size_in(grid: Grid, wkid: int | None) -> Size | None:
    """Returns width and height of the cell in the grid's middle in units of a CRS, in metres on the ground for None.

    `wkid` is the number of the CRS, of EPSG or of Esri. None is returned if the grid has no CRS or there is no
    transformation.
    """
    if not grid.crs or grid.transform is None:
        return None
    try:
        source = spatial_reference(grid.crs)
        target = degrees_of(source) if wkid is None else _numbered(wkid)
        return _size_in(grid, source, target, metres=wkid is None)
    except GdalError:
        return None


def converted_cell_size(size: Size, crs: str, place: Point, target: str) -> Size:
    """Returns the size of a cell of one CRS (WKT) in units of another, at a point in the first.

    Raises GdalError if there is no transformation.
    """
    if not crs or not target or same_crs(crs, target):
        return size
    source, wanted = spatial_reference(crs), spatial_reference(target)
    (middle,) = moved([place], wanted, source)
    return _size_in(cell_at(middle, size, crs), source, wanted)


def cell_at(place: Point, size: Size, crs: str) -> Grid:
    """Returns the grid of one cell around a point."""
    (x, y), (width, height) = place, size
    return Grid(1, 1, (x - width / 2, width, 0.0, y + height / 2, 0.0, -height), crs)


def described_cell_size(grid: Grid) -> Phrase:
    """Returns the size of the grid's middle cell in units of its CRS, and also in degrees or metres."""
    own = own_cell_size(grid)
    try:
        reference = spatial_reference(grid.crs) if grid.crs else None
        if reference is None or grid.transform is None:
            return own
        metres = bool(reference.IsGeographic())
        other = _size_in(grid, reference, degrees_of(reference), metres)
    except GdalError:
        return own
    unit = LENGTHS[METRE] if metres else ANGLES[DEGREE]
    converted = Phrase("{size} {unit}", {"size": "{:.3g} x {:.3g}".format(*other), "unit": unit})
    return Phrase("{size} ({converted})", {"size": own, "converted": converted})


def own_cell_size(grid: Grid) -> Phrase:
    """Returns the size of the grid's middle cell in units of its CRS, without a unit if that is unknown."""
    size = "{:.6g} x {:.6g}".format(*grid.cell_edges)
    try:
        reference = spatial_reference(grid.crs) if grid.crs and grid.transform is not None else None
        unit = _unit(reference) if reference is not None and degrees_of(reference) is not None else ""
    except GdalError:
        unit = ""
    return Phrase("{size} {unit}", {"size": size, "unit": unit}) if unit else Phrase("{size}", {"size": size})


def _unit(reference: osr.SpatialReference) -> Phrase | str:
    """Returns the unit of a CRS, under GDAL's name if it is none of the usual ones."""
    geographic = reference.IsGeographic()
    units, size = (ANGLES, reference.GetAngularUnits()) if geographic else (LENGTHS, reference.GetLinearUnits())
    known = next((name for each, name in units.items() if math.isclose(each, size, rel_tol=SAME_UNIT)), None)
    return known or str(reference.GetAngularUnitsName() if geographic else reference.GetLinearUnitsName())


def _size_in(grid: Grid, source: osr.SpatialReference, target: osr.SpatialReference, metres: bool = False) -> Size:
    """Returns the size of the grid's middle cell in units of a CRS; of degrees also in metres on the ground."""
    first, *others = moved(_middle(grid), source, target)
    edges = [(x - first[0], y - first[1]) for x, y in others]
    if target.IsGeographic():
        # A cell at the antimeridian is not as wide as the globe.
        edges = [(math.remainder(dx, 360), dy) for dx, dy in edges]
    if metres:
        parallel = METRES_PER_DEGREE * math.cos(math.radians(first[1]))
        edges = [(dx * parallel, dy * METRES_PER_DEGREE) for dx, dy in edges]
    width, height = (math.hypot(*edge) for edge in edges)
    return width, height


def _middle(grid: Grid) -> list[tuple[float, float]]:
    """Returns three corners of the cell in the middle: its first, and those next to it in the row and the column."""
    x0, dx, rx, y0, ry, dy = grid.effective_transform
    column, row = grid.width // 2, grid.height // 2
    places = ((column, row), (column + 1, row), (column, row + 1))
    return [(x0 + c * dx + r * rx, y0 + c * ry + r * dy) for c, r in places]


def _numbered(wkid: int) -> osr.SpatialReference:
    reference = osr.SpatialReference()
    for authority in ("EPSG", "ESRI"):
        try:
            if gdal_call(reference.SetFromUserInput, f"{authority}:{wkid}") == 0:
                reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
                return reference
        except GdalError:
            continue
    raise GdalError(f"nobody knows the CRS {wkid}")
