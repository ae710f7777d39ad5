# SPDX-License-Identifier: GPL-2.0-or-later
"""The command line shared by all measurements."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from benchmarks.machine import describe_machine
from benchmarks.measure import HEADER, Finding, NotMeasuredError
from benchmarks.package import ROOT

# Scenes, models and compared programs stay there for the next run.
FOLDER = ROOT / "build" / "benchmarks"


def main(measure: Callable[..., Iterable[Finding]], purpose: str | None, **defaults: Any) -> None:
    """Reads FOLDER and the options from the command line, measures, and prints a table."""
    parser = argparse.ArgumentParser(description=(purpose or "").split("\n")[0])
    parser.add_argument("folder", metavar="FOLDER", nargs="?", type=Path, default=FOLDER, help="for scenes and results")
    for name, default in defaults.items():
        kind = Path if default is None else type(default)
        parser.add_argument(f"--{name}", type=kind, default=default, help=f"default: {default}")
    arguments = vars(parser.parse_args())
    folder = arguments.pop("folder")
    folder.mkdir(parents=True, exist_ok=True)
    print(f"Machine: {describe_machine()}\n\n{HEADER}", flush=True)
    try:
        for finding in measure(folder, **arguments):
            print(finding.row(), flush=True)
    except NotMeasuredError as error:
        raise SystemExit(f"not measured: {error}") from error
