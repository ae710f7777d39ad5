# SPDX-License-Identifier: GPL-2.0-or-later
"""What lets a run go on where an earlier one ended: its keys, its finished strips and items, and its lock."""

from .compared_files import model_digests
from .finished_item import REQUEST_KEY, ItemRecord, finished_item
from .folder_lock import locked_output, strips_folder
from .manifest import Manifest
from .open_strips import open_strips, take_over
from .request_key import network_key, request_key
from .strip_store import LocalStrips, StripFolder, StripStore

__all__ = [
    "REQUEST_KEY",
    "ItemRecord",
    "LocalStrips",
    "Manifest",
    "StripFolder",
    "StripStore",
    "finished_item",
    "locked_output",
    "model_digests",
    "network_key",
    "open_strips",
    "request_key",
    "strips_folder",
    "take_over",
]
