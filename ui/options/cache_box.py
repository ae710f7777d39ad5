# SPDX-License-Identifier: GPL-2.0-or-later
"""The cache in the options: size and clearing."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

from qgis.core import QgsApplication, QgsTask
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QLocale
from qgis.PyQt.QtWidgets import QGroupBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ...plugin_support.cache_lease import caches_are_used
from ...plugin_support.locations import download_cache, package_cache, profile_folder
from ...plugin_support.translation import tr
from .cache_files import Cleared, clear, size_of


class CacheBox(QGroupBox):
    """Calculates the size and clears in the background, but not while a run uses the cache."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Cache"), parent)
        self.size_label = QLabel(tr("Calculating size…"))
        self.size_label.setToolTip("\n".join(str(folder) for folder in _folders()))
        self.clear_button = QPushButton(tr("Clear"))
        self.clear_button.clicked.connect(self._clear)
        self.outcome = QLabel()
        self.outcome.setWordWrap(True)
        self.outcome.hide()
        self._task: QgsTask | None = None
        self._lay_out()
        self._count()

    def _lay_out(self) -> None:
        about = QLabel(tr("Unpacked packages and downloaded files. Safe to clear; recreated when needed."))
        about.setWordWrap(True)
        row = QHBoxLayout()
        row.addWidget(self.size_label)
        row.addWidget(self.clear_button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.addWidget(about)
        column.addLayout(row)
        column.addWidget(self.outcome)

    def _count(self) -> None:
        folders = _folders()
        self._start(tr("Calculate the cache size"), lambda _: sum(map(size_of, folders)), self._show_size)

    def _clear(self) -> None:
        if caches_are_used():
            self._tell(tr("A classification is using the cache. Clear it after the run has ended."))
            return
        folders = _folders()
        self._start(tr("Clear the cache"), lambda _: clear(folders, profile_folder().parent), self._show_cleared)

    def _start(self, title: str, work: Callable[[QgsTask], Any], show: Callable[[Any], None]) -> None:
        """Runs `work` as a task in the background, and shows its result."""
        self.clear_button.setEnabled(False)

        def finished(error: Exception | None, value: object = None) -> None:
            # The dialog may be closed by now.
            if not sip.isdeleted(self):
                self.clear_button.setEnabled(True)
                show(value if error is None else error)

        # Kept, because QGIS 3.22 does not call back for a task without a Python reference.
        self._task = QgsTask.fromFunction(title, work, on_finished=finished)
        QgsApplication.taskManager().addTask(self._task)

    def _show_size(self, size: int | Exception | None) -> None:
        # A task with the result 0 returns None.
        self.size_label.setText(str(size) if isinstance(size, Exception) else _formatted(size or 0))

    def _show_cleared(self, cleared: Cleared | Exception) -> None:
        if isinstance(cleared, Exception):
            self._tell(tr("Nothing was removed: {reason}").format(reason=cleared))
            return
        text = tr("{size} freed.").format(size=_formatted(cleared.freed))
        kept = tr("Kept:") + "\n" + "\n".join(cleared.kept) if cleared.kept else ""
        self._tell(f"{text}\n{kept}".strip())
        self._count()

    def _tell(self, text: str) -> None:
        self.outcome.setText(text)
        self.outcome.show()


def _folders() -> tuple[Path, ...]:
    return package_cache(), download_cache()


def _formatted(size: int) -> str:
    return QLocale().formattedDataSize(size)
