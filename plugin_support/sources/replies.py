# SPDX-License-Identifier: GPL-2.0-or-later
"""What servers answered while QGIS read a layer: QGIS shows a tile that failed as an empty one and says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Callable, TypeVar

from qgis.core import QgsNetworkAccessManager, QgsNetworkReplyContent
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtNetwork import QNetworkReply, QNetworkRequest

from ...inference.errors import AddressError
from ..http import ABSENT, PASSING, PAUSES, wait, without_query

Result = TypeVar("Result")


@dataclass(frozen=True)
class Reply:
    """An address, and what is wrong with its answer; nothing is wrong with a tile that does not exist."""

    address: str
    reason: str = ""
    passing: bool = False


def read_checked(read: Callable[[], Result]) -> Result:
    """Returns what `read` gives, once no request that QGIS made for it failed; raises an AddressError."""
    for pause in (*PAUSES, None):
        with _collected_replies() as replies:
            result = read()
        failed = [reply for reply in replies.values() if reply.reason]
        if not failed:
            break
        if pause is None or not all(reply.passing for reply in failed):
            raise AddressError(address=failed[0].address, reason=failed[0].reason)
        wait(pause)
    return result


@contextmanager
def _collected_replies() -> Iterator[dict[str, Reply]]:
    """Gives the last reply of each address that this thread asks in the block."""
    replies: dict[str, Reply] = {}

    def collect(content: QgsNetworkReplyContent) -> None:
        replies[content.request().url().toString()] = _reply(content)

    # The manager is that of this thread, so nothing of other threads is heard.
    finished = QgsNetworkAccessManager.instance().finished[QgsNetworkReplyContent]
    finished.connect(collect, Qt.ConnectionType.DirectConnection)
    try:
        yield replies
    finally:
        finished.disconnect(collect)


def _reply(content: QgsNetworkReplyContent) -> Reply:
    address = without_query(content.request().url().toString())
    status = int(content.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute) or 0)
    kind = bytes(content.rawHeader(b"Content-Type")).decode("latin-1")
    if status in ABSENT:
        return Reply(address)
    if status >= 400:
        return Reply(address, f"it answered {status}", status in PASSING)
    if content.error() != QNetworkReply.NetworkError.NoError:
        return Reply(address, content.errorString())
    if kind and not kind.startswith(("image/", "application/octet-stream")):
        return Reply(address, f"it answered with {kind.split(';')[0]} instead of a picture")
    return Reply(address)
