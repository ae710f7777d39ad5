# SPDX-License-Identifier: GPL-2.0-or-later
"""A vector file of polygons that appears under its name only when it is complete."""

from __future__ import annotations

import os
import shutil
import struct
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Callable

import numpy as np
from osgeo import gdal, ogr

from ...choices import POLYGON_SUFFIXES
from ...errors import (
    OutputWriteError,
    PolygonsCrsError,
    PolygonsFormatError,
    PolygonsGridError,
    PolygonsNameError,
    PolygonsReplaceError,
)
from ...grid import Grid
from ...models.definition import ModelClass
from ...new_files import sync_file
from ...phrase import Phrase
from ...publishing import KEPT, Step
from ..gdal_call import GdalError, close_dataset, gdal_call, gdal_open
from ..scene.crs import spatial_reference
from ..write.geotiff import new_scratch, scratch_folders
from ..write.sink import check_place
from .pieces import Int32, Patch
from .style import STYLE_FIELD, polygon_style

# OGR's drivers by suffix.
DRIVERS = dict(zip(POLYGON_SUFFIXES, ("GPKG", "GeoJSON", "ESRI Shapefile", "FlatGeobuf")))
LAYER_OPTIONS = {
    "GPKG": ["GEOMETRY_NAME=geom", "FID=fid"],
    "GeoJSON": ["RFC7946=NO"],
    "ESRI Shapefile": ["ENCODING=UTF-8"],
    "FlatGeobuf": [],
}

# Files of a shapefile, and those that other programs add to it; for a GeoPackage, those of an interrupted program.
SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg")
STALE = {".shp": (".qix", ".sbn", ".sbx", ".qpj", ".shp.xml", ".idm", ".ind"), ".gpkg": ("-wal", "-shm", "-journal")}

# Bytes of a text in a dBASE table; the driver cuts longer ones.
LONGEST_TEXT = 254

# Characters that no layer of a GeoPackage may begin with.
SPECIAL = tuple("`~!@#$%^&*()+-={}|[]\\:\";'<>?,./")

HECTARE = 1e4
STYLE_TABLE = "layer_styles"
FIELDS = (
    (STYLE_FIELD, ogr.OFTInteger64),
    ("name", ogr.OFTString),
    ("color", ogr.OFTString),
    ("pixels", ogr.OFTInteger64),
    ("area", ogr.OFTReal),
    ("hectares", ogr.OFTReal),
)
SCORE = "score"

# CRS definitions have another axis order than files, and other names in some formats.
SAME = [
    "IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES",
    "IGNORE_COORDINATE_EPOCH=YES",
    "CRITERION=EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS",
]


