# SPDX-License-Identifier: GPL-2.0-or-later
"""Functions within a TensorFlow graph: OpenVINO inlines each call on opening, and cannot be interrupted then.

Source of the numbers of fields: github.com/tensorflow/tensorflow, core/framework/{graph,function,node_def,attr_value,
op_def}.proto and core/protobuf/{saved_model,meta_graph}.proto.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from graphlib import CycleError
from pathlib import Path

from ...errors import WeightsRefusedError, WeightsUnreadableError
from ...phrase import Phrase
from ..onnx.functions import LONGEST_NAME, MOST_STEPS, Calls, Name, steps_inlined
from ..protobuf import BrokenError, fields, messages
from .formats import is_saved_model

# Locations of calls: message, field number, contained message.
MESSAGES = {
    "saved model": {2: "meta graph"},
    "meta graph": {2: "graph"},
    "graph": {1: "node", 2: "library"},
    "library": {1: "function"},
    "function": {},
    "node": {5: "entry"},
    "entry": {2: "attribute"},
    "attribute": {1: "list", 10: "call"},
    "list": {9: "call"},
    "call": {},
}
# Field numbers: of a function's signature and nodes, of the operation of a node, and of names.
SIGNATURE, NODE, OPERATION, NAME = 1, 3, 2, 1


def check_graph_functions(weights: Path) -> None:
    """Raises a WeightsRefusedError if a graph would have too many steps after inlining its functions."""
    try:
        # An empty file raises a ValueError.
        with weights.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            steps = _steps(content, "saved model" if is_saved_model(weights) else "graph")
    except CycleError as error:
        raise WeightsRefusedError(weights=weights, reason=Phrase("its functions are recursive")) from error
    except (BrokenError, OSError, ValueError) as error:
        raise WeightsUnreadableError(weights=weights, reason=error) from error
    if steps > MOST_STEPS:
        count = Phrase("inlined, its functions have more than {most} steps", {"most": MOST_STEPS})
        raise WeightsRefusedError(weights=weights, reason=count)


def _steps(content: mmap.mmap, outermost: str) -> int:
    """Returns the number of steps after inlining, 0 if the graph has no functions."""
    graph, calls = Calls(), dict[Name, Calls]()
    for kind, start, end in messages(content, (outermost, 0, len(content)), MESSAGES):
        if kind == "node":
            graph.update(_operation(content, start, end))
        elif kind == "call":
            graph.update([(b"", _text(content, start, end, NAME))])
        elif kind == "function":
            calls.setdefault(_function(content, start, end), Calls()).update(_called(content, start, end))
    return steps_inlined(graph, calls) if calls else 0


def _function(content: mmap.mmap, start: int, end: int) -> Name:
    signature = [(first, last) for number, first, last in fields(content, start, end) if number == SIGNATURE]
    return b"", _text(content, *signature[-1], NAME) if signature else b""


def _called(content: mmap.mmap, start: int, end: int) -> Iterator[Name]:
    """Yields the operations and functions called by a function's nodes."""
    for number, first, last in fields(content, start, end):
        if number != NODE:
            continue
        for kind, begin, stop in messages(content, ("node", first, last), MESSAGES):
            if kind == "node":
                yield from _operation(content, begin, stop)
            elif kind == "call":
                yield b"", _text(content, begin, stop, NAME)


def _operation(content: mmap.mmap, start: int, end: int) -> Iterator[Name]:
    yield b"", _text(content, start, end, OPERATION)


def _text(content: mmap.mmap, start: int, end: int, wanted: int) -> bytes:
    """Returns a field's text; of duplicate fields the last one counts."""
    text = b""
    for number, first, last in fields(content, start, end):
        if number == wanted:
            if last - first > LONGEST_NAME:
                raise BrokenError(f"a name has more than {LONGEST_NAME} bytes")
            text = content[first:last]
    return text
