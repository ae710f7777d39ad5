# SPDX-License-Identifier: GPL-2.0-or-later
"""The data stores of the settings and of the environment."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

from qgis.core import QgsSettings

from ...inference.errors import DataStoreSettingError
from ...inference.phrase import Phrase
from .store_paths import is_store_path, resolve_store_path

__all__ = [
    "data_stores",
    "is_store_path",
    "resolve_store_path",
    "stores_in_settings",
    "stores_in_variable",
    "write_stores",
]

SETTINGS_GROUP = "classify_pixels/data_stores"
VARIABLE = "CLASSIFY_PIXELS_DATA_STORES"


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
