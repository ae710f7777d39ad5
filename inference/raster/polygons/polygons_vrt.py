# SPDX-License-Identifier: GPL-2.0-or-later
"""A VRT that shows the polygons of a collection as one layer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from osgeo import gdal, osr

from ...errors import OutputWriteError
from ...new_files import write_whole
from ..gdal_call import GdalError, gdal_call, gdal_open

# The field with the name of the file of each polygon.
SOURCE_FIELD = "source"


def write_polygons_vrt(path: Path, results: Sequence[Path]) -> bool:
    """Writes a VRT of the polygons of several results, with paths relative to it; False unless they share a CRS."""
    try:
        names, references = zip(*map(_layer_of, results))
        first = references[0]
        if any(
            other is not first and (first is None or other is None or not first.IsSame(other)) for other in references
        ):
            return False
        write_whole(path, _text(path, results, names))
    except (GdalError, OSError) as error:
        raise OutputWriteError(output=path, reason=error) from error
    return True


def _text(path: Path, results: Sequence[Path], layers: Sequence[str]) -> str:
    lines = ["<OGRVRTDataSource>", f'  <OGRVRTUnionLayer name="{_escaped(path.stem)}">']
    for result, layer in zip(results, layers):
        lines += [
            f'    <OGRVRTLayer name="{_escaped(result.stem)}">',
            f'      <SrcDataSource relativeToVRT="1">{_escaped(result.name)}</SrcDataSource>',
            f"      <SrcLayer>{_escaped(layer)}</SrcLayer>",
            "    </OGRVRTLayer>",
        ]
    lines += [
        f"    <SourceLayerFieldName>{SOURCE_FIELD}</SourceLayerFieldName>",
        "    <PreserveSrcFID>OFF</PreserveSrcFID>",
    ]
    return "\n".join([*lines, "  </OGRVRTUnionLayer>", "</OGRVRTDataSource>", ""])


def _layer_of(result: Path) -> tuple[str, osr.SpatialReference | None]:
    """Returns the name and the CRS of the layer of a result; both outlive the file's object."""
    dataset = gdal_open(str(result), gdal.OF_VECTOR)
    if dataset is None:
        raise GdalError(f"{result.name} cannot be read again")
    layer = dataset.GetLayer(0)
    reference = layer.GetSpatialRef()
    return str(layer.GetName()), None if reference is None else reference.Clone()


def _escaped(text: str) -> str:
    return str(gdal_call(gdal.EscapeString, text, gdal.CPLES_XML))
