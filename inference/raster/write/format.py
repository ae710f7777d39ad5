# SPDX-License-Identifier: GPL-2.0-or-later
"""Storage of a result: plain or cloud-optimized GeoTIFF, with creation options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from osgeo import gdal

from ...errors import CreationOptionsError
from ...phrase import Phrase
from ..gdal_call import gdal_call

FORMATS = ("GTIFF", "COG")
LOSSLESS = ("NONE", "DEFLATE", "LZW", "ZSTD", "PACKBITS", "LZMA")

# Options without effect on pixels, georeference, names and overviews; all others are refused, including those of later
# versions of GDAL (gdal.org/drivers/raster/gtiff.html and cog.html).
ALLOWED = {
    "GTIFF": (
        *("COMPRESS", "PREDICTOR", "ZLEVEL", "ZSTD_LEVEL", "LZMA_PRESET", "NUM_THREADS"),
        *("TILED", "BLOCKXSIZE", "BLOCKYSIZE", "INTERLEAVE", "SPARSE_OK"),
        *("BIGTIFF", "ENDIANNESS", "GEOTIFF_VERSION", "GEOTIFF_KEYS_FLAVOR"),
    ),
    "COG": (
        *("COMPRESS", "PREDICTOR", "LEVEL", "NUM_THREADS", "BLOCKSIZE", "INTERLEAVE", "SPARSE_OK"),
        *("OVERVIEWS", "OVERVIEW_COMPRESS", "OVERVIEW_PREDICTOR", "BIGTIFF", "GEOTIFF_VERSION"),
    ),
}

# Harmful values, by option, that GDAL accepts.
ALLOWED_VALUES = {
    "COMPRESS": LOSSLESS,
    "OVERVIEW_COMPRESS": LOSSLESS,
    "OVERVIEWS": ("AUTO", "FORCE_USE_EXISTING", "NONE"),
}

# GDAL's words for yes and no.
BOOLEANS = ("YES", "NO", "TRUE", "FALSE", "ON", "OFF", "1", "0")
BLOCK = 512

# The options of the output file; a user's options override those of the same name.
DEFAULTS = {
    "TILED": "YES",
    "BLOCKXSIZE": str(BLOCK),
    "BLOCKYSIZE": str(BLOCK),
    "COMPRESS": "DEFLATE",
    "NUM_THREADS": "ALL_CPUS",
    "BIGTIFF": "IF_SAFER",
}
COG_DEFAULTS = {"COMPRESS": "DEFLATE", "NUM_THREADS": "ALL_CPUS", "BIGTIFF": "IF_SAFER"}

# GDAL's default level, 6, takes up to three times as long for noisy class maps and makes them 1 to 7 % smaller.
DEFLATE_LEVEL = "5"


@dataclass(frozen=True)
class RasterFormat:
    """The format of a result and the user's creation options, as name and value."""

    cloud_optimized: bool = False
    options: tuple[tuple[str, str], ...] = ()

    @property
    def compressed(self) -> bool:
        """True if the file is compressed."""
        return {**DEFAULTS, **dict(self.options)}["COMPRESS"].upper() != "NONE"

    @property
    def gtiff_options(self) -> list[str]:
        """The creation options of the GeoTIFF that is written row by row."""
        options = DEFAULTS if self.cloud_optimized else {**DEFAULTS, **dict(self.options)}
        return _texts(_with_level(options, "ZLEVEL"))

    @property
    def cog_options(self) -> list[str]:
        """The creation options of the cloud-optimized GeoTIFF copied from it.

        GDAL's own overviews are disabled: they would average class values.
        """
        options = {**COG_DEFAULTS, **dict(self.options)}
        existing = "NONE" if options.get("OVERVIEWS", "").upper() == "NONE" else "FORCE_USE_EXISTING"
        return _texts(_with_level({**options, "OVERVIEWS": existing}, "LEVEL"))

    @property
    def overview_compression(self) -> str:
        """The compression of the overviews of a cloud-optimized GeoTIFF."""
        options = {**COG_DEFAULTS, **dict(self.options)}
        return options.get("OVERVIEW_COMPRESS", options["COMPRESS"])


def read_format(creation_options: object, compression: object = None) -> RasterFormat:
    """Returns the format for options such as COMPRESS=LZW|FORMAT=COG; their compression overrides the separate one."""
    parts = str(creation_options or "").replace(";", "|").split("|")
    pairs = [part.split("=", 1) for part in parts if part.strip()]
    if any(len(pair) != 2 or not pair[0].strip() for pair in pairs):
        raise CreationOptionsError(options=creation_options, reason=Phrase("they are not name-value pairs"))
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
    """Returns the options with a compression level, by the driver's name for it, if deflate has none yet."""
    return {name: DEFLATE_LEVEL, **options} if options["COMPRESS"].upper() == "DEFLATE" else options


def _check(option: str, value: str, name: str) -> None:
    """Raises for options that change or drop anything, and for options and values that GDAL would ignore."""
    text = f"{option}={value}"
    known = _known_options(name)
    if option not in known:
        raise CreationOptionsError(options=text, reason=Phrase("it is unknown to GDAL"))
    if option not in ALLOWED[name]:
        reason = Phrase("only these preserve values and georeference: {names}", {"names": ", ".join(ALLOWED[name])})
        raise CreationOptionsError(options=text, reason=reason)
    values = ALLOWED_VALUES.get(option) or known[option]
    if values and value not in values:
        reason = Phrase("its valid values are {names}", {"names": ", ".join(values)})
        raise CreationOptionsError(options=text, reason=reason)


def _known_options(name: str) -> Mapping[str, tuple[str, ...]]:
    """Returns the options of GDAL's driver with their permitted values, none if unrestricted."""
    driver = gdal.GetDriverByName("COG" if name == "COG" else "GTiff")
    tree = gdal_call(gdal.ParseXMLString, driver.GetMetadataItem("DMD_CREATIONOPTIONLIST")) if driver else []
    options = [node for node in tree[2:] if node[0] == gdal.CXT_Element]
    return {_attributes(option).get("name", ""): _values(option) for option in options}


def _values(option: Any) -> tuple[str, ...]:
    """Returns the values of an option; GDAL represents an XML node as [type, value, child, child, ...]."""
    if _attributes(option).get("type") == "boolean":
        return BOOLEANS
    values = [node for node in option[2:] if node[:2] == [gdal.CXT_Element, "Value"]]
    texts = [[child[1] for child in value[2:] if child[0] == gdal.CXT_Text] for value in values]
    return tuple(text for own, value in zip(texts, values) for text in (*own, _attributes(value).get("alias")) if text)


def _attributes(node: Any) -> dict[str, str]:
    return {child[1]: child[2][1] for child in node[2:] if child[0] == gdal.CXT_Attribute and len(child) > 2}


def _texts(options: Mapping[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in options.items()]