class PolygonFile:
    """Polygons of classes being written, in a separate hidden folder next to the output.

    As a context manager, it removes itself unless published. `scored` adds a field for the mean score.
    """

    def __init__(self, output: Path, grid: Grid, classes: Sequence[ModelClass], scored: bool) -> None:
        self.output, self._grid, self._classes, self._scored = output, grid, tuple(classes), scored
        self._driver = DRIVERS[output.suffix.lower()]
        if self._driver == "ESRI Shapefile":
            self._check_names()
        self._dataset: Any = None
        self._layer: Any = None
        self._count, self._settled = 0, False
        self.scratch: Path = self.attempt(new_scratch, output)
        with ExitStack() as undone:
            undone.callback(self.remove)
            self.attempt(self._create)
            undone.pop_all()

    def __enter__(self) -> PolygonFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    @property
    def file(self) -> PolygonFile:
        """The file itself, by the name that other outputs have for theirs."""
        return self

    def write(self, patches: Iterable[Patch], unit: float | None) -> None:
        """Writes patches; `unit` is that of their areas in square metres, None if unknown."""
        self.attempt(self._write, patches, unit)

    def complete(self) -> None:
        """Completes the file under its temporary name, with a style if the format can hold one."""
        self._finish()
        for part, _ in self._parts():
            self.attempt(sync_file, part)

    def rehearse(self) -> None:
        """Closes the empty file and reads it again, to detect refusals by GDAL before the run."""
        self._finish()

    def _finish(self) -> None:
        if self._driver == "GPKG":
            self.attempt(self._add_style)
        self.attempt(self._close)
        self.attempt(self._read_again)

    @property
    def steps(self) -> list[Step]:
        """The renaming steps that publish the output; the file itself comes last."""
        stale = [_beside(self.output, suffix) for suffix in STALE.get(self.output.suffix.lower(), ())]
        removed = [Step(path, None, self._kept) for path in stale if os.path.lexists(path)]
        return [*removed, *(Step(final, part, self._kept) for part, final in self._parts())]

    def settle(self) -> None:
        """Removes leftovers of earlier attempts at this output, once it is published."""
        self._settled = True
        for folder in scratch_folders(self.output):
            shutil.rmtree(folder, ignore_errors=True)

    def remove(self) -> None:
        """Deletes unpublished files; files that could not be restored remain."""
        self._layer = self._dataset = None
        if self._settled or not self._kept.exists():
            shutil.rmtree(self.scratch, ignore_errors=True)

    def attempt(self, step: Callable[..., Any], *args: Any) -> Any:
        """Returns the result of a step; its failure becomes an OutputWriteError."""
        try:
            return gdal_call(step, *args)
        except (GdalError, OSError) as error:
            raise OutputWriteError(output=self.output, reason=error) from error

    @property
    def _part(self) -> Path:
        return self.scratch / f"polygons{self.output.suffix.lower()}"

    @property
    def _kept(self) -> Path:
        return self.scratch / KEPT

    def _parts(self) -> list[tuple[Path, Path]]:
        """Returns the existing files of the output with their final names."""
        beside = SHAPEFILE[1:] if self._driver == "ESRI Shapefile" else ()
        files = [(self._part.with_suffix(suffix), self.output.with_suffix(suffix)) for suffix in beside]
        return [*(names for names in files if names[0].exists()), (self._part, self.output)]

    def _check_names(self) -> None:
        for known in self._classes:
            length = len(known.name.encode("utf-8", "surrogatepass"))
            if length > LONGEST_TEXT:
                raise PolygonsNameError(output=self.output, most=LONGEST_TEXT, value=known.value, length=length)

    def _create(self) -> None:
        driver = gdal.GetDriverByName(self._driver)
        self._dataset = gdal_call(driver.Create, str(self._part), 0, 0, 0, gdal.GDT_Unknown)
        reference = spatial_reference(self._grid.crs, self._grid.epoch) if self._grid.crs else None
        name = layer_name(self.output) if self._driver == "GPKG" else self._part.stem
        options = LAYER_OPTIONS[self._driver]
        self._layer = gdal_call(self._dataset.CreateLayer, name, reference, ogr.wkbPolygon, options)
        for field, kind in (*FIELDS, *([(SCORE, ogr.OFTReal)] if self._scored else [])):
            definition = ogr.FieldDefn(field, kind)
            if kind == ogr.OFTReal and self._driver == "ESRI Shapefile":
                # By default fifteen decimals are kept, which leaves no room for large areas.
                definition.SetWidth(24)
                definition.SetPrecision(8)
            gdal_call(self._layer.CreateField, definition)
        if self._dataset.TestCapability(ogr.ODsCTransactions):
            gdal_call(self._dataset.StartTransaction)

    def _write(self, patches: Iterable[Patch], unit: float | None) -> None:
        definition = self._layer.GetLayerDefn()
        for patch in patches:
            known = self._classes[patch.number - 1]
            feature = ogr.Feature(definition)
            feature.SetField(0, known.value)
            feature.SetField(1, known.name)
            feature.SetField(2, "#{:02x}{:02x}{:02x}".format(*known.color))
            feature.SetField(3, patch.cells)
            if unit is not None and patch.area is not None:
                area = float(f"{patch.area * unit:.15g}")
                feature.SetField(4, area)
                feature.SetField(5, area / HECTARE)
            if self._scored:
                feature.SetField(6, patch.score / patch.cells)
            feature.SetGeometryDirectly(ogr.CreateGeometryFromWkb(self._wkb(patch.rings)))
            if self._layer.CreateFeature(feature) != 0:
                raise GdalError(gdal.GetLastErrorMsg(), gdal.GetLastErrorNo())
            self._count += 1

    def _wkb(self, rings: Sequence[Int32]) -> bytes:
        """Returns a polygon in map coordinates."""
        x0, dx, rx, y0, ry, dy = self._grid.effective_transform
        parts = [struct.pack("<BII", 1, ogr.wkbPolygon, len(rings))]
        for ring in rings:
            column, row = ring[:, 0], ring[:, 1]
            points = np.empty(ring.shape, "<f8")
            # GDAL's order of terms, for coordinates equal to those of gdal.Polygonize.
            points[:, 0] = x0 + column * dx + row * rx
            points[:, 1] = y0 + column * ry + row * dy
            parts += [struct.pack("<I", len(ring)), points.tobytes()]
        return b"".join(parts)

    def _add_style(self) -> None:
        """Adds QGIS's table of styles, from which it takes the default style of the layer."""
        table = gdal_call(self._dataset.CreateLayer, STYLE_TABLE, None, ogr.wkbNone, ["FID=id"])
        name, geometry = self._layer.GetName(), self._layer.GetGeometryColumn()
        values = {
            "f_table_catalog": "", "f_table_schema": "", "f_table_name": name, "f_geometry_column": geometry,
            "styleName": name, "styleQML": polygon_style(self._classes), "styleSLD": "", "useAsDefault": 1,
            "description": "", "owner": "", "ui": "",
        }  # fmt: skip
        for field, value in values.items():
            definition = ogr.FieldDefn(field, ogr.OFTInteger if value == 1 else ogr.OFTString)
            if value == 1:
                definition.SetSubType(ogr.OFSTBoolean)
            gdal_call(table.CreateField, definition)
        gdal_call(table.CreateField, ogr.FieldDefn("update_time", ogr.OFTDateTime))
        feature = ogr.Feature(table.GetLayerDefn())
        for field, value in values.items():
            feature.SetField(field, value)
        gdal_call(table.CreateFeature, feature)

    def _close(self) -> None:
        if self._dataset.TestCapability(ogr.ODsCTransactions):
            gdal_call(self._dataset.CommitTransaction)
        dataset, self._layer, self._dataset = self._dataset, None, None
        close_dataset(dataset)

    def _read_again(self) -> None:
        """Checks CRS and number of the polygons: a full disk may truncate a file without an error."""
        dataset = gdal_open(str(self._part), gdal.OF_VECTOR)
        layer = None if dataset is None else dataset.GetLayer(0)
        if layer is None or _with_geometry(layer) != self._count:
            raise GdalError("its polygons cannot be read again")
        found = layer.GetSpatialRef()
        if self._grid.crs and (found is None or not found.IsSame(spatial_reference(self._grid.crs), SAME)):
            raise PolygonsCrsError(output=self.output)


