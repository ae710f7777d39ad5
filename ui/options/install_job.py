# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs pip in a separate process; a failed installation changes nothing."""

from __future__ import annotations

from pathlib import Path

from qgis.PyQt.QtCore import QObject, QProcess, QProcessEnvironment, pyqtSignal

from ...inference.runtimes.runtime import install_words
from ...plugin_support.translation import tr
from .install_advice import advice
from .install_staging import Staging

# Wheels only, because building a source archive runs its code.
OPTIONS = ("--only-binary", ":all:", "--no-input", "--disable-pip-version-check", "--progress-bar", "off")

MS_TO_END = 1000

# Running jobs, without a parent, so that they can clean up after their window is closed.
_running: set[InstallJob] = set()


class InstallJob(QObject):
    """One installation; `line` passes the output of pip, `ended` success and a message."""

    line = pyqtSignal(str)
    ended = pyqtSignal(bool, str)

    def __init__(self, name: str, target: Path) -> None:
        super().__init__()
        self._staging = Staging(target)
        self.words = (*install_words(name, self._staging.folder), *OPTIONS)
        self._log, self._cancelled = "", False
        self._process: QProcess | None = None

    @property
    def running(self) -> bool:
        """True while pip runs."""
        return self._process is not None

    def start(self) -> None:
        """Starts pip."""
        _running.add(self)
        process = self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        # Without this, all lines arrive at the end.
        environment.insert("PYTHONUNBUFFERED", "1")
        process.setProcessEnvironment(environment)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._finish)
        process.errorOccurred.connect(self._fail_to_start)
        process.start(self.words[0], list(self.words[1:]))

    def cancel(self) -> None:
        """Kills pip, if running, and removes the scratch folder."""
        self._cancelled = True
        if self._process is not None:
            self._process.kill()
            self._process.waitForFinished(MS_TO_END)
        self._staging.discard()

    def _read(self) -> None:
        if self._process is not None:
            text = bytes(self._process.readAllStandardOutput()).decode(errors="replace")
            self._log += text
            self.line.emit(text.rstrip("\r\n"))

    def _fail_to_start(self, error: QProcess.ProcessError) -> None:
        # Other errors are followed by the signal `finished`.
        if error == QProcess.ProcessError.FailedToStart:
            text = tr("{python} could not be started. Run the command in a terminal instead.")
            self._end(False, text.format(python=self.words[0]))

    def _finish(self, code: int, *_: object) -> None:
        self._read()
        if self._cancelled:
            self._end(False, tr("Cancelled. Nothing was installed."))
        elif code != 0:
            self._end(False, advice(self._log))
        elif self._staging.forbidden:
            self._end(False, tr("pip added a second numpy, which would break that of QGIS. Nothing was installed."))
        else:
            self._end(*self._publish())

    def _publish(self) -> tuple[bool, str]:
        try:
            self._staging.publish()
        except OSError as error:
            text = tr("The packages could not be moved to {folder}: {reason}. Nothing was installed.")
            return False, text.format(folder=self._staging.target, reason=error.strerror or error)
        return True, tr("Installed in {folder}. No restart is needed.").format(folder=self._staging.target)

    def _end(self, worked: bool, text: str) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        self._staging.discard()
        _running.discard(self)
        self.ended.emit(worked, text)
