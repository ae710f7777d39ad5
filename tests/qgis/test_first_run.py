# SPDX-License-Identifier: GPL-2.0-or-later
"""A QGIS whose Python has no runtime, as after the first installation, on the real command line."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .command import ALGORITHM, ROOT, SCRIPT, Finished, environment, needs_qgis_process, words
from .scenes import read_pixels

LIMIT = 600
pytestmark = needs_qgis_process
Command = Callable[..., Finished]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """The command line without the packages of the development environment."""
    for name in ("onnxruntime", "torch"):
        code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({name!r}) is not None)"
        if subprocess.run(["/usr/bin/python3", "-I", "-c", code], check=False).returncode:
            pytest.skip(f"the system's Python has {name}")
    folder = tmp_path_factory.mktemp("bare")
    (folder / "scripts").mkdir()
    script = shutil.copy(SCRIPT, folder / "scripts")

    def run(*arguments: str, **variables: str) -> Finished:
        variables = environment(CLASSIFY_PIXELS_PLUGIN=str(ROOT), **variables)
        variables.pop("PYTHONPATH", None)
        done = subprocess.run(
            [script, *arguments],
            cwd=folder,
            env=variables,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=LIMIT,
            check=False,
        )
        return Finished(done.returncode, done.stdout, done.stderr)

    return run


@pytest.mark.parametrize(
    ("model", "runtime", "command"),
    [
        ("landsat7_landcover.dlpk", "ONNX Runtime", "-m pip install --no-deps --target"),
        ("landsat7_landcover_torchscript.emd", "PyTorch", "-m pip install --target"),
    ],
)
def test_a_run_says_what_is_missing_and_the_two_ways_to_get_it(
    model: str, runtime: str, command: str, bare: Command, sample: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.tif"
    parameters = {"INPUT": sample / "landsat7_olinda.tif", "MODEL": sample / model, "OUTPUT": output}
    done = bare("run", ALGORITHM, "--", *words(parameters))
    assert done.code == 1
    begin = f"{runtime} cannot be used in QGIS's Python (No module named "
    [sentence] = {line[line.index(begin) :] for line in done.stderr.splitlines() if begin in line}
    assert "Set it up in Settings > Options > Classify Pixels" in sentence
    assert command in sentence
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_algorithm_is_there_all_the_same_and_its_help_says_what_it_needs(bare: Command) -> None:
    assert ALGORITHM.split(":")[1] in bare("list").stdout
    text = bare("help", ALGORITHM).stdout
    assert "The Classify Pixels page of QGIS's options shows the available runtimes" in text


def test_another_python_gives_the_pixels_that_qgiss_own_would_give(bare: Command, sample: Path, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="PyTorch is optional")
    given = {"INPUT": sample / "landsat7_olinda.tif", "MODEL": sample / "landsat7_landcover_torchscript.emd"}
    other = bare("run", ALGORITHM, "--", *words({**given, "OUTPUT": tmp_path / "other.tif"}),
                 CLASSIFY_PIXELS_TORCH_PYTHON=sys.executable)  # fmt: skip
    other.assert_done()
    assert "in a process of its own with Python" in other.stdout + other.stderr
    own = subprocess.run(
        [str(SCRIPT), "run", ALGORITHM, "--", *words({**given, "OUTPUT": tmp_path / "own.tif"})],
        env=environment(), capture_output=True, text=True, timeout=LIMIT, check=True,
    )  # fmt: skip
    assert "process of its own" not in own.stdout
    assert (read_pixels(tmp_path / "other.tif") == read_pixels(tmp_path / "own.tif")).all()


def test_another_python_that_is_not_there_is_told(bare: Command, sample: Path, tmp_path: Path) -> None:
    given = {"INPUT": sample / "landsat7_olinda.tif", "MODEL": sample / "landsat7_landcover_torchscript.emd"}
    absent = str(tmp_path / "absent")
    parameters = words({**given, "OUTPUT": tmp_path / "out.tif"})
    done = bare("run", ALGORITHM, "--", *parameters, CLASSIFY_PIXELS_TORCH_PYTHON=absent)
    assert done.code == 1
    assert f"The Python {absent} cannot run networks: the file does not exist." in done.stderr
    assert list(tmp_path.iterdir()) == []
