# SPDX-License-Identifier: GPL-2.0-or-later
"""The description of a model as an HTML page.

Every text is escaped: texts of a model may be hostile. The page loads nothing.
"""

from __future__ import annotations

import html

from .model_description import ModelDescription
from .sections import Cell, Section, Translate, cell_text, sections_of

PATCH = "&nbsp;" * 8
PAGE = """<!DOCTYPE html>
<html>
<head><meta charset="utf-8"><title>{title}</title></head>
<body>
<h1>{title}</h1>
{tables}
</body>
</html>
"""


def html_of(description: ModelDescription, translate: Translate = str) -> str:
    """Returns the description as a page; `translate` is given our own texts only.

    Colours are backgrounds of spaces, which the rich texts of Qt show as well as a browser does.
    """
    tables = "\n".join(_table(section, translate) for section in sections_of(description))
    return PAGE.format(title=html.escape(cell_text(description.name, translate)), tables=tables)


def _table(section: Section, translate: Translate) -> str:
    header = "".join(f'<th align="left">{_escaped(cell, translate)}</th>' for cell in section.header)
    rows = ["".join(_cell(cell, translate) for cell in row) for row in section.rows]
    lines = "\n".join(f"<tr>{row}</tr>" for row in [header, *rows] if row)
    return f'<h2>{_escaped(section.title, translate)}</h2>\n<table cellpadding="4">\n{lines}\n</table>'


def _cell(cell: Cell, translate: Translate) -> str:
    text = _escaped(cell, translate)
    if isinstance(cell, tuple):
        return f'<td><span style="background-color:{text}">{PATCH}</span>&nbsp;{text}</td>'
    return f"<td>{text}</td>"


def _escaped(cell: Cell, translate: Translate) -> str:
    return html.escape(cell_text(cell, translate))
