# SPDX-License-Identifier: GPL-2.0-or-later
"""The shipped Python as syntax trees, and the classes of QGIS and Qt named in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import qgis.core
import qgis.gui
from qgis.PyQt import QtCore, QtGui, QtNetwork, QtWidgets, QtXml

from .command import ROOT

Trees = dict[str, ast.Module]
MODULES = (qgis.core, qgis.gui, QtCore, QtGui, QtNetwork, QtWidgets, QtXml)
NOT_SHIPPED = ("tests", "benchmarks", "scripts", "service")
OF_QGIS_OR_QT = re.compile(r"(Q[A-Z]\w*|Qgs\w+|Qgis|Qt)$")


def shipped() -> list[Path]:
    """Returns the files of the package, without the tests and other files that a package omits."""
    packages = [path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name not in NOT_SHIPPED]
    return sorted([*ROOT.glob("*.py"), *(file for package in packages for file in package.rglob("*.py"))])


def parsed(source: str) -> ast.Module:
    """Returns the tree of a source with aliases of classes of QGIS and Qt replaced by the classes' names.

    Aliases come from `import … as` and from assignments like `flags = QgsTask.Flag`.
    """
    tree = ast.parse(source)
    names = dict(_other_names(tree))
    return ast.fix_missing_locations(_Renaming(names).visit(tree)) if names else tree


def shipped_trees() -> Trees:
    """Returns the trees of all shipped files by their names."""
    return {str(path.relative_to(ROOT)): parsed(path.read_text(encoding="utf-8")) for path in shipped()}


def found(trees: Trees, is_bad: Callable[[ast.AST], bool]) -> list[str]:
    """Returns the places of forbidden nodes."""
    return [
        f"{name}:{node.lineno}: {ast.unparse(node)[:90]}"
        for name, tree in trees.items()
        for node in ast.walk(tree)
        if is_bad(node)
    ]


def class_named(name: str) -> Any:
    """Returns the class of this name in QGIS or Qt, None if this version has none."""
    return next((getattr(module, name) for module in MODULES if hasattr(module, name)), None)


def dotted(node: ast.AST) -> tuple[str, ...]:
    """Returns the names of a chain such as Qt.ItemDataRole.UserRole, empty for any other node."""
    if isinstance(node, ast.Name):
        return (node.id,)
    owner = dotted(node.value) if isinstance(node, ast.Attribute) else ()
    return (*owner, node.attr) if owner else ()


def _other_names(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("qgis"):
            yield from ((alias.asname, ast.Name(alias.name, ast.Load())) for alias in node.names if alias.asname)
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            chain = dotted(node.value)
            if chain and OF_QGIS_OR_QT.match(chain[0]) and chain[-1][:1].isupper():
                yield node.targets[0].id, node.value


class _Renaming(ast.NodeTransformer):
    """Replaces aliases by their classes."""

    def __init__(self, names: dict[str, ast.expr]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:  # noqa: N802  (named so by ast)
        """Replaces a name that is read."""
        is_read = isinstance(node.ctx, ast.Load) and node.id in self._names
        return ast.copy_location(ast.parse(ast.unparse(self._names[node.id])).body[0].value, node) if is_read else node
