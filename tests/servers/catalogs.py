# SPDX-License-Identifier: GPL-2.0-or-later
"""A host of model catalogs: documents and files by path, with ranges, and repositories with the API of Hugging Face."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from .loopback import Answer, LoopbackServer, Request


class CatalogServer(LoopbackServer):
    """Serves `files` by path; a file in `broken` ends after so many bytes, once."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, bytes] = {}
        self.broken: dict[str, int] = {}
        self.redirects: dict[str, str] = {}
        self.found: list[dict[str, Any]] = []
        self.ranges = True

    def add(self, path: str, document: object) -> None:
        """Serves a JSON document."""
        self.files[path] = json.dumps(document).encode()

    def add_repository(self, name: str, files: dict[str, bytes], **facts: object) -> None:
        """Serves a repository, whose weights are stored with a digest."""
        described = [
            {
                "rfilename": file,
                "size": len(content),
                **({"lfs": {"sha256": hashlib.sha256(content).hexdigest()}} if file.endswith(".onnx") else {}),
            }
            for file, content in files.items()
        ]
        document = {"id": name, "sha": "0123456789abcdef", "siblings": described, **facts}
        self.found.append({**document, "siblings": [{"rfilename": file} for file in files]})
        self.add(f"/api/models/{name}", document)
        for file, content in files.items():
            self.files[f"/{name}/resolve/0123456789abcdef/{file}"] = content

    def answer(self, request: Request) -> Answer | None:
        """Answers a request."""
        if request.path == "/api/models":
            words = request.query.get("search", "")
            return Answer.json([entry for entry in self.found if words in entry["id"]])
        if request.path in self.redirects:
            return Answer(status=302, headers={"Location": self.redirects[request.path]})
        if request.path not in self.files:
            return Answer(status=404)
        content = self.files[request.path]
        start = request.headers.get("Range", "") if self.ranges else ""
        if start:
            first = int(start.removeprefix("bytes=").rstrip("-"))
            span = {"Content-Range": f"bytes {first}-{len(content) - 1}/{len(content)}"}
            return Answer(content[first:], status=206, headers=span)
        length = self.broken.pop(request.path, None)
        if length is not None:
            return Answer(content[:length], headers={"Content-Length": str(len(content))})
        return Answer(content)
