# SPDX-License-Identifier: GPL-2.0-or-later
"""The wavelength of a band in GDAL's metadata."""

from __future__ import annotations

import math
from typing import Any

# Micrometres per unit, for the spellings in ENVI headers. Wavenumbers, frequencies, indices and "Unknown" are not
# lengths, so such bands have no wavelength.
MICROMETRES = {
    "micrometers": 1.0,
    "micrometer": 1.0,
    "micrometres": 1.0,
    "microns": 1.0,
    "um": 1.0,
    "\u00b5m": 1.0,
    "\u03bcm": 1.0,
    "nanometers": 1e-3,
    "nanometer": 1e-3,
    "nanometres": 1e-3,
    "nm": 1e-3,
    "millimeters": 1e3,
    "mm": 1e3,
    "angstroms": 1e-4,
}


def band_wavelength(dataset: Any, number: int) -> float | None:
    """Returns the centre wavelength of a band in micrometres, None if the raster does not state it.

    Looked up in this order: `wavelength` with `wavelength_units` of the band (GDAL's ENVI driver), the lists of the
    same names in the dataset's ENVI domain (ENVI headers copied into other formats), CENTRAL_WAVELENGTH_UM of the
    IMAGERY domain (GDAL 3.10 and later; its ENVI driver rounds it to a nanometre), and STAC's center_wavelength, in
    micrometres, which GDAL's driver of tiled assets reads from eo:bands.
    """
    band = dataset.GetRasterBand(number)
    found = (
        _of_band(dataset, band),
        _of_dataset(dataset, number),
        _number(band.GetMetadataItem("CENTRAL_WAVELENGTH_UM", "IMAGERY")),
        _number(band.GetMetadataItem("center_wavelength")),
    )
    return next((wavelength for wavelength in found if wavelength is not None), None)


def _of_band(dataset: Any, band: Any) -> float | None:
    units = band.GetMetadataItem("wavelength_units") or _units(dataset)
    return _length(band.GetMetadataItem("wavelength"), units)


def _of_dataset(dataset: Any, number: int) -> float | None:
    """Reads ENVI's list, such as {490.0, 842.5}, if it has one number per band."""
    texts = (dataset.GetMetadataItem("wavelength", "ENVI") or "").strip(" {}").split(",")
    return _length(texts[number - 1], _units(dataset)) if len(texts) == dataset.RasterCount else None


def _units(dataset: Any) -> str | None:
    names = ("wavelength_units", "wavelength units")
    found = [dataset.GetMetadataItem(name, domain) for domain in ("ENVI", "") for name in names]
    return next((units for units in found if units), None)


def _length(text: str | None, units: str | None) -> float | None:
    number, factor = _number(text), MICROMETRES.get((units or "").strip().lower())
    return None if number is None or factor is None else number * factor


def _number(text: str | None) -> float | None:
    """Reads a positive number; any other metadata is ignored."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number > 0 else None
