# SPDX-License-Identifier: GPL-2.0-or-later
"""The files beside an .onnx that hold its tensors: where they are said to lie, told without reading a tensor.

Older releases of ONNX Runtime open any path that a network names. Source of the numbers of fields:
github.com/onnx/onnx, onnx.proto; of their encoding: protobuf.dev/programming-guides/encoding.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

from ..errors import WeightsMissingError, WeightsRefusedError, WeightsUnreadableError
from ..phrase import Phrase

# Where tensors may be: message, then number of a field, then the message that is in it.
MESSAGES = {
    "model": {7: "graph", 25: "function"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "function": {7: "node"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {13: "entry"},
    "entry": {},
}
VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
KEY, VALUE = 1, 2
LOCATION = b"location"

# The largest networks have some ten thousand nodes; a file made to keep its reader busy has no end.
MAX_FIELDS = 2_000_000
# A number of 64 bits, in bytes of which each holds seven.
LONGEST_VARINT = 10
LONGEST_PATH = 4096


class _BrokenError(Exception):
    """The bytes are no protobuf message."""


def check_external_files(weights: Path) -> None:
    """Raises an error where a tensor's file is missing, or lies outside the folder of the network."""
    try:
        locations = external_files(weights)
    except (_BrokenError, OSError) as error:
        raise WeightsUnreadableError(weights=weights, reason=error) from error
    folders = {weights.parent.resolve(), weights.resolve().parent}
    for location in sorted(locations):
        path = weights.parent / location
        if _climbs(location) or not folders & set(path.resolve().parents):
            reason = Phrase("they lie outside its folder, in {location}", {"location": location})
            raise WeightsRefusedError(weights=weights, reason=reason)
        if not path.is_file():
            raise WeightsMissingError(weights=location, model=weights.name)


def external_files(weights: Path) -> set[str]:
    """Returns the paths of the files that a network's tensors are said to lie in, as they are written there."""
    with weights.open("rb") as file:
        if file.seek(0, 2) == 0:
            return set()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            # Most networks hold all their tensors: without this word there is nothing to look for.
            if content.find(LOCATION) < 0:
                return set()
            return set(_locations(content))


def _climbs(location: str) -> bool:
    paths = (PurePosixPath(location), PureWindowsPath(location))
    return "\0" in location or any(path.is_absolute() or path.anchor or ".." in path.parts for path in paths)


def _locations(content: mmap.mmap) -> Iterator[str]:
    """Yields the places of all tensors; messages wait in a list, since a hostile file may nest them without end."""
    waiting = [("model", 0, len(content))]
    visited = 0
    while waiting:
        message, start, end = waiting.pop()
        entry: dict[int, bytes] = {}
        for number, first, last in _fields(content, start, end):
            visited += 1
            if visited > MAX_FIELDS:
                raise _BrokenError(f"it has more than {MAX_FIELDS} parts")
            inner = MESSAGES[message].get(number)
            if inner is not None:
                waiting.append((inner, first, last))
            elif message == "entry" and number in (KEY, VALUE):
                if last - first > LONGEST_PATH:
                    raise _BrokenError("it names a file by a path that is too long")
                entry[number] = content[first:last]
        if entry.get(KEY) == LOCATION:
            yield entry.get(VALUE, b"").decode("utf-8", "replace")


def _fields(content: mmap.mmap, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yields number, first and last place of a message's fields; 0 stands for those that hold no message."""
    place = start
    while place < end:
        tag, place = _varint(content, place, end)
        number, kind = tag >> 3, tag & 7
        if kind == LENGTH:
            length, place = _varint(content, place, end)
            if place + length > end:
                raise _BrokenError("it ends too early")
            yield number, place, place + length
            place += length
            continue
        if kind == VARINT:
            _, place = _varint(content, place, end)
        elif kind in (FIXED32, FIXED64):
            place += 4 if kind == FIXED32 else 8
        else:
            raise _BrokenError(f"it is damaged at byte {place}")
        yield 0, place, place


def _varint(content: mmap.mmap, place: int, end: int) -> tuple[int, int]:
    value = 0
    for count in range(LONGEST_VARINT):
        if place >= end:
            raise _BrokenError("it ends too early")
        byte = content[place]
        value |= (byte & 0x7F) << (7 * count)
        place += 1
        if byte < 0x80:
            return value, place
    raise _BrokenError(f"it is damaged at byte {place}")
