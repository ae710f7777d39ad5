# SPDX-License-Identifier: GPL-2.0-or-later
"""Brings i18n/ up to date: the catalogue of each language (.ts), and what the plugin loads of it (.qm).

A text without a translation is marked as unfinished and shown in English. Qt's linguist, or any editor, fills it in.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from translatable_texts import ROOT, texts

FOLDER = ROOT / "i18n"
NAME = "classify_pixels"
CONTEXT = "ClassifyPixels"
LANGUAGES = ("de",)


def main() -> int:
    """Writes the files of every language; fails where a text is not translated."""
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


def read_catalogue(path: Path) -> dict[str, str]:
    """Returns the finished translations of a catalogue by their source."""
    found = {}
    for message in ElementTree.parse(path).iter("message"):
        translation = message.find("translation")
        if translation is not None and translation.get("type") != "unfinished" and translation.text:
            found[message.findtext("source", "")] = translation.text
    return found


def catalogue_text(language: str, known: dict[str, str]) -> str:
    """Returns a catalogue of all texts, with the translations that are known; others are dropped."""
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
