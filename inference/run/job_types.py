# SPDX-License-Identifier: GPL-2.0-or-later
"""Comparison of a job's values with the annotations of their fields: a file may hold values of other types."""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Mapping
from dataclasses import fields
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, ForwardRef, Union, get_args, get_origin

from ..raster import WebInput

# Subclasses count only of paths and members; true and false are no numbers.
NUMBERS: dict[Any, tuple[type, ...]] = {float: (int, float), int: (int,)}


def check_fields(value: Any) -> None:
    """Raises a TypeError if a field of a frozen value holds another type than it is annotated with."""
    own: Any = type(value)
    for name, kind in _kinds(own):
        if not is_of(getattr(value, name), kind):
            raise TypeError(f"{type(value).__name__}.{name} cannot be {getattr(value, name)!r:.60}")


def is_of(value: Any, kind: Any) -> bool:
    """Returns True for a value of a type, also of the values in a tuple, set or mapping."""
    # A type within itself has no end: nested constants of a definition were read before as JSON.
    if kind is Any or isinstance(kind, (str, ForwardRef)):
        return True
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Union:
        return any(is_of(value, each) for each in inner)
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        expected = inner[:1] * len(value) if inner[-1:] == (...,) else inner
        return len(value) == len(expected) and all(map(is_of, value, expected))
    if origin is frozenset:
        return isinstance(value, frozenset) and all(is_of(each, inner[0]) for each in value)
    if origin is not None:
        pairs = value.items() if isinstance(value, Mapping) and issubclass(origin, Mapping) else [(None, None)]
        return all(is_of(key, inner[0]) and is_of(each, inner[1]) for key, each in pairs)
    if kind is None or kind is type(None):
        return value is None
    if kind is Path or issubclass(kind, Enum):
        return isinstance(value, kind)
    # The rasters of servers have a common kind.
    return type(value) in NUMBERS.get(kind, (kind,)) or (kind is WebInput and isinstance(value, WebInput))


@cache
def _kinds(kind: type) -> tuple[tuple[str, Any], ...]:
    """Returns the fields of a dataclass and their types."""
    # A base class may be in another module, and its annotations are names there.
    modules = {
        name: sys.modules[base.__module__]
        for base in reversed(kind.__mro__)
        for name in vars(base).get("__annotations__", {})
    }
    return tuple(
        (each.name, _read(ast.parse(str(each.type), mode="eval").body, modules[each.name])) for each in fields(kind)
    )


def _read(node: ast.expr, module: Any) -> Any:
    """Returns the type of an annotation; Python 3.9 cannot evaluate X | Y."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return getattr(module, node.id) if hasattr(module, node.id) else getattr(builtins, node.id)
    if isinstance(node, ast.BinOp):
        return Union[_read(node.left, module), _read(node.right, module)]
    if isinstance(node, ast.Subscript):
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return _read(node.value, module)[tuple(_read(each, module) for each in inner)]
    raise TypeError(f"{ast.dump(node):.60} is no annotation of a job's value")
