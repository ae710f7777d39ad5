# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters of servers as other processes can open them, or the reason why they cannot."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from ...inference.phrase import Phrase
from ...inference.raster.web import SIGN_IN, ServiceInput, TilesInput, has_secret
from ...inference.raster.web.fetch import sign_in_of
from ..http import Access

# The reason why other processes cannot read images that are computed for any extent.
ONLY_HERE = Phrase("its images are requested by QGIS")

Described = TypeVar("Described", ServiceInput, TilesInput)


def described(raster: Described, access: Access) -> Described | Phrase:
    """Returns the raster with the sign-in that other processes need, or the reason why they cannot read it.

    No secret of QGIS or of an address travels: other processes have that of their environment.
    """
    if has_secret(raster.url):
        return Phrase("its address contains a key or a password, which would be written into the file of the job")
    if access == Access():
        return raster
    if sign_in_of(raster.url) is None:
        return Phrase("its sign-in is known to QGIS only; set {variable} on all machines", {"variable": SIGN_IN})
    return replace(raster, signed_in=True)
