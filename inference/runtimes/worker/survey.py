# SPDX-License-Identifier: GPL-2.0-or-later
"""A program that prints a runtime's version, path and devices in its Python, as JSON.

Arguments: the runtime's name, and the search path as a JSON list unless it is this Python's own. It runs in a separate
process, because importing a runtime takes seconds and a broken one may end its process.
"""

from __future__ import annotations

import sys

# The folder of this program would hide packages of the same names as the files in it.
del sys.path[0]

import importlib  # noqa: E402
import importlib.util  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
from typing import Any  # noqa: E402


def survey(name: str) -> dict[str, Any]:
    """Returns the properties of a runtime; an empty `place` means that it is not installed."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        return {"python": _version_of_python(), "place": ""}
    facts = {"python": _version_of_python(), "place": os.path.dirname(spec.origin)}
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        module = importlib.import_module(name)
    except (ImportError, OSError) as error:
        return {**facts, "problem": f"{type(error).__name__}: {error}"}
    return {**facts, "version": str(module.__version__).split("-")[0], "devices": DEVICES[name](module)}


def _of_onnxruntime(module: Any) -> list[str]:
    names = [name.replace("ExecutionProvider", "") for name in module.get_available_providers()]
    return [name for name in names if name != "Azure"]  # a service on the network, not a device


def _of_torch(module: Any) -> list[str]:
    cards = [module.cuda.get_device_name(number) for number in range(module.cuda.device_count())]
    mps = getattr(module.backends, "mps", None)
    return [*cards, *(["MPS"] if mps is not None and mps.is_available() else []), "CPU"]


def _of_openvino(module: Any) -> list[str]:
    return list(module.Core().available_devices)


DEVICES = {"onnxruntime": _of_onnxruntime, "openvino": _of_openvino, "torch": _of_torch}


def _version_of_python() -> str:
    return ".".join(map(str, sys.version_info[:3]))


def main() -> None:
    """Writes one line of JSON; output of libraries goes to the log instead."""
    if hasattr(os, "nice"):
        os.nice(10)  # the desktop goes first
    answer = os.dup(1)
    os.dup2(2, 1)
    name, path = sys.argv[1], sys.argv[2:]
    if path:
        sys.path[:] = json.loads(path[0])
    text = json.dumps(survey(name))
    os.write(answer, text.encode())


if __name__ == "__main__":
    main()
