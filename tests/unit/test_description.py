# SPDX-License-Identifier: GPL-2.0-or-later
"""Descriptions as JSON, text and HTML, of models whose texts may be hostile."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.describe import html_of, json_of, text_of
from classify_pixels.inference.describe.argument_description import describe_arguments
from classify_pixels.inference.describe.model_description import (
    DEFINITION,
    Measure,
    ModelDescription,
    NetworkDescription,
    describe_bands,
)
from classify_pixels.inference.errors import WeightsMissingError
from classify_pixels.inference.models import ModelClass, ModelDefinition, RasterFunction, parse_emd
from classify_pixels.inference.network.decision import LargestScore
from classify_pixels.inference.phrase import LONGEST, printable
from classify_pixels.inference.runtimes import NetworkInput
from tests.networks import class_definition

pytestmark = pytest.mark.usefixtures("onnx_runtime_alone")

HOSTILE = "<script>alert(1)</script>\"'&{evil}%s\n\x00"
ALLOWED_TAGS = {
    "html", "head", "meta", "title", "body", "h1", "h2", "table", "tr", "th", "td", "span",
}  # fmt: skip
texts = st.text(max_size=30)


class Page(HTMLParser):
    """Keeps the tags, attributes, and texts of a page, the texts of a table cell as one."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.colors: list[str] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.colors += [str(value) for name, value in attrs if name == "style"]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_decl(self, decl: str) -> None:
        assert decl == "DOCTYPE html"

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def definition(**keys: Any) -> ModelDefinition:
    return parse_emd(class_definition(Path("net.onnx"), 2, [1, 4, 7], 64, **keys), "model.emd")


def description(found: ModelDefinition, **more: Any) -> ModelDescription:
    fields = {
        "name": found.name, "source": "model.emd", "weights": found.weights, "size": 3 * 2**20, "definition": found,
        "bands": describe_bands(found), "classes": found.classes, "tile": Measure((64, 32), DEFINITION),
        "arguments": describe_arguments(found),
    }  # fmt: skip
    return ModelDescription(**{**fields, **more})


def hostile(text: str, color: tuple[int, int, int] = (1, 2, 3)) -> ModelDescription:
    found = replace(
        definition(),
        name=text, weights=text, framework=text, description=text, version=text, ignored=(text,),
        classes=(ModelClass(1, text, color),), band_names=(text, text), bands=(text, text),
    )  # fmt: skip
    problem = WeightsMissingError(weights=text, model=text)
    return description(found, source=text, problem=problem, name=text)


@given(texts)
def test_a_models_texts_stay_texts_in_html(text: str) -> None:
    page = Page(html_of(hostile(text)))
    assert page.tags <= ALLOWED_TAGS
    assert page.attributes <= {"charset", "align", "cellpadding", "style"}
    assert page.colors == ["background-color:#010203"]
    shown = printable(text)
    if shown.strip():
        assert page.texts.count(shown) >= 8


def test_markup_is_escaped_and_the_page_loads_nothing() -> None:
    page = html_of(hostile(HOSTILE + '<img src="http://example.com/x">'))
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;{evil}%s" in page
    assert Page(page).tags <= ALLOWED_TAGS


@given(texts.filter(bool))
def test_a_models_texts_cannot_make_lines_of_their_own(text: str) -> None:
    lines = text_of(hostile(text)).splitlines()
    assert len(lines) == len(text_of(hostile("plain")).splitlines())
    assert all(printable(line, len(line)) == line for line in lines)


@given(texts)
def test_json_holds_every_text_as_it_is(text: str) -> None:
    document = json.loads(json.dumps(json_of(hostile(text))))
    assert document["name"] == document["description"] == document["framework"] == text
    assert [c["name"] for c in document["classes"]] == [text]
    assert [band["reference"] for band in document["bands"]] == [text, text]


def test_endless_texts_are_cut() -> None:
    assert len(printable("x" * 10**6)) == LONGEST + 1
    assert len(html_of(hostile("<" * 10**6))) < 200_000


def test_only_our_own_texts_are_translated() -> None:
    asked: list[str] = []

    def translate(text: str) -> str:
        asked.append(text)
        return f"<{text}>"

    secret = "the words of a maker"
    for render, opening in ((text_of, "<"), (html_of, "&lt;")):
        asked.clear()
        assert f"{opening}The weights {secret} of the model" in render(hostile(secret), translate)
        assert "Classes" in asked
        assert not any(secret in text for text in asked)


