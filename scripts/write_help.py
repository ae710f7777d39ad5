# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the user guide as web pages, which the Help buttons open offline."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from markdown import Markdown

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
HELP = ROOT / "resources" / "help"
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="{top}help.css">
</head>
<body>
<nav><a href="{top}index.html">Classify Pixels</a></nav>
{body}
</body>
</html>
"""


def main() -> int:
    """Writes a page for each page of the guide, and removes obsolete ones."""
    wanted = {target_of(source): html_of(source) for source in sources()}
    for target, text in wanted.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    for stale in set(HELP.rglob("*.html")) - set(wanted):
        stale.unlink()
    return 0


def sources() -> list[Path]:
    """Returns the pages of the guide."""
    return sorted(DOCS.rglob("*.md"))


def target_of(source: Path) -> Path:
    """Returns the web page of a page of the guide."""
    return HELP / web_name(source.relative_to(DOCS).as_posix())


def html_of(source: Path) -> str:
    """Returns a page of the guide as a web page."""
    text = source.read_text(encoding="utf-8")
    top = "../" * len(source.relative_to(DOCS).parent.parts)
    # Pictures stay in docs/images, which the plugin's package includes.
    text = re.sub(r"(!\[[^\]]*\]\()((?:\.\./)*)(images/)", rf"\1{top}../../docs/\3", text)
    text = re.sub(r"(?<!!)(\[[^\]]*\]\()([^):]+\.md)", lambda found: found.group(1) + web_name(found.group(2)), text)
    body = Markdown(extensions=["tables", "fenced_code", "toc", "sane_lists"]).convert(text)
    return PAGE.format(title=text.splitlines()[0].lstrip("# "), top=top, body=body)


def web_name(name: str) -> str:
    """Returns the name of the web page of a page of the guide."""
    return re.sub(r"README\.md$", "index.md", name)[: -len(".md")] + ".html"


if __name__ == "__main__":
    sys.exit(main())
