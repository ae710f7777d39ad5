# SPDX-License-Identifier: GPL-2.0-or-later
"""How a result is stored: as a plain or a cloud-optimized GeoTIFF, and with what creation options."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import CreationOptionsError

FORMATS = ("GTIFF", "COG")
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


@dataclass(frozen=True)
class RasterFormat:
    """The format of a result and the user's creation options, as name and value."""

    cloud_optimized: bool = False
    options: tuple[tuple[str, str], ...] = ()

    @property
    def gtiff_options(self) -> list[str]:
        """The creation options of the GeoTIFF that is written row by row."""
        return _texts(DEFAULTS if self.cloud_optimized else {**DEFAULTS, **dict(self.options)})

    @property
    def cog_options(self) -> list[str]:
        """The creation options of the cloud-optimized GeoTIFF that is made of it."""
        return _texts({**COG_DEFAULTS, **dict(self.options)})


def read_format(creation_options: object, compression: object = None) -> RasterFormat:
    """Returns the format for options such as COMPRESS=LZW|FORMAT=COG; a compression given apart goes first."""
    parts = str(creation_options or "").replace(";", "|").split("|")
    pairs = [part.split("=", 1) for part in parts if part.strip()]
    if any(len(pair) != 2 for pair in pairs):
        raise CreationOptionsError(options=creation_options)
    options = {name.strip().upper(): value.strip() for name, value in pairs}
    if compression:
        options.setdefault("COMPRESS", str(compression).upper())
    name = options.pop("FORMAT", FORMATS[0]).upper()
    if name not in FORMATS:
        raise CreationOptionsError(options=creation_options)
    return RasterFormat(name == "COG", tuple(options.items()))


def _texts(options: dict[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in options.items()]
