# SPDX-License-Identifier: GPL-2.0-or-later
"""Translation of user texts, including those of inference/."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QLocale, QTranslator

from ..inference import ClassifyPixelsError
from ..inference.phrase import Phrase
from ..inference.redaction import without_secrets
from .locations import TRANSLATIONS

CONTEXT = "ClassifyPixels"


def tr(text: str) -> str:
    """Returns the text in the language of the user."""
    return QCoreApplication.translate(CONTEXT, text)


def shown(phrase: Phrase) -> str:
    """Returns the phrase in the language of the user, with its values."""
    return tr(str(phrase.text)).format(**{name: _value(value) for name, value in phrase.values.items()})


def sentence_of(error: ClassifyPixelsError) -> str:
    """Returns the sentence of an error in the language of the user."""
    return shown(Phrase(error.sentence, error.values))


def install_translator() -> QTranslator | None:
    """Installs the translation for QGIS's language; returns None if there is none."""
    translator = QTranslator()
    locale = QLocale(QgsApplication.locale())
    # Qt also tries the shorter names of a locale, such as de for de_AT.
    if not translator.load(locale, "classify_pixels", "_", str(TRANSLATIONS)):
        return None
    QCoreApplication.installTranslator(translator)
    return translator


def remove_translator(translator: QTranslator | None) -> None:
    """Removes the translation."""
    if translator is not None:
        QCoreApplication.removeTranslator(translator)


def _value(value: object) -> object:
    """Returns a value for display: phrases and errors translated, other texts without secrets."""
    if isinstance(value, ClassifyPixelsError):
        return sentence_of(value)
    if isinstance(value, Phrase):
        return shown(value)
    return without_secrets(value) if isinstance(value, str) else value
