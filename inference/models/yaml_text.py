# SPDX-License-Identifier: GPL-2.0-or-later
"""Untrusted YAML, read as plain data: no tag creates an object, and no alias multiplies data.

PyYAML is not part of every QGIS, so it is imported when a file is read.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from typing import Any

from ..phrase import Phrase

# Training configurations have some hundred entries; an alias counts like its target.
MOST_VALUES, DEEPEST, LONGEST_NUMBER = 20_000, 40, 400

STANDARD = "tag:yaml.org,2002:"
TEXTS = frozenset(f"{STANDARD}{kind}" for kind in ("str", "timestamp", "value"))
SCALARS = frozenset(f"{STANDARD}{kind}" for kind in ("int", "float", "bool", "null"))
MAPPING, SEQUENCE = f"{STANDARD}map", f"{STANDARD}seq"

# In YAML 1.1, 1e-4 is a text; Lightning and users intend a number.
FRACTION = re.compile(r"[-+]?\d{1,40}e[-+]?\d{1,3}", re.IGNORECASE)


class YamlError(ValueError):
    """The text is not YAML, or has unsupported content; `reason` is the cause."""

    def __init__(self, reason: Phrase) -> None:
        super().__init__(str(reason))
        self.reason = reason


class YamlMissingError(ImportError):
    """PyYAML is not installed."""


def read_yaml(text: str) -> Any:
    """Returns the value of a text: mappings, lists, texts, numbers, truth values and None.

    Raises a YamlError for a text that is not YAML, is nested too deeply, has too many values or a custom tag, and a
    YamlMissingError if PyYAML is not installed.
    """
    try:
        yaml: Any = importlib.import_module("yaml")
    except ImportError as error:
        raise YamlMissingError(str(error)) from error
    loader = None
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        return None if node is None else _Reader(yaml, loader).value(node, 0)
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError) as error:
        if isinstance(error, YamlError):
            raise
        line = str(getattr(error, "problem", "") or error or type(error).__name__).splitlines()[0]
        raise YamlError(Phrase("it is not YAML ({error})", {"error": line[:200]})) from error
    finally:
        if loader is not None:
            loader.dispose()


class _Reader:
    """Converts the nodes of one document into values, and counts them."""

    def __init__(self, yaml: Any, loader: Any) -> None:
        self._yaml, self._loader, self._left = yaml, loader, MOST_VALUES

    def value(self, node: Any, depth: int) -> Any:
        """Returns the value of a node; `depth` is its nesting level."""
        self._left -= 1
        if self._left < 0:
            raise YamlError(Phrase("it has more than {most} values", {"most": MOST_VALUES}))
        if depth > DEEPEST:
            raise YamlError(Phrase("its values are nested more than {most} levels deep", {"most": DEEPEST}))
        if isinstance(node, self._yaml.MappingNode) and node.tag == MAPPING:
            return dict(self._entries(node, depth + 1))
        if isinstance(node, self._yaml.SequenceNode) and node.tag == SEQUENCE:
            return [self.value(part, depth + 1) for part in node.value]
        if isinstance(node, self._yaml.ScalarNode) and node.tag in TEXTS | SCALARS:
            return self._scalar(node)
        raise YamlError(Phrase("it has the unsupported tag {tag}", {"tag": _shown(node.tag)}))

    def _entries(self, node: Any, depth: int) -> Iterator[tuple[Any, Any]]:
        seen: set[Any] = set()
        for key_node, value_node in node.value:
            key = self.value(key_node, depth)
            if isinstance(key, (dict, list)):
                raise YamlError(Phrase("it has a key that is neither text nor a number"))
            if key in seen:
                raise YamlError(Phrase("it has the key {key} twice", {"key": key}))
            seen.add(key)
            yield key, self.value(value_node, depth)

    def _scalar(self, node: Any) -> Any:
        if node.tag in TEXTS:
            plain = node.style is None and FRACTION.fullmatch(node.value)
            return float(node.value) if plain else str(node.value)
        if len(node.value) > LONGEST_NUMBER:
            raise YamlError(Phrase("it has a number of {digits} digits", {"digits": len(node.value)}))
        return self._loader.construct_object(node)


def _shown(tag: str) -> str:
    return tag.replace(STANDARD, "!!", 1)[:100]
