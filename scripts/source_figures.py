# SPDX-License-Identifier: GPL-2.0-or-later
"""Prints the size of the sources: modules, functions and lines of each room, for information, never for a test."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("inference", "plugin_support", "processing_provider", "service", "ui", "tests", "scripts", "benchmarks")


def code_lines(text: str) -> int:
    """Counts the lines except blank ones, comments and docstrings."""
    docstrings = {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    lines = enumerate(text.splitlines(), start=1)
    return sum(bool(line.strip()) and not line.strip().startswith("#") and n not in docstrings for n, line in lines)


def function_sizes(text: str) -> list[int]:
    """Returns the length of every function, in lines."""
    nodes = ast.walk(ast.parse(text))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [(node.end_lineno or 0) - node.lineno + 1 for node in nodes if isinstance(node, kinds)]


def main() -> None:
    """Prints one line for each room."""
    print(f"{'room':<22}{'modules':>8}{'lines':>8}{'code':>8}{'functions':>11}{'median':>8}{'longest':>9}")
    for room in ROOMS:
        texts = [path.read_text(encoding="utf-8") for path in (ROOT / room).rglob("*.py")]
        sizes = [size for text in texts for size in function_sizes(text)]
        lines, code = sum(text.count("\n") for text in texts), sum(map(code_lines, texts))
        middle, longest = statistics.median(sizes), max(sizes)
        print(f"{room:<22}{len(texts):>8}{lines:>8}{code:>8}{len(sizes):>11}{middle:>8g}{longest:>9}")


if __name__ == "__main__":
    main()
