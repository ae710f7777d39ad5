# SPDX-License-Identifier: GPL-2.0-or-later
"""The description of a model as plain text."""

from __future__ import annotations

from collections.abc import Sequence

from .model_description import ModelDescription
from .sections import Section, Translate, cell_text, sections_of


def text_of(description: ModelDescription, translate: Translate = str) -> str:
    """Returns the description as titled tables, their columns aligned; `translate` is given our own texts only."""
    return "\n\n".join(_section(section, translate) for section in sections_of(description)) + "\n"


def _section(section: Section, translate: Translate) -> str:
    cells = [section.header, *section.rows] if section.header else section.rows
    rows = [[cell_text(cell, translate) for cell in row] for row in cells]
    return "\n".join([cell_text(section.title, translate), *(f"  {line}" for line in _aligned(rows))])


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows)]
    return ["  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip() for row in rows]
