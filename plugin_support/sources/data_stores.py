# SPDX-License-Identifier: GPL-2.0-or-later
"""Paths in data stores, resolved by the settings."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping

from qgis.core import QgsSettings

from ...inference.errors import DataStorePathError, DataStoreSettingError, DataStoreUnknownError
from ...inference.phrase import Phrase

SETTINGS_GROUP = "classify_pixels/data_stores"
VARIABLE = "CLASSIFY_PIXELS_DATA_STORES"

STORE_PATH = re.compile(r"^/(rasterStores|fileShares|cloudStores)/([^/]+)(?:/(.*))?$", re.IGNORECASE | re.DOTALL)


def data_stores() -> dict[str, str]:
    """Returns the folder or /vsi prefix of every store; the environment variable takes precedence over the settings."""
    return {**stores_in_settings(), **stores_in_variable()}


def stores_in_settings() -> dict[str, str]:
    """Returns the stores of the settings."""
    settings = QgsSettings()
    settings.beginGroup(SETTINGS_GROUP)
    stores = {name: str(settings.value(name) or "") for name in settings.childKeys()}
    settings.endGroup()
    return stores


def stores_in_variable() -> dict[str, str]:
    """Returns the stores of the environment variable."""
    return _of_variable(os.environ.get(VARIABLE, ""))


def write_stores(stores: Mapping[str, str]) -> None:
    """Replaces the stores in the settings."""
    settings = QgsSettings()
    settings.remove(SETTINGS_GROUP)
    settings.beginGroup(SETTINGS_GROUP)
    for name, place in stores.items():
        settings.setValue(name, place)
    settings.endGroup()


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


def _of_variable(text: str) -> dict[str, str]:
    if not text.strip():
        return {}
    try:
        stores = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataStoreSettingError(
            variable=VARIABLE, reason=Phrase("it is not JSON ({error})", {"error": error})
        ) from error
    if not isinstance(stores, dict) or not all(isinstance(place, str) for place in stores.values()):
        raise DataStoreSettingError(variable=VARIABLE, reason=Phrase("it is not a JSON object of text values"))
    return stores
