# SPDX-License-Identifier: GPL-2.0-or-later
"""A raster composed of others, as the text of a VRT that GDAL opens by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from osgeo import gdal

from ...grid import Grid
from ...window import Window

# Item of a band's IMAGERY metadata, in micrometres.
WAVELENGTH = "CENTRAL_WAVELENGTH_UM"


@dataclass(frozen=True)
class VrtSource:
    """A band of another raster and its window, the whole band at native size.

    `masked` marks bands with invalid pixels, through which the sources below show.
    """

    uri: str
    band: int
    window: Window
    gdal_type: int
    masked: bool


@dataclass(frozen=True)
class VrtBand:
    """A band and its sources, the last one on top; `imagery` is its IMAGERY metadata."""

    gdal_type: int
    sources: Sequence[VrtSource]
    name: str = ""
    color: int = gdal.GCI_Undefined
    imagery: Mapping[str, str] = field(default_factory=dict)
    scale: float | None = None
    offset: float | None = None


def vrt_text(grid: Grid, bands: Sequence[VrtBand]) -> str:
    """Returns the text of the VRT; each band has a separate mask, 0 where none of its sources is valid.

    The last band is an alpha band with all masks: warping keeps it, but drops the masks.
    """
    lines = [
        f'<VRTDataset rasterXSize="{grid.width}" rasterYSize="{grid.height}">',
        _element("SRS", grid.crs, "" if grid.epoch is None else f' coordinateEpoch="{grid.epoch!r}"'),
        _element("GeoTransform", ", ".join(map(repr, grid.transform or ()))),
    ]
    for number, band in enumerate(bands, start=1):
        lines += _band(number, band)
    lines += _alpha(len(bands) + 1, bands)
    return "\n".join(line for line in [*lines, "</VRTDataset>"] if line)


def _band(number: int, band: VrtBand) -> list[str]:
    color = "" if band.color == gdal.GCI_Undefined else gdal.GetColorInterpretationName(band.color)
    return [
        f'<VRTRasterBand dataType="{gdal.GetDataTypeName(band.gdal_type)}" band="{number}">',
        _element("Description", band.name),
        _imagery(band.imagery),
        _element("Offset", band.offset),
        _element("Scale", band.scale),
        _element("ColorInterp", color),
        *(_source(source) for source in band.sources),
        '<MaskBand><VRTRasterBand dataType="Byte">',
        *(_mask_source(source) for source in band.sources),
        "</VRTRasterBand></MaskBand>",
        "</VRTRasterBand>",
    ]


def _alpha(number: int, bands: Sequence[VrtBand]) -> list[str]:
    """Omits a mask if an included one already hides nothing."""
    sources: dict[tuple[str, int], VrtSource] = {}
    for source in (source for band in bands for source in band.sources):
        sources.setdefault((source.uri, source.band if source.masked else 0), source)
    return [
        f'<VRTRasterBand dataType="Byte" band="{number}">',
        "<ColorInterp>Alpha</ColorInterp>",
        *(_mask_source(source) for source in sources.values()),
        "</VRTRasterBand>",
    ]


def _imagery(items: Mapping[str, str]) -> str:
    if not items:
        return ""
    entries = "".join(f'<MDI key="{escape(key)}">{escape(value)}</MDI>' for key, value in items.items())
    return f'<Metadata domain="IMAGERY">{entries}</Metadata>'


def _source(source: VrtSource) -> str:
    if not source.masked:
        return f"<SimpleSource>{_place(source, str(source.band), source.gdal_type)}</SimpleSource>"
    place = _place(source, str(source.band), source.gdal_type)
    return f"<ComplexSource>{place}<UseMaskBand>true</UseMaskBand></ComplexSource>"


def _mask_source(source: VrtSource) -> str:
    place = _place(source, f"mask,{source.band}", gdal.GDT_Byte)
    return f"<ComplexSource>{place}<NODATA>0</NODATA></ComplexSource>"


def _place(source: VrtSource, band: str, gdal_type: int) -> str:
    """With size and type, GDAL opens a source only when reading it."""
    window = source.window
    size = f'RasterXSize="{window.width}" RasterYSize="{window.height}"'
    extent = f'xSize="{window.width}" ySize="{window.height}"'
    return (
        f'<SourceFilename relativeToVRT="0">{escape(source.uri)}</SourceFilename>'
        f"<SourceBand>{band}</SourceBand>"
        f'<SourceProperties {size} DataType="{gdal.GetDataTypeName(gdal_type)}" BlockXSize="256" BlockYSize="256"/>'
        f'<SrcRect xOff="0" yOff="0" {extent}/>'
        f'<DstRect xOff="{window.x}" yOff="{window.y}" {extent}/>'
    )


def _element(tag: str, value: Any, attributes: str = "") -> str:
    return "" if value in ("", None) else f"<{tag}{attributes}>{escape(str(value))}</{tag}>"
