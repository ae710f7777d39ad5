# SPDX-License-Identifier: GPL-2.0-or-later
"""ONNX Runtime's messages on networks that it does not open, as errors with the next step.

Source of the releases: onnxruntime.ai/docs/reference/compatibility.html.
"""

from __future__ import annotations

import re
from pathlib import Path

from ...errors import (
    WeightsMemoryError,
    WeightsOperationError,
    WeightsTooNewError,
    WeightsUnreadableError,
    WeightsUnsupportedError,
)
from ...phrase import Phrase
from ..failure import lacks_memory

# The first release of ONNX Runtime for a version of the file format (IR), and of the operations (opset).
IR_RELEASES = {8: "1.10", 9: "1.15", 10: "1.18", 11: "1.23"}
OPSET_RELEASES = {
    13: "1.6", 14: "1.8", 15: "1.9", 16: "1.11", 17: "1.12", 18: "1.14", 19: "1.15", 20: "1.17", 21: "1.18", 22: "1.21",
    23: "1.23",
}  # fmt: skip

TOO_NEW_IR = re.compile(r"Unsupported model IR version: (\d+)")
TOO_NEW_OPSET = re.compile(r"Opset (\d+) is under development.*till opset \d+", re.DOTALL)
# Both messages for a missing operation.
OPERATIONS = (
    re.compile(r"([\w.]+:\w+)\(-?\d+\) is not a registered function/op"),
    re.compile(r"No Op registered for (\w+)"),
    re.compile(r"Could not find an implementation for (\w+\(\d+\))"),
)
DAMAGE = ("protobuf parsing failed", "no such file", "doesn't exist", "tensor data", "external data", "no graph")

# Prefix of a message: its name and number, the path, and the source location with the function's name.
STATUS = re.compile(r"^\[ONNXRuntimeError\] : \d+ : \w+ : ")
LOADING = re.compile(r"^Load model from .*? failed:\s*")
PLACE = re.compile(r"^\S+\.(?:cc|cpp|h|hpp):\d+ .*?\)(?: const)?(?: \[with [^\]]*\])? (?=[A-Z])", re.DOTALL)


def plain_reason(error: BaseException) -> str:
    """Returns ONNX Runtime's full message, on one line and without details for its developers."""
    text = str(error).strip()
    for pattern in (STATUS, LOADING, PLACE):
        text = pattern.sub("", text, count=1)
    return " ".join(text.split()).rstrip(".") or type(error).__name__


def opening_error(weights: Path, error: BaseException, version: str) -> WeightsUnreadableError:
    """Returns the error for a network that this version of ONNX Runtime does not open."""
    text = str(error)
    for pattern, releases, what in ((TOO_NEW_IR, IR_RELEASES, "IR version"), (TOO_NEW_OPSET, OPSET_RELEASES, "opset")):
        if found := pattern.search(text):
            number = int(found.group(1))
            expected = Phrase("a newer ONNX Runtime")
            if number in releases:
                expected = Phrase("ONNX Runtime {release} or newer", {"release": releases[number]})
            return WeightsTooNewError(weights=weights, what=f"{what} {number}", expected=expected, version=version)
    for pattern in OPERATIONS:
        if found := pattern.search(text):
            return WeightsOperationError(weights=weights, operation=found.group(1), version=version)
    if lacks_memory(error):
        return WeightsMemoryError(weights=weights)
    reason = plain_reason(error)
    if any(sign in reason.lower() for sign in DAMAGE):
        return WeightsUnreadableError(weights=weights, reason=reason)
    return WeightsUnsupportedError(weights=weights, runtime=f"ONNX Runtime {version}", reason=reason)
