# SPDX-License-Identifier: GPL-2.0-or-later
"""The program of the worker: QGIS starts it with its own Python or the user's.

That Python needs numpy and the runtime, and nothing of QGIS or GDAL: only the plugin's backends and errors are
imported, through stand-in packages. Its argument is the search path as a JSON list, unless it is this Python's own.
"""

from __future__ import annotations

import sys

# The folder of this program would hide packages of the same names as the files in it.
del sys.path[0]

import json  # noqa: E402
import os  # noqa: E402
import types  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import IO  # noqa: E402

PLUGIN = "classify_pixels"
ROOT = Path(__file__).resolve().parents[3]
OLDEST_PYTHON = (3, 9)


def main() -> None:
    """Serves until the pipe from QGIS ends."""
    if sys.version_info < OLDEST_PYTHON:
        sys.exit("Python {}.{} is too old: the worker needs 3.9 or newer".format(*sys.version_info[:2]))
    if sys.argv[1:]:
        sys.path[:] = json.loads(sys.argv[1])
    for name, folder in ((PLUGIN, ROOT), (f"{PLUGIN}.inference", ROOT / "inference")):
        package = types.ModuleType(name)
        package.__path__ = [str(folder)]
        sys.modules[name] = package
    requests, answers = _take_pipes()
    from classify_pixels.inference.runtimes.worker.serving import serve

    serve(requests, answers)
    # Does not wait for threads of libraries.
    os._exit(0)


def _take_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Returns the two pipes to QGIS; output of a network or library goes to the log instead."""
    requests, answers = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    return os.fdopen(requests, "rb"), os.fdopen(answers, "wb")


if __name__ == "__main__":
    main()