def test_json_tells_all_that_is_known() -> None:
    stats = {
        "band_min_values": [0, 10], "band_max_values": [100, 20],
        "scaled_mean_values": [0.5, 0.25], "scaled_std_values": [0.1, 0.05],
    }  # fmt: skip
    found = definition(NormalizationStats=stats, BandNames=["red", "nir"], Odd=1, BatchSize=4)
    document = json_of(description(found))
    assert document["bands"][1] == {
        "place": 2, "reference": 1, "name": "nir", "common_name": "nir", "wavelength": None,
        "minimum": 10, "maximum": 20, "mean": 0.25, "std": 0.05, "values": pytest.approx((11, 14)),
    }  # fmt: skip
    assert document["classes"][0] == {"value": 1, "name": "class 1", "color": [1, 254, 0]}
    assert document["tile"] == {"width": 64, "height": 32, "origin": "definition", "reason": ""}
    assert document["weights"] == {"file": "net.onnx", "bytes": 3 * 2**20}
    assert document["ignored"] == [{"key": "Odd", "reason": "Unknown key, ignored."}]
    batch = next(a for a in document["arguments"] if a["name"] == "batch_size")
    assert (batch["default"], batch["fixed"]) == ("4", True)
    assert (document["halo"], document["network"], document["runs"], document["problem"]) == (None,) * 4


def test_the_text_names_what_a_reader_looks_for() -> None:
    problem = WeightsMissingError(weights="w", model="m")
    text = text_of(description(definition(BandNames=["red", "nir"]), problem=problem))
    for part in ("class 4", "#04fb28", "net.onnx (3.0 MiB)", "64 x 32 pixels", "nir", "threshold", "0.5"):
        assert part in text
    assert "The weights w of the model m were not found." in text


def test_columns_without_content_are_left_out() -> None:
    text = text_of(description(definition()))
    assert "Position  Band\n" in text
    assert "Wavelength" not in text
    stats = dict.fromkeys(("band_min_values", "scaled_mean_values"), [0, 0])
    stats.update(dict.fromkeys(("band_max_values", "scaled_std_values"), [1, 1]))
    assert "Minimum  Maximum" in text_of(description(definition(NormalizationStats=stats)))


def test_an_unknown_key_has_no_effect_and_a_reason() -> None:
    text = text_of(description(definition(DataRange=[0, 1], Odd=1)))
    assert "DataRange  Not applied: the network receives the raster's values." in text
    assert "Odd        Unknown key" in text


def test_a_raster_function_that_is_not_allowed_says_how_it_would_be() -> None:
    function = RasterFunction(Path("f.py"), Path("m.emd"), "abc123", "def456", allowed=False)
    found = definition(InferenceFunction="f.py")
    assert "abc123" in text_of(description(found, function=function))
    allowed = text_of(description(found, function=replace(function, allowed=True)))
    assert "abc123" not in allowed
    assert "Raster function  f.py" in allowed


def test_a_description_that_knows_nothing_is_still_told() -> None:
    bare = ModelDescription("net", "net.onnx", "net.onnx", 512)
    assert "net.onnx (0.5 KiB)" in text_of(bare)
    assert Page(html_of(bare)).texts.count("net") == 3
    assert json_of(bare)["bands"] == []


def test_endless_tables_are_cut_and_say_so() -> None:
    classes = tuple(ModelClass(value, f"c{value}", (1, 2, 3)) for value in range(5000))
    told = description(replace(definition(), classes=classes), classes=classes)
    for text in (html_of(told), text_of(told)):
        assert "c999" in text
        assert "c1000" not in text
        assert "and 4000 more" in text
    assert len(json_of(told)["classes"]) == 5000


def test_the_name_of_a_network_is_printed_without_control_characters() -> None:
    name = "U-Net \x1b[2J\u202e"
    network = NetworkDescription("CPU", NetworkInput(), 2, LargestScore(()), architecture=name)
    text = text_of(ModelDescription("m", "s", "w", network=network))
    assert printable(name).rstrip() in text
    assert not {"\x1b", "\u202e"} & set(text)
