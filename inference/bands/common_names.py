# SPDX-License-Identifier: GPL-2.0-or-later
"""The common names of spectral bands, the wavelengths they stand for, and how people spell them."""

from __future__ import annotations

import re
from collections.abc import Sequence

Range = tuple[float, float]

# Common names and their wavelengths in micrometres. Source: the table "Common Band Names" of the STAC extension
# Electro-Optical 2.0, github.com/stac-extensions/eo.
WAVELENGTHS: dict[str, Range] = {
    "pan": (0.40, 1.00),
    "coastal": (0.40, 0.45),
    "blue": (0.45, 0.53),
    "green": (0.51, 0.60),
    "green05": (0.51, 0.55),
    "yellow": (0.58, 0.62),
    "red": (0.62, 0.69),
    "rededge": (0.69, 0.79),
    "rededge071": (0.69, 0.73),
    "rededge075": (0.73, 0.76),
    "rededge078": (0.76, 0.79),
    "nir": (0.76, 1.00),
    "nir08": (0.80, 0.90),
    "nir09": (0.90, 1.00),
    "cirrus": (1.35, 1.40),
    "swir16": (1.55, 1.75),
    "swir22": (2.08, 2.35),
    "lwir": (10.4, 12.5),
    "lwir11": (10.5, 11.5),
    "lwir12": (11.5, 12.5),
}

# Other spellings, as `_plain` leaves them. "swir" and "thermal 3" are ambiguous, so they are missing here.
SPELLINGS = {
    "pan": "panchromatic",
    "coastal": "aerosol coastalaerosol coastalblue ultrablue deepblue",
    "rededge071": "rededge1 re1 vegetationrededge1",
    "rededge075": "rededge2 re2 vegetationrededge2",
    "rededge078": "rededge3 re3 vegetationrededge3",
    "nir": "nir1 nearinfrared nearinfrared1 nearir infrared",
    "nir08": "narrownir nirnarrow nearinfrarednarrow rededge4 re4",
    "nir09": "watervapour watervapor",
    "swir16": "swir1 shortwaveinfrared1 shortwaveir1",
    "swir22": "swir2 shortwaveinfrared2 shortwaveir2",
    "lwir": "thermal thermalinfrared tir",
    "lwir11": "tir1 tirs1 thermalinfrared1",
    "lwir12": "tir2 tirs2 thermalinfrared2",
}

# Sentinel-2's band numbers (source: the same table). Landsat's mean other bands: its B5 is near or shortwave infrared.
SENTINEL_2 = {
    "b1": "coastal",
    "b2": "blue",
    "b3": "green",
    "b4": "red",
    "b5": "rededge071",
    "b6": "rededge075",
    "b7": "rededge078",
    "b8": "nir",
    "b8a": "nir08",
    "b9": "nir09",
    "b10": "cirrus",
    "b11": "swir16",
    "b12": "swir22",
}
ONLY_SENTINEL_2 = {"b8a", "b12"}
LANDSAT_TOO = {"b5", "b6", "b7"}


def common_name(text: str) -> str | None:
    """Returns the common name for a text, None if there is none.

    Capitals, spaces, hyphens, underscores and leading zeros do not count. B1 to B12 are taken as Sentinel-2's;
    `common_names` checks that.
    """
    plain = _plain(text)
    return SENTINEL_2.get(plain) or _BY_SPELLING.get(plain)


def common_names(texts: Sequence[str]) -> tuple[str | None, ...]:
    """Returns the common name of each of the bands that belong together.

    B1 to B12 count only if all of them together can only be Sentinel-2's: with B8A or B12 among them, or
    with B8 and without B5, B6 and B7, which a stack of Landsat's has.
    """
    plain = [_plain(text) for text in texts]
    named = _are_sentinel_2(set(plain))
    return tuple(common_name(text) if named or name not in SENTINEL_2 else None for text, name in zip(texts, plain))


def _are_sentinel_2(names: set[str]) -> bool:
    return bool(names & ONLY_SENTINEL_2) or ("b8" in names and not names & LANDSAT_TOO)


def _plain(text: str) -> str:
    return re.sub(r"(?<!\d)0+(?=\d)", "", re.sub(r"[\s_-]+", "", text.lower()))


_BY_SPELLING = {
    **{_plain(name): name for name in WAVELENGTHS},
    **{spelling: name for name, spellings in SPELLINGS.items() for spelling in spellings.split()},
}
