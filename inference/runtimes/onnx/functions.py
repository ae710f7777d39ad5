# SPDX-License-Identifier: GPL-2.0-or-later
"""Functions within an .onnx: ONNX Runtime inlines each call on opening, and cannot be interrupted then.

Nested functions that each call the next one twice grow exponentially, so a few bytes could fill any memory. Source of
the numbers of fields: github.com/onnx/onnx, onnx.proto.
"""

from __future__ import annotations

import mmap
from collections import Counter
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from ...errors import WeightsRefusedError, WeightsUnreadableError
from ...phrase import Phrase
from ..protobuf import BrokenError, fields, messages

GRAPH, FUNCTION = 7, 25
# Locations of nodes: message, field number, contained message.
MESSAGES = {
    "graph": {1: "node"},
    "function": {7: "node"},
    "node": {5: "attribute"},
    "attribute": {6: "graph", 11: "graph"},
}
# Field numbers of name and domain: of the called operation, and of the definition.
CALLED, DEFINED = (4, 7), (1, 10)
# Both denote ONNX's own operations.
OWN_DOMAINS = (b"", b"ai.onnx")

# The largest networks have some ten thousand, and ONNX Runtime takes ten seconds for thirty thousand.
MOST_STEPS = 20_000
LONGEST_NAME = 1_000

Name = tuple[bytes, bytes]
Calls = Counter[Name]


def check_functions(weights: Path) -> None:
    """Raises a WeightsRefusedError if a network would have too many steps after inlining its functions."""
    try:
        with weights.open("rb") as file:
            if file.seek(0, 2) == 0:
                return
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                steps = _steps(content)
    except (BrokenError, CycleError, OSError) as error:
        if isinstance(error, CycleError):
            raise WeightsRefusedError(weights=weights, reason=Phrase("its functions are recursive")) from error
        raise WeightsUnreadableError(weights=weights, reason=error) from error
    if steps > MOST_STEPS:
        count = Phrase("inlined, its functions have more than {most} steps", {"most": MOST_STEPS})
        raise WeightsRefusedError(weights=weights, reason=count)


def _steps(content: mmap.mmap) -> int:
    """Returns the number of steps after inlining, 0 if the network has no functions."""
    parts = [part for part in fields(content, 0, len(content)) if part[0] in (GRAPH, FUNCTION)]
    functions = [part for part in parts if part[0] == FUNCTION]
    if not functions:
        return 0
    calls: dict[Name, Calls] = {}
    for _, start, end in functions:
        # Two functions of the same name are ambiguous.
        calls.setdefault(_name(content, start, end, DEFINED), Calls()).update(_called(content, "function", start, end))
    graph = Calls()
    for number, start, end in parts:
        if number == GRAPH:
            graph.update(_called(content, "graph", start, end))
    return steps_inlined(graph, calls)


def steps_inlined(graph: Calls, calls: Mapping[Name, Calls]) -> int:
    """Returns the steps of a graph with these calls and functions; raises a CycleError for recursion."""
    return _written_out(graph, _sizes(calls))


def _sizes(calls: Mapping[Name, Calls]) -> dict[Name, int]:
    """Returns the steps of each function; raises a CycleError for recursion."""
    sizes: dict[Name, int] = {}
    order = TopologicalSorter({name: calls.keys() & called.keys() for name, called in calls.items()})
    for name in order.static_order():
        sizes[name] = min(_written_out(calls[name], sizes), MOST_STEPS + 1)
    return sizes


def _written_out(calls: Calls, sizes: Mapping[Name, int]) -> int:
    return sum(count * sizes.get(name, 1) for name, count in calls.items())


def _called(content: mmap.mmap, message: str, start: int, end: int) -> Iterator[Name]:
    """Yields the operations called by a graph's nodes, including those of nested graphs."""
    for kind, first, last in messages(content, (message, start, end), MESSAGES):
        if kind == "node":
            yield _name(content, first, last, CALLED)


def _name(content: mmap.mmap, start: int, end: int, numbers: tuple[int, int]) -> Name:
    """Returns domain and name; of duplicate fields the last one counts."""
    found = {number: (first, last) for number, first, last in fields(content, start, end) if number in numbers}
    name, domain = (_text(content, *found.get(number, (0, 0))) for number in numbers)
    return b"" if domain in OWN_DOMAINS else domain, name


def _text(content: mmap.mmap, first: int, last: int) -> bytes:
    if last - first > LONGEST_NAME:
        raise BrokenError(f"a name has more than {LONGEST_NAME} bytes")
    return content[first:last]
