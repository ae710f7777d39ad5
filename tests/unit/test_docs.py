# SPDX-License-Identifier: GPL-2.0-or-later
"""The user guide: its links, pictures and commands, and what is written from the code."""

from __future__ import annotations

import inspect
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from classify_pixels.inference import errors
from classify_pixels.inference.errors import ClassifyPixelsError

from .scripts import ROOT, load_script

DOCS = ROOT / "docs"
GUIDE = sorted(DOCS.rglob("*.md"))
PAGES = [*GUIDE, *(ROOT / f"{name}.md" for name in ("README", "ARCHITECTURE", "CONTRIBUTING", "CHANGELOG"))]
LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)")
LARGEST_PICTURE = 300_000
COMMAND = re.compile(r"qgis_process(?:\.bin)? (?:--json )?run (deeplearning:\w+) -- (.*)")


def prose(page: Path) -> str:
    """Returns a page without its blocks of code."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """Returns the anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.*)$", prose(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands(page: Path) -> Iterator[tuple[str, list[str]]]:
    """Yields the algorithm and the parameter names of each command that a page shows."""
    for block in re.findall(r"^```\w*\n(.*?)^```", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE):
        for algorithm, rest in COMMAND.findall(block.replace("\\\n", " ")):
            words = shlex.split(rest.partition("||")[0])
            yield algorithm, [word.partition("=")[0] for word in words]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_and_picture_leads_somewhere(page: Path) -> None:
    for _, target in LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        found = (page.parent / name).resolve() if name else page
        assert found.exists(), target
        assert not anchor or anchor in anchors(found), target


def test_the_index_names_every_page() -> None:
    named = {(DOCS / target).resolve() for _, target in LINK.findall(prose(DOCS / "README.md"))}
    assert set(GUIDE) - {DOCS / "README.md", DOCS / "index.md"} <= named


def test_every_picture_is_shown_and_small() -> None:
    shown = {(page.parent / target).resolve() for page in PAGES for mark, target in LINK.findall(prose(page)) if mark}
    pictures = set((DOCS / "images").iterdir())
    assert pictures <= shown
    assert [picture.name for picture in pictures if picture.stat().st_size > LARGEST_PICTURE] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_names_parameters_that_there_are(page: Path) -> None:
    for algorithm, names in commands(page):
        reference = DOCS / "reference" / f"{algorithm.partition(':')[2]}.md"
        known = set(re.findall(r"^`(\w+)`", reference.read_text(encoding="utf-8"), flags=re.MULTILINE))
        assert set(names) <= known, algorithm


def test_the_guide_has_commands() -> None:
    assert sum(1 for page in PAGES for _ in commands(page)) >= 10


def test_the_errors_are_up_to_date() -> None:
    """Where this fails, run: make docs."""
    written = (DOCS / "reference" / "errors.md").read_text(encoding="utf-8")
    assert written == load_script("write_errors").page()


def test_every_error_has_an_entry_with_its_words() -> None:
    written = (DOCS / "reference" / "errors.md").read_text(encoding="utf-8")
    plain = re.sub(r"\\(.)", r"\1", written)
    for value in vars(errors).values():
        if inspect.isclass(value) and issubclass(value, ClassifyPixelsError) and value.sentence:
            assert f"### {value.__name__}\n" in written
            words = re.sub(r"(?<!{){(\w+)[^}]*}(?!})", r"*\1*", value.sentence).replace("{{", "{").replace("}}", "}")
            assert words in plain
