# SPDX-License-Identifier: GPL-2.0-or-later
"""The user guide as a web site, which Sphinx builds."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.unit.scripts import ROOT, load_script

DOCS = ROOT / "docs"
GUIDE = sorted(DOCS.rglob("*.md"))


class Targets(HTMLParser):
    """Keeps a web page's links, the files that it needs, and the names of its places."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.needed: list[str] = []
        self.places: set[str] = set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                (self.links if tag == "a" else self.needed).append(unquote(value))
            if name == "id" and value:
                self.places.add(value)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The guide as a web site; the build fails for a broken link."""
    pytest.importorskip("sphinx", reason="Sphinx, which builds the guide, is not installed")
    folder = tmp_path_factory.mktemp("guide")
    (folder / "stale.html").touch()
    load_script("build_guide").build(folder)
    return folder


def test_the_built_guide_has_every_page_in_every_language(built: Path) -> None:
    pages = {page.relative_to(DOCS).with_suffix(".html") for page in GUIDE} - {Path("README.html")}
    assert pages <= {page.relative_to(built) for page in built.rglob("*.html")}
    assert pages <= {page.relative_to(built / "de") for page in (built / "de").rglob("*.html")}


def test_the_built_guide_needs_nothing_from_elsewhere(built: Path) -> None:
    for page in built.rglob("*.html"):
        for target in Targets(page).needed:
            assert not re.match(r"([a-z]+:)?//", target), (page.name, target)
            # A symbol is within the page.
            assert target.startswith("#") or (page.parent / target.partition("?")[0]).resolve().is_file(), (
                page.name,
                target,
            )


def test_every_link_of_the_built_guide_leads_somewhere(built: Path) -> None:
    targets = {page: Targets(page) for page in built.resolve().rglob("*.html")}
    for page in targets:
        for target in targets[page].links:
            name, _, anchor = target.partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            found = (page.parent / name).resolve() if name else page
            assert found.is_file(), (page.name, target)
            assert not anchor or anchor in targets[found].places, (page.name, target)


def test_the_search_of_the_built_guide_works_from_files(built: Path) -> None:
    """A browser allows scripts of pages in files, but no requests."""
    for folder, word in ((built, "nodata"), (built / "de", "nodata")):
        assert (folder / "searchindex.js").read_text(encoding="utf-8").startswith("Search.setIndex(")
        assert word in (folder / "searchindex.js").read_text(encoding="utf-8")


def test_an_old_guide_is_replaced(built: Path) -> None:
    assert (built / "index.html").is_file()
    assert not (built / "stale.html").exists()


def test_the_german_pages_are_german_around_their_text_too(built: Path) -> None:
    page = (built / "de" / "install.html").read_text(encoding="utf-8")
    assert "Auf dieser Seite" in page
    for words in ("Skip to content", "Back to top", "On this page", ">Next<", ">Previous<"):
        assert words not in page


def test_the_translations_are_final_and_keep_links() -> None:
    pofile = pytest.importorskip("babel.messages.pofile", reason="Babel, which comes with Sphinx, is not installed")
    for file in DOCS.glob("locale/*/LC_MESSAGES/guide.po"):
        with file.open("rb") as stream:
            translated = [message for message in pofile.read_po(stream) if message.id and message.string]
        assert translated
        for message in translated:
            assert not message.fuzzy, message.id
            targets = (re.findall(r"\]\(([^)]*)\)", text) for text in (message.id, message.string))
            assert sorted(next(targets)) == sorted(next(targets)), message.id
