# SPDX-License-Identifier: GPL-2.0-or-later
"""The models with allowed Python code, in the options."""

from __future__ import annotations

import os
import re

from qgis.core import QgsSettings
from qgis.PyQt.QtWidgets import QGroupBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from ...plugin_support.translation import tr
from ...plugin_support.user_settings import ALLOWED_FUNCTIONS_SETTING, ALLOWED_FUNCTIONS_VARIABLE

SHA256 = re.compile(r"[0-9a-f]{64}")
LINES = 3


class FunctionsBox(QGroupBox):
    """One SHA-256 per line; invalid lines are reported and not saved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Allowed raster functions"), parent)
        self.texts = QPlainTextEdit("\n".join(_saved()))
        self.texts.setPlaceholderText(tr("One SHA-256 per line"))
        self.texts.setFixedHeight(LINES * self.texts.fontMetrics().lineSpacing() + 16)
        self.texts.textChanged.connect(self._check)
        self.warning = QLabel()
        self.warning.setWordWrap(True)
        about = QLabel(_about())
        about.setWordWrap(True)
        column = QVBoxLayout(self)
        for widget in (about, self.texts, self.warning):
            column.addWidget(widget)
        self._check()

    def apply(self) -> None:
        """Writes the setting."""
        QgsSettings().setValue(ALLOWED_FUNCTIONS_SETTING, [text for text in self._lines() if SHA256.fullmatch(text)])

    def _lines(self) -> list[str]:
        lines = [line.strip().lower() for line in self.texts.toPlainText().splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    def _check(self) -> None:
        wrong = [line for line in self._lines() if not SHA256.fullmatch(line)]
        text = tr("Ignored, not a SHA-256 (64 hexadecimal digits): {text}")
        self.warning.setText(text.format(text=", ".join(wrong)))
        self.warning.setVisible(bool(wrong))


def _saved() -> list[str]:
    saved = QgsSettings().value(ALLOWED_FUNCTIONS_SETTING) or []
    # The settings return a list of one element as text.
    return [saved] if isinstance(saved, str) else [str(text) for text in saved]


def _about() -> str:
    text = tr(
        "The Python code of these models runs with all your permissions. Only allow models you trust. The SHA-256 is "
        "shown when a model is blocked."
    )
    also = (
        tr("The environment variable {name} allows further models.").format(name=ALLOWED_FUNCTIONS_VARIABLE)
        if os.environ.get(ALLOWED_FUNCTIONS_VARIABLE)
        else ""
    )
    return f"{text} {also}".strip()
