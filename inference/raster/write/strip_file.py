# SPDX-License-Identifier: GPL-2.0-or-later
"""Files of finished strips, and their mosaic as one raster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal

from ...new_files import new_token
from ...window import Window
from ..gdal_call import GdalError, close_dataset, gdal_call
from .format import BLOCK

# Strips are read once and deleted: they are compressed only if that costs next to nothing.
UNCOMPRESSED, FASTEST, FAST = ["COMPRESS=NONE"], ["COMPRESS=ZSTD", "ZSTD_LEVEL=1"], ["COMPRESS=DEFLATE", "ZLEVEL=1"]
TILED = ["TILED=YES", f"BLOCKXSIZE={BLOCK}", f"BLOCKYSIZE={BLOCK}", "BIGTIFF=IF_SAFER"]

# Columns of the windows in which a mosaic is read; whole blocks of the output file.
READ_COLUMNS = 8 * BLOCK


def write_strip_file(path: Path, values: NDArray[Any], gdal_type: int) -> None:
    """Writes values (bands, height, width) as a GeoTIFF; raises a GdalError."""
    bands, height, width = values.shape
    options = [*TILED, *_compression(gdal_type)]
    dataset = gdal_call(gdal.GetDriverByName("GTiff").Create, str(path), width, height, bands, gdal_type, options)
    gdal_call(dataset.WriteArray, values)
    close_dataset(dataset)
    del dataset
    # GDAL 3.10 does not report blocks truncated by a full disk.
    if not _same_bits(read_strip_file(str(path)), values):
        raise GdalError("what was written cannot be read again")


def strip_file_form(content: bytes) -> tuple[int, int, int, int] | None:
    """Returns width, height, bands and GDAL's type of a strip's file; None for anything but a GeoTIFF.

    Another format, such as a VRT, could refer to other files.
    """
    name = f"/vsimem/classify_pixels/{new_token()}.tif"
    gdal.FileFromMemBuffer(name, content)
    try:
        dataset = gdal_call(gdal.OpenEx, name, gdal.OF_RASTER, ["GTiff"])
        if dataset is None:
            return None
        kind = dataset.GetRasterBand(1).DataType if dataset.RasterCount else gdal.GDT_Unknown
        return dataset.RasterXSize, dataset.RasterYSize, dataset.RasterCount, kind
    except GdalError:
        return None
    finally:
        dataset = None
        gdal.Unlink(name)


def read_strip_file(name: str) -> NDArray[Any]:
    """Returns the values (bands, height, width) of a strip by GDAL's name of its file; raises a GdalError."""
    values: NDArray[Any] = gdal_call(_read, name)
    return values.reshape(-1, *values.shape[-2:])


def _read(name: str) -> NDArray[Any]:
    values: NDArray[Any] = gdal_call(gdal.Open, name).ReadAsArray()
    return values


def _same_bits(first: NDArray[Any], second: NDArray[Any]) -> bool:
    """Compares arrays bitwise: NaN equals itself, and class values need no NaN check."""
    bits = f"u{second.itemsize}"
    return first.dtype == second.dtype and np.array_equal(first.view(bits), second.view(bits))


def _compression(gdal_type: int) -> list[str]:
    if gdal_type == gdal.GDT_Float32:
        return UNCOMPRESSED
    known = gdal.GetDriverByName("GTiff").GetMetadataItem("DMD_CREATIONOPTIONLIST") or ""
    return FASTEST if "<Value>ZSTD</Value>" in known else FAST


def file_windows(width: int, height: int) -> Iterator[Window]:
    """Yields windows of whole blocks of a file, row by row, that cover a raster of this size."""
    for y in range(0, height, BLOCK):
        for x in range(0, width, READ_COLUMNS):
            yield Window(x, y, min(READ_COLUMNS, width - x), min(BLOCK, height - y))


class StripMosaic:
    """The strips of a result as one raster that starts at the first cell of the requested area."""

    def __init__(self, files: Mapping[str, Window], area: Window, bands: int, gdal_type: int) -> None:
        self._dataset = gdal_call(gdal.Open, _vrt_text(files, area, bands, gdal.GetDataTypeName(gdal_type)))
        self._bands = bands

    def read(self, window: Window) -> NDArray[Any]:
        """Returns values (bands, height, width)."""
        array = gdal_call(self._dataset.ReadAsArray, window.x, window.y, window.width, window.height)
        values: NDArray[Any] = array.reshape(self._bands, window.height, window.width)
        return values

    def close(self) -> None:
        """Closes the files."""
        self._dataset = None


def _vrt_text(files: Mapping[str, Window], area: Window, bands: int, type_name: str) -> str:
    lines = [f'<VRTDataset rasterXSize="{area.width}" rasterYSize="{area.height}">']
    for band in range(1, bands + 1):
        lines.append(f'<VRTRasterBand dataType="{type_name}" band="{band}">')
        lines += [strip_source(path, window, area, band, type_name) for path, window in files.items()]
        lines.append("</VRTRasterBand>")
    return "\n".join([*lines, "</VRTDataset>"])


def strip_source(path: str, window: Window, area: Window, band: int, type_name: str) -> str:
    """Returns the part of a VRT that shows a strip; a name without a folder is beside the VRT."""
    relative = int("/" not in path and "\\" not in path)
    size = f'xSize="{window.width}" ySize="{window.height}"'
    name = gdal.EscapeString(path, gdal.CPLES_XML)
    return (
        f'<SimpleSource><SourceFilename relativeToVRT="{relative}">{name}</SourceFilename>'
        f"<SourceBand>{band}</SourceBand>"
        f'<SourceProperties RasterXSize="{window.width}" RasterYSize="{window.height}" DataType="{type_name}" '
        f'BlockXSize="{BLOCK}" BlockYSize="{BLOCK}"/><SrcRect xOff="0" yOff="0" {size}/>'
        f'<DstRect xOff="{window.x - area.x}" yOff="{window.y - area.y}" {size}/></SimpleSource>'
    )
