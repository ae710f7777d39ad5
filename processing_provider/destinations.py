# SPDX-License-Identifier: GPL-2.0-or-later
"""Destinations of results: QGIS's own and the document's references."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any

from qgis.core import QgsProcessingUtils

from ..inference.errors import OutputFolderError, OutputReferenceError
from ..plugin_support.sources.data_stores import data_stores, is_store_path, resolve_store_path
from ..plugin_support.sources.references import parse_json_object

# Store for results named as services.
DEFAULT_STORE = "default"
# A service, optionally in folders: the name must not leave its store nor be hidden.
SERVICE_NAME = re.compile(r"\w[\w .-]*(/\w[\w .-]*)*")
SUFFIX = ".tif"


def resolve_destination(value: Any, suffix: str = SUFFIX) -> Any:
    """Returns the path of a JSON reference or a data-store path, any other value unchanged.

    {"uri": …} is a path; {"serviceProperties": {"name": …}} is a file of that name in the store "default". Names
    without a suffix get that of the output, by default a GeoTIFF's.
    """
    content = parse_json_object(value)
    if isinstance(content, Mapping):
        return _of_reference(content, suffix)
    if isinstance(content, str) and is_store_path(content):
        return _file_at(content, suffix)
    return content


def is_temporary(output: str) -> bool:
    """Returns True if an output is in QGIS's temporary folder: deleted with it, it cannot be resumed."""
    folder = Path(QgsProcessingUtils.tempFolder()).resolve()
    return folder in Path(output).resolve().parents


@contextmanager
def folders_in_stores(outputs: Iterable[str]) -> Iterator[None]:
    """Creates missing folders of outputs within data stores, and removes those that remain empty."""
    stores = [Path(place) for place in data_stores().values() if place and Path(place).is_dir()]
    with ExitStack() as stack:
        for parent in (Path(output).parent for output in outputs if output):
            store = next((place for place in stores if place in parent.parents), None)
            missing = [folder for folder in (parent, *parent.parents) if store and store in folder.parents]
            for folder in reversed([folder for folder in missing if not folder.exists()]):
                try:
                    folder.mkdir(exist_ok=True)
                except OSError as error:
                    raise OutputFolderError(folder=folder, reason=error.strerror or error) from error
                stack.callback(_remove_if_empty, folder)
        yield


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def _of_reference(content: Mapping[str, Any], suffix: str) -> str:
    # The document has two spellings of its parameter; either may wrap the reference.
    for spelling in ("outputClassifiedRaster", "outputClassifedRaster"):
        if isinstance(content.get(spelling), Mapping):
            content = content[spelling]
    if isinstance(content.get("uri"), str):
        return _file_at(content["uri"], suffix)
    service = content.get("serviceProperties")
    name = service.get("name") if isinstance(service, Mapping) else None
    if isinstance(name, str) and SERVICE_NAME.fullmatch(name):
        return resolve_store_path(f"/rasterStores/{DEFAULT_STORE}/{name}{suffix}", data_stores())
    raise OutputReferenceError(reference=dict(content))


def _file_at(path: str, suffix: str) -> str:
    """Returns the file of a path, also within a data store; a store itself is an error."""
    stores = data_stores()
    place = resolve_store_path(path, stores)
    name = PurePosixPath(place.replace("\\", "/")).name
    if not name or place.rstrip("/") in {folder.rstrip("/\\") for folder in stores.values()}:
        raise OutputReferenceError(reference=path)
    return place if PurePosixPath(name).suffix else place.rstrip("/") + suffix
