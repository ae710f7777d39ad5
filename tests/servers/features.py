# SPDX-License-Identifier: GPL-2.0-or-later
"""An ArcGIS feature service with one layer of polygons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .loopback import Answer, LoopbackServer, Query, Request

PATH = "/arcgis/rest/services/mask/FeatureServer"

Rings = Sequence[Sequence[tuple[float, float]]]


class FeatureServer(LoopbackServer):
    """Serves polygons, each a list of rings, page by page to clients with the token; numbered from 1."""

    def __init__(self, polygons: Sequence[Rings], wkid: int = 32633, token: str = "", page: int = 1000) -> None:
        super().__init__()
        self._polygons, self._wkid, self._token, self._page = polygons, wkid, token, page
        self.changes: dict[str, Any] = {}
        self.answer_changes: dict[str, Any] = {}

    @property
    def service(self) -> str:
        """The address of the service."""
        return self.url + PATH

    def answer(self, request: Request) -> Answer | None:
        """Answers requests for the service, its layer and queries of the layer."""
        if self._token and request.query.get("token") != self._token:
            return Answer.json({"error": {"code": 499, "message": "Token Required", "details": []}})
        if request.path == PATH:
            return Answer.json({"currentVersion": 10.91, "layers": [{"id": 0, "name": "mask"}]})
        if request.path == PATH + "/0":
            layer = {"id": 0, "type": "Feature Layer", "geometryType": "esriGeometryPolygon", "objectIdField": "FID"}
            return Answer.json({**layer, **self.changes})
        if request.path == PATH + "/0/query":
            return Answer.json({**self._query(request.query), **self.answer_changes})
        return Answer(b"no such page", 404)

    def _query(self, query: Query) -> dict[str, Any]:
        features = [
            {"attributes": {"FID": number}, "geometry": {"rings": [list(map(list, ring)) for ring in rings]}}
            for number, rings in enumerate(self._polygons, start=1)
        ]
        where = query["where"]
        if where != "1=1":
            features = [each for each in features if where == f"(FID = {each['attributes']['FID']})"]
        first = int(query.get("resultOffset", 0))
        more = {"exceededTransferLimit": True} if first + self._page < len(features) else {}
        page = features[first : first + self._page]
        reference = {"wkid": self._wkid, "latestWkid": self._wkid}
        return {"objectIdFieldName": "FID", "spatialReference": reference, "features": page, **more}
