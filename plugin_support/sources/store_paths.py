# SPDX-License-Identifier: GPL-2.0-or-later
"""Paths in data stores; without QGIS."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ...inference.errors import DataStorePathError, DataStoreUnknownError

STORE_PATH = re.compile(r"^/(rasterStores|fileShares|cloudStores)/([^/]+)(?:/(.*))?$", re.IGNORECASE | re.DOTALL)


def is_store_path(path: str) -> bool:
    """Returns True if a path begins with a data store."""
    return STORE_PATH.match(path.replace("\\", "/")) is not None


def resolve_store_path(path: str, stores: Mapping[str, str]) -> str:
    """Returns the place of `/rasterStores/NAME/…` and similar paths, any other path unchanged."""
    match = STORE_PATH.match(path.replace("\\", "/"))
    if match is None:
        return path
    _, name, rest = match.groups()
    place = stores.get(name)
    if not place:
        raise DataStoreUnknownError(store=name, known=", ".join(sorted(stores)) or "none")
    parts = [part for part in (rest or "").split("/") if part not in ("", ".")]
    # The rest cannot start a /vsi name, because the place of the store precedes it.
    if ".." in parts or any("\0" in part for part in parts):
        raise DataStorePathError(path=path)
    return "/".join([place.rstrip("/\\") or "/", *parts])
