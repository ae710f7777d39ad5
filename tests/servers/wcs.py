# SPDX-License-Identifier: GPL-2.0-or-later
"""A WCS 1.0.0 (OGC 03-065r6) of one band of 100 x 100 cells of 10 m."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import numpy as np

from ..unit.rasters import write_raster
from .loopback import Answer, LoopbackServer, Request

NAMES = 'xmlns="http://www.opengis.net/wcs" xmlns:gml="http://www.opengis.net/gml" version="1.0.0"'
DEGREES = """<lonLatEnvelope srsName="urn:ogc:def:crs:OGC:1.3:CRS84"><gml:pos>15.0 47.8</gml:pos>
<gml:pos>15.1 47.9</gml:pos></lonLatEnvelope>"""
REQUEST = """<{0}><DCPType><HTTP><Get><OnlineResource xlink:href="{1}/wcs?"/></Get></HTTP></DCPType></{0}>"""
CAPABILITIES = """<?xml version="1.0"?><WCS_Capabilities xmlns:xlink="http://www.w3.org/1999/xlink" {names}>
<Service><name>scene</name><label>scene</label></Service><Capability><Request>{requests}</Request></Capability>
<ContentMetadata><CoverageOfferingBrief><name>scene</name><label>scene</label>{degrees}</CoverageOfferingBrief>
</ContentMetadata></WCS_Capabilities>"""
COVERAGE = """<?xml version="1.0"?><CoverageDescription {names}><CoverageOffering><name>scene</name><label>scene</label>
{degrees}<domainSet><spatialDomain><gml:Envelope srsName="EPSG:32633"><gml:pos>500000 5300000</gml:pos>
<gml:pos>501000 5301000</gml:pos></gml:Envelope><gml:RectifiedGrid dimension="2"><gml:limits><gml:GridEnvelope>
<gml:low>0 0</gml:low><gml:high>99 99</gml:high></gml:GridEnvelope></gml:limits><gml:axisName>x</gml:axisName>
<gml:axisName>y</gml:axisName><gml:origin><gml:pos>500005 5300995</gml:pos></gml:origin>
<gml:offsetVector>10 0</gml:offsetVector><gml:offsetVector>0 -10</gml:offsetVector></gml:RectifiedGrid></spatialDomain>
</domainSet><rangeSet><RangeSet><name>band</name><label>band</label></RangeSet></rangeSet><supportedCRSs>
<requestResponseCRSs>EPSG:32633</requestResponseCRSs><nativeCRSs>EPSG:32633</nativeCRSs></supportedCRSs>
<supportedFormats nativeFormat="GeoTIFF"><formats>GeoTIFF</formats></supportedFormats></CoverageOffering>
</CoverageDescription>"""
OPERATIONS = ("GetCapabilities", "DescribeCoverage", "GetCoverage")


class WcsServer(LoopbackServer):
    """Serves the pixels (100, 100); `folder` is for its responses."""

    def __init__(self, pixels: np.ndarray, folder: Path) -> None:
        super().__init__()
        self._pixels, self._folder = pixels, folder
        # A later server may get the same port, and QGIS keeps the capabilities of an address.
        self._run = uuid.uuid4().hex
        self.failure: Any = None

    @property
    def source(self) -> str:
        """The source of a layer."""
        return f"url={self.url}/{self._run}/wcs&identifier=scene&crs=EPSG:32633&format=GeoTIFF&version=1.0.0"

    def answer(self, request: Request) -> Answer | None:
        """Answers one of the three requests."""
        query = {name.upper(): value for name, value in request.query.items()}
        if query["REQUEST"] == "GetCapabilities":
            requests = "".join(REQUEST.format(name, self.url) for name in OPERATIONS)
            text = CAPABILITIES.format(names=NAMES, requests=requests, degrees=DEGREES)
            return Answer(text.encode(), kind="text/xml")
        if query["REQUEST"] == "DescribeCoverage":
            return Answer(COVERAGE.format(names=NAMES, degrees=DEGREES).encode(), kind="text/xml")
        if self.failure:
            return self.failure  # type: ignore[no-any-return]
        width, height = int(query["WIDTH"]), int(query["HEIGHT"])
        left, bottom, right, top = (float(each) for each in query["BBOX"].split(","))
        dx, dy = (right - left) / width, (top - bottom) / height
        columns = ((left + (np.arange(width) + 0.5) * dx - 500_000) // 10).astype(int)
        rows = ((5_301_000 - top + (np.arange(height) + 0.5) * dy) // 10).astype(int)
        part = self._pixels[np.ix_(rows, columns)][np.newaxis]
        path = self._folder / f"{uuid.uuid4().hex}.tif"
        write_raster(path, part, transform=(left, dx, 0.0, top, 0.0, -dy))
        return Answer(path.read_bytes(), kind="image/tiff")
