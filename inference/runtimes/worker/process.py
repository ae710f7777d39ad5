# SPDX-License-Identifier: GPL-2.0-or-later
"""The worker seen from QGIS: a child process that answers requests until it ends or is killed."""

from __future__ import annotations

import os
import signal
import subprocess  # nosec B404
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from itertools import count
from pathlib import Path
from threading import Lock, Thread
from typing import IO, Any, cast

from .interpreter import Interpreter
from .messages import BrokenMessageError, read_message, write_message

SERVER = Path(__file__).with_name("server.py")

# The number of the server's unsolicited first message.
HELLO = 0

LINES_KEPT = 20
LONGEST_LINE = 4096
SECONDS_TO_END, SECONDS_AFTER_KILL = 5.0, 0.2

Answer = dict[str, Any]


class WorkerEndedError(Exception):
    """The worker ended before its answer: cause, and its last line."""

    def __init__(self, reason: str, line: str) -> None:
        super().__init__(f"{reason}: {line}")
        self.reason, self.line = reason, line


class WorkerProcess:
    """A running worker; raises OSError if it cannot be started."""

    def __init__(self, python: Interpreter) -> None:
        self.killed = False
        self.hello: Future[Answer] = Future()
        self._awaited = {HELLO: self.hello}
        self._ended: tuple[str, str] | None = None
        self._numbers = count(HELLO + 1)
        self._lock, self._pipe_lock = Lock(), Lock()
        self._lines: deque[str] = deque(maxlen=LINES_KEPT)
        self._process = _start(python)
        self._stdin, self._stdout = cast(IO[bytes], self._process.stdin), cast(IO[bytes], self._process.stdout)
        self._threads = [Thread(target=job, name="worker", daemon=True) for job in (self._keep_lines, self._listen)]
        for thread in self._threads:
            thread.start()

    @property
    def number(self) -> int:
        """The number of the process."""
        return self._process.pid

    def ask(self, request: Mapping[str, Any]) -> Future[Answer]:
        """Sends a request; answers arrive in any order; each is an answer or a WorkerEndedError.

        Raises a BrokenMessageError if the request is too long.
        """
        number, answer = next(self._numbers), Future[Answer]()
        with self._lock:
            if self._ended is not None:
                answer.set_exception(WorkerEndedError(*self._ended))
                return answer
            self._awaited[number] = answer
        try:
            with self._pipe_lock:
                write_message(self._stdin, {**request, "id": number})
        except BrokenMessageError:
            with self._lock:
                self._awaited.pop(number, None)
            raise
        except (OSError, ValueError):
            # The pipe is broken or closed: a process at its other end would not receive anything.
            self._kill()
        return answer

    def kill(self) -> None:
        """Ends the worker immediately, whatever it does."""
        self.killed = True
        self._kill()
        # Immediately: the worker's child processes may keep its pipes open indefinitely.
        self._give_up("it was ended")

    def end(self) -> None:
        """Waits for the worker to end, and kills it if it does not."""
        with suppress(OSError), self._pipe_lock:
            self._stdin.close()
        try:
            self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._kill()
        for thread in self._threads:
            thread.join(SECONDS_TO_END if not self.killed else SECONDS_AFTER_KILL)

    def _kill(self) -> None:
        if self._process.poll() is None:
            with suppress(ProcessLookupError, PermissionError):
                if os.name == "posix":
                    os.killpg(self._process.pid, signal.SIGKILL)
                else:
                    self._process.kill()

    def _listen(self) -> None:
        """Distributes answers on arrival; runs in a separate thread."""
        try:
            while (message := read_message(self._stdout)) is not None:
                self._hand_out(message)
            reason = self._how_it_ended()
        except (BrokenMessageError, OSError) as error:
            self._kill()
            reason = str(error)
        # The last line of the log has the cause, so the log is read to its end first.
        self._threads[0].join(SECONDS_TO_END)
        self._give_up(reason)

    def _give_up(self, reason: str) -> None:
        """Fails all pending requests; only the first reason counts."""
        with self._lock:
            self._ended = self._ended or (reason, self._lines[-1] if self._lines else "")
            left = list(self._awaited.values())
            self._awaited.clear()
        for answer in left:
            answer.set_exception(WorkerEndedError(*self._ended))

    def _hand_out(self, message: Answer) -> None:
        with self._lock:
            answer = self._awaited.pop(message["id"], None) if isinstance(message.get("id"), int) else None
        if answer is None:
            raise BrokenMessageError("it answered what it was not asked")
        answer.set_result(message)

    def _how_it_ended(self) -> str:
        try:
            code = self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._kill()
            return "it closed its output"
        return f"exit code {code}" if code >= 0 else f"signal {-code}, {signal.strsignal(-code)}"

    def _keep_lines(self) -> None:
        """Empties the worker's log, which would block it when full; runs in a separate thread."""
        log = cast(IO[bytes], self._process.stderr)
        for line in iter(lambda: log.readline(LONGEST_LINE), b""):
            text = line.decode(errors="replace").strip()
            if text:
                self._lines.append(text)


def _start(python: Interpreter) -> subprocess.Popen[bytes]:
    # No shell, no untrusted text: the program is QGIS's own Python or the one in the user's settings.
    return subprocess.Popen(  # nosec B603
        # No compiled files in the plugin's folder, and no buffered lines that could be lost.
        [str(python.program), "-B", "-u", str(SERVER), *python.arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=python.environment,
        # A separate process group: it is killed with all its children, and Ctrl+C is for QGIS alone.
        start_new_session=True,
        # Otherwise Windows would show a console.
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
