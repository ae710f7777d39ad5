# SPDX-License-Identifier: GPL-2.0-or-later
"""The shipped sources as syntax trees; each file is read and parsed once for all tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("inference", "plugin_support", "processing_provider", "service", "ui")


@cache
def text_of(path: Path) -> str:
    """Returns the text of a source file."""
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    """Returns the syntax tree of a source file, parsed as Python 3.9."""
    return ast.parse(text_of(path), filename=str(path), feature_version=(3, 9))


@cache
def files(*folders: str) -> tuple[Path, ...]:
    """Returns the Python files of some folders of the checkout, sorted."""
    return tuple(sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")))


def relative(path: Path) -> str:
    """Returns a path as seen from the root of the checkout."""
    return str(path.relative_to(ROOT))


@cache
def _nodes(path: Path) -> tuple[tuple[int, ast.AST], ...]:
    return tuple((getattr(node, "lineno", 0), node) for node in ast.walk(tree_of(path)))


def nodes(*folders: str) -> Iterator[tuple[str, ast.AST]]:
    """Yields the place (file and line) and the node of all syntax in some folders."""
    for path in files(*folders):
        name = relative(path)
        for line, node in _nodes(path):
            yield f"{name}:{line}", node
