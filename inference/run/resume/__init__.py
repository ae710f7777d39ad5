# SPDX-License-Identifier: GPL-2.0-or-later
"""What lets a run go on where an earlier one ended: its key, its finished strips and items, and its lock."""

from .finished_item import ITEM_KEY, finished_item, item_key
from .folder_lock import locked_output
from .request_key import request_key
from .strip_run import StripRun, open_strips
from .strip_store import StripStore

__all__ = [
    "ITEM_KEY",
    "StripRun",
    "StripStore",
    "finished_item",
    "item_key",
    "locked_output",
    "open_strips",
    "request_key",
]
