# SPDX-License-Identifier: GPL-2.0-or-later
"""The external tensor files of an .onnx: their declared paths, without reading a tensor.

Older releases of ONNX Runtime open any path that a network names. Source of the numbers of fields:
github.com/onnx/onnx, onnx.proto.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

from ...errors import WeightsMissingError, WeightsRefusedError, WeightsUnreadableError
from ...models.model_file import check_file
from ...phrase import Phrase
from ..protobuf import BrokenError, fields, messages

# Locations of tensors: message, field number, contained message.
MESSAGES = {
    "model": {7: "graph", 25: "function"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "function": {7: "node", 11: "attribute"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {13: "entry"},
    "entry": {},
}
ENTRY, KEY, VALUE = 13, 1, 2
LOCATION, OFFSET, LENGTH = b"location", b"offset", b"length"

# In bytes of a path, and in digits of a place in a file.
LONGEST_PATH, LONGEST_NUMBER = 4096, 18


def check_external_files(weights: Path) -> None:
    """Raises an error if a tensor's file is missing, too short, or outside the folder of the network."""
    try:
        locations = _lengths(weights)
    except (BrokenError, OSError) as error:
        raise WeightsUnreadableError(weights=weights, reason=error) from error
    for location, length in sorted(locations.items()):
        if not _is_beside(weights, location):
            reason = Phrase("they are outside its folder, in {location}", {"location": location})
            raise WeightsRefusedError(weights=weights, reason=reason)
        if not (weights.parent / location).is_file():
            raise WeightsMissingError(weights=location, model=weights.name)
        check_file(weights.parent / location)
        found = (weights.parent / location).stat().st_size
        if found < length:
            reason = Phrase("it has {found} bytes instead of {length}", {"found": found, "length": length})
            raise WeightsUnreadableError(weights=location, reason=reason)


def external_tensors(weights: Path) -> tuple[Path, ...]:
    """Returns the existing, readable external files of an .onnx."""
    if weights.suffix.lower() != ".onnx":
        return ()
    try:
        locations = sorted(external_files(weights))
    except (BrokenError, OSError):
        return ()
    beside = [weights.parent / location for location in locations if _is_beside(weights, location)]
    return tuple(path for path in beside if path.is_file())


def external_files(weights: Path) -> set[str]:
    """Returns the declared paths of a network's external tensor files, unchanged."""
    return set(_lengths(weights))


def _lengths(weights: Path) -> dict[str, int]:
    """Returns the declared paths of external tensor files, and the least bytes of each, as far as they are declared."""
    with weights.open("rb") as file:
        if file.seek(0, 2) == 0:
            return {}
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            # Most networks contain all their tensors: without this word there are no external files.
            if content.find(LOCATION) < 0:
                return {}
            lengths: dict[str, int] = {}
            for location, length in _locations(content):
                lengths[location] = max(length, lengths.get(location, 0))
            return lengths


def lies_beside(weights: Path, path: Path) -> bool:
    """True for a path in or below the folder of the network, links resolved."""
    try:
        folders = {weights.parent.resolve(), weights.resolve().parent}
        return bool(folders & set(path.resolve().parents))
    except (OSError, RuntimeError):
        return False  # a link to itself


def _is_beside(weights: Path, location: str) -> bool:
    """True for a declared path in or below the folder of the network; path syntax differs between systems."""
    paths = (PurePosixPath(location), PureWindowsPath(location))
    if "\0" in location or any(path.is_absolute() or path.anchor or ".." in path.parts for path in paths):
        return False
    return lies_beside(weights, weights.parent / location)


def _locations(content: mmap.mmap) -> Iterator[tuple[str, int]]:
    """Yields the locations of all tensors, and where they end in their files, 0 if unknown."""
    for kind, start, end in messages(content, ("model", 0, len(content)), MESSAGES):
        if kind != "tensor":
            continue
        given: list[tuple[bytes, bytes]] = []
        for _, first, last in (part for part in fields(content, start, end) if part[0] == ENTRY):
            places = {number: (begin, behind) for number, begin, behind in fields(content, first, last)}
            given.append((_text(content, *places.get(KEY, (0, 0))), _text(content, *places.get(VALUE, (0, 0)))))
        numbers = {key: int(value) for key, value in given if value.isdigit() and len(value) <= LONGEST_NUMBER}
        behind = numbers.get(OFFSET, 0) + numbers[LENGTH] if LENGTH in numbers else 0
        # A tensor may name several files; which one counts depends on the reader.
        yield from ((value.decode("utf-8", "replace"), behind) for key, value in given if key == LOCATION)


def _text(content: mmap.mmap, first: int, last: int) -> bytes:
    if last - first > LONGEST_PATH:
        raise BrokenError("it names a file by a path that is too long")
    return content[first:last]
