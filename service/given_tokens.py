# SPDX-License-Identifier: GPL-2.0-or-later
"""Tokens in the references of a caller: the service uses none of them, and neither stores nor shows them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from ..inference.redaction import HIDDEN, without_secrets
from ..plugin_support.sources.service_rules import KNOWN, OTHER_NAMES
from .errors import ParameterRefusedError
from .submission import ARGUMENTS, DEEPEST_JSON, read_json

KEYS = ("servicetoken", "token", "credential")
# The address of a file may need its query; services and items are read without one.
SERVICE = re.compile(r"/(image|feature|map)server\b|/content/items/", re.IGNORECASE)
PAIR = re.compile(r"([?&])([^=&#;\s\"'\\]+)=([^&#;\s\"'\\]+)")
MEMBER = re.compile(rf'(\\*"(?:{"|".join(KEYS)})\\*"\s*:\s*\\*")(?:[^"\\]|\\[^"])*', re.IGNORECASE)


def without_given_tokens(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the parameters of a job without the tokens in references, and otherwise unchanged."""
    return {name: value if name == ARGUMENTS else _hidden(value) for name, value in inputs.items()}


def _hidden(value: Any, depth: int = 0) -> Any:
    if depth > DEEPEST_JSON + 1:
        # It is refused, because it is nested too deeply.
        return HIDDEN
    if isinstance(value, Mapping):
        return {
            key: HIDDEN if str(key).lower() in KEYS and inner else _hidden(inner, depth + 1)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_hidden(inner, depth + 1) for inner in value]
    return _hidden_text(value, depth) if isinstance(value, str) else value


def _hidden_text(text: str, depth: int) -> str:
    if text.lstrip()[:1] not in ("{", "["):
        return _hidden_query(text)
    try:
        found = read_json("", text)
    except ParameterRefusedError:
        found = None
    if found is None:
        # It is refused as it stands.
        return _hidden_query(MEMBER.sub(rf"\1{HIDDEN}", text))
    changed = _hidden(found, depth)
    return text if changed == found else json.dumps(changed)


def _hidden_query(text: str) -> str:
    return PAIR.sub(_hidden_pair, text) if SERVICE.search(text) else text


def _hidden_pair(found: re.Match[str]) -> str:
    name = unquote(found[2])
    is_rule = name in KNOWN or name in OTHER_NAMES
    is_secret = name.lower() == "token" or without_secrets(f"{name}={found[3]}") != f"{name}={found[3]}"
    return f"{found[1]}{found[2]}={HIDDEN}" if is_secret and not is_rule else found[0]
