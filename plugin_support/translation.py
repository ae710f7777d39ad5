# SPDX-License-Identifier: GPL-2.0-or-later
"""Translates the texts that users see, those of inference/ among them."""

from __future__ import annotations

from collections.abc import Mapping

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QLocale, QTranslator

from ..inference import ClassifyPixelsError
from ..inference.phrase import Phrase
from ..inference.redaction import without_secrets
from .locations import TRANSLATIONS

CONTEXT = "ClassifyPixels"

# Values that are parts of sentences of ours, and not what a user or a model wrote.
PHRASES = ("reason", "expected", "padding_reason", "stride_reason")


def tr(text: str) -> str:
    """Returns the text in the language of the user."""
    return QCoreApplication.translate(CONTEXT, text)


def filled(text: str, values: Mapping[str, object]) -> str:
    """Returns the text in the language of the user, with its values in their braces."""
    return tr(text).format(**{name: _value(name, value) for name, value in values.items()})


def sentence_of(error: ClassifyPixelsError) -> str:
    """Returns the sentence of an error in the language of the user."""
    return filled(error.sentence, error.values)


def install_translator() -> QTranslator | None:
    """Has QGIS translate our texts into its own language; returns None where that is not one of ours."""
    translator = QTranslator()
    locale = QLocale(QgsApplication.locale())
    # From a locale Qt also tries the shorter names, such as de for de_AT.
    if not translator.load(locale, "classify_pixels", "_", str(TRANSLATIONS)):
        return None
    QCoreApplication.installTranslator(translator)
    return translator


def remove_translator(translator: QTranslator | None) -> None:
    """Has QGIS forget our texts again."""
    if translator is not None:
        QCoreApplication.removeTranslator(translator)


def _value(name: str, value: object) -> object:
    if isinstance(value, ClassifyPixelsError):
        return sentence_of(value)
    if isinstance(value, Phrase):
        return filled(value.text, value.values)
    if isinstance(value, str):
        return tr(value) if name in PHRASES else without_secrets(value)
    return value
