# SPDX-License-Identifier: GPL-2.0-or-later
"""STAC items of models whose weights are at an address: copies of both."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ...inference.new_files import write_whole
from .downloads import Copy, safe_name, weights_of_item
from .references import is_address

ITEM_FILE = "item.json"
SUFFIXES = (".json", ".geojson")


def with_local_weights(path: str, cache: Path, copy_from: Callable[[str], Copy]) -> str:
    """Returns the path of a model as it is, or of a copy in the cache if it is an item with weights at an address."""
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
