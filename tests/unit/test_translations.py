# SPDX-License-Identifier: GPL-2.0-or-later
"""The catalogue holds every text that users see, German is complete, and no text goes past it."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from classify_pixels.inference.describe import text_of
from classify_pixels.inference.describe.model_description import describe_model
from classify_pixels.inference.events import ItemStarted, RunStarted, StripsKept, StripsResumed
from classify_pixels.inference.models import ModelReference
from classify_pixels.inference.notices import Caution, HaloReason, Note
from classify_pixels.inference.phrase import Phrase

from .scripts import ROOT, load_script
from .sources import ROOMS, files, nodes, tree_of

CATALOGUE = ROOT / "i18n" / "classify_pixels_de.ts"

# What shows its texts to users.
SHOWING = {
    "QAction", "QCheckBox", "QGroupBox", "QLabel", "QMessageBox", "QPushButton", "QRadioButton", "addAction", "addItem",
    "addItems", "addRow", "addTab", "createMessage", "critical", "information", "pushInfo", "pushMessage",
    "pushWarning", "question", "reportError", "setHeaderLabels", "setHelp", "setHorizontalHeaderLabels",
    "setPlaceholderText", "setProgressText", "setStatusTip", "setText", "setTitle", "setToolTip", "setWindowTitle",
    "setWhatsThis", "QgsProcessingException",
}  # fmt: skip
# Keywords whose values complete sentences of errors.
REASONS = ("reason", "expected")
# Names of products, which are the same in every language, and what is no text.
EXAMPLES = {"https://www.arcgis.com", "tls://host:8786", "/vsis3/bucket/prefix"}
UNTRANSLATED = {"ONNX Runtime", "PyTorch", *EXAMPLES}


needs_pylupdate = pytest.mark.skipif(not shutil.which("pylupdate5"), reason="pylupdate5 is not installed")


@pytest.fixture(scope="module")
def known() -> dict[str, str]:
    """The German texts by the English ones."""
    return load_script("write_translations").read_catalogue(CATALOGUE)


def shown_literals() -> Iterator[tuple[str, str]]:
    """Yields place and text of each literal with a word in it that is shown without a translation."""
    for folder in ("plugin_support", "processing_provider", "ui"):
        for path in files(folder):
            for node in ast.walk(tree_of(path)):
                if isinstance(node, ast.Call) and _name(node.func) in SHOWING:
                    for argument in node.args:
                        for text in _untranslated(argument):
                            yield f"{path.relative_to(ROOT)}:{argument.lineno}", text


def _untranslated(node: ast.AST) -> Iterator[str]:
    """Yields the words that an expression holds, without what it gives to other calls."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if re.search("[A-Za-z]{2}", re.sub(r"<[^>]*>|&\w+;|{[^}]*}", "", node.value)):
            yield node.value
    elif not isinstance(node, (ast.Call, ast.Subscript)):
        for child in ast.iter_child_nodes(node):
            yield from _untranslated(child)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def fields(text: str) -> list[str]:
    """Returns the names in the braces of a text."""
    return sorted(str(name) for _, name, _, _ in Formatter().parse(text) if name is not None)


@needs_pylupdate
def test_the_catalogue_holds_every_text(known: dict[str, str]) -> None:
    """Where this fails, run: make translations."""
    writer = load_script("write_translations")
    assert CATALOGUE.read_text(encoding="utf-8") == writer.catalogue_text("de", known)


@needs_pylupdate
def test_german_is_complete(known: dict[str, str]) -> None:
    assert [text for text in load_script("write_translations").texts() if text not in known] == []


def test_german_texts_have_the_same_braces_and_tags(known: dict[str, str]) -> None:
    for english, german in known.items():
        assert fields(german) == fields(english), english
        assert re.findall("<[^>]+>", german) == re.findall("<[^>]+>", english), english
        assert re.findall("[A-Z]{3,}_[A-Z_]+", german) == re.findall("[A-Z]{3,}_[A-Z_]+", english), english


def test_german_texts_end_as_the_english_ones(known: dict[str, str]) -> None:
    for english, german in known.items():
        assert (german[-1] in ".:…") == (english[-1] in ".:…"), english


def test_every_text_that_is_shown_goes_through_tr() -> None:
    assert [found for found in shown_literals() if found[1] not in UNTRANSLATED] == []


def test_a_marked_text_is_never_put_together() -> None:
    """Only literals are found and translated."""
    for place, node in nodes(*ROOMS):
        if isinstance(node, ast.Call) and _name(node.func) in ("tr", "Phrase"):
            parts = [node.args[0].body, node.args[0].orelse] if isinstance(node.args[0], ast.IfExp) else []
            assert not isinstance(node.args[0], (ast.JoinedStr, ast.BinOp)), place
            assert not any(isinstance(part, ast.Constant) for part in parts), place


def test_a_reason_of_ours_is_always_a_phrase() -> None:
    reasons = [
        (place, node.value) for place, node in nodes(*ROOMS) if isinstance(node, ast.keyword) and node.arg in REASONS
    ]
    assert len(reasons) > 100
    assert [place for place, value in reasons if list(_untranslated(value))] == []


def test_all_that_a_description_says_is_in_the_catalogue(known: dict[str, str], sample: Path, tmp_path: Path) -> None:
    asked: set[str] = set()

    def translate(text: str) -> str:
        asked.add(text)
        return text

    model = ModelReference(path=sample / "landsat7_landcover.dlpk")
    text_of(describe_model(model, tmp_path, None, "CPU"), translate)
    assert "Classes" in asked
    assert asked - set(known) - {""} == set()


@pytest.mark.parametrize(
    "text", ['label.setText("Two words")', 'QLabel(f"about {name}")', 'setToolTip("a" if b else "some text")']
)
def test_a_text_that_goes_past_tr_is_found(text: str) -> None:
    [argument] = ast.parse(text, mode="eval").body.args
    assert list(_untranslated(argument))


def test_every_text_has_the_values_that_fill_it() -> None:
    """A sentence whose braces have no value would end a run."""
    started = RunStarted("m", 2, "CPU", 1, 9, 9, 1, (8, 8), 0, 1, 1, Phrase(HaloReason.GIVEN), Phrase("x"))
    events = [started, ItemStarted(1, 2, "a.tif"), StripsResumed(3), StripsKept(3, Path("out"))]
    assert all(str(phrase) for event in events for phrase in event.phrases)
    for place, node in nodes(*ROOMS):
        if isinstance(node, ast.Call) and _name(node.func) in ("note", "warn") and node.args:
            kind = (Note if _name(node.func) == "note" else Caution).__members__.get(_name(node.args[0]))
            assert kind is None or set(fields(str(kind))) == {given.arg for given in node.keywords}, place


@pytest.mark.parametrize(
    "text", ['label.setText(tr("Two words"))', 'label.setText(tr("{a} b").format(a=1))', 'setText("…")']
)
def test_a_text_that_goes_through_tr_is_left_alone(text: str) -> None:
    [argument] = ast.parse(text, mode="eval").body.args
    assert not list(_untranslated(argument))
