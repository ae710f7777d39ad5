# SPDX-License-Identifier: GPL-2.0-or-later
"""Text colours have a contrast of 4.5:1 on the backgrounds of QGIS's own themes, and Tab reaches every control."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsProject
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QPalette
from qgis.PyQt.QtWidgets import QAbstractButton, QComboBox, QGroupBox, QLineEdit, QToolBar, QWidget

from classify_pixels.ui.panel.dock_form import DockForm
from classify_pixels.ui.panel.job_history import JobHistory
from classify_pixels.ui.panel.job_queue import JobQueue
from classify_pixels.ui.panel.job_view import JobView
from classify_pixels.ui.panel.model_library import ModelLibrary
from classify_pixels.ui.tones import TONES, tone

LEAST = 4.5
# Backgrounds of dialogs, lists and message areas of the default theme and of Night Mapping.
BACKGROUNDS = {"default": ("#ffffff", "#f0f0f0", "#efefef"), "Night Mapping": ("#323232", "#222222", "#2d2d2d")}


def contrast(first: QColor, second: QColor) -> float:
    """Returns the ratio of WCAG 2.1, computed here once more."""

    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    def luminance(color: QColor) -> float:
        return 0.2126 * linear(color.red()) + 0.7152 * linear(color.green()) + 0.0722 * linear(color.blue())

    bright, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", BACKGROUNDS)
@pytest.mark.parametrize("kind", TONES)
def test_messages_are_readable(kind: str, theme: str) -> None:
    for background in BACKGROUNDS[theme]:
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Base, QColor(background))
        assert contrast(tone(kind, palette), QColor(background)) >= LEAST


def test_every_control_of_the_form_is_reached_by_tab(plugin: Any, project: QgsProject, tmp_path: Path) -> None:
    form = DockForm(ModelLibrary(tmp_path / "models.json"), QgsMapCanvas(), set)
    form.settings.setCollapsed(False)
    controls = check_reach(form)
    assert form.preview_button in controls


def test_every_control_of_the_jobs_is_reached_by_tab(plugin: Any, project: QgsProject, tmp_path: Path) -> None:
    queue = JobQueue(JobHistory(tmp_path / "jobs"))
    view = JobView(queue)
    assert len(check_reach(view)) >= len(view.findChildren(QToolBar)[0].actions())
    queue.close()


def check_reach(window: QWidget) -> list[QWidget]:
    """Checks that all visible controls of a window have names and take the focus; returns them."""
    window.show()
    controls = [
        each
        for kind in (QAbstractButton, QComboBox, QLineEdit)
        for each in window.findChildren(kind)
        if each.isVisibleTo(window) and not _is_part(each)
    ]
    chain, widget = [], window
    while (widget := widget.nextInFocusChain()) is not window:
        chain.append(widget)
    for control in controls:
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control
        assert control in chain
        if isinstance(control, QAbstractButton):
            assert control.text() or control.toolTip() or control.accessibleName(), control
    return controls


def _is_part(widget: QWidget) -> bool:
    """Returns True for parts of a control that the control itself stands for, such as its button to clear."""
    parent = widget.parentWidget()
    # The arrow of a box that collapses stands for its title.
    return isinstance(parent, (QComboBox, QGroupBox, QLineEdit)) or widget.objectName().startswith("qt_")
