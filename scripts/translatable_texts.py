# SPDX-License-Identifier: GPL-2.0-or-later
"""Finds the texts that users see: those in tr(), and those that are translated where they are shown, as errors are."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FRONT_END = ("plugin.py", "plugin_support", "processing_provider", "ui")

# Calls whose first argument is a text, and keywords whose value completes a sentence.
CALLS = {"message", "warning", "Note", "Phrase"}
KEYWORDS = {"reason", "expected"}

# Modules of tables and lists of texts: all their literals of several words, or that begin with a capital, count.
LISTS = {
    "inference/bands/choice.py",
    "inference/describe/sections.py",
    "inference/models/keys.py",
    "inference/network/tile_choice.py",
}
SENTENCE = re.compile(r"[A-Z{](?=.* .*[a-z]{2}).*[a-z.}]\.?", re.DOTALL)
# Sentences for nobody: names of products, what goes to a log, and words of ONNX Runtime.
NO_TEXTS = re.compile(
    r"ONNX Runtime|IR version|Invalid rank .*|TensorFlow.*|Comparison .*|Python \{\}.*|[{}:.\dg…\s]+", re.DOTALL
)


def texts() -> dict[str, list[str]]:
    """Returns the texts in the order of the files, each with the files that have it."""
    found: dict[str, list[str]] = {}
    for path in _files():
        name = path.relative_to(ROOT).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for text in _of_inference(tree, name) if name.startswith("inference/") else _of_front_end(tree):
            places = found.setdefault(text, [])
            if name not in places:
                places.append(name)
    return found


def _files() -> Iterator[Path]:
    for name in (*FRONT_END, "inference"):
        path = ROOT / name
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def _of_front_end(tree: ast.Module) -> Iterator[str]:
    for node in _in_order(tree):
        if isinstance(node, ast.Call) and _name(node.func) in ("tr", "Phrase") and node.args:
            yield from _literals(node.args[0])
        elif isinstance(node, ast.keyword) and node.arg in KEYWORDS:
            yield from _literals(node.value)


def _of_inference(tree: ast.Module, name: str) -> Iterator[str]:
    if name.startswith("inference/errors/"):
        for node in _in_order(tree):
            if isinstance(node, ast.Assign) and _name(node.targets[0]) == "sentence":
                yield from _literals(node.value)
        return
    plain = {id(node) for node in _plain_literals(tree)}
    for node in _in_order(tree):
        if isinstance(node, ast.Call) and _name(node.func) in CALLS and node.args:
            yield from _literals(node.args[0])
        elif isinstance(node, (ast.keyword, ast.Assign)) and _keyword(node) in KEYWORDS:
            yield from _literals(node.value)
        elif id(node) in plain and _is_text(node.value, name):
            yield node.value


def _keyword(node: ast.keyword | ast.Assign) -> str:
    return node.arg or "" if isinstance(node, ast.keyword) else _name(node.targets[0])


def _is_text(text: str, name: str) -> bool:
    if NO_TEXTS.fullmatch(text) or not re.search("[A-Za-z]{2}", text):
        return False
    if name in LISTS:
        return " " in text.strip() or text[:1].isupper()
    return SENTENCE.fullmatch(text) is not None


def _in_order(tree: ast.Module) -> list[ast.AST]:
    return sorted(ast.walk(tree), key=lambda node: (getattr(node, "lineno", 0), getattr(node, "col_offset", 0)))


def _plain_literals(tree: ast.Module) -> Iterator[ast.Constant]:
    """Yields the texts that are neither docstrings, nor parts of f-strings, nor annotations."""
    left_out: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            left_out.add(id(node.value))
        if isinstance(node, ast.JoinedStr):
            left_out.update(id(part) for part in node.values)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield node


def _literals(node: ast.expr) -> Iterator[str]:
    """Yields the texts that an expression may be."""
    if isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search("[A-Za-z]", node.value):
        yield node.value


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
