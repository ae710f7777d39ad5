# SPDX-License-Identifier: GPL-2.0-or-later
"""A model's own texts, on the card of the dialog and on the summary page of a run."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from classify_pixels.inference.describe.model_description import ModelDescription, describe_bands
from classify_pixels.inference.errors import ModelKeyError
from classify_pixels.inference.models import ModelClass, parse_emd
from classify_pixels.inference.phrase import printable
from classify_pixels.inference.raster import ClassCount
from classify_pixels.inference.run.result import Classification
from classify_pixels.processing_provider.summary import summary_html
from classify_pixels.ui.dialog.model_answer import Answer, sentence_of
from classify_pixels.ui.dialog.model_card import card_html
from tests.networks import class_definition

TEXTS = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&{0}%s",
    "a megabyte": "<b>" * 350_000,
    "control characters": "a\0b\x1b[2Jc\nd\re\x07",
    "turned round": "Forest\u202etseroF\u2066\u200f",
}
SAFE_TAGS = set("p b br table tr td th span h1 h2 ul li svg rect text html head meta title style body".split())


class Page(HTMLParser):
    """The tags, the attributes and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def check(html: str) -> None:
    page = Page(html)
    assert page.tags <= SAFE_TAGS
    assert not page.attributes & {"src", "href", "onerror", "onload"}
    assert len(html) < 200_000
    for line in page.text.splitlines():
        # The card's own spaces do not break.
        plain = line.replace("\u00a0", " ").replace("\u202f", " ")
        assert printable(plain, len(plain)) == plain


def description(text: str) -> ModelDescription:
    found = replace(
        parse_emd(class_definition(Path("net.onnx"), 2, [1, 2], 64), "model.emd"),
        name=text, description=text, version=text, band_names=(text, text), bands=(text, text), weights=text,
        classes=tuple(ModelClass(value, text, (1, 2, 3)) for value in range(60)),
    )  # fmt: skip
    bands = describe_bands(found)
    return ModelDescription(text, text, text, 10, definition=found, bands=bands, classes=found.classes)


@pytest.mark.parametrize("kind", TEXTS)
def test_the_card_of_a_model_shows_its_texts_as_texts(kind: str) -> None:
    text = TEXTS[kind]
    problem = sentence_of(ModelKeyError(model=text, key=text, value=[text], expected="another"))
    check(card_html(Answer(description(text), problem, problem), "ONNX Runtime"))


@pytest.mark.parametrize("kind", TEXTS)
def test_the_page_of_a_run_shows_them_so_too(kind: str) -> None:
    text = TEXTS[kind]
    counts = tuple(ClassCount(ModelClass(value, text, (1, 2, 3)), 5, 1.0) for value in range(3))
    result = Classification(Path("/maps/a.tif"), counts, 255, "CPU", (256, 256), 8, 32, 4, 65.0, None)
    check(summary_html("Map", [result], [text], [text]))
