# SPDX-License-Identifier: GPL-2.0-or-later
"""An HTTP server in a thread; subclasses define its answers."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Query = dict[str, str]


@dataclass(frozen=True)
class Answer:
    """A response: a status, a body, its type and further headers.

    An endless one sends its body repeatedly until the client leaves or the server stops.
    """

    body: bytes = b""
    status: int = 200
    kind: str = "application/octet-stream"
    headers: dict[str, str] = field(default_factory=dict)
    endless: bool = False

    @classmethod
    def json(cls, document: Any) -> Answer:
        """Returns a JSON document."""
        return cls(json.dumps(document).encode(), kind="application/json")


@dataclass(frozen=True)
class Request:
    """A request."""

    path: str
    query: Query
    headers: dict[str, str]


class LoopbackServer:
    """Listens on 127.0.0.1 while its `with` block runs, and remembers the requests."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.released = threading.Event()

    def answer(self, request: Request) -> Answer | None:
        """Returns the answer to a request; None hangs until the server stops."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        """The address of the server, without a slash at its end."""
        return f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Any:
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)


def _handler(server: LoopbackServer) -> type:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Logs nothing."""

        def do_GET(self) -> None:  # noqa: N802
            parts = urlsplit(self.path)
            request = Request(parts.path, dict(parse_qsl(parts.query)), dict(self.headers))
            server.requests.append(request)
            answer = server.answer(request)
            if answer is None:
                server.released.wait()
                return
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            if not answer.endless and "Content-Length" not in answer.headers:
                self.send_header("Content-Length", str(len(answer.body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)
            with suppress(ConnectionError):
                while answer.endless and not server.released.is_set():
                    self.wfile.write(answer.body)

        do_HEAD = do_GET  # noqa: N815

    return Handler
