# SPDX-License-Identifier: GPL-2.0-or-later
"""The checks before a run: five lines with a mark, a sentence, and a button that mends a failure."""

from __future__ import annotations

from functools import partial

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from ..inference import ClassifyPixelsError
from ..inference.byte_size import described_bytes
from ..inference.phrase import printable
from ..inference.redaction import without_markup
from ..inference.run.preflight import Check, Outcome, Preflight, ResultSize, Subject
from ..plugin_support.translation import sentence_of, shown, tr
from ..processing_provider.feedback import duration
from .latest_answer import LatestAnswer
from .options.install_dialog import SIZES, InstallDialog
from .preflight_checks import Work
from .tones import tone

# Shapes, so that an outcome does not depend on its colour.
MARKS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.UNKNOWN: "?"}
TONES = {Outcome.PASSED: "good", Outcome.FAILED: "error", Outcome.UNKNOWN: "progress"}
LONGEST = 160


class PreflightWidget(QWidget):
    """Shows the checks of a request; `changed` follows each answer, and `scaled` passes the accepted scale and offset.

    `blocked` is the first failure, empty for none. The user may ignore estimates, until the request changes.
    """

    changed = pyqtSignal()
    scaled = pyqtSignal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.result: Preflight | None = None
        self._ignored: set[Subject] = set()
        self._reader = LatestAnswer(self)
        self._reader.begun.connect(self._begin)
        self._reader.answered.connect(self._take)
        self.lines = {subject: _Line(title_of(subject)) for subject in Subject}
        self.install = QPushButton(tr("Install…"))
        self.install.clicked.connect(self._install)
        self.scale = QPushButton()
        self.scale.clicked.connect(self._scale)
        self.ignore = {subject: QPushButton(tr("Ignore")) for subject in (Subject.VALUES, Subject.CELLS)}
        for subject, button in self.ignore.items():
            button.setToolTip(tr("Classify nevertheless"))
            button.setAccessibleName(tr("Ignore: {check}").format(check=title_of(subject)))
            button.clicked.connect(partial(self._ignore, subject))
        self._lay_out()
        self._show()

    @property
    def blocked(self) -> str:
        """The first failure that is not ignored, as a sentence; empty for none."""
        return self._failure(set())

    @property
    def blocked_part(self) -> str:
        """The same for a part of the raster, whose size was not checked."""
        return self._failure({Subject.SIZE})

    def ask(self, key: object, work: Work | None) -> None:
        """Checks a request by `work` in a separate thread, unless the `key` of it is the last one."""
        self._reader.ask(key, work)

    def ask_again(self) -> None:
        """Repeats the checks."""
        self._reader.ask_again()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(2, 1)
        mending = {Subject.RUNTIME: self.install, Subject.VALUES: self.scale}
        for number, (subject, line) in enumerate(self.lines.items()):
            for column, label in enumerate((line.mark, line.title)):
                grid.addWidget(label, 2 * number, column, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(line.text, 2 * number, 2)
            # Below the text, which a narrow panel needs the width for.
            buttons = QHBoxLayout()
            for button in filter(None, (mending.get(subject), self.ignore.get(subject))):
                buttons.addWidget(button)
            buttons.addStretch()
            grid.addLayout(buttons, 2 * number + 1, 2)

    def _failure(self, apart: set[Subject]) -> str:
        for subject, check in (self.result or Preflight()).checks.items():
            if check.outcome is Outcome.FAILED and subject not in self._ignored | apart:
                return f"{title_of(subject)}: {_text(check)}"
        return ""

    def _begin(self) -> None:
        self.result = None
        self._ignored.clear()
        self._show()
        self.changed.emit()

    def _take(self, result: Preflight) -> None:
        self.result = result
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        result = self.result or Preflight()
        for subject, line in self.lines.items():
            check = result.checks.get(subject)
            size = result.size if subject is Subject.SIZE and check and check.outcome is Outcome.PASSED else None
            line.show_check(check, size_text(size) if size else _text(check), subject in self._ignored)
        failures = {subject for subject, check in result.checks.items() if check.outcome is Outcome.FAILED}
        self.install.setVisible(Subject.RUNTIME in failures and result.runtime in SIZES)
        found = result.contradiction
        self.scale.setVisible(Subject.VALUES in failures and found is not None)
        if found is not None:
            text = tr("Scale by {scale}") if not found.offset else tr("Scale by {scale}, offset {offset}")
            self.scale.setText(text.format(scale=found.scale, offset=found.offset))
        for subject, button in self.ignore.items():
            check = result.checks.get(subject)
            is_open = subject in failures and subject not in self._ignored
            button.setVisible(is_open and check is not None and check.doubtful)

    def _ignore(self, subject: Subject, *_: object) -> None:
        self._ignored.add(subject)
        self._show()
        self.changed.emit()

    def _scale(self) -> None:
        found = self.result.contradiction if self.result else None
        if found is not None:
            self.scaled.emit(found.scale, found.offset)

    def _install(self) -> None:
        if self.result is None:
            return
        try:
            dialog = InstallDialog(self.result.runtime, self)
        except OSError as error:
            text = tr("Your profile folder is not writable: {reason}").format(reason=error.strerror or error)
            self.lines[Subject.RUNTIME].text.setText(text)
            return
        dialog.finished.connect(lambda _: self.ask_again())
        dialog.open()


class _Line:
    """The labels of a check."""

    def __init__(self, title: str) -> None:
        self._name = title
        self.mark, self.title, self.text = QLabel(), QLabel(title), QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        width = self.mark.fontMetrics().horizontalAdvance("✗") + 4
        self.mark.setMinimumWidth(width)

    def show_check(self, check: Check | None, text: str, is_ignored: bool) -> None:
        """Shows an outcome, or that there is none yet."""
        outcome = check.outcome if check else Outcome.UNKNOWN
        kind = "warning" if is_ignored else TONES[outcome]
        self.mark.setText("!" if is_ignored else MARKS[outcome] if check else "…")
        self.mark.setStyleSheet(f"color: {tone(kind, self.mark.palette()).name()}; font-weight: bold")
        said = without_markup(text)
        self.text.setText(printable(said, LONGEST))
        self.text.setToolTip(said)
        word = tr("ignored") if is_ignored else outcome_word(outcome)
        self.mark.setAccessibleName(f"{self._name}: {word}")
        self.mark.setToolTip(f"{self._name}: {word}")
        self.text.setAccessibleName(f"{self._name}: {word}. {said}")


def title_of(subject: Subject) -> str:
    """Returns the display text of a subject."""
    return {
        Subject.RUNTIME: tr("Runtime"),
        Subject.BANDS: tr("Bands"),
        Subject.VALUES: tr("Values"),
        Subject.CELLS: tr("Cell size"),
        Subject.SIZE: tr("Result"),
    }[subject]


def outcome_word(outcome: Outcome) -> str:
    """Returns the display text of an outcome."""
    return {
        Outcome.PASSED: tr("passed"),
        Outcome.FAILED: tr("failed"),
        Outcome.UNKNOWN: tr("not known before the run"),
    }[outcome]


def size_text(size: ResultSize) -> str:
    """Returns the size of a result, with its estimated time and memory."""
    parts = [tr("{columns} x {rows} pixels").format(columns=size.columns, rows=size.rows)]
    if size.bytes is not None:
        parts.append(tr("up to {size}").format(size=described_bytes(size.bytes)))
    if size.seconds is None:
        parts.append(tr("time known after the first run"))
    else:
        parts.append(tr("about {time}").format(time=duration(size.seconds)))
        parts.append(tr("memory about {size}").format(size=described_bytes(size.memory or 0)))
    return ", ".join(parts)


def _text(check: Check | None) -> str:
    if check is None:
        return ""
    return sentence_of(check.text) if isinstance(check.text, ClassifyPixelsError) else shown(check.text)
