# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs of a batch system that are killed in the middle, and two that write the same strip at the same time."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from classify_pixels.inference import SilentProgress
from classify_pixels.inference.cluster.batch import finish_job, make_part
from classify_pixels.inference.errors import StripsMissingError
from classify_pixels.inference.network import Machine
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.request import ClassificationRequest
from classify_pixels.inference.run.resume.place import FolderPlace
from classify_pixels.inference.run.steps import begin

from .test_steps import ROOT, SIZE, check_same, elsewhere, machine, place, request_

__all__ = ["machine", "place", "request_"]  # fixtures
SILENT = SilentProgress()

# `scripts/cluster work`, which stops at its third record: the file of that strip is complete.
HELD = """
import sys
import tests.conftest
from classify_pixels.inference.cluster.__main__ import main
from classify_pixels.inference.run.resume.place import FolderPlace
write, left = FolderPlace.write, [3]

def held(self, name, content):
    left[0] -= 1
    if not left[0]:
        print("held", flush=True)
        sys.stdin.read()
    write(self, name, content)

FolderPlace.write = held
sys.exit(main(sys.argv[1:]))
"""


def test_a_killed_program_leaves_strips_that_finish_names(
    request_: ClassificationRequest, machine: Machine, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two programs make a half each, and one is killed between a strip and its record."""
    classify_pixels(request_, SILENT)
    request = elsewhere(request_)
    count = len(begin(request, place, SILENT, SIZE).strips)
    monkeypatch.setenv("CLASSIFY_PIXELS_CACHE", str(machine.cache))
    command = [sys.executable, "-c", HELD, "work", str(place), "--of", "2", "--part", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "held\n"
        program.kill()
    make_part(place, 1, 2, machine, SILENT)
    with pytest.raises(StripsMissingError) as caught:
        finish_job(place, str(request.output), "", SILENT, machine)
    missing = [*range(4, count, 2)]
    assert caught.value.values["strips"] == ", ".join(map(str, missing))
    assert not request.output.exists()
    make_part(place, 0, 2, machine, SILENT)
    finish_job(place, str(request.output), "", SILENT, machine)
    check_same(request_)


@pytest.mark.parametrize("meeting", ["fill", "write"])
def test_two_writers_of_a_strip_at_the_same_time(
    meeting: str, request_: ClassificationRequest, machine: Machine, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has computed the strip when both write its file (`fill`), and its record (`write`)."""
    classify_pixels(request_, SILENT)
    request = elsewhere(request_)
    begin(request, place, SILENT, SIZE)
    barrier, original = threading.Barrier(2, timeout=120), getattr(FolderPlace, meeting)

    def met(self: FolderPlace, name: str, *content: Any) -> Any:
        if name.startswith("000000."):
            barrier.wait()
        return original(self, name, *content)

    failed: list[BaseException] = []

    def work() -> None:
        try:
            make_part(place, 0, 1, machine, SILENT)
        except BaseException as error:
            barrier.abort()
            failed.append(error)

    with monkeypatch.context() as patched:
        patched.setattr(FolderPlace, meeting, met)
        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failed == []
    finish_job(place, str(request.output), "", SILENT, machine)
    check_same(request_)
