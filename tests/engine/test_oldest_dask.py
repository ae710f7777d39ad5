# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs on a scheduler with the oldest supported version of Dask: the same tests as with the newest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# `scripts/setup.sh tests` installs it there; the variable names another folder.
FOLDER = Path(os.environ.get("CLASSIFY_PIXELS_OLDEST_DASK") or ROOT / ".venv" / "oldest")
OLDEST = "2022.12.1"
TESTS = (
    "workers_without_our_code and beside",
    "cancelled_run",
    "worker_that_is_killed",
    "model_that_fails",
    "lost_scheduler",
)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason=f"Dask {OLDEST} does not run with this Python")
@pytest.mark.skipif(not (FOLDER / "distributed").is_dir(), reason=f"Dask {OLDEST} is not in {FOLDER}")
def test_the_oldest_version_works_as_well(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(FOLDER)}
    found = "import dask, distributed; print(dask.__version__, distributed.__version__)"
    versions = subprocess.run([sys.executable, "-c", found], env=environment, capture_output=True, text=True)
    assert versions.stdout.split() == [OLDEST, OLDEST], versions.stderr
    chosen = " or ".join(f"({name})" for name in TESTS)
    options = ["-q", "-p", "no:cacheprovider", "--basetemp", str(tmp_path / "tests"), "-k", chosen]
    command = [sys.executable, "-m", "pytest", *options, "tests/engine/test_dask.py"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert f"{len(TESTS)} passed" in done.stdout
