# SPDX-License-Identifier: GPL-2.0-or-later
"""A headless Chromium, driven through a pipe by https://chromedevtools.github.io/devtools-protocol/ ."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PATIENCE = 300.0


class Browser:
    """A page of a browser; `width` and `height` are in pixels."""

    def __init__(self, folder: Path, width: int = 1000, height: int = 800, *options: str) -> None:
        assert PROGRAM is not None
        # The browser reads commands from its file 3, and writes answers to its file 4.
        reading, self._write = os.pipe()
        self._read, writing = os.pipe()
        command = [PROGRAM, "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu"]
        command += ["--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars", "--force-color-profile=srgb"]
        command += [f"--user-data-dir={folder}", f"--window-size={width},{height}", *options, "about:blank"]
        shell = ["bash", "-c", 'exec 3<&"$1" 4>&"$2"; shift 2; exec "$@"', "browser", str(reading), str(writing)]
        self._process = subprocess.Popen(
            [*shell, *command], pass_fds=(reading, writing), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        os.close(reading)
        os.close(writing)
        self._buffer, self._count, self._session = b"", 0, ""
        targets = self.call("Target.getTargets")["targetInfos"]
        (page,) = [target["targetId"] for target in targets if target["type"] == "page"]
        self._session = self.call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        self.call("Page.enable")
        self.resize(width, height)

    def call(self, method: str, **parameters: Any) -> Any:
        """Returns the result of a command."""
        self._count += 1
        message: dict[str, Any] = {"id": self._count, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + PATIENCE
        while (answer := self._message(deadline)).get("id") != self._count:
            pass
        assert "error" not in answer, answer
        return answer["result"]

    def resize(self, width: int, height: int) -> None:
        """Gives the page a size."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )  # fmt: skip

    def without_scripts(self) -> None:
        """Switches the scripts of pages off, not ours."""
        self.call("Emulation.setScriptExecutionDisabled", value=True)

    def open(self, url: str) -> None:
        """Loads a page."""
        self.value("window.left = true")
        self.call("Page.navigate", url=url)
        self.wait_for_page()

    def wait_for_page(self) -> None:
        """Waits until another page than the one marked by `open` or `press` is complete."""
        self.wait("!window.left && document.readyState == 'complete'")

    def wait(self, condition: str) -> None:
        """Waits until an expression holds, whichever page is shown."""
        deadline = time.monotonic() + PATIENCE
        while not self.value(condition):
            assert time.monotonic() < deadline, condition
            time.sleep(0.05)

    def value(self, expression: str) -> Any:
        """Returns the value of an expression in the page; None where it fails, as between two pages."""
        try:
            answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        except AssertionError:
            return None
        return None if "exceptionDetails" in answer else answer["result"].get("value")

    def type(self, text: str) -> None:
        """Enters a text where the focus is."""
        self.call("Input.insertText", text=text)

    def key(self, name: str, code: int, text: str = "") -> None:
        """Presses a key by its name and its Windows code."""
        for kind in ("keyDown", "keyUp"):
            given = {"type": kind, "key": name, "code": name, "windowsVirtualKeyCode": code}
            self.call("Input.dispatchKeyEvent", **given, **({"text": text} if text and kind == "keyDown" else {}))

    def tab(self) -> None:
        """Moves the focus on."""
        self.key("Tab", 9)

    def press(self) -> None:
        """Activates the focused link or button by the keyboard, and waits for the next page."""
        self.value("window.left = true")
        self.key("Enter", 13, "\r")
        self.wait_for_page()

    def picture(self, path: Path, whole: bool = True) -> None:
        """Writes what the page shows as PNG."""
        answer = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole, **self._clip(whole))
        path.write_bytes(base64.b64decode(answer["data"]))

    def close(self) -> None:
        """Ends the browser."""
        self._session = ""
        with suppress(AssertionError, OSError):
            self.call("Browser.close")
        os.close(self._write)
        os.close(self._read)
        self._process.wait(PATIENCE)

    def _clip(self, whole: bool) -> dict[str, Any]:
        if not whole:
            return {}
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        return {"clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}}

    def _message(self, deadline: float) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._read], [], [], max(0.0, deadline - time.monotonic()))
            part = os.read(self._read, 1 << 16) if ready else b""
            assert part, "the browser does not answer"
            self._buffer += part
        line, _, self._buffer = self._buffer.partition(b"\0")
        found: dict[str, Any] = json.loads(line)
        return found


@contextmanager
def browser(folder: Path, width: int = 1000, height: int = 800, *options: str) -> Iterator[Browser]:
    """Yields a browser with a new profile in a folder, and further options of its command line."""
    made = Browser(folder, width, height, *options)
    try:
        yield made
    finally:
        made.close()
