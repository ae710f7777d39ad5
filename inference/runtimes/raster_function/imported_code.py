# SPDX-License-Identifier: GPL-2.0-or-later
"""The files imported by a program, from its source and Python's loaded modules."""

from __future__ import annotations

import ast
import importlib.util
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType

LIBRARIES = ("site-packages", "dist-packages")
STANDARD = tuple(Path(sysconfig.get_paths()[name]) for name in ("stdlib", "platstdlib"))


def imported_code(program: Path, source: str | bytes) -> tuple[Path, ...]:
    """Returns the files of all modules imported by a program, directly or indirectly, except installed libraries.

    Only loaded modules have a file. A module in an archive is represented by the archive.
    """
    found: dict[Path, None] = {}
    waiting: list[tuple[str | bytes, str]] = [(source, "")]
    while waiting:
        for module in _imported(*waiting.pop()):
            path = _file_of(module)
            if path is not None and path != program and path not in found:
                found[path] = None
                if path.suffix == ".py":
                    with suppress(OSError):
                        waiting.append((path.read_bytes(), _package_of(module)))
    return tuple(found)


def _imported(source: str | bytes, package: str) -> Iterator[ModuleType]:
    """Yields the loaded modules named in a source, and their packages."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    names = {name for node in nodes for name in _names(node, package)}
    parts = ((name.split(".")[: end + 1]) for name in names for end in range(name.count(".") + 1))
    for name in sorted({".".join(part) for part in parts}):
        module = sys.modules.get(name)
        if isinstance(module, ModuleType):
            yield module


def _names(node: ast.AST, package: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        try:
            base = importlib.util.resolve_name("." * node.level + (node.module or ""), package or None)
        except (ImportError, ValueError):
            return
        yield base
        # A name imported from a package may be a module.
        yield from (f"{base}.{alias.name}" for alias in node.names)


def _file_of(module: ModuleType) -> Path | None:
    """Returns the file of a module, None for one that has none or belongs to an installed library."""
    named = getattr(module, "__file__", None)
    if not isinstance(named, str):
        return None
    path = Path(named)
    installed = any(part in LIBRARIES for part in path.parts) or any(folder in path.parents for folder in STANDARD)
    return None if installed else next((place for place in (path, *path.parents) if place.is_file()), None)


def _package_of(module: ModuleType) -> str:
    named = getattr(module, "__package__", None)
    return named if isinstance(named, str) else ""
