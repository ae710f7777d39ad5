# SPDX-License-Identifier: GPL-2.0-or-later
"""An ArcGIS portal that knows a few items."""

from __future__ import annotations

from typing import Any

from .loopback import Answer, LoopbackServer, Request

ITEMS = "/portal/sharing/rest/content/items/"


class PortalServer(LoopbackServer):
    """Serves items and their files to clients with the token; files have an ETag."""

    def __init__(self, token: str = "") -> None:
        super().__init__()
        self._token = token
        self.items: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}

    @property
    def portal(self) -> str:
        """The address of the portal."""
        return self.url + "/portal"

    def answer(self, request: Request) -> Answer | None:
        """Answers /items/ID and /items/ID/data."""
        if self._token and request.query.get("token") != self._token:
            return Answer.json({"error": {"code": 499, "message": "Token Required", "details": []}})
        item, _, part = request.path[len(ITEMS) :].partition("/")
        if item not in self.items or not request.path.startswith(ITEMS):
            return Answer.json({"error": {"code": 400, "message": "Item does not exist or is inaccessible."}})
        if part == "data":
            return self._file(request, self.files[item])
        return Answer.json({"id": item, **self.items[item]})

    def _file(self, request: Request, content: bytes) -> Answer:
        tag = f'"{hash(content)}"'
        if request.headers.get("If-None-Match") == tag:
            return Answer(status=304)
        return Answer(content, headers={"ETag": tag})
