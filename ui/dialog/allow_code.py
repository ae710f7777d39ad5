# SPDX-License-Identifier: GPL-2.0-or-later
"""The permission to run the Python code of a model."""

from __future__ import annotations

from html import escape

from qgis.core import QgsSettings
from qgis.PyQt.QtWidgets import QMessageBox, QWidget

from ...plugin_support.translation import tr
from ...plugin_support.user_settings import ALLOWED_FUNCTIONS_SETTING
from .model_answer import Answer


def ask_permission(answer: Answer, parent: QWidget | None) -> bool:
    """Asks the user about the code of a blocked model; returns True once it is allowed."""
    blocked = answer.blocked
    if blocked is None or answer.description is None:
        return False
    box = permission_box(answer, parent)
    if box.exec() != QMessageBox.StandardButton.Yes:
        return False
    allow(str(blocked.values["fingerprint"]))
    return True


def permission_box(answer: Answer, parent: QWidget | None) -> QMessageBox:
    """Returns the question, which describes the code and its power; No is the default."""
    values = answer.blocked.values if answer.blocked else {}
    source = answer.description.source if answer.description else ""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(tr("Allow this model's code"))
    box.setText(escape(tr("The model {model} is Python code, not only a network.").format(model=values.get("model"))))
    lines = [
        tr("Code: {function}").format(function=values.get("function")),
        tr("Model file: {file}").format(file=source),
        tr(
            "It runs with all your permissions: it can read, change and delete your files and use the network. Only "
            "allow it if you trust its author."
        ),
        tr("The permission is for these files only. A changed model is blocked again."),
    ]
    box.setInformativeText("".join(f"<p>{escape(line)}</p>" for line in lines))
    box.setDetailedText(f"SHA-256: {values.get('fingerprint')}")
    kinds = QMessageBox.StandardButton
    box.setStandardButtons(kinds.Yes | kinds.No)
    box.button(kinds.Yes).setText(tr("Allow"))
    box.button(kinds.No).setText(tr("Do not allow"))
    box.setDefaultButton(kinds.No)
    return box


def allow(fingerprint: str) -> None:
    """Adds a SHA-256 to the allowed raster functions of the user's settings."""
    saved = QgsSettings().value(ALLOWED_FUNCTIONS_SETTING) or []
    texts = [saved] if isinstance(saved, str) else [str(text) for text in saved]
    QgsSettings().setValue(ALLOWED_FUNCTIONS_SETTING, list(dict.fromkeys([*texts, fingerprint])))
