# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the reference of all errors from the error classes themselves."""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from types import ModuleType

from load_package import ROOT, load_package

PAGE = ROOT / "docs" / "reference" / "errors.md"
HEAD = """# All errors

Each error is a sentence with the value that caused it and what to do next. Here they are by name; *words in italics*
stand for those values. Search this page for a part of the sentence that you see.
"""


def main() -> int:
    """Writes the page."""
    load_package()
    PAGE.write_text(page(), encoding="utf-8")
    return 0


def page() -> str:
    """Returns the reference of all errors as Markdown."""
    parts = [HEAD]
    for module in modules():
        errors = list(classes_of(module))
        if errors:
            parts.append(f"## {title(module)}\n")
            parts += [entry(error) for error in errors]
    return "\n".join(parts)


def modules() -> Iterator[ModuleType]:
    """Yields the files of errors by name."""
    package = importlib.import_module("classify_pixels.inference.errors")
    for path in sorted(Path(package.__file__ or "").parent.glob("*.py")):
        if path.stem != "__init__":
            yield importlib.import_module(f"{package.__name__}.{path.stem}")


def classes_of(module: ModuleType) -> Iterator[type]:
    """Yields the errors that a file defines, in its order."""
    for value in vars(module).values():
        if inspect.isclass(value) and value.__module__ == module.__name__ and value.sentence:
            yield value


def entry(error: type) -> str:
    """Returns the entry of an error."""
    return f"### {error.__name__}\n\n{sentence(inspect.getdoc(error) or '')}\n\n> {said(error)}\n"


def title(module: ModuleType) -> str:
    """Returns the subject of a file of errors."""
    text = (module.__doc__ or "").strip().rstrip(".")
    found = re.fullmatch("Errors of (.*)", text, re.DOTALL)
    words = found.group(1) if found else "cancelled runs"
    return words[:1].upper() + words[1:]


def said(error: type) -> str:
    """Returns the sentence of an error, its values in italics and the rest as plain text."""
    fields = [(text, name) for text, name, _, _ in Formatter().parse(error.sentence)]
    return "".join(escaped(text) + (f"*{name}*" if name else "") for text, name in fields)


def escaped(text: str) -> str:
    """Returns a text escaped for Markdown."""
    return re.sub(r"([*_<>|\[\]])", r"\\\1", text)


def sentence(text: str) -> str:
    """Returns the first paragraph of a docstring on one line."""
    return escaped(" ".join(text.split("\n\n")[0].split()))


if __name__ == "__main__":
    sys.exit(main())
