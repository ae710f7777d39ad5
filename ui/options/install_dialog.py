# SPDX-License-Identifier: GPL-2.0-or-later
"""The dialog that shows, confirms and runs the installation of a runtime, with its log."""

from __future__ import annotations

from qgis.PyQt.QtGui import QFontDatabase
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from ...inference.runtimes.runtime import TITLES
from ...plugin_support.locations import runtime_folder
from ...plugin_support.translation import tr
from .install_job import InstallJob

WIDTH = 680

# The size of the download and that on the disk, in MB.
SIZES = {"onnxruntime": (20, 80), "openvino": (60, 180)}


class InstallDialog(QDialog):
    """Runs nothing before *Install* is pressed; raises OSError if the profile is not writable."""

    def __init__(self, runtime: str = "onnxruntime", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Install {runtime}").format(runtime=TITLES[runtime]))
        self.job = InstallJob(runtime, runtime_folder())
        self.job.line.connect(self._append)
        self.job.ended.connect(self._end)
        self.destroyed.connect(self.job.cancel)
        self.explanation = QLabel(_explanation(runtime))
        self.explanation.setWordWrap(True)
        self.command = _monospace(" ".join(f'"{w}"' if " " in w else w for w in self.job.words), 4)
        self.command.setMaximumHeight(self.command.minimumHeight())
        self.log = _monospace("", 12)
        self.log.setPlaceholderText(tr("The output of pip appears here."))
        self.outcome = QLabel()
        self.outcome.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.start = QPushButton(tr("Install"))
        self.buttons.addButton(self.start, QDialogButtonBox.ButtonRole.ActionRole)
        self.start.clicked.connect(self._start)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (self.explanation, self.command, self.log, self.outcome, self.buttons):
            column.addWidget(widget, 1 if widget is self.log else 0)
        self.outcome.hide()
        # A dialog ignores the height of a wrapped label.
        self.explanation.setMinimumHeight(self.explanation.heightForWidth(WIDTH))
        self.setMinimumWidth(WIDTH + 2 * column.contentsMargins().left())

    def reject(self) -> None:
        """Cancels a running installation, otherwise closes the dialog."""
        if self.job.running:
            self.job.cancel()
        else:
            self.job.cancel()
            super().reject()

    def _start(self) -> None:
        self.start.setEnabled(False)
        self.job.start()

    def _append(self, text: str) -> None:
        self.log.appendPlainText(text)

    def _end(self, worked: bool, text: str) -> None:
        self.outcome.setText(text)
        self.outcome.show()
        self.start.hide()
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("Close"))


def _explanation(runtime: str) -> str:
    text = tr(
        "<p>{runtime} runs ONNX networks. This command downloads it from the package index (about {download} MB; "
        "{size} MB on disk) without dependencies; no other package changes. If the installation succeeds, it is moved "
        "to a folder of your profile that only this plugin uses:<br><b>{folder}</b></p>"
    )
    download, size = SIZES[runtime]
    return text.format(runtime=TITLES[runtime], download=download, size=size, folder=runtime_folder())


def _monospace(text: str, lines: int) -> QPlainTextEdit:
    edit = QPlainTextEdit(text)
    edit.setReadOnly(True)
    edit.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    edit.setMinimumHeight(lines * edit.fontMetrics().lineSpacing() + 16)
    return edit
