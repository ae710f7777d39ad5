# SPDX-License-Identifier: GPL-2.0-or-later
"""The document's JSON references to rasters and models."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...inference.errors import ReferenceFormError
from ...inference.phrase import Phrase
from ...inference.unique_keys import TwoValuesError, object_of_unique_keys

ITEM = "item"
URL = "url"
URI = "uri"
SERVICE = "service"

# The first one takes precedence.
PATHS = (
    (ITEM, ("itemId",)),
    (URL, ("url",)),
    (URI, ("uri",)),
    (SERVICE, ("serviceProperties", "serviceUrl")),
    (ITEM, ("itemProperties", "itemId")),
)

# Keys of references that change no pixel: sign-in, and properties of layers and items.
PASSIVE = frozenset(
    """
    itemId url uri serviceProperties serviceUrl itemProperties serviceToken token credential name title id
    type layerType description snippet tags thumbnail folderId owner opacity visibility visible showLegend showLabels
    popupInfo disablePopup popupEnabled minScale maxScale refreshInterval copyright copyrightText attribution
    currentVersion capabilities blendMode isReference
    """.split()
)
DEFINITION_KEYS = frozenset(("ModelFile", "Framework", "Classes", "ModelType", "ExtractBands"))


@dataclass(frozen=True)
class Reference:
    """A portal item, an address, a path or GDAL name, or a service.

    `rules` are all other keys that may change pixels.
    """

    kind: str
    value: str
    token: str = ""
    rules: tuple[tuple[str, str], ...] = ()


def read_reference(value: object) -> Reference:
    """Returns the reference of a path, a GDAL name, an address, a JSON text or a mapping."""
    content = parse_json_object(value)
    if isinstance(content, Mapping):
        return _of_mapping(content)
    text = str(content if content is not None else "").strip()
    if not text:
        raise ReferenceFormError(reference=value, reason=Phrase("it is empty"))
    return Reference(URL if is_address(text) else URI, text)


def is_model_definition(content: object) -> bool:
    """Returns True if a mapping is a complete model definition, not a reference."""
    return isinstance(content, Mapping) and not DEFINITION_KEYS.isdisjoint(content)


def is_address(text: str) -> bool:
    """Returns True if a text is an HTTP address."""
    return text.lower().startswith(("http://", "https://"))


def parse_json_object(value: object) -> object:
    """Returns the mapping of a JSON text that starts with a brace, any other value unchanged."""
    if not isinstance(value, str) or not value.strip().startswith("{"):
        return value
    try:
        return json.loads(value, object_pairs_hook=object_of_unique_keys)
    except TwoValuesError as error:
        raise ReferenceFormError(
            reference=value, reason=Phrase("it has the key {key} twice", {"key": error.key})
        ) from error
    except (ValueError, RecursionError) as error:
        raise ReferenceFormError(
            reference=value, reason=Phrase("it is not JSON ({error})", {"error": error})
        ) from error


def _of_mapping(content: Mapping[str, Any]) -> Reference:
    for kind, path in PATHS:
        value = _text_at(content, path)
        if value:
            return Reference(kind, value, str(content.get("serviceToken") or ""), _rules(content))
    names = ", ".join(sorted(map(str, content))) or "none"
    raise ReferenceFormError(
        reference=_shown(content),
        reason=Phrase("none of its keys ({names}) identifies a raster or model", {"names": names}),
    )


def _rules(content: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Returns the keys that may change pixels with their values as text, without empty values.

    They are those of the reference and of its serviceProperties.
    """
    inner = content.get("serviceProperties")
    given = [*content.items(), *(inner.items() if isinstance(inner, Mapping) else ())]
    return tuple(
        (str(key), _as_text(value)) for key, value in given if key not in PASSIVE and value not in (None, "", [], {})
    )


def _text_at(content: Mapping[str, Any], path: tuple[str, ...]) -> str:
    found: Any = content
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found.strip() if isinstance(found, str) else ""


def _as_text(rule: object) -> str:
    return rule if isinstance(rule, str) else json.dumps(rule)


def _shown(content: Mapping[str, Any]) -> str:
    """Returns the reference for messages, without tokens and shortened."""
    text = json.dumps({key: value for key, value in content.items() if "token" not in str(key).lower()}, default=str)
    return text if len(text) <= 200 else text[:200] + "…"
