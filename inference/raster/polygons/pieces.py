# SPDX-License-Identifier: GPL-2.0-or-later
"""Patches of a piece of a class map: their outlines by GDAL, their sizes, areas and scores."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal, ogr

from ..gdal_call import gdal_call

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]

# Bytes before the rings of a polygon in WKB, and before the points of a ring.
POLYGON_HEAD, RING_HEAD, POINT = 9, 4, 16


@dataclass
class Patch:
    """The connected cells of a class, or a part of them.

    `number` is the position of the class in the legend, from 1. `area` is in multiples of the grid's unit, None if
    unknown, `score` the sum over the cells. `rings` are outlines (n, 2) of columns and rows, the outer one first and
    holes in the opposite direction; the last point repeats the first.
    """

    number: int
    cells: int
    area: int | None
    score: float
    rings: list[Int32]


@dataclass(frozen=True)
class Sums:
    """Summed-area tables of a piece (height + 1, width + 1); None if unknown or not needed.

    `unknown` counts the cells without a known area.
    """

    area: Int64 | None = None
    unknown: Int64 | None = None
    score: NDArray[np.float64] | None = None


def summed(values: NDArray[Any]) -> NDArray[Any]:
    """Returns the summed-area table of values (height, width)."""
    height, width = values.shape
    table = np.zeros((height + 1, width + 1), np.float64 if values.dtype.kind == "f" else np.int64)
    np.cumsum(values, axis=1, out=table[1:, 1:])
    np.cumsum(table[1:], axis=0, out=table[1:])
    return table


def patches_of(numbers: NDArray[Any], top: int, sums: Sums) -> list[Patch]:
    """Returns the patches of a piece of class numbers (height, width), 0 for NoData; `top` is its first row.

    Cells connect by their edges. Raises a GdalError.
    """
    found, lines = gdal_call(_polygonize, numbers)
    if not found:
        return []
    lengths = np.array([len(line) for rings in lines for line in rings])
    counts = np.array([len(rings) for rings in lines])
    points: Int32 = np.concatenate([line for rings in lines for line in rings]).astype(np.int32)
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    firsts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    turns = _along(points, starts, points[:, 0].astype(np.int64) * points[:, 1])
    sizes = np.abs(turns)
    # The outer ring encloses all others. It runs against the direction of the sum, holes run along it.
    outer = sizes == np.repeat(np.maximum.reduceat(sizes, firsts), counts)
    signs = np.where(outer, 1, -1) * np.sign(turns)
    cells = np.add.reduceat(signs * turns, firsts)

    def over(table: NDArray[Any] | None) -> list[Any]:
        if table is None:
            return [None] * len(counts)
        rings = _along(points, starts, table[points[:, 1], points[:, 0]])
        return list(np.add.reduceat(signs * rings, firsts).tolist())

    areas, unknown, scores = over(sums.area), over(sums.unknown), over(sums.score)
    points[:, 1] += top
    parts = np.split(points, starts[1:])
    rings = [part if sign < 0 else part[::-1] for part, sign in zip(parts, np.sign(turns) * np.where(outer, 1, -1))]
    patches = []
    for index, (first, count) in enumerate(zip(firsts.tolist(), counts.tolist())):
        own = rings[first : first + count]
        if not outer[first]:
            own.insert(0, own.pop(int(np.argmax(outer[first : first + count]))))
        area = None if unknown[index] else areas[index]
        patches.append(Patch(found[index], int(cells[index]), area, scores[index] or 0.0, own))
    return patches


def _along(points: Int32, starts: NDArray[Any], values: NDArray[Any]) -> NDArray[Any]:
    """Returns the sum along the vertical edges of each ring of the change of a value: Green's theorem."""
    change = np.zeros(len(points), values.dtype)
    vertical = points[1:, 0] == points[:-1, 0]
    # From the last point of a ring to the first of the next one there is no edge.
    vertical[starts[1:] - 1] = False
    np.subtract(values[1:], values[:-1], out=change[:-1], where=vertical)
    totals: NDArray[Any] = np.add.reduceat(change, starts)
    return totals


def _polygonize(numbers: NDArray[Any]) -> tuple[list[int], list[list[NDArray[np.float64]]]]:
    """Returns the class number and the rings of each polygon, in columns and rows of the piece."""
    height, width = numbers.shape
    raster = gdal.GetDriverByName("MEM").Create("", width, height, 1, gdal.GDT_Int32)
    raster.SetGeoTransform((0, 1, 0, 0, 0, 1))
    band = raster.GetRasterBand(1)
    band.WriteArray(numbers)
    # From GDAL 3.11 on, MEM holds vectors too and Memory is being retired.
    driver = gdal.GetDriverByName("Memory") or gdal.GetDriverByName("MEM")
    store = driver.Create("", 0, 0, 0, gdal.GDT_Unknown)
    layer = store.CreateLayer("patches", None, ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("number", ogr.OFTInteger))
    # The numbers are their own mask.
    gdal_call(gdal.Polygonize, band, band, layer, 0, [])
    found, lines = [], []
    for feature in layer:
        found.append(feature.GetFieldAsInteger(0))
        lines.append(_rings(bytes(feature.GetGeometryRef().ExportToWkb(ogr.wkbNDR))))
    return found, lines


def _rings(wkb: bytes) -> list[NDArray[np.float64]]:
    (count,) = struct.unpack_from("<I", wkb, POLYGON_HEAD - RING_HEAD)
    rings, place = [], POLYGON_HEAD
    for _ in range(count):
        (points,) = struct.unpack_from("<I", wkb, place)
        place += RING_HEAD
        rings.append(np.frombuffer(wkb, "<f8", 2 * points, place).reshape(points, 2))
        place += POINT * points
    return rings