def check_polygons(output: Path, inputs: Sequence[str]) -> None:
    """Raises if polygons cannot be written to a file, or would overwrite an input or anything else in its place."""
    suffix = output.suffix.lower()
    if suffix not in DRIVERS:
        raise PolygonsFormatError(output=output, reason=Phrase("its name has another suffix"))
    if gdal.GetDriverByName(DRIVERS[suffix]) is None:
        raise PolygonsFormatError(output=output, reason=Phrase("this GDAL cannot write its format"))
    beside = SHAPEFILE[1:] if suffix == ".shp" else ()
    check_place(output, inputs, [_beside(output, added) for added in (*beside, *STALE.get(suffix, ()))])
    if not output.exists():
        # Files of another program, such as a table without a shapefile.
        foreign = [name for name in (output.with_suffix(added) for added in beside) if os.path.lexists(name)]
        if foreign:
            raise PolygonsReplaceError(output=output, others=foreign[0].name)
    elif suffix == ".gpkg":
        check_layers(output)


def check_polygon_grid(output: Path, grid: Grid) -> None:
    """Raises if polygons on this grid would lack the georeference of the class map."""
    if grid.transform is None and (grid.control_points or grid.polynomials):
        raise PolygonsGridError(output=output)


def check_layers(output: Path) -> None:
    """Raises if an existing GeoPackage has layers other than an earlier result's."""
    others = _other_layers(output)
    if others:
        raise PolygonsReplaceError(output=output, others=", ".join(others))


def layer_name(output: Path) -> str:
    """Returns the name of the layer of a GeoPackage; GDAL creates none that begins with a special character."""
    return f"_{output.stem}" if output.stem[:1] in SPECIAL else output.stem


def count_of_features(path: Path) -> int:
    """Returns the features with a geometry that can be read from the first layer of a file, 0 if there is none."""
    try:
        dataset = gdal_open(str(path), gdal.OF_VECTOR)
        layer = None if dataset is None else dataset.GetLayer(0)
        return 0 if layer is None else _with_geometry(layer)
    except (GdalError, RuntimeError):
        return 0


def _with_geometry(layer: Any) -> int:
    return sum(1 for feature in layer if feature.GetGeometryRef() is not None)


def _other_layers(output: Path) -> list[str]:
    """Returns the names of the layers of an existing GeoPackage that are not an earlier result's."""
    try:
        dataset = gdal_open(str(output), gdal.OF_VECTOR | gdal.OF_RASTER)
    except GdalError:
        return []
    if dataset is None:
        return []
    names = [dataset.GetLayer(index).GetName() for index in range(dataset.GetLayerCount())]
    rasters = [dataset.GetDescription()] if dataset.RasterCount else []
    return [*(name for name in names if name not in (layer_name(output), STYLE_TABLE)), *rasters]


def _beside(output: Path, suffix: str) -> Path:
    return output.with_suffix(suffix) if suffix.startswith(".") else Path(f"{output}{suffix}")
