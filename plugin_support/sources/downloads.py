# SPDX-License-Identifier: GPL-2.0-or-later
"""Copies of files on servers and in data stores, in the cache."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path, PureWindowsPath
from typing import Any

from osgeo import gdal

from ...inference.errors import AddressError, ModelKeyMissingError
from ...inference.models import is_mlm_item, model_asset
from ...inference.new_files import PART, new_token, open_new, write_whole
from ...inference.phrase import Phrase
from ..http import Access, download, wait
from .references import is_address

CHUNK = 1024**2
UNSAFE = re.compile(r"[^0-9A-Za-z._-]+")
# Names that Windows takes for devices, with any suffix.
DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])\s*(\..*)?", re.IGNORECASE)

Copy = Callable[[str, Path], None]

ITEM_FILE = "item.json"
SUFFIXES = (".json", ".geojson")


def fetch_file(place: str, cache: Path, copy: Copy, name: str = "", version: str = "") -> Path:
    """Returns the copy of a file, in a cache folder named by the hash of its place."""
    folder = cache / hashlib.sha256(f"{place}\n{version}".encode()).hexdigest()[:32]
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / safe_name(name or place)
    copy(place, target)
    return target


def fetch_model(place: str, cache: Path, copy: Copy, name: str = "", version: str = "") -> Path:
    """Returns the copy of a model, with the weights beside its definition."""
    path = fetch_file(place, cache, copy, name, version)
    weights = _weights_of(path) if path.suffix.lower() in (".emd", ".json") else ""
    if weights:
        copy(place.split("?")[0].rpartition("/")[0] + "/" + weights, path.with_name(safe_name(weights)))
    return path


def over_http(access: Access) -> Copy:
    """Returns a function that copies a file from an address."""
    return lambda place, target: download(place, target, {}, access)


def over_gdal(place: str, target: Path) -> None:
    """Copies a file of GDAL's virtual file systems (/vsis3/…, /vsizip/…); raises a RunCancelledError after Cancel."""
    source = gdal.VSIFOpenL(place, "rb")
    if source is None:
        raise AddressError(address=place, reason=gdal.VSIGetLastErrorMsg() or Phrase("the file does not exist"))
    partial = target.with_name(f".{new_token()}{PART}")
    try:
        with open_new(partial) as file:
            for chunk in iter(lambda: bytes(gdal.VSIFReadL(1, CHUNK, source) or b""), b""):
                file.write(chunk)
                wait(0)
        partial.replace(target)
    finally:
        gdal.VSIFCloseL(source)
        partial.unlink(missing_ok=True)


def _weights_of(definition: Path) -> str:
    """Returns the path of the weights relative to the definition; errors in it are reported when it is opened."""
    try:
        document = json.loads(definition.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        return ""
    href = weights_of_item(document)
    if href:
        return "" if is_address(href) else href[2:] if href.startswith("./") else href
    named = document.get("ModelFile") if isinstance(document, dict) else None
    return safe_name(PureWindowsPath(named).name) if isinstance(named, str) else ""


def weights_of_item(document: object) -> str:
    """Returns the address of the weights of a model's STAC item, empty for any other document."""
    if not isinstance(document, Mapping) or not is_mlm_item(document):
        return ""
    try:
        return str(model_asset(document, "")["href"])
    except ModelKeyMissingError:
        return ""


def safe_name(place: str) -> str:
    """Returns the last part of a place as a safe file name."""
    last = place.split("?")[0].replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = UNSAFE.sub("_", last).lstrip(".") or "file"
    return f"_{name}" if is_device(name) else name


def is_device(name: str) -> bool:
    """True for a file name that Windows takes for a device."""
    return DEVICES.fullmatch(name) is not None


def with_local_weights(path: str, cache: Path, copy_from: Callable[[str], Copy]) -> str:
    """Returns the path of a model, or of its copy in the cache if it is an item with weights at an address."""
    file = Path(path)
    if file.suffix.lower() not in SUFFIXES or not file.is_file():
        return path
    try:
        document = json.loads(file.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        return path
    address = weights_of_item(document)
    is_elsewhere = is_address(address) and not file.with_name(safe_name(address)).is_file()
    return copy_of_item(document, cache, copy_from) if is_elsewhere else path


def copy_of_item(document: Mapping[str, Any], cache: Path, copy_from: Callable[[str], Copy]) -> str:
    """Returns the path of an item's copy with its weights beside it, in a folder named by the item's hash."""
    address, text = weights_of_item(document), json.dumps(document, sort_keys=True)
    folder = cache / hashlib.sha256(text.encode()).hexdigest()[:32]
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / ITEM_FILE, text)
    copy_from(address)(address, folder / safe_name(address))
    return str(folder / ITEM_FILE)
