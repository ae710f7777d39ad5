# SPDX-License-Identifier: GPL-2.0-or-later
"""Where results go: QGIS's destinations, and the document's references to them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingUtils

from ..inference.errors import OutputReferenceError
from .sources.data_stores import data_stores, resolve_store_path
from .sources.references import parse_json_object

# The store that takes results which are named as services.
DEFAULT_STORE = "default"


def resolve_destination(value: Any) -> Any:
    """Returns the path that a reference in JSON or a data-store path stands for, any other value as it is.

    {"uri": …} is a path; {"serviceProperties": {"name": …}} is a file of that name in the store "default".
    """
    content = parse_json_object(value)
    if isinstance(content, Mapping):
        return _of_reference(content)
    return resolve_store_path(content, data_stores()) if isinstance(content, str) else content


def is_temporary(output: str) -> bool:
    """Tells whether an output lies where QGIS keeps what it deletes at its end: nobody could go on from there."""
    folder = Path(QgsProcessingUtils.tempFolder()).resolve()
    return folder in Path(output).resolve().parents


def _of_reference(content: Mapping[str, Any]) -> str:
    # The document spells its own parameter in two ways, and either may wrap the reference.
    for spelling in ("outputClassifiedRaster", "outputClassifedRaster"):
        if isinstance(content.get(spelling), Mapping):
            content = content[spelling]
    if isinstance(content.get("uri"), str):
        return resolve_store_path(content["uri"], data_stores())
    service = content.get("serviceProperties")
    name = service.get("name") if isinstance(service, Mapping) else None
    # It becomes the name of a file, which must not lead out of the store.
    if isinstance(name, str) and name.isidentifier():
        return resolve_store_path(f"/rasterStores/{DEFAULT_STORE}/{name}.tif", data_stores())
    raise OutputReferenceError(reference=dict(content))
