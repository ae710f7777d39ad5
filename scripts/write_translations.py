# SPDX-License-Identifier: GPL-2.0-or-later
"""Brings i18n/ up to date: the catalogue of each language (.ts), and its compiled form for the plugin (.qm).

Qt's pylupdate5 reads the texts in tr() and Phrase(); catalogues of texts and the classes of errors are imported. A text
without a translation is marked as unfinished and shown in English. Qt's linguist, or any editor, fills it in.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from load_package import ROOT, load_package

load_package()

from classify_pixels.inference import errors  # noqa: E402
from classify_pixels.inference.notices import Text  # noqa: E402

SOURCES = ("plugin.py", "plugin_support", "processing_provider", "ui", "inference")
FOLDER = ROOT / "i18n"
NAME = "classify_pixels"
CONTEXT = "ClassifyPixels"
LANGUAGES = ("de",)


def main() -> int:
    """Writes the files of every language; fails for an untranslated text."""
    FOLDER.mkdir(exist_ok=True)
    unfinished = 0
    for language in LANGUAGES:
        catalogue = FOLDER / f"{NAME}_{language}.ts"
        known = read_catalogue(catalogue) if catalogue.exists() else {}
        catalogue.write_text(catalogue_text(language, known), encoding="utf-8")
        missing = [text for text in texts() if not known.get(text)]
        for text in missing:
            print(f"{catalogue.name}: not translated: {text}")
        unfinished += len(missing)
        subprocess.run(["lrelease", "-silent", catalogue, "-qm", catalogue.with_suffix(".qm")], check=True)
    return 1 if unfinished else 0


def texts() -> dict[str, list[str]]:
    """Returns all user texts with their files."""
    found: dict[str, list[str]] = {}
    for text, place in (*_marked_texts(), *_named_texts()):
        places = found.setdefault(text, [])
        if place not in places:
            places.append(place)
    return found


def _marked_texts() -> Iterator[tuple[str, str]]:
    """Yields the literals in tr() and Phrase(), with their files."""
    files = [file for name in SOURCES for file in sorted((ROOT / name).rglob("*.py")) or [ROOT / name]]
    with tempfile.TemporaryDirectory() as folder:
        catalogue = Path(folder).resolve() / "marked.ts"
        command = ["pylupdate5", "-tr-function", "Phrase", *files, "-ts", catalogue]
        subprocess.run(command, check=True, capture_output=True)
        for message in ElementTree.parse(catalogue).iter("message"):
            for location in message.iter("location"):
                file = (catalogue.parent / location.get("filename", "")).resolve()
                yield message.findtext("source", ""), file.relative_to(ROOT).as_posix()


def _named_texts() -> Iterator[tuple[str, str]]:
    """Yields the texts of inference/notices.py and the sentences of errors, with their files."""
    for catalogue in Text.__subclasses__():
        yield from ((str(text), _file_of(catalogue)) for text in catalogue)
    for name in errors.__all__:
        error = getattr(errors, name)
        yield from [(error.sentence, _file_of(error))] if error.sentence else []


def _file_of(kind: type) -> str:
    return f"{kind.__module__.partition('.')[2].replace('.', '/')}.py"


def read_catalogue(path: Path) -> dict[str, str]:
    """Returns the finished translations of a catalogue by their source."""
    found = {}
    for message in ElementTree.parse(path).iter("message"):
        translation = message.find("translation")
        if translation is not None and translation.get("type") != "unfinished" and translation.text:
            found[message.findtext("source", "")] = translation.text
    return found


def catalogue_text(language: str, known: dict[str, str]) -> str:
    """Returns a catalogue of all texts, with the known translations; others are dropped."""
    root = ElementTree.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ElementTree.SubElement(root, "context")
    ElementTree.SubElement(context, "name").text = CONTEXT
    for text, places in texts().items():
        message = ElementTree.SubElement(context, "message")
        for place in places:
            ElementTree.SubElement(message, "location", filename=f"../{place}")
        ElementTree.SubElement(message, "source").text = text
        translation = ElementTree.SubElement(message, "translation")
        if known.get(text):
            translation.text = known[text]
        else:
            translation.set("type", "unfinished")
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{ElementTree.tostring(root, encoding="unicode")}\n'


if __name__ == "__main__":
    sys.exit(main())
