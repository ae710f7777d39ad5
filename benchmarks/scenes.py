# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenes of any size, derived from the sample scene."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal

from benchmarks.package import ROOT

SAMPLE = ROOT / "resources" / "sample" / "landsat7_olinda.tif"
BLOCK = 512
OPTIONS = ["TILED=YES", f"BLOCKXSIZE={BLOCK}", f"BLOCKYSIZE={BLOCK}", "COMPRESS=DEFLATE", "NUM_THREADS=ALL_CPUS"]

# Factors from the values of a scene to reflectance, and to those of the sample.
REFLECTANCE, BYTES = 1e-4, 0.025


def make_scene(path: Path, size: int, bands: int, kind: type[Any] = np.uint16) -> Path:
    """Writes a deflated GeoTIFF of `size` pixels a side, UInt16 or Byte, unless it exists.

    The sample's bands are repeated, mirrored at each seam, and every block has its own gain and noise, so that
    the file compresses like a scene and not like a copy.
    """
    if path.exists():
        return path
    gain, noise, gdal_type = (30.0, 64, gdal.GDT_UInt16) if kind is np.uint16 else (0.75, 2, gdal.GDT_Byte)
    pattern = _pattern(bands)
    random = np.random.default_rng(0)
    part = path.with_suffix(".part.tif")
    dataset = gdal.GetDriverByName("GTiff").Create(str(part), size, size, bands, gdal_type, OPTIONS)
    dataset.SetGeoTransform((600_000.0, 10.0, 0.0, 5_000_000.0, 0.0, -10.0))
    dataset.SetProjection("EPSG:32633")
    for y in range(0, size, BLOCK):
        for x in range(0, size, BLOCK):
            height, width = min(BLOCK, size - y), min(BLOCK, size - x)
            values = pattern[:, :height, :width] * gain * random.uniform(2 / 3, 4 / 3)
            values += random.integers(0, noise, (bands, height, width))
            dataset.WriteArray(values.astype(kind), x, y)
    dataset = None
    part.rename(path)
    return path


def read_scene(path: Path, scale: float = 1.0, side: int | None = None) -> np.ndarray:
    """Returns the pixels (bands, height, width) of a raster, or of its first rows and columns, times the scale."""
    dataset = gdal.Open(str(path))
    width, height = side or dataset.RasterXSize, side or dataset.RasterYSize
    pixels = dataset.ReadAsArray(0, 0, width, height, buf_type=gdal.GDT_Float32)
    pixels *= np.float32(scale)
    return pixels.reshape(-1, height, width)


def read_classes(path: Path) -> np.ndarray:
    """Returns the class values (height, width) of a class map."""
    return gdal.Open(str(path)).ReadAsArray()


def repeat_scene(path: Path, scene: Path, size: int) -> Path:
    """Writes a VRT of `size` pixels a side that repeats a small scene."""
    source = gdal.Open(str(scene))
    side, bands = source.RasterXSize, source.RasterCount
    block = f'BlockXSize="{BLOCK}" BlockYSize="{BLOCK}"'
    lines = [f'<VRTDataset rasterXSize="{size}" rasterYSize="{size}">']
    lines.append(f"<SRS>{source.GetProjection().replace('<', '&lt;')}</SRS>")
    lines.append(f"<GeoTransform>{', '.join(map(str, source.GetGeoTransform()))}</GeoTransform>")
    for band in range(1, bands + 1):
        lines.append(f'<VRTRasterBand dataType="UInt16" band="{band}">')
        for y in range(0, size, side):
            for x in range(0, size, side):
                lines.append(
                    f'<SimpleSource><SourceFilename relativeToVRT="0" shared="1">{scene}</SourceFilename>'
                    f"<SourceBand>{band}</SourceBand>"
                    f'<SourceProperties RasterXSize="{side}" RasterYSize="{side}" DataType="UInt16" {block}/>'
                    f'<SrcRect xOff="0" yOff="0" xSize="{side}" ySize="{side}"/>'
                    f'<DstRect xOff="{x}" yOff="{y}" xSize="{side}" ySize="{side}"/></SimpleSource>'
                )
        lines.append("</VRTRasterBand>")
    path.write_text("\n".join([*lines, "</VRTDataset>"]))
    return path


def _pattern(bands: int) -> np.ndarray:
    """Returns bands (bands, 512, 512) of the sample, mirrored at their seams."""
    dataset = gdal.Open(str(SAMPLE))
    pixels = dataset.ReadAsArray()
    chosen = pixels[[band % len(pixels) for band in range(bands)]]
    double = np.concatenate([chosen, chosen[:, ::-1]], axis=1)
    quad = np.concatenate([double, double[:, :, ::-1]], axis=2)
    return quad[:, :BLOCK, :BLOCK].astype(np.float64)
