# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS's coordinate reference systems, as WKT and from Esri's spatial references."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.core import QgsCoordinateReferenceSystem


def wkt_of(crs: QgsCoordinateReferenceSystem) -> str:
    """Returns the WKT of a CRS, empty if it is invalid."""
    # QGIS's default is WKT 1, which cannot represent every CRS.
    return str(crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT2_2019)) if crs.isValid() else ""


def crs_of_value(value: object) -> QgsCoordinateReferenceSystem:
    """Returns the CRS of an Esri spatial reference, of its number, or of a text in QGIS's forms."""
    if isinstance(value, Mapping):
        return crs_of_reference(value)
    text = _number(value)
    return crs_of_reference({"wkid": text}) if text.isdecimal() else QgsCoordinateReferenceSystem(text)


def crs_of_reference(reference: Mapping[str, Any]) -> QgsCoordinateReferenceSystem:
    """Returns the CRS of {"latestWkid", "wkid", "wkt"}; Esri's own numbers, such as 102100, are looked up too."""
    crs = QgsCoordinateReferenceSystem()
    for key in ("latestWkid", "wkid"):
        for authority in ("EPSG", "ESRI"):
            if reference.get(key) and not crs.isValid():
                crs = QgsCoordinateReferenceSystem(f"{authority}:{_number(reference[key])}")
    text = reference.get("wkt") or reference.get("wkt2")
    if text and not crs.isValid():
        crs = QgsCoordinateReferenceSystem.fromWkt(str(text))
    return crs


def _number(value: object) -> str:
    """Returns the text of a number, 4326 for 4326.0."""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()
