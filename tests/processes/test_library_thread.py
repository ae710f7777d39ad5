# SPDX-License-Identifier: GPL-2.0-or-later
"""A program that ends while a library works in a thread of its own, as after Cancel, ends with its own status."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from onnx import helper

from tests.conftest import ROOT
from tests.onnx_graphs import save_graph

pytest.importorskip("openvino")

# A hang is a failure.
LIMIT = 300

PROGRAM = """
import sys
sys.path.insert(0, {packages!r})
from classify_pixels.inference.runtimes import library_thread
library_thread.LONGEST_AT_EXIT = {longest}
{work}
library_thread.begin(work, "test")
sys.exit(7)
"""

# The library returns into Python, which refuses threads after its end, within C++ that must not be left so.
COMPILING = """
import openvino
core = openvino.Core()
network = core.read_model({network!r})
def work():
    core.compile_model(network, "CPU")
"""

ENDLESS = """
import threading
work = threading.Event().wait
"""


def status_of(folder: Path, work: str, longest: float) -> int:
    """Returns the exit status of a program that ends while the work is under way."""
    (folder / "classify_pixels").symlink_to(ROOT, target_is_directory=True)
    code = PROGRAM.format(packages=str(folder), work=work, longest=longest)
    return subprocess.run([sys.executable, "-c", code], timeout=LIMIT, check=False).returncode


@pytest.mark.parametrize("convolutions", [1, 20])
def test_a_network_that_is_being_compiled_does_not_break_the_end(convolutions: int, tmp_path: Path) -> None:
    names = ["image", *(f"t{number}" for number in range(1, convolutions)), "scores"]
    nodes = [
        helper.make_node("Conv", [source, f"w{number}"], [target], pads=[1] * 4)
        for number, (source, target) in enumerate(zip(names, names[1:]))
    ]
    random = np.random.default_rng(3)
    weights = {f"w{n}": random.normal(size=(16, 16, 3, 3)).astype(np.float32) for n in range(convolutions)}
    shape = ("n", 16, "h", "w")
    network = save_graph(tmp_path / "n.onnx", nodes, [("scores", 1, shape)], [("image", 1, shape)], weights)
    assert status_of(tmp_path, COMPILING.format(network=str(network)), LIMIT) == 7


def test_a_library_that_never_returns_does_not_keep_the_program(tmp_path: Path) -> None:
    assert status_of(tmp_path, ENDLESS, 0.1) == 7
