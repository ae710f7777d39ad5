# SPDX-License-Identifier: GPL-2.0-or-later
"""How a result is stored: as a plain or a cloud-optimized GeoTIFF, and with what creation options."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from osgeo import gdal

from ..errors import CreationOptionsError
from ..phrase import Phrase

FORMATS = ("GTIFF", "COG")
LOSSLESS = ("NONE", "DEFLATE", "LZW", "ZSTD", "PACKBITS", "LZMA")

# Class values are no measurements: fewer bits or another grid would turn one class into another.
HARMFUL = (
    *("NBITS", "PIXELTYPE", "TFW", "RPB", "RPCTXT"),
    *("TILING_SCHEME", "TARGET_SRS", "RES", "EXTENT", "WARP_RESAMPLING"),
)
BLOCK = 512

# The options of the file that is written; a user's options take the place of those of the same name.
DEFAULTS = {
    "TILED": "YES",
    "BLOCKXSIZE": str(BLOCK),
    "BLOCKYSIZE": str(BLOCK),
    "COMPRESS": "DEFLATE",
    "NUM_THREADS": "ALL_CPUS",
    "BIGTIFF": "IF_SAFER",
}
COG_DEFAULTS = {"COMPRESS": "DEFLATE", "NUM_THREADS": "ALL_CPUS", "BIGTIFF": "IF_SAFER"}

# GDAL's own level, 6, takes up to three times as long for noisy class maps, which it makes 1 to 7 % smaller.
DEFLATE_LEVEL = "5"


@dataclass(frozen=True)
class RasterFormat:
    """The format of a result and the user's creation options, as name and value."""

    cloud_optimized: bool = False
    options: tuple[tuple[str, str], ...] = ()

    @property
    def compressed(self) -> bool:
        """Whether the file is compressed."""
        return {**DEFAULTS, **dict(self.options)}["COMPRESS"].upper() != "NONE"

    @property
    def gtiff_options(self) -> list[str]:
        """The creation options of the GeoTIFF that is written row by row."""
        options = DEFAULTS if self.cloud_optimized else {**DEFAULTS, **dict(self.options)}
        return _texts(_with_level(options, "ZLEVEL"))

    @property
    def cog_options(self) -> list[str]:
        """The creation options of the cloud-optimized GeoTIFF that is made of it."""
        return _texts(_with_level({**COG_DEFAULTS, **dict(self.options)}, "LEVEL"))


def read_format(creation_options: object, compression: object = None) -> RasterFormat:
    """Returns the format for options such as COMPRESS=LZW|FORMAT=COG; theirs beats a compression given apart."""
    parts = str(creation_options or "").replace(";", "|").split("|")
    pairs = [part.split("=", 1) for part in parts if part.strip()]
    if any(len(pair) != 2 or not pair[0].strip() for pair in pairs):
        raise CreationOptionsError(options=creation_options, reason="they are not names and values")
    options = {name.strip().upper(): value.strip() for name, value in pairs}
    if compression:
        options.setdefault("COMPRESS", str(compression).upper())
    name = options.pop("FORMAT", FORMATS[0]).upper()
    if name not in FORMATS:
        reason = Phrase("FORMAT is {name}, not GTIFF or COG", {"name": name})
        raise CreationOptionsError(options=creation_options, reason=reason)
    for option, value in options.items():
        _check(option, value.upper(), name)
    return RasterFormat(name == "COG", tuple(options.items()))


def _with_level(options: Mapping[str, str], name: str) -> Mapping[str, str]:
    """Returns the options with a level of compression, by the driver's name for it, where deflate has none yet."""
    return {name: DEFLATE_LEVEL, **options} if options["COMPRESS"].upper() == "DEFLATE" else options


def _check(option: str, value: str, name: str) -> None:
    """Raises for options that GDAL's driver would ignore, and for those that change values."""
    text = f"{option}={value}"
    driver = gdal.GetDriverByName("COG" if name == "COG" else "GTiff")
    known = re.findall(r"<Option name='(\w+)'", driver.GetMetadataItem("DMD_CREATIONOPTIONLIST") or "")
    if option in HARMFUL:
        raise CreationOptionsError(options=text, reason="it would change the values or write other files")
    if option not in known:
        raise CreationOptionsError(options=text, reason="GDAL does not know it")
    if option == "COMPRESS" and value not in LOSSLESS:
        reason = Phrase("lossless are {names}", {"names": ", ".join(LOSSLESS)})
        raise CreationOptionsError(options=text, reason=reason)


def _texts(options: Mapping[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in options.items()]
