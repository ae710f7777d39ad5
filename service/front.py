# SPDX-License-Identifier: GPL-2.0-or-later
"""The HTTP server of the front: waitress, with an end to every kind of slow client.

By default, waitress closes connections without activity only: a byte now and then keeps one open, and clients that do
not read their answers keep all threads.
"""

from __future__ import annotations

import time
from contextlib import suppress
from socket import SHUT_RDWR
from typing import Any, Callable

from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer

THREADS = 8
# Open connections; further ones wait until one is closed. Each may have a file open, and 1024 files are usual.
CONNECTIONS = 400
# Seconds until a client that sends or reads nothing loses its connection, and one with an incomplete request.
SLOWEST_CLIENT, SLOWEST_REQUEST = 60.0, 120.0
# The same for both, while more than half of the connections are open.
IN_A_HURRY = 5.0
# Bytes of an answer after which a thread would wait for its client: none. Longer answers than 1 MB are on the disk.
NO_WAIT = 1024**4


class _Channel(HTTPChannel):  # type: ignore[misc]
    """A connection, which the server asks at least every second whether it has something to read."""

    will_close: bool
    _begun = 0.0

    def readable(self) -> bool:
        """Returns True if the client may send; closes the connection of a slow one."""
        now = time.time()
        # Nothing is being received while a request is worked on, or while its answer is read.
        if self.requests or self.total_outbufs_len:
            self._begun = now
        self._begun = min(now, self._begun or now)
        in_a_hurry = len(self.server.active_channels) > CONNECTIONS // 2
        idle, whole = (IN_A_HURRY, IN_A_HURRY) if in_a_hurry else (SLOWEST_CLIENT, SLOWEST_REQUEST)
        works = self.requests and not self.total_outbufs_len
        if not works and not self.will_close and (now - self.last_activity > idle or now - self._begun > whole):
            self.will_close = True
            # Otherwise the server would wait until the client reads again.
            with suppress(OSError):
                self.socket.shutdown(SHUT_RDWR)
        return bool(super().readable())

    def received(self, data: bytes) -> bool:
        """Takes what a client has sent; of several requests at once only the first is answered."""
        found = bool(super().received(data))
        with self.requests_lock:
            for request in self.requests[1:]:
                request.close()
            if self.requests[1:]:
                del self.requests[1:]
                self.requests[0].headers["CONNECTION"] = "close"
        return found


def server_of(application: Callable[..., Any], host: str, port: int, largest_body: int, trusted_proxy: str = "") -> Any:
    """Returns a server that listens, with `run` and `close`; raises an OSError for an address that it cannot use.

    Requests from the address of the trusted proxy are those of the last address in their X-Forwarded-For header.
    """
    proxy = {"trusted_proxy": trusted_proxy, "trusted_proxy_headers": {"x-forwarded-for"}} if trusted_proxy else {}
    sockets: dict[int, Any] = {}
    server = create_server(
        application, sockets, host=host, port=port, threads=THREADS, ident=None, max_request_body_size=largest_body,
        max_request_header_size=64 * 1024, channel_timeout=SLOWEST_CLIENT, connection_limit=CONNECTIONS,
        asyncore_use_poll=True, outbuf_high_watermark=NO_WAIT, clear_untrusted_proxy_headers=True,
        **proxy,
    )  # fmt: skip
    for each in sockets.values():
        if isinstance(each, BaseWSGIServer):
            each.channel_class = _Channel
    return server
