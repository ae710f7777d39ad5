# SPDX-License-Identifier: GPL-2.0-or-later
"""Resuming a run: keys, finished strips and items, and the lock.

A strip is a rectangle of whole cores, about 4096 x 512 cells. Its values are written as a GeoTIFF into a hidden folder
beside the output and renamed into place. Then a small file, its record, states its window, counts and the digests of
its files. Records and manifest carry their own digest, and a record that of its manifest: a strip counts only if all
agree. The manifest holds the chosen tile, halo, stride, batch and strip size, and two keys.

- The request key needs no open network. It covers weights and code by content; rasters, with every source below a VRT,
  mosaic or mask and their side files, by name, size and times; grid, area, NoData rule, definition, arguments and
  requested processor; and the version.
- The network key covers the open network: definition, decision, bands and device.

An equal request takes over strips and choices, any other one starts afresh. A lock that ends with its process
separates two runs; on a disk without locks the run warns.

Compressed values are decoded and encoded once more at the end. Writing directly into the final file would save that,
but a truncated GeoTIFF cannot be opened again.
"""

from .compared_files import model_digests
from .finished_item import REQUEST_KEY, ItemRecord, finished_item
from .folder_lock import locked_output, strips_folder
from .manifest import Manifest, manifest_digest
from .open_strips import open_strips, take_over
from .request_key import network_key, request_key
from .strip_record import StripForm
from .strip_store import LocalStrips, SharedStrips, StripStore

__all__ = [
    "REQUEST_KEY",
    "ItemRecord",
    "LocalStrips",
    "Manifest",
    "SharedStrips",
    "StripForm",
    "StripStore",
    "finished_item",
    "locked_output",
    "manifest_digest",
    "model_digests",
    "network_key",
    "open_strips",
    "request_key",
    "strips_folder",
    "take_over",
]
