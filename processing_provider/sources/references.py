# SPDX-License-Identifier: GPL-2.0-or-later
"""The JSON forms in which the operation's document names a raster or a model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...inference.errors import ReferenceFormError

ITEM = "item"
URL = "url"
URI = "uri"
SERVICE = "service"

# Where several are given, the first one wins.
PATHS = (
    (ITEM, ("itemId",)),
    (URL, ("url",)),
    (URI, ("uri",)),
    (SERVICE, ("serviceProperties", "serviceUrl")),
    (ITEM, ("itemProperties", "itemId")),
)

# What clients add to the address of an image service; both are handed on to it.
RULES = ("mosaicRule", "renderingRule")
DEFINITION_KEYS = frozenset(("ModelFile", "Framework", "Classes", "ModelType", "ExtractBands"))


@dataclass(frozen=True)
class Reference:
    """What a value names: an item of a portal, an address, a path or GDAL name, or a service.

    `token` and `rules` are what clients of image services send along.
    """

    kind: str
    value: str
    token: str = ""
    rules: tuple[tuple[str, str], ...] = ()


def read_reference(value: object) -> Reference:
    """Returns what a path, a GDAL name, an address, a JSON text or a mapping stands for."""
    content = parse_json_object(value)
    if isinstance(content, Mapping):
        return _of_mapping(content)
    text = str(content if content is not None else "").strip()
    if not text:
        raise ReferenceFormError(reference=value, reason="it is empty")
    return Reference(URL if is_address(text) else URI, text)


def is_model_definition(content: object) -> bool:
    """Tells whether a mapping is a whole model definition instead of the name of one."""
    return isinstance(content, Mapping) and not DEFINITION_KEYS.isdisjoint(content)


def is_address(text: str) -> bool:
    """Tells whether a text is an http address."""
    return text.lower().startswith(("http://", "https://"))


def parse_json_object(value: object) -> object:
    """Returns the mapping of a JSON text that starts with a brace, and any other value as it is."""
    if not isinstance(value, str) or not value.strip().startswith("{"):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise ReferenceFormError(reference=value, reason=f"it is not JSON ({error})") from error


def _of_mapping(content: Mapping[str, Any]) -> Reference:
    for kind, path in PATHS:
        value = _text_at(content, path)
        if value:
            rules = tuple((rule, _as_text(content[rule])) for rule in RULES if content.get(rule))
            return Reference(kind, value, str(content.get("serviceToken") or ""), rules)
    names = ", ".join(sorted(map(str, content))) or "none"
    raise ReferenceFormError(reference=_shown(content), reason=f"its keys ({names}) name neither a raster nor a model")


def _text_at(content: Mapping[str, Any], path: tuple[str, ...]) -> str:
    found: Any = content
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found.strip() if isinstance(found, str) else ""


def _as_text(rule: object) -> str:
    return rule if isinstance(rule, str) else json.dumps(rule)


def _shown(content: Mapping[str, Any]) -> str:
    """Returns the reference as it may stand in a message: without its token, and not too long."""
    text = json.dumps({key: value for key, value in content.items() if "token" not in str(key).lower()}, default=str)
    return text if len(text) <= 200 else text[:200] + "…"
